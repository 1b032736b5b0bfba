"""Public notices at the desk: what hangs where, and a spreadsheet that is to become a list."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import noticedrafts, noticequeries, noticequiet, renewals
from models.areas import Level, covers
from models.context import Context
from models.paths import PATHS
from models.policy import StaffView
from models.publishing import KIND_NAMES, STATE_NAMES, Notice, State, Version
from models.settings import Translate, mark
from models.statuses import DESK_ROLES, Role
from models.steps import MoveRefused
from notices.drafting import Gated, Wanted, drafted, gate, may_be_said
from notices.figurewords import figures_said
from notices.findings import Finding, letter, message
from notices.kinds import Kind
from notices.suppressing import figures
from webhooks import access, noticesheets, uploads
from webhooks.access import Audience, opened_to
from webhooks.desk import proposing, renewing

DRAFTED = mark("草稿存好了。请从头看一遍，再请另一位签字。")
NO_FILE = mark("请选一份表格，.xlsx、.xls、.ods、.csv 都行。")
NO_KIND = mark("请选是哪一种公示。")
NO_SCHEME = mark("请选是哪一类救助。")
NO_AREA = mark("请选是哪个乡镇或村（社区）的。")
SAID_TOO_MUCH = mark("这里提到了某一个人，或者写了不该公开的内容，请改一改。")
# Several schemes stand on one list.
ANY = "all"
MOST_UPLOAD = 61 * 1024 * 1024
SHOWN_ERRORS = 100


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/notices", "notices", look)
    desk.add_url_rule("/notices/new", "notice_new", new)
    desk.add_url_rule("/notices/new", "notice_upload", upload, methods=["POST"])


@opened_to(Audience.DESK, *DESK_ROLES)
def look() -> ResponseReturnValue:
    """Every list of the area by place, what waits for a signature first."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.read() as db:
        found = noticequeries.of_desk(db, staff)
        waiting = [_row(ctx, t, one) for one in found if one.state == State.SIGNING]
        rest = [one for one in found if one.state != State.SIGNING]
        places = [
            (ctx.directory.areas.name(code), [_row(ctx, t, one) for one in group])
            for code, group in groupby(rest, key=lambda one: one.notice.area)
        ]
        due = [renewing.row(ctx, t, db, one) for one in renewals.of_desk(db, staff)]
        unlisted = proposing.rows(ctx, t, db, staff)
        # Whoever looks over the whole county; a township knows of itself.
        silent = noticequiet.quiet(ctx, db, staff) if staff.role is Role.COUNTY else []
    return render_template(
        "desk/notices.html", waiting=waiting, places=places, due=due, unlisted=unlisted,
        due_basis=ctx.settings.notices.renew_basis, silent=silent,
        silent_days=ctx.settings.notices.quiet_days, silent_basis=ctx.settings.notices.quiet_basis,
    )


def _row(ctx: Context, t: Translate, version: Version) -> dict[str, Any]:
    total, _ = figures(version.figures)
    return {
        "id": version.id, "title": version.title, "number": version.number,
        "state": t(STATE_NAMES[State(version.state)]), "alive": version.state == State.LIVE,
        "period": noticesheets.period(ctx, t, version),
        "figures": figures_said(t, total),
    }


@opened_to(Audience.DESK, *DESK_ROLES)
def new() -> ResponseReturnValue:
    """The form: which kind, which scheme, where, and the file."""
    return _form(_list(request.args.get("list", "")))


def _list(number: str) -> Notice | None:
    """The list that this is to be the next version of; 404 outside one's area."""
    if not number:
        return None
    ctx, staff = access.context(), access.staff()
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        abort(404)
    with ctx.db.read() as db:
        found = db.get(Notice, int(number))
        if found is None or not covers(staff.area, found.area):
            abort(404)
        db.expunge(found)
        return found


def _form(
    listed: Notice | None, problem: str = "", field: str = "", found: Gated | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    errors = found.report.errors if found else ()
    return render_template(
        "desk/notice_new.html", listed=listed, problem=problem, field=field, typed=request.form,
        kinds=[(kind, t(name)) for kind, name in KIND_NAMES.items()],
        schemes=[*((p.scheme, t(p.name)) for p in PATHS.values() if p.published),
                 (ANY, t(mark("几类放在一起")))],
        places=_places(ctx, staff), here=listed and ctx.directory.areas.name(listed.area),
        kind=listed and t(KIND_NAMES[listed.kind]),
        errors=[_said(t, one) for one in errors[:SHOWN_ERRORS]], count=len(errors),
        warnings=[_said(t, one) for one in found.warnings[:SHOWN_ERRORS]] if found else [],
    ), status


def _places(ctx: Context, staff: StaffView) -> list[tuple[str, str]]:
    """Townships of the area and their villages, each township before its own."""
    areas = ctx.directory.areas
    return [
        (place.code, areas.name(place.code, " "))
        for township in areas.within(staff.area, Level.TOWNSHIP)
        for place in (township, *areas.within(township.code, Level.VILLAGE))
    ]


def _said(t: Translate, one: Finding) -> tuple[str, str]:
    """Where it is, and what to do about it."""
    cell = f"{letter(one.column) or ''}{one.row or ''}"
    return " ".join(part for part in (one.sheet, cell) if part), message(one, t)


@opened_to(Audience.DESK, *DESK_ROLES)
@uploads.up_to(MOST_UPLOAD)
def upload() -> ResponseReturnValue:
    """Gate the file; what may not be published is told, and nothing of it is stored."""
    ctx, staff, t, form = access.context(), access.staff(), access.speech(), request.form
    listed = _list(form.get("list", ""))
    wanted = _wanted(listed)
    if isinstance(wanted, MoveRefused):
        return _form(listed, t(wanted.reason), wanted.field, status=422)
    if wanted.area not in dict(_places(ctx, staff)):
        abort(404)
    title, reason = form.get("title", ""), form.get("reason", "")
    for field, text in (("title", title), ("reason", reason)):
        if not may_be_said(text):
            return _form(listed, t(SAID_TOO_MUCH), field, status=422)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _form(listed, t(NO_FILE), "file", status=422)
    data, name = file.read(), file.filename
    # What opens spreadsheets is four megabytes that most processes never need.
    from notices.roster.opening import read_book

    found = gate(ctx, lambda: read_book(data, name), wanted)
    if not found.report.ok:
        return _form(listed, found=found, status=422)
    said = drafted(ctx, found, ctx.speak(""), title, reason)
    try:
        with ctx.db.begin() as db:
            number = noticedrafts.draft(ctx, db, staff, said, listed.id if listed else None).id
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _form(listed, t(refused.reason), refused.field, status=422)
    flash(t(DRAFTED), "done")
    return redirect(url_for("desk.notice", number=number), 303)


def _wanted(listed: Notice | None) -> Wanted | MoveRefused:
    """What the form asks for; of a next version all but the file is settled."""
    if listed is not None:
        return Wanted(Kind(listed.kind), listed.area, listed.scheme)
    form = request.form
    kind, scheme, area = (form.get(name, "") for name in ("kind", "scheme", "area"))
    if kind not in KIND_NAMES:
        return MoveRefused(NO_KIND, "kind")
    if scheme != ANY and not (scheme in PATHS and PATHS[scheme].published):
        return MoveRefused(NO_SCHEME, "scheme")
    if not area:
        return MoveRefused(NO_AREA, "area")
    return Wanted(Kind(kind), area, "" if scheme == ANY else scheme)
