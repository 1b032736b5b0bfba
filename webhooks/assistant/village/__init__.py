"""Pages of village assistants about their own villages: the glance, and looking in on the frail."""

from __future__ import annotations

from flask import Blueprint, Flask
from flask_limiter import Limiter

from webhooks.assistant.village import glance, lookins, posted, reported, today, visiting


def init_app(app: Flask, limiter: Limiter) -> None:
    """Mount them under /m/village."""
    blueprint = Blueprint(
        "village", __name__, url_prefix="/m/village", template_folder="templates"
    )
    limited = limiter.limit(app.extensions["yimen"].settings.limits.upload)
    glance.add_routes(blueprint)
    visiting.add_routes(blueprint, limited)
    today.add_routes(blueprint, limited)
    # In this order on the page.
    glance.PARTS[:] = [today.part, lookins.part, reported.part, posted.part]
    app.register_blueprint(blueprint)
