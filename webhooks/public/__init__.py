"""Pages that anyone may open."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter

from webhooks.public import pages


def init_app(app: Flask, limiter: Limiter) -> None:
    """Mount them; looking up a receipt is limited in rate."""
    pages.limit(app, limiter)
    app.register_blueprint(pages.blueprint)
