"""Putting a case's state into words, for the chat and for the pages alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.areas import Gazetteer
from models.cases import Case, CaseEvent
from models.context import Context
from models.deadlines import working_days_left
from models.settings import Translate, mark
from models.statuses import STATUS_NAMES, STATUS_NEXT, Status
from models.telling import told


@dataclass(frozen=True)
class Line:
    """One line of a timeline as the resident reads it."""

    at: str
    text: str


def timeline(t: Translate, events: Sequence[CaseEvent]) -> list[Line]:
    """What has happened, the first first."""
    return [Line(t.moment(event.at), told(t, event.kind, event.details)) for event in events]


def due_text(ctx: Context, t: Translate, on: date) -> str:
    """A due date and the working days that are left: 11月27日前（还剩 3 个工作日）."""
    left = working_days_left(ctx.today(), on, ctx.is_working)
    if left < 0:
        return t(mark("{day}前（已经过了 {left} 个工作日）"), day=t.day(on), left=-left)
    if left == 0:
        return t(
            mark("{day}前（就是今天）") if on == ctx.today() else mark("{day}前"), day=t.day(on)
        )
    return t(mark("{day}前（还剩 {left} 个工作日）"), day=t.day(on), left=left)


def status_text(t: Translate, case: Case) -> str:
    """Where the case stands, and who has it."""
    name = t(STATUS_NAMES[Status(case.status)])
    officer = case.officer
    if officer is not None and case.unit:
        return t(
            mark("{status}，在{unit}的{officer}手上。"),
            status=name,
            unit=case.unit,
            officer=officer.name,
        )
    return t(mark("{status}。"), status=name)


def next_text(ctx: Context, t: Translate, case: Case) -> str:
    """What comes next, and by when where a clock runs."""
    said = t(STATUS_NEXT[Status(case.status)])
    if case.due_on is None:
        return said
    return t(mark("{next}时限：{due}。"), next=said, due=due_text(ctx, t, case.due_on))


def phone_text(t: Translate, areas: Gazetteer, township: str) -> str:
    """Whom to call about a case."""
    return t(
        mark("有急事打{place}电话 {phone}。"),
        place=areas.name(township),
        phone=areas.phone(township),
    )
