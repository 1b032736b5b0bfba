"""One version of a public notice at the desk: looked over, previewed, signed, taken down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import noticedrafts, noticequeries, noticesigning
from models.areas import covers
from models.policy import NotAllowed, StaffView
from models.publishing import PUBLIC, State, Version
from models.settings import Translate, mark
from models.statuses import DESK_ROLES
from models.steps import MoveRefused
from notices.board import Lacking, NoFont
from notices.drafting import may_be_said
from webhooks import access, noticesheets
from webhooks.access import Audience, opened_to
from webhooks.desk import articles, certificates, masses, noticepaper
from webhooks.desk.notices import SAID_TOO_MUCH
from webhooks.noticesheets import Line, Sheet

ASKED = mark("好，等另一位签字。签了字村里才看得到。")
SIGNED = mark("签好了，已经公示。请打印一份贴到公示栏。")
SIGNED_FOR = mark("签好了，到时候自己公示。")
DROPPED = mark("这一版不要了，已经删掉。")
TAKEN = mark("撤下了，谁都看不到名单了。公示栏上的纸请也揭下来。")
ERASED = mark("那一行抹掉了，找不回来了。")
LOOK_FIRST = mark("请先把提醒看一遍，打上勾。")
NOT_A_TIME = mark("请写一个以后的日子和几点，比如 2026-11-26 09:00。")
NOT_A_LINE = mark("请写第几行，数字就行。")
VIEWS = {"phone": mark("手机上"), "web": mark("电脑上"), "paper": mark("纸上")}
SHOWN_ROWS = 500
SHOWN_CHANGES = 200


def add_routes(desk: Blueprint) -> None:
    at = "/notices/<int:number>"
    desk.add_url_rule(at, "notice", look)
    desk.add_url_rule(f"{at}/preview", "notice_preview", preview)
    desk.add_url_rule(f"{at}/paper.pdf", "notice_paper", paper)
    certificates.add_routes(desk, at)
    articles.add_routes(desk, at)
    masses.add_routes(desk, at)
    for name, view in (
        ("ask", ask), ("sign", sign), ("drop", drop), ("take-down", take_down), ("erase", erase),
    ):
        desk.add_url_rule(
            f"{at}/{name}", f"notice_{name.replace('-', '_')}", view, methods=["POST"]
        )


@opened_to(Audience.DESK, *DESK_ROLES)
def look(number: int) -> ResponseReturnValue:
    """What was understood with its cells, what to look at, and what may be done next."""
    return _look(number)


def _look(
    number: int, problem: str = "", field: str = "", status: int = 200,
) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.read() as db:
        version = _version(db, staff, number)
        sheet = noticesheets.sheet(ctx, t, version, version.notice.area)
        rows = noticequeries.rows(db, version.id)
        reading = version.reading or {}
        state = State(version.state)
        return render_template(
            "desk/notice.html", version=version, sheet=sheet, problem=problem, field=field,
            scheme=noticesheets.scheme(t, version), total=len(rows), shown=SHOWN_ROWS,
            lines=noticesheets.lines(rows[:SHOWN_ROWS], sheet.columns),
            cells=reading.get("cells", []), tables=reading.get("tables", []),
            warnings=[_warning(one) for one in reading.get("warnings", [])],
            views=[(name, t(words)) for name, words in VIEWS.items()],
            why_not=t(why) if (why := _why_not(db, staff, version)) else "", typed=request.form,
            villages=_villages(version), public=state in PUBLIC,
            others=noticequeries.versions(db, version.notice_id),
            changes=_changes(t, sheet, version, noticesheets.lines(rows, sheet.columns)),
            certificate=certificates.is_due(version), renew_basis=ctx.settings.notices.renew_basis,
            article=articles.shown(t, db, version), mass=masses.shown(ctx, t, db, staff, version),
        ), status


def _changes(
    t: Translate, sheet: Sheet, version: Version, lines: Sequence[Line]
) -> dict[str, Any] | None:
    """What is new on it, household by household, for who looks it over and signs."""
    if version.changes is None:
        return None
    ended = (version.reading or {}).get("ended", [])
    return {
        "said": sheet.changes or t(noticesheets.NOTHING_NEW),
        "new": [line for line in lines if line.was == ""][:SHOWN_CHANGES],
        "changed": [line for line in lines if line.was][:SHOWN_CHANGES],
        "ended": ended[:SHOWN_CHANGES],
    }


def _version(db: Session, staff: StaffView, number: int) -> Version:
    found = db.get(Version, number)
    if found is None or not covers(staff.area, found.notice.area):
        abort(404)
    return found


def _warning(one: dict[str, Any]) -> tuple[str, str]:
    cell = f"{one['column'] or ''}{one['row'] or ''}"
    return " ".join(part for part in (one["sheet"], cell) if part), one["message"]


def _why_not(db: Session, staff: StaffView, version: Version) -> str:
    return noticesigning.may_sign(db, staff, version) if version.state == State.SIGNING else ""


def _villages(version: Version) -> list[tuple[str, str]]:
    areas = access.context().directory.areas
    return [(code, areas.name(code)) for code in version.figures]


@opened_to(Audience.DESK, *DESK_ROLES)
def preview(number: int) -> ResponseReturnValue:
    """What the village will see: on a phone, on a PC, on paper; before it is signed and after."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    how = request.args.get("as", "phone")
    if how not in VIEWS:
        abort(404)
    with ctx.db.read() as db:
        version, village = _asked_for(db, staff, number)
        villages = _villages(version)
        sheet = noticesheets.sheet(ctx, t, version, village)
        lines = noticesheets.lines(noticequeries.rows(db, version.id, village), sheet.columns)
        if how == "paper":
            return noticepaper.page(ctx, t, version, sheet, lines)
        return render_template(
            "notices/preview.html", how=how, version=version, sheet=sheet, lines=lines,
            scheme=noticesheets.scheme(t, version), villages=villages, village=village,
            visitor=None, views=[(name, t(words)) for name, words in VIEWS.items()],
        )


def _asked_for(db: Session, staff: StaffView, number: int) -> tuple[Version, str]:
    """A version of the staff's area, and the village of it that is asked for; else 404."""
    version = _version(db, staff, number)
    known, asked = [code for code, _ in _villages(version)], request.args.get("village", "")
    if asked and asked not in known:
        abort(404)
    return version, asked or (known[0] if known else version.notice.area)


@opened_to(Audience.DESK, *DESK_ROLES)
def paper(number: int) -> ResponseReturnValue:
    """The board's sheet as a PDF; what it cannot be made of is said on the version's page."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.read() as db:
        version, village = _asked_for(db, staff, number)
        sheet = noticesheets.sheet(ctx, t, version, village)
        lines = noticesheets.lines(noticequeries.rows(db, version.id, village), sheet.columns)
        made = noticepaper.board(ctx, t, version, sheet, lines)
    try:
        return noticepaper.file(ctx, made, f"{sheet.place}-{version.title}")
    except (Lacking, NoFont) as wrong:
        return _look(number, *noticepaper.why_not(t, wrong))


@opened_to(Audience.DESK, *DESK_ROLES)
def ask(number: int) -> ResponseReturnValue:
    """It was looked over; another person signs, for at once or for a time."""
    ctx, t, form = access.context(), access.speech(), request.form
    with ctx.db.read() as db:
        reading = _version(db, access.staff(), number).reading or {}
    if reading.get("warnings") and not form.get("looked"):
        return _look(number, t(LOOK_FIRST), "looked", 422)
    at = None
    if form.get("when") == "later":
        try:
            at = datetime.fromisoformat(form.get("at", "").strip()).replace(tzinfo=ctx.zone)
        except ValueError:
            return _look(number, t(NOT_A_TIME), "at", 422)
    return _act(number, ASKED, lambda db, who: noticedrafts.ask(ctx, db, who, number, at))


@opened_to(Audience.DESK, *DESK_ROLES)
def sign(number: int) -> ResponseReturnValue:
    """The second person agrees."""
    ctx = access.context()
    return _act(
        number,
        lambda done: SIGNED if done.state == State.LIVE else SIGNED_FOR,
        lambda db, who: noticesigning.sign(ctx, db, who, number),
    )


@opened_to(Audience.DESK, *DESK_ROLES)
def drop(number: int) -> ResponseReturnValue:
    """Not right: it is deleted, rows and all."""
    ctx = access.context()
    return _act(
        number, DROPPED, lambda db, who: noticedrafts.drop(ctx, db, who, number),
        url_for("desk.notices"),
    )


@opened_to(Audience.DESK, *DESK_ROLES)
def take_down(number: int) -> ResponseReturnValue:
    """Shown no more, with a reason that everyone reads."""
    ctx, reason = access.context(), request.form.get("reason", "")
    if not may_be_said(reason):
        return _look(number, access.speech()(SAID_TOO_MUCH), "reason", 422)
    return _act(
        number, TAKEN, lambda db, who: noticesigning.take_down(ctx, db, who, number, reason)
    )


@opened_to(Audience.DESK, *DESK_ROLES)
def erase(number: int) -> ResponseReturnValue:
    """One row is gone for good."""
    ctx, line = access.context(), request.form.get("line", "").strip()
    if not (line.isascii() and line.isdigit() and len(line) < 7):
        return _look(number, access.speech()(NOT_A_LINE), "line", 422)
    return _act(
        number, ERASED, lambda db, who: noticesigning.erase(ctx, db, who, number, int(line))
    )


def _act(
    number: int, done: str | Callable[[Version], str],
    use: Callable[[Session, StaffView], Any], leads_to: str = "",
) -> ResponseReturnValue:
    """Do it and say what came of it; what is to be mended is said beside its field."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            found = use(db, staff)
            words = done(found) if callable(done) else done
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        if refused.field:
            return _look(number, t(refused.reason), refused.field, 422)
        flash(t(refused.reason), "urgent")
    except NotAllowed as refused:
        flash(t(refused.reason), "urgent")
    else:
        flash(t(words), "done")
        return redirect(leads_to or url_for("desk.notice", number=number), 303)
    return redirect(url_for("desk.notice", number=number), 303)
