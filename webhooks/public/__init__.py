"""Pages that anyone may open."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_wtf import CSRFProtect

from webhooks.public import concerns, finding, notices, pages, policies


def init_app(app: Flask, limiter: Limiter, csrf: CSRFProtect) -> None:
    """Mount them; looking up a receipt or a name is limited in rate."""
    pages.init_app(app, limiter, csrf)
    notices.init_app(app, limiter, csrf)
    concerns.init_app(app, limiter)
    finding.init_app(app)
    policies.init_app(app, limiter, csrf)
