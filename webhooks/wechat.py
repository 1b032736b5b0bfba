"""The platform's callback: verify, decrypt, dedupe, answer within its five seconds.

Messages come in past Flask: what it sets up for a page (session, form protection, rate limits,
headers for browsers) costs more than the answer, and nothing here needs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import structlog
from flask import Blueprint, Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response
from werkzeug.wsgi import get_input_stream

from bot.messages import Heard, Kind
from models.accounts import Account
from models.context import Context
from models.massing import finished
from webhooks.access import Audience, context, opened_to
from webhooks.answering import Answered, Busy, Deadline, answer, answer_at_once
from webhooks.turns import Turn, Turns
from webhooks.wechat_xml import MAX_BODY, SUCCESS, Envelope, Incoming, Refused, read

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()
blueprint = Blueprint("wechat", __name__)

# The platform hangs up after five seconds.
ANSWER_SECONDS = 4.5
WORKERS = 32
PATH = "/wechat/"


class Callback:
    """Every account's envelope, and the threads that messages are answered in."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.envelopes = {account.slug: Envelope(account) for account in ctx.settings.accounts}
        self.pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="answer")
        self.turns = Turns()


class Door:
    """Stands before Flask: lets messages to known accounts straight in, and all else go on."""

    def __init__(self, inside: WSGIApplication, callback: Callback) -> None:
        self._inside = inside
        self._callback = callback

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if path.startswith(PATH) and environ["REQUEST_METHOD"] == "POST":
            envelope = self._callback.envelopes.get(path[len(PATH) :])
            if envelope is not None:
                status, body = _receive(self._callback, envelope, environ)
                kind = "application/xml" if body[:1] == b"<" else "text/plain"
                start_response(
                    status,
                    [
                        ("Content-Type", f"{kind}; charset=utf-8"),
                        ("Content-Length", str(len(body))),
                    ],
                )
                return [body]
        return self._inside(environ, start_response)


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Mount the callback; the platform sends no token of ours, its signature stands for it."""
    callback = Callback(context_of(app))
    app.extensions["yimen_callback"] = callback
    app.register_blueprint(blueprint)
    csrf.exempt(blueprint)
    app.wsgi_app = Door(app.wsgi_app, callback)  # type: ignore[method-assign]


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
        _note(slug, refused)
        return Response("refused", refused.status, mimetype="text/plain")
    return Response(echo, mimetype="text/plain")


@blueprint.post("/wechat/<slug>")
@opened_to(Audience.PLATFORM)
def receive(slug: str) -> ResponseReturnValue:
    """A message or event to no account of ours: `Door` has taken all others."""
    log.warning("callback refused", reason="no such account", account=slug[:40])
    abort(404)


def _receive(
    callback: Callback, envelope: Envelope, environ: WSGIEnvironment
) -> tuple[str, bytes]:
    """Status and body of the answer; a fault of ours is a 500, and the platform repeats."""
    try:
        return "200 OK", _respond(callback, envelope, environ)
    except Refused as refused:
        _note(envelope.account.slug, refused)
        return f"{refused.status} {HTTPStatus(refused.status).phrase}", b"refused"
    except Exception as error:  # its text can carry what someone wrote; its kind cannot
        log.error("unexpected", kind=type(error).__name__, place=_place(error), endpoint="wechat")
        return "500 Internal Server Error", b"failed"


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""


def _respond(callback: Callback, envelope: Envelope, environ: WSGIEnvironment) -> bytes:
    """The body of the answer; raises Refused."""
    started = monotonic()
    # Of a parameter that is given twice, the first counts.
    args = dict(reversed(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)))
    now = callback.ctx.now()
    opened = envelope.open(get_input_stream(environ).read(MAX_BODY + 1), args, now)
    incoming = read(opened.xml)
    if incoming is None:
        log.warning("message not readable", account=envelope.account.slug)
        return SUCCESS.encode()
    if incoming.heard.kind is Kind.MASS_DONE:
        # Told by the platform itself: its sender is no person, and is given no row.
        _mass_counted(callback.ctx, envelope.account, incoming.heard)
        return SUCCESS.encode()
    turn = callback.turns.join(incoming.sender)
    text = _at_once(callback, envelope, incoming, turn)
    if text is None:
        text = _in_time(callback, envelope, incoming, turn, started)
    if not text:
        return SUCCESS.encode()
    return envelope.reply(text, incoming, opened, args.get("nonce", ""), now).encode()


def _mass_counted(ctx: Context, account: Account, heard: Heard) -> None:
    with ctx.db.begin() as session:
        finished(ctx, session, account.slug, heard.scene, heard.detail, heard.counts)


def _key(ctx: Context, incoming: Incoming) -> str:
    if incoming.is_event:
        return f"e{ctx.keys.lookup('event', incoming.key).hex()}"
    return incoming.key


def _at_once(
    callback: Callback, envelope: Envelope, incoming: Incoming, turn: Turn
) -> str | None:
    """The reply, where the person's turn has come and nothing is waited for; None else."""
    if not turn.wait(0):
        return None
    ctx = callback.ctx
    try:
        said = answer_at_once(
            ctx, envelope.account, incoming.sender, _key(ctx, incoming), incoming.heard
        )
    except Busy:
        return None  # and the turn is kept for the long way
    except BaseException:
        turn.leave()
        raise
    turn.leave()
    return said.text


def _in_time(
    callback: Callback, envelope: Envelope, incoming: Incoming, turn: Turn, started: float
) -> str:
    """The reply, or nothing when it is late and follows as a push."""
    ctx, account = callback.ctx, envelope.account
    turn.wait(ANSWER_SECONDS - (monotonic() - started))
    deadline = Deadline()
    future: Future[Answered] = callback.pool.submit(
        answer, ctx, account, incoming.sender, _key(ctx, incoming), incoming.heard, deadline
    )
    future.add_done_callback(lambda _done: turn.leave())
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


def _note(slug: str, refused: Refused) -> None:
    log.warning("callback refused", account=slug, reason=refused.reason)
