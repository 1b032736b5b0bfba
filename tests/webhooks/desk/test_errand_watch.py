"""What was asked of an assistant and nobody opened or did: who asked, then the head, each once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from models import assistants, errands, errandwatch
from models.cases import Case, CaseEvent
from models.errands import Errand
from models.people import Staff
from models.pushes import Push
from tests.webhooks.desk.test_errands import all_of, asked
from tests.webhooks.desk.test_tasks import investigated
from tests.webhooks.desk.world import World

LATE = ("staff_errand_unseen", "staff_errand_late")


def on(world: World, day: int, hour: int = 10) -> int:
    """How many are told on a day of November 2026; the 23rd is the Monday on which it was asked."""
    world.clock.at = datetime(2026, 11, day, hour, tzinfo=world.ctx.zone)
    return errandwatch.watch(world.ctx)


def told(world: World) -> list[tuple[str, int | None, str]]:
    with world.ctx.db.read() as db:
        query = select(Push).where(Push.occasion.in_(LATE)).order_by(Push.id)
        return [(one.occasion, one.person_id, one.role) for one in db.scalars(query)]


def see(world: World) -> None:
    """The assistant opens the village's page."""
    person = world.staff["helper"].person_id
    assert person is not None
    with world.ctx.db.begin() as db:
        errands.seen(world.ctx, db, errands.open_for(db, assistants.posts_of(db, person)))


def waiting(world: World) -> Case:
    """A survey that 李明 asked for on the Monday, to be done by Friday the 27th."""
    case = investigated(world)
    assert asked(world, case) == 303
    return case


def test_what_nobody_opens_is_told_to_who_asked_then_to_the_head(world: World) -> None:
    case, asker = waiting(world), world.staff["li"].person_id
    assert on(world, 24) == 0
    assert on(world, 25, hour=7) == 0, "too early in the day"
    assert on(world, 25) == 1
    assert on(world, 26) == 0
    assert "还没人打开看，提醒了请他的人" in world.browser("li").text(f"/desk/cases/{case.receipt}")
    assert on(world, 27) == 1
    assert on(world, 30) == 0
    assert told(world) == [
        ("staff_errand_unseen", asker, ""), ("staff_errand_unseen", None, "head"),
    ]


def test_what_is_opened_is_told_once_its_day_is_over(world: World) -> None:
    """On working days; a week-end between makes nobody late."""
    case, asker = waiting(world), world.staff["li"].person_id
    page = f"/desk/cases/{case.receipt}"
    assert "也还没打开看" in world.browser("li").text(page)
    see(world)
    assert "也还没打开看" not in world.browser("li").text(page)
    assert on(world, 27) == 0
    assert on(world, 28) == 0
    assert on(world, 30) == 1
    world.clock.at += timedelta(days=2)
    assert errandwatch.watch(world.ctx) == 1
    assert told(world) == [
        ("staff_errand_late", asker, ""), ("staff_errand_late", None, "head"),
    ]


def test_long_forgotten_each_is_told_at_once_and_once(world: World) -> None:
    waiting(world)
    assert on(world, 30) == 2
    assert on(world, 30) == 0
    assert [role for _, _, role in told(world)] == ["", "head"]


def test_who_asked_and_is_there_no_more_is_stood_in_for(world: World) -> None:
    """By the officer who has the case; what was done, or is not needed, is nobody's worry."""
    case = waiting(world)
    with world.ctx.db.begin() as db:
        db.get_one(Staff, world.staff["li"].id).left_at = world.ctx.now()
        db.get_one(Case, case.id).officer_id = world.staff["zhao"].id
    assert on(world, 25) == 1
    assert [person for _, person, _ in told(world)] == [world.staff["zhao"].person_id]
    with world.ctx.db.begin() as db:
        errands.drop(db, world.ctx.now(), Errand.case_id == case.id)
    assert on(world, 30) == 0


def test_it_waits_for_the_desk_as_before(world: World) -> None:
    """That time went by answers nobody: what last called the officer still does."""
    case = waiting(world)
    before = world.now(case).call
    on(world, 30)
    assert world.now(case).call == before
    with world.ctx.db.read() as db:
        kinds = [one.kind for one in db.scalars(select(CaseEvent).order_by(CaseEvent.id))]
    assert kinds[-1] == "errand_late"
    assert [one.stage for one in all_of(world, case)] == [errandwatch.HEAD]
