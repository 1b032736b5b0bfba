"""Puts the web side together: one factory, no globals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, Response
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from models.context import Context
from models.numbers import LARGEST
from webhooks import (
    access,
    assistant,
    desk,
    failures,
    operation,
    public,
    resident,
    uploads,
    wechat,
)
from webhooks.i18n import direction, names
from webhooks.policies import POLICY
from webhooks.rates import Rates

# A page's form with its photos; the callback has a limit of its own.
MAX_FORM_BYTES = 12 * 1024 * 1024
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self)",
}


class Number(IntegerConverter):
    """A number in an address; one that no row can have is no address, and so 404."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"max": LARGEST, **more})


def create_app(ctx: Context) -> Flask:
    """The whole web side for one context."""
    app = Flask("webhooks")
    app.url_map.converters["int"] = Number
    app.extensions["yimen"] = ctx
    production = ctx.settings.environment == "production"
    app.config.update(
        SECRET_KEY=ctx.keys.derive("cookies"),
        SESSION_COOKIE_NAME="yimen",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=production,
        PERMANENT_SESSION_LIFETIME=timedelta(days=access.SESSION_DAYS),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=200_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=production,
    )
    if ctx.settings.trusted_proxies:
        hops = ctx.settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    csrf = CSRFProtect(app)
    limiter = Rates(
        get_remote_address, app=app, storage_uri=ctx.settings.redis_url or "memory://",
        strategy="moving-window", headers_enabled=True,
    )
    app.extensions["yimen_limiter"] = limiter
    access.init_app(app)
    failures.init_app(app)
    uploads.init_app(app)
    _speak(app, ctx)
    wechat.init_app(app, csrf)
    operation.init_app(app)
    public.init_app(app, limiter, csrf)
    resident.init_app(app, limiter)
    assistant.init_app(app, limiter)
    desk.init_app(app, limiter)
    app.after_request(_headers)
    return app


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _speak(app: Flask, ctx: Context) -> None:
    @app.context_processor
    def words() -> dict[str, object]:
        said = access.speech()
        return {
            "t": said,
            "lang": said.locale.replace("_", "-"),
            "direction": direction(said.locale),
            "visitor": access.visitor(),
            "size": access.size(),
            "languages": names(ctx.settings.languages),
            "settings": ctx.settings,
            "areas": ctx.directory.areas,
        }
