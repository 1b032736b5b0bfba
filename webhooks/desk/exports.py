"""A list as a file: with a written reason, recorded, and only what is needed."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from models import exporting
from models.cases import Case
from models.context import Context
from models.deskqueries import Sight
from models.exporting import ExportRefused
from models.paths import path_of
from models.searching import Criteria
from models.settings import Translate, mark
from models.statuses import STATUS_NAMES, Role, Status
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import search, telling
from webhooks.desk.queue import sight_asked
from webhooks.desk.sheets import Cell, download, sheet

HEADS = (
    mark("编号"), mark("姓名"), mark("乡镇"), mark("村（居）"), mark("项目"), mark("办到哪一步"),
    mark("交来"), mark("到期"), mark("负责的人"),
)
NOT_HIDDEN = ("csrf_token", "what", "reason", "phones")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/export", "export", export, methods=["POST"])


@opened_to(Audience.DESK, Role.HEAD, Role.COUNTY)
def export() -> ResponseReturnValue:
    """The queue or a search as XLSX; without a reason, or too long, the form once more."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    what, phones = request.form.get("what", ""), request.form.get("phones") == "1"
    reason = request.form.get("reason", "").strip()[: exporting.REASON_LIMIT]
    wanted: Criteria | Sight
    if what == "queue":
        wanted = sight_asked(ctx, staff, request.form)
    else:
        asked = search.read(ctx, staff, request.form)
        wanted = asked.wanted
        if asked.wrong or not (wanted.kept() or wanted.is_personal):
            abort(404)
    try:
        with ctx.db.begin() as db:
            cases = exporting.take(ctx, db, staff, wanted, reason, phones=phones)
            rows = [_row(ctx, t, case, phones) for case in cases]
    except ExportRefused as refused:
        where = {key: text for key, text in request.form.items() if key not in NOT_HIDDEN}
        words = t(str(refused), limit=ctx.settings.limits.export_rows)
        return render_template(
            "desk/exporting.html", where=where, what=what, refused=words, reason=reason,
        ), 422
    heads = [t(head) for head in HEADS] + ([t(mark("电话"))] if phones else [])
    name = t(mark("名单 {day}"), day=ctx.today().isoformat())
    return download(name, sheet(name, heads, rows))


def _row(ctx: Context, t: Translate, case: Case, phones: bool) -> Sequence[Cell]:
    areas = ctx.directory.areas
    township, village = areas.get(case.township), areas.get(case.living_area)
    row: list[Cell] = [
        case.receipt, telling.name_of(t, case), township.name if township else "",
        village.name if village else "", t(path_of(case.scheme).name) if case.scheme else "",
        t(STATUS_NAMES[Status(case.status)]), t.day_of(case.created_at), case.due_on,
        case.officer.name if case.officer else "",
    ]
    return [*row, case.phone] if phones else row
