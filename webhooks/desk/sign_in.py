"""Signing in at the desk: scan a QR, match two digits in the chat; a one-time code otherwise.

The browser's cookie keeps the token of the sign-in it began, never an address: what stands in
an address is passed on.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from typing import Any

import segno
import structlog
from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import audit, signin
from models.accounts import Account
from models.context import Context
from models.outgoing import Occasion, enqueue
from models.people import Code, Staff
from models.settings import mark
from models.statuses import SIGN_IN_ROLES
from webhooks import access
from webhooks.access import Audience, opened_to, safe_next
from webhooks.desk import browser
from webhooks.platform import PlatformTrouble, scene_qr

log = structlog.get_logger()

# States in which the QR on the page still opens the door.
ALIVE = ("waiting", "scanned", "confirmed")
STATES = {
    "scanned": mark("手机已经扫到了。请在手机上回这两位数字。"),
    "refused": mark("没有登录成：手机上回的数字不对，或者回了“不是”。下面是新的，请再来一次。"),
    "expired": mark("刚才那个过了5分钟，不能用了。请换一个新的。"),
}
NOT_YET = mark("还没有收到您手机上的确认。请在手机上回两位数字，再点一次。")
WRONG_CODE = mark("这个登录码用不了：可能错了一位，用过了，或者过了15分钟。请找管理员再要一个。")
GONE = mark("您的账号已经停用，请找县里的管理员。")
OUT = mark("已经退出。")


def add_routes(desk: Blueprint, limited: Callable[[Any], Any]) -> None:
    """`limited` keeps machines from trying codes, and from drawing QR codes without end."""
    desk.add_url_rule("/sign-in", "sign_in", limited(sign_in))
    desk.add_url_rule("/sign-in/state", "sign_in_state", state)
    desk.add_url_rule("/sign-in/qr.png", "sign_in_qr", qr_picture)
    desk.add_url_rule("/sign-in/enter", "sign_in_enter", enter, methods=["POST"])
    desk.add_url_rule("/sign-in/code", "sign_in_code", limited(use_code), methods=["POST"])
    desk.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])


@opened_to(Audience.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """The QR, the digits and the code; the same ones again while they can still be used."""
    ctx = access.context()
    seen = access.visitor()
    target = safe_next(request.args.get("next"), "")
    if seen is not None and seen.staff is not None and seen.staff.is_desk:
        return redirect(target or url_for("desk.queue"))
    if target:
        cookie["sign_in_next"] = target
    begun: dict[str, str] = cookie.get("sign_in", {})
    now_at = ""
    if begun:
        with ctx.db.read() as db:
            now_at, _ = signin.state_of(ctx, db, begun["token"])
    if now_at not in ALIVE:
        begun = _begin(ctx)
    return _page(begun, access.speech()(STATES[now_at]) if now_at in STATES else "")


def _begin(ctx: Context) -> dict[str, str]:
    place = _place()
    with ctx.db.begin() as db:
        begun = signin.begin(ctx, db, place)
    kept = {"token": begun.token, "code": begun.code, "digits": begun.digits, "place": place}
    account = _qr_account(ctx)
    if account is not None:
        try:
            scene = signin.SCENE + begun.token
            kept["qr"] = scene_qr(ctx, account, scene, signin.MINUTES * 60)
        except PlatformTrouble as trouble:
            log.warning("sign_in_without_qr", account=account.slug, why=str(trouble))
    cookie["sign_in"] = kept
    return kept


def _qr_account(ctx: Context) -> Account | None:
    return next((account for account in ctx.settings.accounts if account.may_make_qr), None)


def _page(begun: dict[str, str], words: str = "", wrong_code: str = "") -> str:
    ctx = access.context()
    account = _qr_account(ctx) or ctx.settings.accounts[0]
    return render_template(
        "desk/sign_in.html", begun=begun, account=account, words=words, wrong_code=wrong_code,
        scene=signin.SCENE + begun["token"], minutes=signin.MINUTES,
    )


@opened_to(Audience.PUBLIC)
def state() -> ResponseReturnValue:
    """Where this browser's sign-in stands, for the script that waits."""
    ctx, t = access.context(), access.speech()
    begun = cookie.get("sign_in")
    found = "expired"
    if begun:
        with ctx.db.read() as db:
            found, _ = signin.state_of(ctx, db, begun["token"])
    return jsonify(state=found, words=t(STATES[found]) if found in STATES else "")


@opened_to(Audience.PUBLIC)
def qr_picture() -> ResponseReturnValue:
    """The QR of this browser's sign-in, drawn here: no other site learns of it."""
    content = cookie.get("sign_in", {}).get("qr")
    if not content:
        abort(404)
    out = io.BytesIO()
    segno.make(content, micro=False).save(out, kind="png", scale=8, border=4)
    return Response(out.getvalue(), content_type="image/png")


@opened_to(Audience.PUBLIC)
def enter() -> ResponseReturnValue:
    """I have confirmed on my phone: go in, or say what is still missing."""
    ctx, t = access.context(), access.speech()
    begun = cookie.get("sign_in")
    if not begun:
        return redirect(url_for("desk.sign_in"), 303)
    with ctx.db.begin() as db:
        now_at, found = signin.state_of(ctx, db, begun["token"])
        if now_at == "confirmed" and found is not None and signin.use_up(db, found):
            return _let_in(db, db.get(Staff, found.staff_id), "qr")
    if now_at in ("waiting", "scanned"):
        flash(t(NOT_YET), "urgent")
    return redirect(url_for("desk.sign_in"), 303)


@opened_to(Audience.PUBLIC)
def use_code() -> ResponseReturnValue:
    """A one-time code from the command line, for the day WeChat cannot be used."""
    ctx, t = access.context(), access.speech()
    typed = unicodedata.normalize("NFKC", request.form.get("code", ""))
    digits = "".join(ch for ch in typed if ch.isdigit())
    with ctx.db.begin() as db:
        found = signin.use_code(ctx, db, "sign_in", digits) if digits else None
        if found is not None:
            member = db.get(Staff, found.staff_id)
            _tell_of_code(ctx, db, found, member)
            return _let_in(db, member, "code")
    begun = cookie.get("sign_in") or _begin(ctx)
    return _page(begun, wrong_code=t(WRONG_CODE)), 422


def _tell_of_code(ctx: Context, db: Session, code: Code, member: Staff | None) -> None:
    """A code lets in without the phone: it is recorded, and the phone is told of it."""
    now, expire = ctx.now(), ctx.settings.pushes.expire_days
    audit.record(
        db, now, "sign_in", "staff", code.staff_id, staff_id=code.staff_id, way="code"
    )
    if member is not None and member.person_id is not None:
        enqueue(
            db, now, expire, Occasion.SIGNED_IN, f"signed_in:{code.id}",
            person_id=member.person_id, details={"place": _place()},
        )


def _place() -> str:
    return browser.place(access.speech(), request.remote_addr or "", request.user_agent.string)


def _let_in(db: Session, member: Staff | None, way: str) -> ResponseReturnValue:
    """Start the session of someone who has been recognised, and who still works here."""
    if member is None or member.left_at is not None or member.role not in SIGN_IN_ROLES:
        cookie.pop("sign_in", None)
        flash(access.speech()(GONE), "urgent")
        return redirect(url_for("desk.sign_in"), 303)
    target = cookie.get("sign_in_next") or url_for("desk.queue")
    access.start_session(
        db, person_id=member.person_id, staff_id=member.id, account="", way=way
    )
    return redirect(target, 303)


@opened_to(Audience.PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End this browser's session everywhere at once."""
    with access.context().db.begin() as db:
        access.end_session(db)
    cookie.clear()
    flash(access.speech()(OUT), "done")
    return redirect(url_for("desk.sign_in"), 303)
