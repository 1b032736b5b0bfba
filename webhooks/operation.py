"""Health, readiness, figures, and the platform's domain files."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, abort, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from models import revision
from notices import metrics
from notices.stops import stopped_accounts
from webhooks.access import Audience, context, opened_to

blueprint = Blueprint("operation", __name__)


def init_app(app: Flask) -> None:
    """Mount them."""
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
@opened_to(Audience.OPERATION)
def healthy() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(ok=True)


@blueprint.get("/readyz")
@opened_to(Audience.OPERATION)
def ready() -> ResponseReturnValue:
    """The database answers and is at head; which accounts the platform has stopped."""
    ctx = context()
    try:
        with ctx.db.read() as session:
            session.execute(text("SELECT 1"))
        at_head = revision.is_at_head(ctx.db)
    except SQLAlchemyError:
        return jsonify(ok=False, database="unreachable"), 503
    if not at_head:
        return jsonify(ok=False, database="not at head"), 503
    stopped = [
        {"account": stop.account, "channel": stop.channel, "errcode": stop.errcode}
        for stop in stopped_accounts(ctx)
    ]
    return jsonify(ok=True, database="at head", stopped=stopped)


@blueprint.get("/metrics")
@opened_to(Audience.OPERATION)
def figures() -> ResponseReturnValue:
    """Counters in Prometheus' text form; no personal data."""
    metrics.measure(context())
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@blueprint.get("/MP_verify_<name>.txt")
@opened_to(Audience.PLATFORM)
def domain_file(name: str) -> ResponseReturnValue:
    """The file by which the platform checks that a domain is ours."""
    for account in context().settings.accounts:
        found = account.domain_files.get(f"MP_verify_{name}.txt")
        if found is not None:
            return Response(found, mimetype="text/plain")
    return abort(404)
