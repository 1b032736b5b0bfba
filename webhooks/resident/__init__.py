"""Pages of residents on the phone: coming in, applying, following."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter

from models.settings import mark
from webhooks.resident import (
    afterwards,
    applying,
    asking,
    cases,
    entering,
    found,
    informed,
    wishing,
)

TOO_MUCH = mark("这次选的照片太大了，一张也没有收。请分几次交，一次选两三张。别的都还在。")


def init_app(app: Flask, limiter: Limiter) -> None:
    """Mount them under /m."""
    blueprint = Blueprint("resident", __name__, url_prefix="/m", template_folder="templates")
    rate = app.extensions["yimen"].settings.limits.upload
    entering.add_routes(blueprint)
    applying.add_routes(blueprint, limiter.limit(rate))
    found.add_routes(blueprint)
    afterwards.add_routes(blueprint)
    informed.add_routes(blueprint)
    asking.add_routes(blueprint)
    wishing.add_routes(blueprint)
    cases.add_routes(blueprint, limiter.limit(rate))
    blueprint.register_error_handler(413, _too_much)
    app.register_blueprint(blueprint)


def _too_much(_error: Exception) -> ResponseReturnValue:
    receipt = (request.view_args or {}).get("receipt")
    back = url_for("resident.case", receipt=receipt) if receipt else url_for("resident.apply")
    return render_template("resident/too_much.html", words=TOO_MUCH, back=back), 413
