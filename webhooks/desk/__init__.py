"""The desk: pages of township and county staff. One file a room."""

from __future__ import annotations

from flask import Blueprint, Flask
from flask_limiter import Limiter

from models.context import Context
from webhooks.desk import case, identity, kin, kinpages, moves, papers, queue, sign_in


def init_app(app: Flask, limiter: Limiter) -> None:
    """Register every room of the desk."""
    ctx: Context = app.extensions["yimen"]
    desk = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")
    sign_in.add_routes(desk, limiter.limit(ctx.settings.limits.sign_in))
    queue.add_routes(desk)
    case.add_routes(desk)
    moves.add_routes(desk)
    papers.add_routes(desk)
    identity.add_routes(desk)
    kin.add_routes(desk)
    kinpages.add_routes(desk)
    app.register_blueprint(desk)
