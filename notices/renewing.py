"""The standing list of a month, drawn from the register of help and gated as a spreadsheet is.

What is drawn is laid out as a sheet and goes through the very gate that an uploaded one does: the
county's rules hold for it, its figures are counted the same way, and what may not be shown
refuses it. Two people still look it over and sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import noticedrafts, register, renewals
from models.context import Context
from models.noticechanges import CASE, counted
from models.noticedrafts import Drafted
from models.policy import StaffView
from models.publishing import Renewal, RenewalState, Version
from models.register import Entry
from models.settings import Translate, mark
from models.steps import MoveRefused
from notices.drafting import Gated, Wanted, drafted, gate, usual_title
from notices.findings import Finding, message
from notices.kinds import Kind
from notices.roster.book import Book, Parts, Row, Sheet

log = structlog.get_logger(__name__)

MOST_PROBLEMS = 20
# Field → heading of the sheet, as the gate reads it; what a county leaves out is not drawn.
HEADINGS = {
    "village": "村（社区）", "name": "姓名", "members": "保障人数", "amount": "保障金额（元）",
    "since": "起始时间",
}
TITLE = mark("{title}（{year}年{month}月）")
REASON = mark("{year}年{month}月照救助名册换新")
IN_HAND = mark("这份名单有一版还没有签字，先办完那一版。")
MANY_GONE = mark("少了 {ended} 户，只留下 {stay} 户。名册没录全的话，不要这一版，先放表格。")
LINE = mark("第 {number} 户：{problem}")


def renew(ctx: Context, is_over: Callable[[], bool] = lambda: False) -> int:
    """One run of the worker: begin the month, draw what is wanted, settle, tell; how much."""
    done = renewals.settle(ctx) + renewals.begin_month(ctx) + renewals.settle(ctx)
    with ctx.db.read() as session:
        wanted = session.scalars(
            select(Renewal.id).where(Renewal.state == RenewalState.WANTED).order_by(Renewal.id)
        ).all()
    for number in wanted:
        if is_over():
            break
        done += _alone(ctx, number)
    return done + renewals.tell(ctx)


def _alone(ctx: Context, number: int) -> int:
    """Where one cannot be drawn, nothing of it is, and the others do not wait for it."""
    try:
        with ctx.db.begin() as session:
            renewal = session.get_one(Renewal, number, with_for_update=True)
            if renewal.state != RenewalState.WANTED:
                return 0
            if renewals.is_being_made(session, renewals.list_of(session, renewal)):
                return 0
            draw(ctx, session, renewal)
            return 1
    except Exception as error:
        log.error("renewal_failed", renewal=number, error=type(error).__name__)
        return 0


def again(ctx: Context, session: Session, staff: StaffView, number: int) -> Renewal:
    """Draw it anew after the register was put right, in place of the draft that was drawn.

    Raises LookupError outside the area, MoveRefused where somebody has a version in hand.
    """
    renewal = renewals.find(session, staff, number)
    if renewal.version_id is not None:
        noticedrafts.drop(ctx, session, staff, renewal.version_id)
        session.refresh(renewal)
    if renewals.is_being_made(session, renewals.list_of(session, renewal)):
        raise MoveRefused(IN_HAND)
    draw(ctx, session, renewal)
    return renewal


def draw(ctx: Context, session: Session, renewal: Renewal) -> None:
    """Draft the list from the register as it is today; what the gate refuses is kept in words."""
    t = ctx.speak("")
    wanted = Wanted(Kind.STANDING, renewal.area, renewal.scheme)
    entries = register.standing(session, renewal.area, renewal.scheme, ctx.today())
    found = gate(ctx, lambda: _book(ctx, entries, fields(ctx, wanted)), wanted)
    if not found.report.ok:
        problems = [_said(t, one) for one in found.report.errors[:MOST_PROBLEMS]]
        renewal.state, renewal.problems = RenewalState.REFUSED, problems
        return
    said = _drafted(ctx, t, found, entries, renewal.month)
    number = renewals.list_of(session, renewal)
    version = noticedrafts.draft(ctx, session, None, said, number)
    _warn_of_many(t, version, len(said.rows))
    renewal.state, renewal.version_id, renewal.problems = (
        RenewalState.DRAFTED, version.id, None
    )


def _warn_of_many(t: Translate, version: Version, lines: int) -> None:
    """Where more goes than stays, the register may not be filled in yet: somebody looks."""
    new, _, ended = counted(version.changes or {}, version.changes or ())
    if ended <= lines - new:
        return
    words = t(MANY_GONE, ended=ended, stay=lines - new)
    warning = {"sheet": "", "row": None, "column": "", "message": words}
    warnings = [*version.reading["warnings"], warning]
    version.reading = {**version.reading, "warnings": warnings}


def fields(ctx: Context, wanted: Wanted) -> tuple[str, ...]:
    """The columns that are drawn: those of HEADINGS that may be shown there today."""
    empty = gate(ctx, lambda: Book((), Parts()), wanted)
    shown = {field.name for field in empty.shape.fields}
    return tuple(name for name in HEADINGS if name in shown)


def _book(ctx: Context, entries: Sequence[Entry], columns: Sequence[str]) -> Book:
    def rows() -> Iterator[Row]:
        yield [HEADINGS[name] for name in columns]
        for entry in entries:
            values = _values(ctx, entry)
            yield [values[name] for name in columns]

    return Book((Sheet("", False, 0, rows),), Parts())


def _values(ctx: Context, entry: Entry) -> dict[str, object]:
    place = ctx.directory.areas.get(entry.village)
    return {
        "village": place.name if place else "",
        "name": entry.name, "members": entry.persons,
        # What is given in kind has words of its own, which are nobody's to read.
        "amount": f"{entry.amount:.2f}" if entry.amount is not None else "",
        "since": entry.from_on.replace(day=1) if entry.from_on else "",
    }


def _drafted(
    ctx: Context, t: Translate, found: Gated, entries: Sequence[Entry], month: date
) -> Drafted:
    when = {"year": month.year, "month": month.month}
    title = t(TITLE, title=usual_title(ctx.directory.areas, found.wanted), **when)
    said = drafted(ctx, found, t, title, t(REASON, **when))
    # A line for every household, in the register's order: each is told which case it is.
    warnings = [
        {"sheet": "", "row": _line(one), "column": "", "message": message(one, t)}
        for one in found.warnings
    ]
    rows = [
        (village, {**values, CASE: str(entry.case_id)})
        for (village, values), entry in zip(said.rows, entries, strict=True)
    ]
    return replace(
        said, rows=rows,
        reading={"tables": [], "cells": [], "warnings": warnings, "drawn": True},
    )


def _line(one: Finding) -> int | None:
    """The household's number: the sheet's first row is its heading."""
    return one.row - 1 if one.row is not None and one.row > 1 else None


def _said(t: Translate, one: Finding) -> str:
    line, words = _line(one), message(one, t)
    return t(LINE, number=line, problem=words) if line else words
