"""Households gone quiet: who is on the list, why, and what a look in on them does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import visits
from models.cases import Case, CaseEvent
from models.people import Staff
from models.pushes import Push
from models.statuses import Role, Status
from models.steps import MoveRefused
from models.visits import Frail, Visit
from tests.webhooks.desk.world import DAWAN_VILLAGE, QIAOTOU, World

KEY = "a" * 32


def assistant(world: World, village: str = DAWAN_VILLAGE) -> int:
    """A person with a post in a village; the person's id."""
    person = world.case(name="韦秀兰").person_id
    assert person is not None
    with world.ctx.db.begin() as db:
        db.add(
            Staff(
                name="韦秀兰", name_key=b"0" * 16, role=Role.ASSISTANT, area=village,
                person_id=person, created_at=world.ctx.now(),
            )
        )
    return person


def helped(world: World, status: Status = Status.ASSISTED, **said: Any) -> Case:
    case = world.case(**said)
    with world.ctx.db.begin() as db:
        now = db.get(Case, case.id)
        assert now is not None
        now.status = status
    return case


def listed(world: World, person: int) -> list[visits.Quiet]:
    with world.ctx.db.read() as db:
        post = db.scalars(
            select(Staff).where(Staff.person_id == person, Staff.left_at.is_(None))
        ).one()
        return visits.quiet(world.ctx, db, post)


def later(world: World, days: int) -> None:
    world.clock.at += timedelta(days=days)


def record(world: World, person: int, case: Case, **said: Any) -> None:
    values = {"key": KEY, "found": "well"} | said
    with world.ctx.db.begin() as db:
        visits.record(world.ctx, db, person, case.receipt, **values)


def test_whom_nobody_saw_for_long_rises_on_the_list(world: World) -> None:
    """The longest unseen first; who was just looked in on is not there."""
    person = assistant(world)
    first = helped(world, name="黄阿婆")
    later(world, 10)
    second = helped(world, name="覃大爷")
    later(world, 19)
    assert listed(world, person) == []
    later(world, 12)
    assert [one.case.id for one in listed(world, person)] == [first.id, second.id]
    record(world, person, first)
    assert [one.case.id for one in listed(world, person)] == [second.id]
    later(world, 31)
    assert [one.case.id for one in listed(world, person)] == [second.id, first.id]


@pytest.mark.parametrize(
    ("more", "status", "why"),
    [
        ({"care": ["old"], "household": 1}, Status.ASSISTED, (Frail.ALONE, Frail.OLD)),
        ({"care": ["ill", "child"]}, Status.GRANTED, (Frail.ILL, Frail.CHILD)),
        ({"care": []}, Status.TAPERING, (Frail.LATELY,)),
        ({"care": []}, Status.REFUSED, (Frail.LATELY,)),
        ({"care": []}, Status.ASSISTED, None),
        ({"care": ["old"]}, Status.SUBMITTED, None),
        ({"care": ["old"]}, Status.WITHDRAWN, None),
    ],
)
def test_who_is_on_the_list(
    world: World, more: dict[str, Any], status: Status, why: tuple[Frail, ...] | None
) -> None:
    """The frail who are helped, and who was refused or whose help ends; nobody else."""
    person = assistant(world)
    helped(world, status, name="黄阿婆", more=more)
    later(world, 40)
    assert [one.why for one in listed(world, person)] == ([why] if why else [])


def test_help_that_ended_long_ago_is_no_reason(world: World) -> None:
    person = assistant(world)
    helped(world, Status.ENDED, name="黄阿婆")
    later(world, 181)
    assert listed(world, person) == []


def test_one_household_stands_there_once(world: World) -> None:
    """Two matters of one household are one door to knock at, and one look in."""
    person = assistant(world)
    helped(world, name="黄阿婆")
    case = helped(world, name="黄阿婆")
    later(world, 40)
    assert len(listed(world, person)) == 1
    record(world, person, case)
    assert listed(world, person) == []


def test_nothing_of_another_village(world: World) -> None:
    """It is neither listed nor can it be visited."""
    person = assistant(world, QIAOTOU)
    case = helped(world, name="黄阿婆")
    later(world, 40)
    assert listed(world, person) == []
    with pytest.raises(LookupError):
        record(world, person, case)


def test_who_left_sees_nobody(world: World) -> None:
    person = assistant(world)
    case = helped(world, name="黄阿婆")
    with world.ctx.db.begin() as db:
        post = db.scalars(select(Staff).where(Staff.person_id == person)).one()
        post.left_at = world.ctx.now()
    with pytest.raises(LookupError):
        record(world, person, case)


def test_a_repeat_is_harmless(world: World) -> None:
    """The phone sends it twice: one visit, one step, one push."""
    person = assistant(world)
    case = helped(world, name="黄阿婆")
    for _ in range(2):
        record(world, person, case, found="harder", words="锅是冷的")
    with world.ctx.db.read() as db:
        assert len(db.scalars(select(Visit)).all()) == 1
        steps = db.scalars(select(CaseEvent).where(CaseEvent.kind == "visit_harder")).all()
        assert [step.internal for step in steps] == ["锅是冷的"]
        pushes = db.scalars(select(Push).where(Push.occasion == "staff_visit")).all()
        assert [push.township for push in pushes] == [case.township]
    assert world.now(case).call == "visit_harder"


def test_that_all_is_well_calls_nobody_and_answers_nobody(world: World) -> None:
    """What a resident asked still waits for the desk."""
    person = assistant(world)
    case = helped(world, name="黄阿婆")
    with world.ctx.db.begin() as db:
        now = db.get(Case, case.id)
        assert now is not None
        now.call = "change_told"
    record(world, person, case)
    assert world.now(case).call == "change_told"
    with world.ctx.db.read() as db:
        assert not db.scalars(select(Push).where(Push.occasion == "staff_visit")).all()


def test_odd_input(world: World) -> None:
    person = assistant(world)
    case = helped(world, name="黄阿婆")
    for wrong in ({"found": "dead"}, {"words": "长" * 501}):
        with pytest.raises(MoveRefused):
            record(world, person, case, **wrong)


def test_each_reading_is_recorded(world: World) -> None:
    person = assistant(world)
    case = helped(world, name="黄阿婆")
    record(world, person, case)
    assert [entry.target_id for entry in world.audited("visit.read")] == [case.id]
