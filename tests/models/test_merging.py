"""Two cases of one household: found, made one without losing anything, and parted again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from models import casequeries, kindeclaring
from models.cases import Attachment, Case
from models.casework import make_move
from models.clocks import CaseClock
from models.context import Context
from models.duplicates import Why, alike
from models.merges import merged_into
from models.merging import NO_SUCH_CASE, NOT_ALIVE, NOT_ITSELF, OFFICER_KEPT_OUT
from models.parting import NOT_MERGED, part
from models.pushes import Push
from models.speaking import known_person
from models.statuses import Role, Status
from models.steps import MoveRefused
from models.submitting import submit
from models.timeline import BESIDE
from tests.models.test_casework import (
    DAWAN,
    QINGSHI,
    application,
    make_context,
    new_case,
    officer_of,
    staff,
    step,
    try_move,
)


@pytest.fixture
def ctx(database: str, tmp_path: Path) -> Iterator[Context]:
    made = make_context(database, tmp_path)
    yield made
    made.db.close()


def of_another(ctx: Context, **changes: str) -> str:
    """A second person of the household asks too."""
    with ctx.db.begin() as session:
        person = known_person(ctx, session, "county", "o-son")
        return submit(ctx, session, application(ctx, person, **changes)).receipt


def case_of(ctx: Context, receipt: str) -> Case:
    with ctx.db.read() as session:
        return session.scalars(select(Case).where(Case.receipt == receipt)).one()


def merge(ctx: Context, receipt: str, into: str) -> str:
    version = case_of(ctx, receipt).version
    return try_move(ctx, staff(ctx, Role.OFFICER), receipt, step(ctx, "merge", version, into=into))


def unmerge(ctx: Context, receipt: str) -> None:
    who = staff(ctx, Role.OFFICER)
    with ctx.db.begin() as session:
        part(ctx, session, who, receipt, case_of(ctx, receipt).version)


def test_what_two_cases_have_in_common_is_said(ctx: Context) -> None:
    mother = new_case(ctx, name="王秀英", phone="17000000001")
    same_phone = of_another(ctx, name="李大勇", phone="17000000001", living=None, home=None)
    same_name = of_another(ctx, name="王秀英", phone="17000000002")
    of_another(ctx, name="黄彩云", phone="17000000003")
    with ctx.db.read() as session:
        found = alike(session, staff(ctx, Role.COUNTY, "450799000000"), case_of(ctx, mother))
        assert {one.case.receipt: one.why for one in found} == {
            same_phone: (Why.PHONE,), same_name: (Why.HOUSEHOLD,),
        }
        # Nothing of another township exists for a township.
        other = staff(ctx, Role.OFFICER, QINGSHI)
        assert alike(session, other, case_of(ctx, mother)) == []


def test_merged_nothing_is_lost_and_both_hear(ctx: Context) -> None:
    mother, son = new_case(ctx), of_another(ctx)
    with ctx.db.begin() as session:
        for receipt in (mother, son):
            case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
            session.add(
                Attachment(
                    bundle=case.bundle, person_id=case.person_id, account="county", kind="image",
                    state="stored", created_at=ctx.now(),
                )
            )
    assert merge(ctx, son, mother) == "ok"
    assert case_of(ctx, son).status == Status.MERGED
    with ctx.db.read() as session:
        into = case_of(ctx, mother)
        assert [case.receipt for case in merged_into(session, into)] == [son]
        who = staff(ctx, Role.OFFICER)
        joined = casequeries.joined(session, who, into)
        assert [case.receipt for case in joined] == [son]
        found = casequeries.joined_to(session, who, case_of(ctx, son))
        assert found is not None
        assert found.receipt == mother
        assert len(casequeries.papers(session, into, *joined)) == 2
        assert len(casequeries.papers(session, into)) == 1
        assert casequeries.own(session, case_of(ctx, son).person_id or 0, son) is not None
    version = case_of(ctx, mother).version
    assert try_move(ctx, staff(ctx, Role.OFFICER), mother, step(ctx, "register", version)) == "ok"
    with ctx.db.read() as session:
        told = session.scalars(select(Push).where(Push.person_id.is_not(None))).all()
        heard = {p.details["receipt"]: p.details for p in told if p.event_id and p.details["kind"]
                 in ("register", BESIDE)}
        assert set(heard) == {mother, son}, "each hears under the number they know"
        assert heard[mother]["officer"]
        assert set(heard[son]) == {"kind", "status", "receipt", "township"}, "and not the other's"


def test_parted_it_stands_where_it_stood(ctx: Context) -> None:
    mother, son = new_case(ctx), of_another(ctx)
    who = staff(ctx, Role.OFFICER)
    assert try_move(ctx, who, son, step(ctx, "register", 1)) == "ok"
    before = case_of(ctx, son)
    assert merge(ctx, son, mother) == "ok"
    assert case_of(ctx, son).due_on is None
    unmerge(ctx, son)
    after = case_of(ctx, son)
    assert (after.status, after.due_on, after.clock) == (before.status, before.due_on, before.clock)
    with ctx.db.read() as session:
        assert merged_into(session, case_of(ctx, mother)) == []
        states = session.scalars(select(CaseClock.state).where(CaseClock.case_id == after.id))
        assert "resting" not in set(states)
    with pytest.raises(MoveRefused) as refused:
        unmerge(ctx, son)
    assert refused.value.reason == NOT_MERGED


def test_what_cannot_be_merged_is_said(ctx: Context) -> None:
    mother, son = new_case(ctx), of_another(ctx)
    far = new_case(ctx, home="450799102200", living="450799102200")
    who = staff(ctx, Role.OFFICER, DAWAN)

    def reason(into: str) -> str:
        with pytest.raises(MoveRefused) as refused, ctx.db.begin() as session:
            make_move(ctx, session, who, son, step(ctx, "merge", 1, into=into))
        return refused.value.reason

    assert reason(son) == NOT_ITSELF
    assert reason(far) == NO_SUCH_CASE
    assert reason("2611-000000-00") == NO_SUCH_CASE
    assert reason("') OR 1=1") == NO_SUCH_CASE
    assert try_move(ctx, who, mother, step(ctx, "withdraw", 1)) == "ok"
    assert reason(mother) == NOT_ALIVE


def test_what_was_merged_into_it_comes_along(ctx: Context) -> None:
    first, second, third = new_case(ctx), of_another(ctx), of_another(ctx)
    assert merge(ctx, third, second) == "ok"
    assert merge(ctx, second, first) == "ok"
    with ctx.db.read() as session:
        joined = {case.receipt for case in merged_into(session, case_of(ctx, first))}
    assert joined == {second, third}
    unmerge(ctx, second)
    with ctx.db.read() as session:
        assert merged_into(session, case_of(ctx, first)) == []
        assert [case.receipt for case in merged_into(session, case_of(ctx, second))] == [third]


def test_what_it_made_urgent_is_so_no_longer_when_parted(ctx: Context) -> None:
    calm = new_case(ctx)
    first, second = new_case(ctx, urgent=True), new_case(ctx, urgent=True)
    for receipt in (first, second):
        assert merge(ctx, receipt, calm) == "ok"
    for receipt, urgent in ((first, True), (second, False)):
        unmerge(ctx, receipt)
        assert case_of(ctx, calm).urgent == urgent


def test_a_relative_s_household_is_kept_with_all_that_it_is_merged_into(ctx: Context) -> None:
    """The son's case is a relative's of the officer: so is the mother's, while they are one."""
    mother, son = new_case(ctx), of_another(ctx, name="李大勇")
    officer, head = (
        replace(staff(ctx, role), id=officer_of(ctx, DAWAN, role))
        for role in (Role.OFFICER, Role.HEAD)
    )
    with ctx.db.begin() as session:
        kindeclaring.declare(ctx, session, officer, kindeclaring.Said("李大勇", "sibling"))

    def seen(receipt: str) -> bool:
        with ctx.db.read() as session:
            return casequeries.find(session, officer, receipt) is not None

    assert (seen(mother), seen(son)) == (True, False)
    # Whoever has the mother's case would have to keep out of it.
    version = case_of(ctx, mother).version
    own = step(ctx, "register", version, officer_id=officer.id)
    assert try_move(ctx, head, mother, own) == "ok"
    version = case_of(ctx, son).version
    with pytest.raises(MoveRefused) as refused, ctx.db.begin() as session:
        make_move(ctx, session, head, son, step(ctx, "merge", version, into=mother))
    assert refused.value.reason == OFFICER_KEPT_OUT
    with ctx.db.begin() as session:
        session.get_one(Case, case_of(ctx, mother).id).officer_id = head.id
    assert try_move(ctx, head, son, step(ctx, "merge", version, into=mother)) == "ok"
    assert (seen(mother), seen(son)) == (False, False)
    with ctx.db.begin() as session:
        part(ctx, session, head, son, case_of(ctx, son).version)
    assert (seen(mother), seen(son)) == (True, False)
