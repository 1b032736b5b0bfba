"""Days off that are made known: two persons, and every clock that they move, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models import calendarwork, recalendar
from models.calendars import CalendarNotice
from models.daysoff import read_notice
from models.lengths import Length
from models.outgoing import Occasion
from models.policy import NotAllowed
from models.statuses import EventKind
from models.steps import MoveRefused
from tests.models.clockhouse import House, opened
from tests.models.test_daysoff import HEAD, OF_2027

THIRTY = Length(30, "民发〔2021〕57号", date(2026, 7, 1))


@pytest.fixture
def thirty(database: str, tmp_path: Path) -> Any:
    """A county that decides within 30 working days."""
    with opened(database, tmp_path) as made:
        deadlines = replace(made.ctx.settings.deadlines, decision=THIRTY)
        made.ctx = replace(made.ctx, settings=replace(made.ctx.settings, deadlines=deadlines))
        yield made


def paste(house: House, text: str, sign: bool = True) -> int:
    with house.ctx.db.begin() as session:
        notice = calendarwork.put(
            house.ctx, session, house.staff["county"], read_notice(text), "国办发明电〔2026〕9号",
            text,
        )
    if sign:
        with house.ctx.db.begin() as session:
            calendarwork.sign(house.ctx, session, house.staff["other county"], notice.id)
    house.ctx.directory.forget()
    return notice.id


def notice(house: House, number: int) -> CalendarNotice:
    with house.ctx.db.read() as session:
        return session.scalars(select(CalendarNotice).where(CalendarNotice.id == number)).one()


def test_a_case_of_late_november_is_due_in_january_and_moved_by_the_notice_once(
    thirty: House,
) -> None:
    receipt = thirty.accepted()
    before = thirty.clocks(receipt)["decision"]
    # 30 working days from 24 November: 4 of November's, 23 of December's, and 3 of January's.
    assert (before.due_on, before.provisional) == (date(2027, 1, 6), True)
    assert not thirty.clocks(receipt)["survey"].provisional
    # Invented, so that January moves: Monday the 4th off, Sunday the 10th worked.
    text = HEAD + "一、元旦：1月1日（周五）至4日（周一）放假调休，共4天。1月10日（周日）上班。"
    number = paste(thirty, text)
    assert recalendar.sweep(thirty.ctx) == 1
    after, case = thirty.clocks(receipt)["decision"], thirty.of(receipt)
    assert (after.due_on, after.provisional) == (date(2027, 1, 7), False)
    assert (case.answer_on, case.due_on) == (date(2027, 1, 7), date(2026, 11, 27))
    [step] = thirty.events(receipt, EventKind.RECALENDARED)
    assert step.details == {
        "moved": [{"clock": "decision", "before": "2027-01-06", "after": "2027-01-07"}],
        "among_staff": False,
    }
    assert step.due_on == date(2027, 1, 7)
    assert notice(thirty, number).applied_at is None
    thirty.clock.advance(timedelta(minutes=1))
    assert recalendar.sweep(thirty.ctx) == 0
    assert notice(thirty, number).applied_at is not None
    assert len(thirty.events(receipt, EventKind.RECALENDARED)) == 1
    assert len(thirty.pushes(receipt, Occasion.CASE_MOVED, EventKind.RECALENDARED)) == 1


def test_a_day_that_stays_is_settled_without_a_word(thirty: House) -> None:
    receipt = thirty.accepted()
    paste(thirty, OF_2027)
    assert recalendar.sweep(thirty.ctx) == 0
    row = thirty.clocks(receipt)["decision"]
    assert (row.due_on, row.provisional) == (date(2027, 1, 6), False)
    assert thirty.events(receipt, EventKind.RECALENDARED) == []


def test_a_clock_that_is_not_promised_moves_without_a_push(thirty: House) -> None:
    thirty.go_to(date(2026, 12, 30))
    receipt = thirty.accepted()
    promised = thirty.of(receipt).answer_on
    # 3 and 30 working days from 30 December; the worked Sunday makes up for the Monday.
    new_year = "一、元旦：1月1日（周五）至4日（周一）放假调休。1月10日（周日）上班。"
    paste(thirty, f"{HEAD}{new_year}二、春节：2月5日（周五）至10日（周三）放假。")
    assert recalendar.sweep(thirty.ctx) == 1
    assert thirty.of(receipt).answer_on == promised
    [step] = thirty.events(receipt, EventKind.RECALENDARED)
    assert step.details["among_staff"]
    assert [moved["clock"] for moved in step.details["moved"]] == ["survey"]
    assert thirty.pushes(receipt, Occasion.CASE_MOVED, EventKind.RECALENDARED) == []


def test_what_rested_is_counted_from_the_day_it_went_on(thirty: House) -> None:
    receipt = thirty.accepted()
    thirty.go_to(date(2026, 12, 1))
    thirty.move(receipt, "return")
    assert thirty.clocks(receipt)["decision"].left == 25
    thirty.go_to(date(2026, 12, 10))
    thirty.move(receipt, "investigate")
    on = thirty.clocks(receipt)["decision"].due_on
    assert on == date(2027, 1, 15)
    paste(thirty, HEAD + "一、元旦：1月1日（周五）至4日（周一）放假。")
    assert recalendar.sweep(thirty.ctx) == 1
    assert thirty.clocks(receipt)["decision"].due_on == date(2027, 1, 18)


def test_a_new_edition_of_the_library_settles_too(
    thirty: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = thirty.accepted()
    assert recalendar.sweep(thirty.ctx) == 0
    monkeypatch.setattr("models.workdays.is_settled", lambda year: year <= 2027)
    assert recalendar.sweep(thirty.ctx) == 0
    assert not thirty.clocks(receipt)["decision"].provisional


def test_a_notice_counts_once_a_second_person_signed(house: House) -> None:
    monday = date(2027, 2, 11)
    number = paste(house, OF_2027, sign=False)
    assert house.ctx.is_working(monday)
    assert not house.ctx.is_settled(2027)
    with pytest.raises(NotAllowed), house.ctx.db.begin() as session:
        calendarwork.sign(house.ctx, session, house.staff["county"], number)
    with pytest.raises(NotAllowed), house.ctx.db.begin() as session:
        calendarwork.sign(house.ctx, session, house.staff["head"], number)
    with house.ctx.db.begin() as session:
        calendarwork.sign(house.ctx, session, house.staff["other county"], number)
    house.ctx.directory.forget()
    assert not house.ctx.is_working(monday)
    assert house.ctx.is_working(date(2027, 2, 14))
    assert house.ctx.is_settled(2027)
    with pytest.raises(MoveRefused), house.ctx.db.begin() as session:
        calendarwork.sign(house.ctx, session, house.staff["other county"], number)


def test_the_same_notice_pasted_twice_is_one_and_another_takes_its_place(house: House) -> None:
    first = paste(house, OF_2027, sign=False)
    assert paste(house, OF_2027, sign=False) == first
    corrected = OF_2027.replace("共3天。\n二", "共3天。1月10日（周日）上班。\n二")
    other = paste(house, corrected, sign=False)
    assert other != first
    assert notice(house, first).state == "dropped"


def test_a_day_that_the_notice_leaves_out_is_off_all_the_same(house: House) -> None:
    paste(house, HEAD + "一、元旦：1月1日（周五）放假。")
    assert not house.ctx.is_working(date(2027, 6, 9))
    # 补假 of the library is a guess that the notice puts an end to.
    assert house.ctx.is_working(date(2027, 2, 9))


def test_asking_for_a_working_day_costs_no_statement(house: House) -> None:
    from sqlalchemy import event

    house.ctx.is_working(date(2027, 1, 1))
    seen: list[str] = []
    event.listen(
        house.ctx.db.engine, "before_cursor_execute", lambda *args: seen.append(args[2])
    )
    assert not any(house.ctx.is_working(date(2027, 1, 1)) for _ in range(50))
    assert seen == []
