"""The household of a report by others: how it was told, what it said, and what then."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.flows.authority import AUTHORITY_LINES
from models import declining
from models.cases import Case
from models.context import Context
from models.informing import HOW_NAMES, SAYINGS, STAND_NAMES, Informing, Stand, of_case
from models.onbehalf import lacks_letter
from models.policy import StaffView
from models.settings import Translate, mark
from models.statuses import CASE_ROLES, HELPED, Role
from models.steps import INTERNAL_LIMIT
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides
from webhooks.desk.case import File
from webhooks.desk.versions import page_version

ALERT = mark("这家人说不同意。先停着，看过、写一句，才能往下走。")
LEADS = {"go_on": mark("接着办"), "stop": mark("照他们的意思，不办了，写下来的都删掉")}
DONE_ON = mark("记下了，可以接着办。")
DONE_STOP = mark("不办了，写下来的都删了，只留有过这件事。没有微信的，请打电话告诉这家一声。")
DONE_TOLD = mark("开始告诉这家人了。")
WHO_POST = mark("{place}协理员{name}")
WHO_OTHER = mark("报的人（名字只有他自己愿意说才知道）")
NO_LETTER = mark("说有委托书，还没有拍来。哪一张是，在下面“材料”里点“这张是委托书”。")


def add_routes(desk: Blueprint) -> None:
    at = "/cases/<receipt>/household"
    desk.add_url_rule(at, "household", settle, methods=["POST"])
    desk.add_url_rule(f"{at}/tell", "household_tell", tell, methods=["POST"])


def section(
    ctx: Context, session: Session, staff: StaffView, file: File
) -> tuple[str, dict[str, Any]] | None:
    """How it stands with telling them, by whose authority somebody acts; and after a refusal the
    two ways on. Nothing for what people or their own family brought."""
    case, t = file.case, access.speech()
    row = of_case(session, case.id)
    if row is None or row.state == Stand.FAMILY:
        return None
    declined = row.state == Stand.DECLINED
    leads = [(key, t(words)) for key, words in LEADS.items()]
    return "desk/household_part.html", {
        "anchor": "household", "alert": t(ALERT) if declined else "", "row": row,
        "state": t(STAND_NAMES[Stand(row.state)]), "said": _said(t, row),
        "authority": _authority(ctx, t, case),
        "lacks": t(NO_LETTER) if lacks_letter(case, file.papers) else "",
        "may": staff.role in CASE_ROLES, "declined": declined,
        "leads": leads[:1] if case.status in HELPED else leads,
        "held": row.state == Stand.HELD, "limit": INTERNAL_LIMIT,
    }


def _said(t: Translate, row: Informing) -> str:
    if not row.said_at:
        return ""
    return t(
        mark("{when}{how}说：{said}"), when=t.moment(row.said_at), how=t(HOW_NAMES[row.how]),
        said=t(SAYINGS[row.said]),
    )


def _authority(ctx: Context, t: Translate, case: Case) -> str:
    """Who acts for whom, and by what; nothing where it is a report alone."""
    line = AUTHORITY_LINES.get(str(case.answers.get("authority") or ""))
    if line is None or case.answers.get("authority") == "report":
        return ""
    who = (
        t(WHO_POST, place=ctx.directory.areas.name(case.reporter.area), name=case.reporter.name)
        if case.reporter else t(WHO_OTHER)
    )
    return t(mark("{who}替{name}办：{line}"), who=who, name=case.name or "", line=t(line))


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def settle(receipt: str) -> ResponseReturnValue:
    """After a refusal: go on with a note, or end and erase."""
    ctx, staff, form = access.context(), access.staff(), request.form
    how, note, version = form.get("how", ""), form.get("note", ""), page_version()
    return asides.at_once(
        receipt, lambda db: declining.settle(ctx, db, staff, receipt, version, how, note),
        DONE_STOP if how == "stop" else DONE_ON, "household",
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def tell(receipt: str) -> ResponseReturnValue:
    """Nobody is in danger by it any more: now the household is told."""
    ctx, staff, version = access.context(), access.staff(), page_version()
    return asides.at_once(
        receipt, lambda db: declining.tell_now(ctx, db, staff, receipt, version), DONE_TOLD,
        "household",
    )
