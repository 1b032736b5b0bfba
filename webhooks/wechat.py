"""The platform's callback: verify, decrypt, dedupe, answer within its five seconds."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from time import monotonic

import structlog
from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from models.context import Context
from webhooks.access import Audience, context, opened_to
from webhooks.answering import Answered, Deadline, answer
from webhooks.wechat_xml import MAX_BODY, SUCCESS, Envelope, Incoming, Refused, read

log = structlog.get_logger()
blueprint = Blueprint("wechat", __name__)

# The platform hangs up after five seconds.
ANSWER_SECONDS = 4.5
WORKERS = 32


class Callback:
    """Every account's envelope, and the threads that messages are answered in."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.envelopes = {account.slug: Envelope(account) for account in ctx.settings.accounts}
        self.pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="answer")


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Mount the callback; the platform sends no token of ours, its signature stands for it."""
    app.extensions["yimen_callback"] = Callback(context_of(app))
    app.register_blueprint(blueprint)
    csrf.exempt(blueprint)


def context_of(app: Flask) -> Context:
    ctx: Context = app.extensions["yimen"]
    return ctx


def _callback() -> Callback:
    found: Callback = current_app.extensions["yimen_callback"]
    return found


@blueprint.get("/wechat/<slug>")
@opened_to(Audience.PLATFORM)
def verify(slug: str) -> ResponseReturnValue:
    """The platform asks whether this address is ours."""
    envelope = _callback().envelopes.get(slug)
    if envelope is None:
        abort(404)
    try:
        echo = envelope.verify(request.args, context().now())
    except Refused as refused:
        return _refuse(slug, refused)
    return Response(echo, mimetype="text/plain")


@blueprint.post("/wechat/<slug>")
@opened_to(Audience.PLATFORM)
def receive(slug: str) -> ResponseReturnValue:
    """A message or event."""
    started = monotonic()
    callback = _callback()
    envelope = callback.envelopes.get(slug)
    if envelope is None:
        abort(404)
    if (request.content_length or 0) > MAX_BODY:
        return _refuse(slug, Refused("body too large", 413))
    now = callback.ctx.now()
    try:
        opened = envelope.open(request.get_data(cache=False), request.args, now)
    except Refused as refused:
        return _refuse(slug, refused)
    incoming = read(opened.xml)
    if incoming is None:
        log.warning("message not readable", account=slug)
        return Response(SUCCESS, mimetype="text/plain")
    text = _answer(callback, envelope, incoming, started)
    if not text:
        return Response(SUCCESS, mimetype="text/plain")
    body = envelope.reply(text, incoming, opened, request.args.get("nonce", ""), now)
    return Response(body, mimetype="application/xml")


def _answer(
    callback: Callback, envelope: Envelope, incoming: Incoming, started: float
) -> str:
    """The reply, or nothing when it is late and follows as a push."""
    ctx, account = callback.ctx, envelope.account
    key = incoming.key
    if incoming.is_event:
        key = f"e{ctx.keys.lookup('event', key).hex()}"
    deadline = Deadline()
    future: Future[Answered] = callback.pool.submit(
        answer, ctx, account, incoming.sender, key, incoming.heard, deadline
    )
    try:
        left = ANSWER_SECONDS - (monotonic() - started)
        return future.result(max(left, 0)).text
    except TimeoutError:
        if account.may_send_custom and deadline.give_up():
            return ""
    # Either the answer is being committed at this moment, or this account cannot send it
    # later: then the platform's repeat must find it, so the connection is held.
    try:
        return future.result(ANSWER_SECONDS).text
    except TimeoutError:
        log.warning("answer late", account=account.slug)
        return ""


def _refuse(slug: str, refused: Refused) -> ResponseReturnValue:
    log.warning("callback refused", account=slug, reason=refused.reason)
    return Response("refused", refused.status, mimetype="text/plain")


