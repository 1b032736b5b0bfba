"""Coming in: by WeChat's web authorisation, or by a one-time link from chat."""

from __future__ import annotations

import secrets

import structlog
from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from models import audit, links, signin
from models.accounts import Account
from models.context import Context
from models.settings import mark
from models.speaking import known_person
from notices.channel import PlatformTrouble
from notices.wechat_channel import platform_of
from webhooks.access import Audience, context, end_session, opened_to, safe_next, start_session

log = structlog.get_logger()

SNAPSHOT = mark("微信给的是一个临时身份，认不出您是谁。请点右上角“使用完整服务”，再进来一次。")
NOT_IN_WECHAT = mark("请在微信里打开：关注公众号，从菜单里进来。")
NO_ANSWER = mark("微信那边这会儿没有答应。请过一会儿再从公众号里进来。")
LINK_USED = mark(
    "这个链接用过了，或者过了时候。请回公众号里再要一个：发“补材料”或“我要求助”；"
    "协理员发“村里的事”。"
)


def add_routes(blueprint: Blueprint) -> None:
    """Mount them."""
    blueprint.add_url_rule("/enter", "enter", enter)
    blueprint.add_url_rule("/entered", "entered", entered)
    blueprint.add_url_rule("/link/<token>", "link", link)
    blueprint.add_url_rule("/link/<token>", "use_link", use_link, methods=["POST"])
    blueprint.add_url_rule("/notices/<int:number>/<village>", "notice", notice)
    blueprint.add_url_rule("/leave", "leave", leave, methods=["POST"])


def _account(ctx: Context) -> Account | None:
    """The account by which someone comes in: the one named, else the first that can."""
    slug = request.args.get("account", "")
    able = [a for a in ctx.settings.accounts if a.may_authorise_web]
    return next((a for a in able if a.slug == slug), able[0] if able else None)


def _closed(words: str, code: int = 403) -> ResponseReturnValue:
    return render_template("resident/closed.html", words=words), code


def _in_wechat() -> bool:
    return "MicroMessenger" in request.user_agent.string


@opened_to(Audience.PUBLIC)
def enter() -> ResponseReturnValue:
    """Begin web authorisation; whoever this browser was before is forgotten at the end of it."""
    ctx = context()
    account = _account(ctx)
    if account is None or (ctx.settings.environment == "production" and not _in_wechat()):
        return _closed(NOT_IN_WECHAT)
    state = secrets.token_hex(16)
    wanted = safe_next(request.args.get("next"), url_for("resident.mine"))
    session["entering"] = {"state": state, "next": wanted, "account": account.slug}
    back = f"{ctx.settings.public_url.rstrip('/')}{url_for('resident.entered')}"
    return redirect(platform_of(ctx, account.slug).authorize_url(back, state))


@opened_to(Audience.PUBLIC)
def entered() -> ResponseReturnValue:
    """The platform sends the browser back with a code."""
    ctx = context()
    begun = session.pop("entering", None)
    if not begun or not secrets.compare_digest(begun["state"], request.args.get("state", "")):
        return redirect(url_for("resident.enter"))
    try:
        openid, snapshot = platform_of(ctx, begun["account"]).web_identity(
            request.args.get("code", "")
        )
    except PlatformTrouble as trouble:
        log.warning("web authorisation failed", errcode=trouble.errcode)
        return _closed(NO_ANSWER, 502)
    if snapshot:
        return _closed(SNAPSHOT)
    with ctx.db.begin() as db:
        person_id = known_person(ctx, db, begun["account"], openid)
        staff = signin.desk_staff(db, person_id)
        start_session(
            db, person_id=person_id, staff_id=staff.id if staff else None,
            account=begun["account"], way="wechat",
        )
    return redirect(begun["next"])


@opened_to(Audience.PUBLIC)
def link(token: str) -> ResponseReturnValue:
    """The link's page: opening it uses nothing up, for WeChat itself looks at links first."""
    elsewhere = request.args.get("to") == links.BROWSER
    return render_template(
        "resident/browser.html" if elsewhere else "resident/link.html", token=token,
        in_wechat=_in_wechat(), minutes=context().settings.discovery.link_minutes,
        address=f"{context().settings.public_url.rstrip('/')}{request.full_path}",
    )


@opened_to(Audience.PUBLIC)
def use_link(token: str) -> ResponseReturnValue:
    """Let in, once."""
    ctx = context()
    with ctx.db.begin() as db:
        found = links.open_link(ctx, db, token)
        if found is None:
            return _closed(LINK_USED, 410)
        staff = signin.desk_staff(db, found.person_id) if found.way == links.CHAT else None
        start_session(
            db, person_id=found.person_id, staff_id=staff.id if staff else None,
            account=found.account, way=found.way,
        )
        audit.record(
            db, ctx.now(), "link.used", "person", found.person_id, person_id=found.person_id,
            way=found.way,
        )
    return redirect(safe_next(found.next, url_for("resident.mine")))


@opened_to(Audience.RESIDENT)
def notice(number: int, village: str) -> ResponseReturnValue:
    """The way from chat to a public list, signed in: whose village it is sees the rows."""
    return redirect(url_for("notices.notice", number=number, village=village))


@opened_to(Audience.RESIDENT)
def leave() -> ResponseReturnValue:
    """Sign out."""
    with context().db.begin() as db:
        end_session(db)
    gone = redirect(url_for("public.home"))
    # What a page has kept in this browser goes with whoever leaves it.
    gone.headers["Clear-Site-Data"] = '"storage"'
    return gone


