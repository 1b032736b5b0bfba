"""Who is told when a clock runs near and out: officer, head, county, each once per stage."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from models import escalation, extending, passing, supplementing, supplements
from models.clocks import CaseClock
from models.outgoing import Occasion
from models.people import Staff
from models.policy import NotAllowed
from models.statuses import EventKind, Status
from models.steps import MoveRefused
from models.tasks import Task, TaskKind
from tests.models.clockhouse import DAWAN, House
from tests.models.visits import visit_for
from webhooks.demo.county import COUNTY


def told(house: House, receipt: str) -> list[tuple[str, str]]:
    """(who, why) of every escalation so far."""
    steps = house.events(receipt, EventKind.ESCALATED)
    return [(step.details["to"], step.details["ask"]) for step in steps]


def on(house: House, day: date, hour: int = 10) -> int:
    house.go_to(day, hour)
    return escalation.escalate(house.ctx)


def test_each_is_told_once_officer_head_county(house: House) -> None:
    # Due on Tuesday, 1 December.
    receipt = house.case()
    house.move(receipt, "register")
    assert house.of(receipt).due_on == date(2026, 12, 1)
    assert on(house, date(2026, 11, 27)) == 0
    assert on(house, date(2026, 11, 30)) == 1
    assert on(house, date(2026, 12, 1)) == 0
    assert on(house, date(2026, 12, 2), hour=7) == 0, "too early in the day"
    assert on(house, date(2026, 12, 2)) == 1
    assert on(house, date(2026, 12, 3)) == 1
    assert on(house, date(2026, 12, 5)) == 0
    assert on(house, date(2026, 12, 7)) == 1
    assert on(house, date(2026, 12, 30)) == 0
    assert told(house, receipt) == [
        ("officer", "near"), ("officer", "late"), ("head", "late"), ("county", "late"),
    ]
    near, late, head, county = house.pushes(receipt, Occasion.STAFF_CLOCK)
    officer = house.staff["officer"].person_id
    assert (near.person_id, late.person_id, near.township) == (officer, officer, DAWAN)
    assert (head.person_id, head.township, head.role) == (None, DAWAN, "head")
    assert (county.person_id, county.township, county.role) == (None, COUNTY, "county")
    assert house.of(receipt).version == 2, "a page that is open stays fresh"


def test_neither_an_earlier_hour_nor_an_edit_tells_anybody_again(house: House) -> None:
    receipt = house.accepted()
    assert on(house, date(2026, 12, 21)) == 4, "the survey is long over, the decision is near"
    before = told(house, receipt)
    house.clock.advance(timedelta(hours=-1))
    assert escalation.escalate(house.ctx) == 0
    house.move(receipt, "investigate")
    house.move(receipt, "return")
    house.go_to(date(2026, 12, 22))
    house.move(receipt, "investigate")
    stages = {kind: row.stage for kind, row in house.clocks(receipt).items()}
    assert stages == {"decision": 1}
    assert escalation.escalate(house.ctx) == 0
    assert told(house, receipt) == before


def test_after_a_long_pause_everybody_is_told_at_once(house: House) -> None:
    receipt = house.case()
    assert on(house, date(2026, 12, 20)) == 3
    assert told(house, receipt) == [("officer", "late"), ("head", "late"), ("county", "late")]
    # Nobody is named yet: all officers of the township are meant.
    officer = house.pushes(receipt, Occasion.STAFF_CLOCK)[0]
    assert (officer.person_id, officer.township, officer.role) == (None, DAWAN, "officer")


def test_what_is_due_tomorrow_is_not_near_on_its_first_day(house: House) -> None:
    receipt = house.case(urgent=True)
    assert escalation.escalate(house.ctx) == 0
    assert on(house, date(2026, 11, 25)) == 1
    assert told(house, receipt) == [("officer", "near")]


def test_who_has_left_is_not_told(house: House) -> None:
    receipt = house.case()
    house.move(receipt, "register")
    with house.ctx.db.begin() as session:
        left = update(Staff).where(Staff.id == house.staff["officer"].id)
        session.execute(left.values(left_at=house.ctx.now()))
    on(house, date(2026, 11, 30))
    [push] = house.pushes(receipt, Occasion.STAFF_CLOCK)
    assert (push.person_id, push.role) == (None, "officer")


@pytest.mark.parametrize(("move", "escalated"), [("return", False), ("refer", True)])
def test_somebody_else_s_time_is_not_escalated_but_a_referral_is(
    house: House, move: str, escalated: bool
) -> None:
    receipt = house.case()
    house.move(receipt, "register")
    house.move(receipt, move)
    on(house, date(2027, 3, 1))
    assert bool(told(house, receipt)) is escalated


def test_one_that_fails_does_not_keep_the_others_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = house.case(), house.case()
    number = house.of(first).id
    real = escalation.enqueue

    def broken(*args: object, **more: object) -> None:
        if more["case_id"] == number:
            raise RuntimeError
        real(*args, **more)

    monkeypatch.setattr(escalation, "enqueue", broken)
    assert on(house, date(2026, 12, 20)) == 3
    assert (told(house, first), len(told(house, second))) == ([], 3)
    assert house.clocks(first)["registration"].stage == 0


def propose(house: House, *, posted: bool = True) -> str:
    receipt = house.accepted()
    house.move(receipt, "investigate")
    house.move(receipt, "propose")
    if posted:
        with house.ctx.db.begin() as session:
            visit_for(house.ctx, session, receipt, "conclude")
    return receipt


def test_a_notice_that_nobody_put_up_does_not_end(house: House) -> None:
    """The officer is asked for it, once; it hangs its days from the day that it went up."""
    receipt = propose(house, posted=False)
    last = house.clocks(receipt)["notice"].due_on
    house.go_to(last + timedelta(days=1))
    assert passing.pass_time(house.ctx) == 1
    assert told(house, receipt) == [("officer", "posting")]
    house.go_to(last + timedelta(days=2))
    assert passing.pass_time(house.ctx) == 0
    assert house.of(receipt).status == Status.PROPOSED
    with pytest.raises(MoveRefused, match="张贴公示"):
        house.move(receipt, "conclude", ready=False)
    up = last + timedelta(days=2)
    with house.ctx.db.begin() as session:
        task = session.scalars(select(Task).where(Task.kind == TaskKind.POSTING)).one()
        task.due_on = up
        session.flush()
        visit_for(house.ctx, session, receipt, "conclude")
    with pytest.raises(MoveRefused, match="满天数"):
        house.move(receipt, "conclude", ready=False)
    for day in range(1, 20):
        house.go_to(up + timedelta(days=day))
        if passing.pass_time(house.ctx):
            break
    assert house.of(receipt).status == Status.DECIDING
    # As many days as a notice that went up at once.
    assert house.ctx.today() - up >= last - date(2026, 11, 24)


def test_a_notice_that_has_ended_goes_on_by_itself_the_day_after(house: House) -> None:
    receipt = propose(house)
    last = house.clocks(receipt)["notice"].due_on
    assert last == date(2026, 12, 1)
    house.go_to(last, 20)
    assert passing.pass_time(house.ctx) == 0
    house.go_to(last + timedelta(days=1))
    assert passing.pass_time(house.ctx) == 1
    assert passing.pass_time(house.ctx) == 0
    case = house.of(receipt)
    assert case.status == Status.DECIDING
    [step] = house.events(receipt, "conclude")
    assert step.staff_id is None
    # The proposal still waits for its decision.
    house.move(receipt, "grant", "head")
    assert house.of(receipt).status == Status.GRANTED


def returned(house: House, **changes: object) -> str:
    receipt = house.case(**changes)
    house.move(receipt, "register")
    house.move(receipt, "return", missing=("户口本", "诊断书"))
    return receipt


def test_who_owes_papers_is_reminded_twice_and_then_it_is_put_away(house: House) -> None:
    receipt = returned(house)
    first, ends = date(2026, 11, 24), house.clocks(receipt)["supplement"].due_on
    assert ends == date(2026, 12, 24)
    seen = []
    for number in range(35):
        house.go_to(first + timedelta(days=number))
        seen += [number] * passing.pass_time(house.ctx)
        assert passing.pass_time(house.ctx) == 0
    assert seen == [10, 20, 31]
    reminders = house.events(receipt, EventKind.REMINDED)
    assert [step.details for step in reminders] == [
        {"missing": ["户口本", "诊断书"], "until": "2026-12-24"}
    ] * 2
    assert len(house.pushes(receipt, Occasion.CASE_MOVED, EventKind.REMINDED)) == 2
    [lapsed] = house.events(receipt, "lapse")
    assert lapsed.details["reason"] == house.ctx.settings.waiting.reason
    assert house.of(receipt).status == Status.WITHDRAWN
    assert len(house.pushes(receipt, Occasion.CASE_MOVED, "lapse")) == 1


def test_who_has_sent_something_is_left_alone(house: House) -> None:
    from models.residentwork import note_supplied

    receipt = returned(house)
    with house.ctx.db.begin() as session:
        note_supplied(house.ctx, session, session.merge(house.of(receipt)))
    house.go_to(date(2027, 1, 20))
    assert passing.pass_time(house.ctx) == 0
    assert house.of(receipt).status == Status.RETURNED


def receive(house: House, receipt: str, *numbers: int) -> None:
    """These items come from the person, one by one."""
    with house.ctx.db.begin() as session:
        lacking = supplements.of_case(session, session.merge(house.of(receipt)))
        for number in numbers:
            item = lacking.item(number)
            assert item is not None
            supplementing.take_words(house.ctx, item, "在这儿")
    supplementing.tell_waiting(house.ctx)


def test_who_sent_all_of_it_item_by_item_is_left_alone(house: House) -> None:
    receipt = returned(house)
    receive(house, receipt, 1, 2)
    house.go_to(date(2027, 1, 20))
    assert passing.pass_time(house.ctx) == 0
    assert house.of(receipt).status == Status.RETURNED


def test_who_sent_some_is_reminded_of_the_rest_and_not_put_away(house: House) -> None:
    receipt = returned(house)
    receive(house, receipt, 1)
    for day in (date(2026, 12, 5), date(2027, 1, 20), date(2027, 1, 21)):
        house.go_to(day)
        passing.pass_time(house.ctx)
    reminders = house.events(receipt, EventKind.REMINDED)
    assert [step.details["missing"] for step in reminders] == [["诊断书"]]
    assert told(house, receipt) == [("officer", "begun")]
    assert house.of(receipt).status == Status.RETURNED


def test_who_has_no_chat_is_called_not_put_away(house: House) -> None:
    receipt = returned(house, person_id=None)
    for day in (date(2026, 12, 5), date(2026, 12, 15), date(2027, 1, 20), date(2027, 1, 21)):
        house.go_to(day)
        passing.pass_time(house.ctx)
    assert told(house, receipt) == [("officer", "call")] * 3
    assert house.of(receipt).status == Status.RETURNED


def test_a_taper_that_is_over_is_told_and_not_ended(house: House) -> None:
    receipt = returned(house)
    with house.ctx.db.begin() as session:
        session.execute(update(CaseClock).where(CaseClock.state == "running").values(kind="taper"))
    house.go_to(date(2026, 12, 25))
    assert passing.pass_time(house.ctx) == 1
    assert passing.pass_time(house.ctx) == 0
    assert told(house, receipt) == [("officer", "taper")]
    assert house.of(receipt).status == Status.RETURNED


def extend(house: House, receipt: str, days: int | None = 25, **more: object) -> None:
    values = {"who": "head", "why": "两家说法对不上，要再走访", "version": 0} | more
    version = values["version"] or house.of(receipt).version
    with house.ctx.db.begin() as session:
        extending.extend(
            house.ctx, session, house.staff[str(values["who"])], receipt, version,
            days, str(values["why"]),
        )


def test_the_decision_is_extended_once_with_a_reason_that_is_told(house: House) -> None:
    receipt = house.accepted()
    assert house.of(receipt).answer_on == date(2026, 12, 22)
    extend(house, receipt)
    case, row = house.of(receipt), house.clocks(receipt)["decision"]
    # 45 working days from 24 November, over New Year.
    assert case.answer_on == row.due_on == date(2027, 1, 27)
    assert row.provisional
    [step] = house.events(receipt, EventKind.EXTENDED)
    assert step.details == {"words": "两家说法对不上，要再走访", "days": 25}
    [push] = house.pushes(receipt, Occasion.CASE_MOVED, EventKind.EXTENDED)
    assert push.details["due_on"] == "2027-01-27"
    with pytest.raises(MoveRefused, match=extending.ONCE):
        extend(house, receipt, 1)


@pytest.mark.parametrize(("days", "more", "field"), [
    (26, {}, "days"), (0, {}, "days"), (None, {}, "days"), (5, {"why": "  "}, "words"),
    (5, {"why": "字" * 501}, "words"), (5, {"version": 1}, ""),
])
def test_an_extension_that_cannot_be_is_refused(
    house: House, days: int | None, more: dict[str, object], field: str
) -> None:
    receipt = house.accepted()
    with pytest.raises(MoveRefused) as refused:
        extend(house, receipt, days, **more)
    assert refused.value.field == field
    assert house.of(receipt).answer_on == date(2026, 12, 22)


def test_an_officer_does_not_extend_nor_what_rests_nor_what_is_over(house: House) -> None:
    receipt = house.accepted()
    with pytest.raises(NotAllowed):
        extend(house, receipt, 5, who="officer")
    house.go_to(date(2026, 12, 23))
    with pytest.raises(MoveRefused, match=extending.OVER):
        extend(house, receipt, 5)
    house.go_to(date(2026, 12, 1))
    house.move(receipt, "return")
    with pytest.raises(MoveRefused, match=extending.RESTS):
        extend(house, receipt, 5)
