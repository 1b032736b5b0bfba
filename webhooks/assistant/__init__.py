"""Pages of village assistants (协理员): the one that works without a network, and `village/`."""

from __future__ import annotations

from flask import Blueprint, Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from models.policy import NotAllowed
from models.settings import mark
from webhooks.access import speech
from webhooks.assistant import drafts, elsewhere, errands, page, photos, reports, village, visits

CLOSED = mark("这一页是村里协理员报户用的。您要说难处，点下面的“我要求助”。")
WHY = {
    400: mark("这一份没有送清楚。写的都在手机里，会再送。"),
    401: mark("请重新从公众号进来一次，写的都在手机里。"),
    404: mark("您现在不管村里报户的事了，所以没有送出去。写的都在手机里，请问问镇上。"),
    413: mark("这一份太大了，没有收下。"),
    429: mark("送得太密了，歇一会儿会再送。"),
}


def init_app(app: Flask, limiter: Limiter) -> None:
    """Mount them under /m."""
    blueprint = Blueprint("assistant", __name__, url_prefix="/m", template_folder="templates")
    limited = limiter.limit(app.extensions["yimen"].settings.limits.field)
    page.add_routes(blueprint, limited)
    reports.add_routes(blueprint, limited)
    drafts.add_routes(blueprint, limited)
    elsewhere.add_routes(blueprint, limited)
    photos.add_routes(blueprint, limited)
    errands.add_routes(blueprint, limited)
    visits.add_routes(blueprint, limited)
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(CSRFError, _http)
    blueprint.register_error_handler(NotAllowed, _not_allowed)
    app.register_blueprint(blueprint)
    village.init_app(app, limiter)


def _http(error: Exception) -> ResponseReturnValue:
    """A script reads why, as JSON; a reader reads it on a page."""
    assert isinstance(error, HTTPException)
    if error.code is None or error.code < 400:
        return error.get_response()
    if request.endpoint == "assistant.discover":
        return render_template("assistant/closed.html", words=CLOSED), error.code
    return jsonify(why=speech()(WHY.get(error.code, WHY[400]))), error.code


def _not_allowed(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, NotAllowed)
    return jsonify(why=speech()(error.reason)), 403
