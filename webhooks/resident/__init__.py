"""Pages of residents on the phone: coming in, applying, following."""

from __future__ import annotations

from flask import Blueprint, Flask
from flask_limiter import Limiter

from webhooks.resident import applying, cases, entering


def init_app(app: Flask, limiter: Limiter) -> None:
    """Mount them under /m."""
    blueprint = Blueprint("resident", __name__, url_prefix="/m", template_folder="templates")
    rate = app.extensions["yimen"].settings.limits.upload
    entering.add_routes(blueprint)
    applying.add_routes(blueprint, limiter.limit(rate))
    cases.add_routes(blueprint, limiter.limit(rate))
    app.register_blueprint(blueprint)
