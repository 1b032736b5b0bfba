"""Putting a case's state into words, for the chat and for the pages alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.alarms import harm_in
from models.areas import Gazetteer
from models.cases import Case, CaseEvent
from models.context import Context
from models.deadlines import working_days_left
from models.onbehalf import STANDS, THEIR_OWN, is_strangers
from models.settings import Translate, mark
from models.statuses import CLOSED, OPEN, STATUS_NEXT, STATUS_SAID, EventKind, Status
from models.telling import told


@dataclass(frozen=True)
class Line:
    """One line of a timeline as the resident reads it."""

    at: str
    text: str


def timeline(t: Translate, case: Case, events: Sequence[CaseEvent]) -> list[Line]:
    """What has happened, the first first; steps among staff have no sentence and are left out.

    Who reported a household that is not their own reads only where it stands.
    """
    if is_strangers(case):
        return list(_stands_line(t, events))
    lines = [Line(t.moment(event.at), told(t, event.kind, event.details)) for event in events]
    return [line for line in lines if line.text]


def _stands_line(t: Translate, events: Sequence[CaseEvent]) -> Iterator[Line]:
    last = STANDS[Status.SUBMITTED]
    for event in events:
        stands = STANDS[Status(event.to_status)]
        if event.kind in THEIR_OWN:
            yield Line(t.moment(event.at), told(t, event.kind, event.details))
        elif stands != last:
            yield Line(t.moment(event.at), t(mark("{stands}。"), stands=t(stands)))
        last = stands


# What anyone who has the receipt may read: no names, nothing that was said or written.
PUBLIC_TOLD: dict[str, str] = {
    EventKind.SUBMIT: mark("情况交上来了。"),
    EventKind.WITHDRAW_ASKED: mark("本人说想撤回。"),
    EventKind.SUPPLIED: mark("补交了材料。"),
    EventKind.TOLD_MORE: mark("又补充了情况。"),
    EventKind.PAPER_CLEAR: mark("交的材料看清楚了。"),
    EventKind.PAPER_UNCLEAR: mark("有一张材料要重拍。"),
    EventKind.CHANGE_TOLD: mark("说了家里的变化。"),
    EventKind.ALL_SUPPLIED: mark("要补的材料齐了。"),
    "register": mark("已经登记，定下了谁来办。"),
    "return": mark("还差材料，已经告诉本人。"),
    "accept": mark("镇上受理了，开始办了。"),
    "answer": mark("镇上已经答复本人。"),
    "withdraw": mark("按本人的意思撤回了。"),
}


def public_timeline(t: Translate, events: Sequence[CaseEvent]) -> list[Line]:
    """The same for the public page; a step that it does not know is left out."""
    known = [event for event in events if event.kind in PUBLIC_TOLD]
    return [Line(t.moment(event.at), t(PUBLIC_TOLD[event.kind])) for event in known]


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


HELD_BY = mark("{status}，在{unit}的{officer}手上。")
# What is over lies in nobody's hands.
DONE_BY = mark("{status}，是{unit}的{officer}经手的。")


def status_text(t: Translate, case: Case) -> str:
    """Where the case stands, and who has it."""
    if is_strangers(case):
        return t(mark("{stands}。"), stands=t(STANDS[Status(case.status)]))
    name = t(STATUS_SAID[Status(case.status)])
    officer = case.officer
    if officer is not None and case.unit:
        over = Status(case.status) in CLOSED
        return t(
            DONE_BY if over else HELD_BY, status=name, unit=case.unit, officer=officer.name
        )
    return t(mark("{status}。"), status=name)


def public_status(t: Translate, case: Case) -> str:
    """Where the case stands, without who has it."""
    if is_strangers(case):
        return status_text(t, case)
    return t(mark("{status}。"), status=t(STATUS_SAID[Status(case.status)]))


# The one who does the harm may be of the household.
NEXT_OF_HARM = mark("镇上、县里和管这事的单位会去看，不会说是您讲的。有危险先打 110。")
NEXT_OF_OTHERS = mark("镇上会直接找这家人。他们家又有什么事，您再说一声。")
OVER_OF_OTHERS = mark("结果镇上只跟这家人说。他们家又难了，您再报。")


def next_text(ctx: Context, t: Translate, case: Case) -> str:
    """What comes next, and by when where a clock runs."""
    if is_strangers(case):
        goes_on = NEXT_OF_HARM if harm_in(case.answers) else NEXT_OF_OTHERS
        said = t(goes_on if case.status in OPEN else OVER_OF_OTHERS)
    else:
        said = t(STATUS_NEXT[Status(case.status)])
    if case.answer_on is None:
        return said
    return t(
        mark("{next}时限：{due}。依据：{basis}"), next=said, due=due_text(ctx, t, case.answer_on),
        basis=basis_text(t, case.answer_basis),
    )


# At the end of a basis: a note to the county. At its beginning: the length is the county's own.
NOTE, OWN = re.compile("[；，][^；，]*待[^；，]*确认$"), "县定"


def basis_text(t: Translate, basis: str) -> str:
    """The clause as a resident reads it: what the county has still to confirm is not for them."""
    clause = NOTE.sub("", basis)
    return t(mark("县里定的时限")) if clause.startswith(OWN) else clause


def phone_text(t: Translate, areas: Gazetteer, township: str) -> str:
    """Whom to call about a case."""
    return t(
        mark("有急事打{place}电话 {phone}。"),
        place=areas.name(township),
        phone=areas.phone(township),
    )
