"""The queue: what stands where, the oldest deadline first."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import deskqueries as queries
from models import saving
from models.areas import covers
from models.cases import Case
from models.context import Context
from models.deskqueries import Only, Sight
from models.exporting import EXPORTERS
from models.groups import GROUP_NAMES, Group
from models.policy import StaffView
from models.receipts import ReceiptKind, read_receipt
from models.settings import mark
from models.statuses import STATUS_NAMES, Role, Status
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import readings, telling

PHONE_SIGNS = str.maketrans("", "", " -–—")
# A group without rows says what will be here, and what to do.
EMPTY = {
    None: (mark("都办完了"), mark("有人求助，会出现在这里，也会发到您的微信上。")),
    Group.REGISTER: (mark("没有等着登记的"), mark("居民一交上来，就会出现在这里。")),
    Group.ACCEPT: (mark("没有等着受理的"), mark("登记交办以后，事情会出现在这里。")),
    Group.RETURNED: (mark("没有等补材料的"), mark("请人补材料以后，事情在这里等，不计时。")),
    Group.SURVEY: (mark("没有正在调查的"), mark("受理以后，事情会出现在这里。")),
    Group.NOTICE: (mark("没有正在公示的"), mark("公示期间，事情在这里等。")),
    Group.DECIDE: (mark("没有等着审批的"), mark("报上来的事情，会出现在这里。")),
    Group.REFERRED: (mark("没有转出去的"), mark("转给别的部门的事情，会在这里等回音。")),
    Group.DELIVER: (mark("没有等着发放的"), mark("定下来的事情，发放以前在这里。")),
    Group.HELP: (mark("还没有按月救助的"), mark("按月发放的家庭，会在这里。")),
    Group.DONE: (mark("还没有办结的"), mark("办完的事情会留在这里，随时可以查。")),
}
NARROW_EMPTY = {
    Only.LATE: (mark("没有超期的"), mark("照这样办下去就好。")),
    Only.TODAY: (mark("今天没有到期的"), mark("照这样办下去就好。")),
    Only.URGENT: (mark("没有急难的"), mark("有人说今天就过不去了，会出现在这里。")),
    Only.CALLS: (mark("没有新的回音"), mark("有人补材料、想撤回，或部门回了话，会出现在这里。")),
    Only.MINE: (mark("没有您负责的"), mark("登记交办时选了您，就会出现在这里。")),
}
ONLY_NAMES = {
    Only.LATE: mark("已超期"),
    Only.TODAY: mark("今天到期"),
    Only.URGENT: mark("急难"),
    Only.CALLS: mark("有回音"),
    Only.MINE: mark("我负责的"),
}
UNKNOWN = mark("没有找到编号 {receipt}。可能是别的乡镇的事，请向来人再核对一遍。")
MISTYPED = mark("这个编号里有一位不对，请再对一遍。编号像 2611-483705-72 这样，一共 12 位数字。")
NOTHING_ASKED = mark("请写编号、全名，或者完整的电话号码。")


@dataclass(frozen=True)
class Row:
    """One line of the queue, in words."""

    receipt: str
    name: str
    place: str
    township: str
    what: str
    due: telling.DueWords
    urgent: bool
    status: str
    officer: str
    call: str


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/", "queue", queue)
    desk.add_url_rule("/find", "find", find, methods=["POST"])


def sight_of(said: Mapping[str, str]) -> Sight:
    """A sight as an address or a session carries it; raises ValueError."""
    at, only = said.get("at"), said.get("only")
    return Sight(
        Group(at) if at else None, Only(only) if only else None, str(said.get("township", "")),
        queries.read_key(said.get("after")), queries.read_key(said.get("before")),
    )


def sight_asked(ctx: Context, staff: StaffView, said: Mapping[str, str]) -> Sight:
    """What is asked to be seen; 404 where that is nothing that exists for this person."""
    try:
        sight = sight_of(said)
    except ValueError:
        abort(404)
    if sight.township and not ctx.directory.areas.is_township(sight.township, staff.area):
        abort(404)
    return sight


def sight_kept(staff: StaffView) -> Sight:
    """The queue that this browser looked at last, for the column beside a case."""
    try:
        sight = sight_of(session.get("sight", {}))
    except ValueError:
        return Sight()
    return sight if not sight.township or covers(staff.area, sight.township) else Sight()


def read_rows(
    ctx: Context, db: Session, staff: StaffView, sight: Sight
) -> tuple[list[Row], dict[str, dict[str, str]]]:
    """The rows of a queue, recorded as read, and the addresses of the pages beside it.

    Needs a writing transaction.
    """
    cases, more = queries.rows(db, staff, sight, ctx.today())
    return told_rows(ctx, db, staff, cases), _beside(sight, cases, more)


def _beside(sight: Sight, cases: Sequence[Case], more: bool) -> dict[str, dict[str, str]]:
    pages = {}
    if cases and (more or sight.before):
        pages["next"] = sight.query(after=(cases[-1].turn, cases[-1].id))
    if cases and (sight.after or (sight.before and more)):
        pages["prev"] = sight.query(before=(cases[0].turn, cases[0].id))
    return pages


def told_rows(ctx: Context, db: Session, staff: StaffView, cases: Sequence[Case]) -> list[Row]:
    """These cases as rows, recorded as read."""
    readings.keep(ctx, db, staff, "queue.read", "case", cases=[case.id for case in cases])
    return [_row(ctx, case) for case in cases]


def _row(ctx: Context, case: Case) -> Row:
    t, areas = access.speech(), ctx.directory.areas
    place = areas.get(case.living_area or case.incident_area or case.home_area)
    words = str(case.answers.get("living_words", ""))
    township = areas.get(case.township)
    return Row(
        case.receipt, telling.name_of(t, case), place.name if place else words,
        township.name if township else "", telling.first_words(t, case),
        telling.due_words(ctx, t, case), case.urgent and case.to_do,
        t(STATUS_NAMES[Status(case.status)]), case.officer.name if case.officer else "",
        t(telling.CALLS[case.call]) if case.call in telling.CALLS else "",
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def queue() -> ResponseReturnValue:
    """A page of the queue; for the county also what stands in each township."""
    ctx, staff = access.context(), access.staff()
    sight, county = sight_asked(ctx, staff, request.args), staff.role is Role.COUNTY
    with ctx.db.begin() as db:
        rows, pages = read_rows(ctx, db, staff, sight)
        counts = queries.counts(db, staff, sight.township, ctx.today())
        table = queries.by_township(db, staff, ctx.today()) if county and sight == Sight() else []
        saved = saving.of_staff(db, staff)
    session["sight"] = sight.query(after=sight.after, before=sight.before)
    words, hint = NARROW_EMPTY[sight.only] if sight.only else EMPTY[sight.group]
    return render_template(
        "desk/queue.html", rows=rows, pages=pages, sight=sight, counts=counts, table=table,
        groups=GROUP_NAMES, narrow=ONLY_NAMES, empty_words=words, empty_hint=hint, county=county,
        cap=queries.CAP, saved=saved, may_export=staff.role in EXPORTERS,
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def find() -> ResponseReturnValue:
    """By receipt straight to the case; by whole name or telephone a list. Never in an address."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    asked = unicodedata.normalize("NFKC", request.form.get("q", "")).strip()[:60]
    reading = read_receipt(asked)
    if reading.kind is ReceiptKind.VALID:
        assert reading.canonical is not None
        return redirect(url_for("desk.case", receipt=reading.canonical, asked="1"), 303)
    if not asked or reading.kind is ReceiptKind.MISTYPED:
        flash(t(MISTYPED if asked else NOTHING_ASKED), "urgent")
        return redirect(url_for("desk.queue"), 303)
    with ctx.db.begin() as db:
        cases = list(queries.named(db, staff, ctx.keys, asked))
        number = asked.translate(PHONE_SIGNS)
        if not cases and number != asked:
            cases = list(queries.named(db, staff, ctx.keys, number))
        rows = told_rows(ctx, db, staff, cases)
    return render_template(
        "desk/found.html", rows=rows, asked=asked, county=staff.role is Role.COUNTY
    )
