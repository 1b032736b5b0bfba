"""Leave, handing over, leaving and local rules, on both databases."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from models import casequeries, escalation, rulework, staffing, staffwork
from models.audit import AuditEntry
from models.clockwork import length_of
from models.countersigning import GONE
from models.moves import Clocks
from models.outgoing import Occasion
from models.people import Person, Staff, WebSession, view_of
from models.rulework import Put
from models.staffwork import CasesLeft, Handed, Invited
from models.statuses import Role
from tests.models.clockhouse import DAWAN, House
from webhooks.demo.county import COUNTY


def colleague(house: House, name: str = "蒙小勇") -> int:
    """Another officer of 大湾镇, bound to a chat of their own."""
    said = Invited(name, "officer", DAWAN, "民政办")
    with house.ctx.db.begin() as session:
        made, _ = staffwork.invite(house.ctx, session, house.staff["head"], said)
        person = Person(created_at=house.ctx.now())
        session.add(person)
        session.flush()
        made.person_id = person.id
        return made.id


def leave(house: House, first: date, last: date) -> None:
    with house.ctx.db.begin() as session:
        number = house.staff["officer"].id
        staffwork.set_leave(house.ctx, session, house.staff["head"], number, first, last)


def test_the_first_and_the_last_day_of_leave_are_leave(house: House) -> None:
    first, last = date(2026, 11, 26), date(2026, 11, 27)
    leave(house, first, last)
    number = house.staff["officer"].id
    with house.ctx.db.read() as session:
        here = {
            day: number in {one.id for one in casequeries.officers(session, DAWAN, on=day)}
            for day in (date(2026, 11, 25), first, last, date(2026, 11, 28))
        }
        everyone = {one.id for one in casequeries.officers(session, DAWAN)}
    assert list(here.values()) == [True, False, False, True]
    assert number in everyone


def test_what_is_near_is_told_to_the_head_while_the_officer_is_away(house: House) -> None:
    receipt = house.case()
    house.move(receipt, "register")
    leave(house, date(2026, 11, 25), date(2026, 12, 10))
    house.go_to(date(2026, 11, 30))
    assert escalation.escalate(house.ctx) == 1
    [push] = house.pushes(receipt, Occasion.STAFF_CLOCK)
    assert (push.person_id, push.role, push.township) == (None, Role.HEAD, DAWAN)
    # Where no head is bound, all officers of the township hear as before.
    other = house.case(name="农桂花")
    house.go_to(date(2026, 11, 24))
    with house.ctx.db.begin() as session:
        session.execute(update(Staff).where(Staff.role == "head").values(person_id=None))
        session.execute(update(Staff).values(away_from=None, away_until=None))
    house.move(other, "register")
    leave(house, date(2026, 11, 25), date(2026, 12, 10))
    house.go_to(date(2026, 11, 30))
    escalation.escalate(house.ctx)
    [push] = house.pushes(other, Occasion.STAFF_CLOCK)
    assert push.person_id == house.staff["officer"].person_id


def test_two_who_hand_over_at_once_hand_over_once(house: House) -> None:
    receipts = [house.case() for _ in range(3)]
    for receipt in receipts:
        house.move(receipt, "register")
    to, from_ = colleague(house), house.staff["officer"].id
    found: list[Handed] = []

    def hand() -> None:
        found.append(
            staffwork.hand_over(house.ctx, house.staff["head"], from_, to, None)
        )

    threads = [threading.Thread(target=hand) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.done for one in found) == 3
    assert min(one.left for one in found) == 0
    for receipt in receipts:
        assert house.of(receipt).officer_id == to
        assert len(house.events(receipt, "handed_over")) == 1
        assert len(house.pushes(receipt, Occasion.CASE_MOVED, "handed_over")) == 1


def test_who_still_has_cases_does_not_leave_and_who_left_is_out(house: House) -> None:
    ctx, head, number = house.ctx, house.staff["head"], house.staff["officer"].id
    receipt = house.case()
    house.move(receipt, "register")
    with ctx.db.begin() as session:
        session.add(WebSession(
            token_key=b"0" * 16, staff_id=number, way="qr", created_at=ctx.now(),
            expires_at=ctx.now() + timedelta(hours=1),
        ))
    with pytest.raises(CasesLeft) as left, ctx.db.begin() as session:
        staffwork.remove(ctx, session, head, number)
    assert left.value.count == 1
    staffwork.hand_over(ctx, head, number, colleague(house), [receipt])
    for _ in range(2):
        with ctx.db.begin() as session:
            staffwork.remove(ctx, session, head, number)
    with ctx.db.read() as session:
        kept = session.scalars(select(WebSession).where(WebSession.staff_id == number)).one()
        assert kept.ended_at is not None
        assert number not in {one.member.id for one in staffing.colleagues(session, head)}
        count = select(func.count()).where(AuditEntry.action == "staff.left")
        assert session.scalar(count) == 1


def test_of_two_who_sign_one_rule_at_once_it_is_signed_once(house: House) -> None:
    ctx, county = house.ctx, house.staff["county"]
    with ctx.db.read() as session:
        query = select(Staff).where(Staff.role == "county", Staff.id != county.id)
        other = session.scalars(query).first()
        if other is not None:
            second = view_of(other)
    if other is None:
        with ctx.db.begin() as session:
            made = Staff(
                name="农志远", name_key=ctx.keys.lookup("name", "农志远"), role=Role.COUNTY,
                area=COUNTY, created_at=ctx.now(),
            )
            session.add(made)
            session.flush()
            second = view_of(made)
    value = json.dumps({"days": 2, "unit": "working_days"})
    said = Put(DAWAN, "deadlines.acceptance", value, "县办法第八条", ctx.today(), None)
    with ctx.db.begin() as session:
        number = rulework.put(ctx, session, county, said).id
    outcomes: list[str] = []

    def sign() -> None:
        try:
            with ctx.db.begin() as session:
                rulework.sign(ctx, session, second, number)
            outcomes.append("signed")
        except rulework.MoveRefused as refused:
            outcomes.append(refused.reason)

    threads = [threading.Thread(target=sign) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted(["signed", GONE])
    ctx.directory.forget()
    assert length_of(ctx, Clocks.ACCEPTANCE, DAWAN, None).days == 2
    assert length_of(ctx, Clocks.ACCEPTANCE, "450799102000", None).days != 2
