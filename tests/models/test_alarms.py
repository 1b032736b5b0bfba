"""Harm to somebody is told at once to those whom the law names; nobody in the village sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from models import alarming, alarms, discovering, escalation, known, residentwork, villages, visits
from models.alarms import Alarm
from models.cases import Case
from models.departments import Department, fill_in
from models.outgoing import Occasion
from models.people import Staff, view_of
from models.policy import NotAllowed
from models.settings import Harm
from models.speaking import known_person
from models.statuses import EventKind, Role, Status
from models.steps import MoveRefused
from tests.models.clockhouse import VILLAGE, House
from webhooks.demo.county import COUNTY

NAME = "覃小宝"


def liaison(house: House, name: str = "公安局") -> Staff:
    """Somebody of a department, bound to a chat."""
    with house.ctx.db.begin() as session:
        one = session.scalars(select(Department).where(Department.name == name)).one()
        member = Staff(
            name="邓警官", name_key=b"0" * 16, role=Role.DEPARTMENT, area=COUNTY, unit=name,
            department_id=one.id, person_id=known_person(house.ctx, session, "county", f"o-{name}"),
            created_at=house.ctx.now(),
        )
        session.add(member)
        session.flush()
        return member


def post(house: House) -> tuple[int, int]:
    """An assistant of the village: the post and the person."""
    with house.ctx.db.begin() as session:
        person = known_person(house.ctx, session, "county", "o-helper")
        member = Staff(
            name="韦秀兰", name_key=b"0" * 16, role=Role.ASSISTANT, area=VILLAGE, person_id=person,
            created_at=house.ctx.now(),
        )
        session.add(member)
        session.flush()
        return member.id, person


def filled(house: House) -> None:
    with house.ctx.db.begin() as session:
        fill_in(house.ctx, session, COUNTY)


def hurt(house: House, **more: Any) -> str:
    answers = {"what": "孩子挨打、受欺负、被丢下", "whom": "other", "harm": "child"}
    answers |= more.pop("answers", {})
    return house.case(on_behalf=True, name=NAME, answers=answers, **more)


def rows(house: House, receipt: str) -> list[Alarm]:
    with house.ctx.db.read() as session:
        return list(alarms.of_case(session, house.of(receipt).id))


def test_the_departments_of_the_countys_list_are_told_at_once(house: House) -> None:
    """Each liaison by number and township alone; the township and the county's 民政 besides."""
    filled(house)
    police = liaison(house)
    receipt = hurt(house)
    case = house.of(receipt)
    assert (case.urgent, case.status) == (True, Status.SUBMITTED), "besides the report"
    found = rows(house, receipt)
    assert [(row.name, row.basis, row.recognised) for row in found] == [
        ("公安局", "未成年人保护法第十一条", False), ("教育局", "未成年人保护法第十一条", False),
    ]
    [push] = house.pushes(receipt, Occasion.STAFF_HARM)
    assert push.person_id == police.person_id
    assert set(push.details) == {"receipt", "alarm"}
    assert receipt not in str(push.details)
    told = {(one.township, one.role) for one in house.pushes(receipt, Occasion.STAFF_HARMED)}
    assert told == {(case.township, ""), (COUNTY, Role.COUNTY)}
    assert set(house.clocks(receipt)) == {"urgent_registration", "alarm"}


def test_it_is_taken_or_called_and_its_clock_ends_with_the_last(house: House) -> None:
    filled(house)
    police = liaison(house)
    receipt = hurt(house)
    first, second = rows(house, receipt)
    with house.ctx.db.begin() as session:
        alarming.take(house.ctx, session, view_of(police), first.id)
    with house.ctx.db.begin() as session, pytest.raises(LookupError):
        alarming.take(house.ctx, session, view_of(police), second.id)
    assert house.of(receipt).call == EventKind.HARM_TAKEN
    assert "alarm" in house.clocks(receipt)
    with house.ctx.db.begin() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        call = (house.ctx, session, house.staff["head"], case)
        with pytest.raises(MoveRefused, match="接了"):
            alarming.called(*call, first.id, "又打了一次")
        with pytest.raises(MoveRefused, match="请写上"):
            alarming.called(*call, second.id, " ")
        with pytest.raises(NotAllowed):
            alarming.called(house.ctx, session, view_of(police), case, second.id, "打过了")
        alarming.called(*call, second.id, "教育局值班室，马上联系学校")
    first, second = rows(house, receipt)
    assert (first.how, first.told_by) == ("chat", police.id)
    assert (second.how, second.told_by) == ("phone", house.staff["head"].id)
    assert "alarm" not in house.clocks(receipt)


def test_unanswered_it_goes_upwards(house: House) -> None:
    filled(house)
    receipt = hurt(house)
    house.move(receipt, "register")
    house.go_to(date(2026, 12, 2))
    escalation.escalate(house.ctx)
    told = [
        step.details["to"] for step in house.events(receipt, EventKind.ESCALATED)
        if step.details["clock"] == "alarm"
    ]
    assert told == ["officer", "head", "county"]


def test_a_department_that_the_county_has_not_listed_is_to_be_called(house: House) -> None:
    receipt = hurt(house)
    assert [(row.name, row.department_id) for row in rows(house, receipt)] == [
        ("公安局", None), ("教育局", None),
    ]


@pytest.mark.parametrize(("answers", "names"), [
    ({"harm": "", "danger": "child"}, ["公安局", "教育局"]),
    ({"harm": "", "danger": "violence"}, ["公安局"]),
    ({"harm": "adult"}, ["公安局"]),
    # No harm by anybody's hand.
    ({"harm": "", "danger": "life"}, []),
    ({"harm": "", "danger": "suicide"}, []),
    # Nobody calls the police over a grown person's head; a child is told of whoever tells.
    ({"harm": "", "danger": "violence", "whom": "self"}, []),
    ({"harm": "", "danger": "child", "whom": "self"}, ["公安局", "教育局"]),
])
def test_what_is_recognised_is_told_too(
    house: House, answers: dict[str, str], names: list[str]
) -> None:
    receipt = hurt(house, answers=answers)
    found = rows(house, receipt)
    assert [row.name for row in found] == names
    assert all(row.recognised is (not answers["harm"]) for row in found)


def test_a_kind_that_the_county_says_nothing_of_is_told_all_the_same(house: House) -> None:
    only = {"child": Harm(("教育局",), "县定")}
    # Settings do not change while a service runs; here another county is meant.
    object.__setattr__(house.ctx, "settings", replace(house.ctx.settings, harm=only))
    assert [row.name for row in rows(house, hurt(house))] == ["教育局"]
    assert [row.name for row in rows(house, hurt(house, answers={"harm": "adult"}))] == ["公安局"]


def test_what_is_heard_later_of_the_same_report_is_told_once(house: House) -> None:
    receipt = hurt(house, answers={"harm": "", "danger": "life"})
    person = house.of(receipt).person_id
    assert person is not None
    for _ in range(2):
        with house.ctx.db.begin() as session:
            residentwork.add_words(house.ctx, session, person, receipt, "他爸又在打孩子")
            alarming.heard(house.ctx, session, person, receipt, "child")
    assert len(rows(house, receipt)) == 2
    assert "alarm" in house.clocks(receipt)


def test_nobody_in_the_village_sees_that_it_was_said(house: House) -> None:
    """Not among the reports, not where another one reports the same house, nor whom to visit."""
    staff_id, person = post(house)
    plain = house.case(on_behalf=True, name="莫阿公", reporter_id=staff_id, person_id=person,
                       phone="", answers={"whom": "other", "what": "米缸空了"})
    secret = hurt(house, reporter_id=staff_id, person_id=person, phone="")
    again = house.case(on_behalf=True, name=NAME, phone="", answers={"whom": "other"})
    with house.ctx.db.begin() as session:
        shown = {case.receipt for case in discovering.reports_of(session, [VILLAGE])}
        assert shown == {plain}
        assert villages.waiting(session, [VILLAGE])[0] == len(shown), "nor is it counted"
        mine = discovering.harm_of(session, person)
        assert [case.receipt for case in mine] == [secret], "but whoever said it"
        assert discovering.harm_of(session, person + 1) == []
        assert known.standing(session, house.of(again)) is known.Known.NEW
        for case in session.scalars(select(Case)):
            case.status = Status.ASSISTED
            case.answers = {**case.answers, "care": ["child"]}
    house.go_to(date(2027, 3, 1))
    with house.ctx.db.read() as session:
        member = session.get(Staff, staff_id)
        assert member is not None
        listed = {one.case.receipt for one in visits.quiet(house.ctx, session, member)}
    assert plain in listed
    assert secret not in listed
