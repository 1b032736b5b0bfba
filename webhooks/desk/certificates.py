"""That a list hung its whole period: a sheet to be filed, a page and a PDF. Nobody is named."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models.areas import covers
from models.context import Context
from models.policy import StaffView
from models.publishing import PERIODIC, State, Version
from models.settings import Translate, mark
from models.statuses import DESK_ROLES
from notices.board import Board, Lacking, NoFont
from webhooks import access, noticesheets
from webhooks.access import Audience, opened_to
from webhooks.desk import noticepaper
from webhooks.noticesheets import day

TITLE = mark("公示期满证明")
WHAT, SAYS = mark("项目"), mark("内容")
FROM_TO = mark("{first}至{last}，第一天不算，一共 {days} 天")
ENDED = mark("公示期满，自己结束，没有提前")
NUMBER = mark("第 {number} 份公示，第 {version} 版")
TOLD = mark(
    "这份证明是系统照公示的记录写的。名单上是谁，这里不写；校验码对得上，就是签过字的那一份。"
)


def add_routes(desk: Blueprint, at: str) -> None:
    desk.add_url_rule(f"{at}/certificate", "notice_certificate", look)
    desk.add_url_rule(f"{at}/certificate.pdf", "notice_certificate_file", file)


def is_due(version: Version) -> bool:
    """Whether it hung until its last day and ended by itself."""
    return version.state == State.ENDED and version.notice.kind in PERIODIC


def _version(db: Session, staff: StaffView, number: int) -> Version:
    found = db.get(Version, number)
    if found is None or not covers(staff.area, found.notice.area) or not is_due(found):
        abort(404)
    return found


@opened_to(Audience.DESK, *DESK_ROLES)
def look(number: int) -> ResponseReturnValue:
    """The page that the browser prints."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.read() as db:
        version = _version(db, staff, number)
        return noticepaper.printed(
            _sheet(ctx, t, version), version, url_for("desk.notice_certificate_file", number=number)
        )


@opened_to(Audience.DESK, *DESK_ROLES)
def file(number: int) -> ResponseReturnValue:
    """The same as a PDF; where there can be none, why not."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.read() as db:
        version = _version(db, staff, number)
        made, name = _sheet(ctx, t, version), f"{version.title}-{t(TITLE)}"
    try:
        return noticepaper.file(ctx, made, name)
    except (Lacking, NoFont) as wrong:
        words, _, status = noticepaper.why_not(t, wrong)
        return words, status, {"Content-Type": "text/plain; charset=utf-8"}


def _sheet(ctx: Context, t: Translate, version: Version) -> Board:
    sheet = noticesheets.sheet(ctx, t, version, version.notice.area)
    facts = (
        (mark("公示"), version.title), (mark("哪里"), sheet.place),
        (mark("是什么"), " · ".join(filter(None, (sheet.kind, noticesheets.scheme(t, version))))),
        (mark("公示时间"), _period(t, version)), (mark("怎么结束的"), t(ENDED)),
        (mark("什么时候挂出"), _moment(ctx, t, version.published_at)),
        (mark("什么时候结束"), _moment(ctx, t, version.over_at)),
        (mark("编号"), t(NUMBER, number=version.notice_id, version=version.number)),
        (mark("校验码"), sheet.hash), (mark("完整校验码"), (version.hash or b"").hex(" ", 4)),
        (mark("一共"), sheet.figures), (mark("天数的依据"), version.period_basis),
        (mark("公示的依据"), version.basis), (mark("谁发布的"), sheet.publisher),
    )
    return Board(
        title=t(TITLE), under=version.title, heads=(t(WHAT), t(SAYS)),
        rows=tuple((t(label), said) for label, said in facts if said),
        notes=(t(TOLD),), codes=(noticepaper.check_code(ctx, t, version),), foot=sheet.hash,
    )


def _period(t: Translate, version: Version) -> str:
    first, last = version.first_day, version.last_day
    if first is None or last is None:
        return ""
    return t(FROM_TO, first=day(t, first), last=day(t, last), days=(last - first).days)


def _moment(ctx: Context, t: Translate, at: datetime | None) -> str:
    """With the year: it is filed."""
    if at is None:
        return ""
    there = at.astimezone(ctx.zone)
    return f"{day(t, there.date())} {there:%H:%M}"
