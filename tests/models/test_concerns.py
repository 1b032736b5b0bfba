"""Objections and complaints on both databases: taken in once, answered once, found by their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from models import concernclock, concernwork, raising
from models.concerns import About, Concern, Entry, Kind, Outcome, Stand, Turn
from models.context import Context
from models.people import Staff, view_of
from models.policy import StaffView
from models.raising import Concerned, Raised
from models.speaking import known_person
from models.statuses import Role
from models.steps import MoveRefused

DAWAN, COUNTY, VILLAGE = "450799101000", "450799000000", "450799101200"


def said(once: str = "", **more: Any) -> Concerned:
    values: dict[str, Any] = {
        "kind": Kind.MONEY, "about": About.VILLAGE, "area": VILLAGE, "words": "要我交两百块",
        "once": once or raising.new_once(),
    }
    return Concerned(**values | more)


def raised(ctx: Context, one: Concerned) -> Raised:
    with ctx.db.begin() as session:
        return raising.raise_(ctx, session, one)


def of(ctx: Context, role: Role, area: str) -> StaffView:
    with ctx.db.read() as session:
        query = select(Staff).where(Staff.role == role, Staff.area == area)
        return view_of(session.scalars(query).first() or Staff())


def test_the_same_form_sent_by_many_at_once_is_one(ctx: Context) -> None:
    one = said()
    with ThreadPoolExecutor(4) as pool:
        numbers = {made.number for made in pool.map(lambda _: raised(ctx, one), range(4))}
    assert len(numbers) == 1
    with ctx.db.read() as session:
        count = select(func.count()).where(Concern.number == numbers.pop())
        assert session.scalar(count) == 1


def test_two_forms_have_two_numbers_and_a_code_opens_its_own_alone(ctx: Context) -> None:
    first, second = raised(ctx, said()), raised(ctx, said())
    assert first.number != second.number
    with ctx.db.read() as session:
        assert raising.find(ctx, session, first.number, first.code).id == first.concern.id
        # However it was typed.
        raising.find(ctx, session, first.number, first.code.replace(" ", "-"))
        for number, code in (
            (first.number, second.code), (first.number, ""), ("JD-0000-0000", first.code),
        ):
            with pytest.raises(LookupError):
                raising.find(ctx, session, number, code)


def test_the_head_asks_is_answered_and_closes_it_once(ctx: Context) -> None:
    made = raised(ctx, said())
    head, number = of(ctx, Role.HEAD, DAWAN), made.concern.id

    def add(turn: Turn, words: str, once: str, outcome: str = "") -> Concern:
        with ctx.db.begin() as session:
            return concernwork.add(ctx, session, head, number, turn, words, once, outcome)

    assert add(Turn.ASKED, "哪一天？", "a" * 20).state == Stand.ASKED
    with ctx.db.begin() as session:
        found = raising.find(ctx, session, made.number, made.code, lock=True)
        assert raising.write_on(ctx, session, found, "上月五号", "b" * 20)
        assert not raising.write_on(ctx, session, found, "上月五号", "b" * 20)
        assert found.state == Stand.OPEN
    for _ in range(2):
        over = add(Turn.ANSWER, "查过了，钱退了", "c" * 20, Outcome.CONDUCT)
    assert (over.state, over.outcome) == (Stand.OVER, Outcome.CONDUCT)
    with ctx.db.begin() as session:
        found = raising.find(ctx, session, made.number, made.code, lock=True)
        with pytest.raises(MoveRefused):
            raising.write_on(ctx, session, found, "还有", "d" * 20)
    with pytest.raises(MoveRefused):
        add(Turn.LOOKED, "又查", "e" * 20)
    with ctx.db.read() as session:
        query = select(Entry.turn).where(Entry.concern_id == number).order_by(Entry.id)
        assert list(session.scalars(query)) == [
            Turn.RAISED, Turn.ASKED, Turn.MORE, Turn.ANSWER
        ]


@pytest.mark.parametrize(("role", "area"), [
    (Role.OFFICER, DAWAN), (Role.COUNTY, COUNTY), (Role.HEAD, "450799102000"),
])
def test_for_everyone_but_the_office_it_does_not_exist(
    ctx: Context, role: Role, area: str
) -> None:
    number = raised(ctx, said()).concern.id
    someone = of(ctx, role, area)
    with ctx.db.read() as session:
        assert number not in [one.id for one in concernwork.queue(session, someone)]
        with pytest.raises(LookupError):
            concernwork.find(session, someone, number)


def test_a_township_without_a_head_leaves_it_to_the_county(ctx: Context) -> None:
    with ctx.db.begin() as session:
        for one in session.scalars(select(Staff).where(
            Staff.role == Role.HEAD, Staff.area == "450799001000"
        )):
            one.left_at = ctx.now()
        there = ctx.directory.areas.children("450799001000")[0].code
        assert raising.office_of(ctx, session, said(area=there)) == COUNTY
        assert raising.office_of(ctx, session, said()) == DAWAN


def test_who_raised_it_by_name_finds_it_again_and_nobody_else(ctx: Context) -> None:
    with ctx.db.begin() as session:
        mine, other = (known_person(ctx, session, "county", who) for who in ("mine", "other"))
    made = raised(ctx, said(person_id=mine, who={"name": "农福来"}))
    with ctx.db.begin() as session:
        found = raising.last_of(ctx, session, mine, lock=True)
        assert found is not None
        assert found.id == made.concern.id
        assert raising.last_of(ctx, session, other) is None


def test_reminding_passes_over_what_is_far_away(ctx: Context) -> None:
    raised(ctx, said())
    assert concernclock.remind(ctx) == 0
