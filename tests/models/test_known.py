"""A report of a household that has an open case joins it by itself, where that is certain."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.wording import next_text, status_text, timeline
from models import casequeries, discovering, kindeclaring
from models.cases import Case, CaseEvent
from models.clocks import CaseClock
from models.context import Context
from models.kinship import Kin
from models.known import Known, join_in
from models.known import standing as stands
from models.merges import Merge
from models.moves import Clocks
from models.parting import part
from models.people import Staff
from models.pushes import Push
from models.speaking import known_person
from models.statuses import Role, Status
from tests.models.test_casework import (
    DAWAN,
    VILLAGE,
    make_context,
    new_case,
    officer_of,
    staff,
    step,
    try_move,
)
from webhooks.desk.telling import story

NAME, PHONE = "王秀英", "17000005678"
keys = itertools.count(1)


@pytest.fixture
def ctx(database: str, tmp_path: Path) -> Iterator[Context]:
    made = make_context(database, tmp_path)
    yield made
    made.db.close()


def reported(ctx: Context, **answers: Any) -> Case:
    """An assistant of the village reports a household."""
    with ctx.db.begin() as session:
        person = known_person(ctx, session, "county", "o-assistant")
        if session.scalar(select(Staff.id).where(Staff.person_id == person)) is None:
            session.add(
                Staff(name="韦秀兰", name_key=b"x" * 16, role=Role.ASSISTANT, area=VILLAGE,
                      person_id=person, created_at=ctx.now())
            )
            session.flush()
        return discovering.report(
            ctx, session, account="county", person_id=person, bundle=f"{next(keys):031x}r",
            answers={
                "living": VILLAGE, "name": NAME, "phone": PHONE, "what": "米缸空了", **answers,
            },
        )


def case_of(ctx: Context, receipt: str) -> Case:
    with ctx.db.read() as session:
        return session.scalars(select(Case).where(Case.receipt == receipt)).one()


def kinds(ctx: Context, case: Case) -> list[str]:
    with ctx.db.read() as session:
        query = select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
        return list(session.scalars(query))


def shape(ctx: Context, case: Case) -> tuple[Any, ...]:
    """What the desk goes by: of this case, and of its clocks that are not over."""
    with ctx.db.read() as session:
        clocks = session.scalars(
            select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.state != "over")
        ).all()
        now = session.get_one(Case, case.id)
    return (
        now.status, now.urgent, now.due_on, now.clock, now.queue, now.turn,
        sorted((row.kind, row.state, row.due_on) for row in clocks),
    )


def test_the_same_village_name_and_telephone_join(ctx: Context) -> None:
    """The desk is called to look; what was seen stands beside; the household
    hears that somebody spoke for it, and not who."""
    own = case_of(ctx, new_case(ctx))
    with ctx.db.read() as session:
        before = len(session.scalars(select(Push).where(Push.person_id == own.person_id)).all())
    report = reported(ctx)
    assert report.status == Status.MERGED
    own = case_of(ctx, own.receipt)
    assert (own.status, own.call, own.version) == (Status.SUBMITTED, "report_joined", 2)
    assert kinds(ctx, own)[-1] == "report_joined"
    with ctx.db.read() as session:
        assert stands(session, report) is Known.JOINED
        (joined,) = casequeries.joined(session, staff(ctx, Role.OFFICER), own)
        assert joined.answers["what"] == "米缸空了"
        assert casequeries.own(session, report.person_id or 0, report.receipt) is not None
        assert casequeries.own(session, own.person_id or 0, report.receipt) is None
        told = session.scalars(select(Push).where(Push.person_id.is_not(None))).all()
        assert len(told) == before + 1
        (push,) = [one for one in told if one.details["kind"] == "report_joined"]
        assert (push.person_id, push.details["receipt"]) == (own.person_id, own.receipt)
        assert report.receipt not in str(push.details)
        t = ctx.speak("")
        lines = [line.text for line in timeline(t, own, casequeries.timeline(session, own))]
        assert len(lines) == 2, lines
        assert "有人也替您家说了情况" in lines[-1]
        assert report.receipt not in lines[-1]
        desk = story(t, own, list(casequeries.timeline(session, own)), frozenset())
        assert "自动并进来了" in desk[0].words, "the desk is asked to look"
        theirs = " ".join(
            [status_text(t, report), next_text(ctx, t, report)]
            + [one.text for one in timeline(t, report, casequeries.timeline(session, report))]
        )
        assert own.receipt not in theirs
        (merge,) = session.scalars(select(Merge))
        assert merge.staff_id is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"phone": "17000009999"}, Known.BESIDE), ({"phone": ""}, Known.BESIDE),
        # Whoever reports gives their own telephone for several households.
        ({"name": "李秀英"}, Known.NEW), ({"name": "", "phone": PHONE}, Known.NEW),
    ],
    ids=["other phone", "no phone", "other name", "no name"],
)
def test_what_is_not_certain_stays_beside(
    ctx: Context, changes: dict[str, str], said: Known
) -> None:
    own = case_of(ctx, new_case(ctx))
    report = reported(ctx, **changes)
    assert report.status == Status.SUBMITTED
    assert case_of(ctx, own.receipt).call == ""
    with ctx.db.read() as session:
        assert stands(session, report) is said


def test_the_same_identity_number_joins_without_a_telephone(ctx: Context) -> None:
    own, report = case_of(ctx, new_case(ctx)), reported(ctx, phone="")
    with ctx.db.begin() as session:
        session.execute(update(Case).values(id_key=b"n" * 16))
    with ctx.db.begin() as session:
        join_in(ctx, session, report)
    assert case_of(ctx, report.receipt).status == Status.MERGED
    assert case_of(ctx, own.receipt).call == "report_joined"


def test_a_household_that_has_no_open_case_is_a_new_one(ctx: Context) -> None:
    own = new_case(ctx)
    assert try_move(ctx, staff(ctx, Role.OFFICER), own, step(ctx, "withdraw", 1)) == "ok"
    report = reported(ctx)
    assert report.status == Status.SUBMITTED
    with ctx.db.read() as session:
        assert stands(session, report) is Known.NEW


@pytest.mark.parametrize("registered", [False, True])
def test_an_urgent_one_rings_and_runs_at_the_case_that_it_joins(
    ctx: Context, registered: bool
) -> None:
    """The push of what is urgent, and its clock; parted again everything stands as it stood."""
    own = case_of(ctx, new_case(ctx))
    who = staff(ctx, Role.OFFICER)
    if registered:
        assert try_move(ctx, who, own.receipt, step(ctx, "register", 1)) == "ok"
    before = shape(ctx, own)
    report = reported(ctx, urgent=True)
    with ctx.db.read() as session:
        rung = session.scalars(select(Push).where(Push.key == f"new:{report.receipt}")).one()
    # What rings leads to where it is worked at.
    assert (rung.case_id, rung.details) == (own.id, {"receipt": own.receipt, "urgent": True})
    own = case_of(ctx, own.receipt)
    assert own.urgent
    assert own.clock == Clocks.URGENT_REGISTRATION
    assert shape(ctx, own)[-1][-1][:2] == (Clocks.URGENT_REGISTRATION, "running")
    assert case_of(ctx, report.receipt).due_on is None
    with ctx.db.begin() as session:
        part(ctx, session, who, report.receipt, case_of(ctx, report.receipt).version)
    after = shape(ctx, own)
    # The first clock's row is written by whoever moves the case first.
    assert (after[:-1], after[-1][-1:]) == (before[:-1], before[-1][-1:] or after[-1][-1:])
    parted = case_of(ctx, report.receipt)
    assert (parted.status, parted.urgent, parted.clock) == (
        Status.SUBMITTED, True, Clocks.URGENT_REGISTRATION,
    )
    # And it does not come back by itself.
    with ctx.db.begin() as session:
        join_in(ctx, session, parted)
    assert case_of(ctx, report.receipt).status == Status.SUBMITTED


def test_the_next_step_at_the_desk_answers_what_rang(ctx: Context) -> None:
    own = new_case(ctx)
    who = staff(ctx, Role.OFFICER)
    assert try_move(ctx, who, own, step(ctx, "register", 1)) == "ok"
    reported(ctx, urgent=True)
    version = case_of(ctx, own).version
    assert try_move(ctx, who, own, step(ctx, "accept", version)) == "ok"
    now = case_of(ctx, own)
    assert (now.call, now.urgent) == ("", True)
    assert now.clock != Clocks.URGENT_REGISTRATION


def test_where_the_officer_would_have_to_keep_out_it_stays_beside(ctx: Context) -> None:
    """The report's own household is a relative's of who has the case: no merging, nothing left."""
    own = case_of(ctx, new_case(ctx))
    number = officer_of(ctx, DAWAN)
    officer = replace(staff(ctx, Role.OFFICER), id=number)
    head = replace(staff(ctx, Role.HEAD), id=officer_of(ctx, DAWAN, Role.HEAD))
    made = step(ctx, "register", 1, officer_id=number)
    assert try_move(ctx, head, own.receipt, made) == "ok"
    with ctx.db.begin() as session:
        # Their number tells that this very case is not the relative's: only the report may be.
        session.get_one(Case, own.id).id_key = b"a" * 16
        kindeclaring.declare(ctx, session, officer, kindeclaring.Said(NAME, "sibling"))
        session.execute(update(Kin).values(id_key=b"b" * 16))
    report = reported(ctx)
    assert report.status == Status.SUBMITTED
    with ctx.db.read() as session:
        assert session.scalars(select(Merge)).all() == []
    assert case_of(ctx, own.receipt).call == ""
    assert "report_joined" not in kinds(ctx, own)
