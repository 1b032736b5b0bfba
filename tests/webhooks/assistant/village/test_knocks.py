"""A notice that reaches nobody becomes a knock at the door, and its outcome stands on the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import doors, knocking, pushreport
from models.cases import Case
from models.doors import How
from models.errands import Errand
from models.people import Staff, view_of
from models.pushes import Push, PushState
from models.pushreport import Fate
from models.statuses import Role
from tests.service import Service
from tests.webhooks.assistant.field import DAWAN, QIAOTOU, Field
from tests.webhooks.assistant.village.errandhouse import case_of, errand, investigated, send
from tests.webhooks.pages import Browser, moved

DAWAN_TOWN = f"{DAWAN[:9]}000"


@pytest.fixture
def service(service_on_either: Service) -> Service:
    return service_on_either


def undelivered(service: Service, receipt: str, state: PushState = PushState.UNFOLLOWED) -> None:
    """Everything that was to be told of the case ended so."""
    case = case_of(service, receipt)
    with service.ctx.db.begin() as db:
        for push in db.scalars(select(Push).where(Push.case_id == case.id)):
            if push.person_id == case.person_id and push.ended_at is None:
                push.state, push.ended_at = state, service.ctx.now()
                push.reason = "本人没有关注公众号了。"


def knocks(service: Service) -> list[Errand]:
    with service.ctx.db.read() as db:
        return list(db.scalars(select(Errand).where(Errand.kind == "knock").order_by(Errand.id)))


def test_the_assistant_knocks_and_the_desk_reads_what_came_of_it(service: Service) -> None:
    """One knock for a household however many notices were lost; three taps; nothing of the case."""
    field = Field(service)
    receipt = investigated(service)
    undelivered(service, receipt)
    assert knocking.knock(service.ctx) == 1
    assert knocking.knock(service.ctx) == 0
    [one] = knocks(service)
    page = Browser(service, field.phone).open("/m/village")
    for words in ("上门说一声 · 覃水根", "大湾镇大湾村", "请他回镇上电话 0777-000 0101（大湾镇）"):
        assert words in page, words
    for words in (receipt, "调查", "受理", "低保"):
        assert words not in page, words
    assert "请点一下说到了没有" in send(field, one.key).json()["why"]
    assert send(field, one.key, found="told").status_code == 200
    done = errand(service, one.key)
    assert (done.state, done.said[0]["found"]) == ("done", {"found": "told"})
    # What was said at the door answers what the resident wrote no more than a visit does.
    assert case_of(service, receipt).call == ""
    service.clock.advance(timedelta(hours=1))
    assert knocking.knock(service.ctx) == 0


def test_what_is_lost_later_is_one_more_knock(service: Service) -> None:
    field = Field(service)
    receipt = investigated(service)
    undelivered(service, receipt)
    knocking.knock(service.ctx)
    assert send(field, knocks(service)[0].key, found="absent").status_code == 200
    service.clock.advance(timedelta(days=1))
    assert knocking.knock(service.ctx) == 0
    moved(service, receipt, "return", missing=("诊断书",))
    undelivered(service, receipt, PushState.EXPIRED)
    assert knocking.knock(service.ctx) == 1


def test_who_was_reached_since_is_left_in_peace(service: Service) -> None:
    Field(service)
    receipt = investigated(service)
    undelivered(service, receipt)
    case = case_of(service, receipt)
    with service.ctx.db.begin() as db:
        last = db.scalars(
            select(Push).where(Push.person_id == case.person_id).order_by(Push.id.desc())
        ).first()
        assert last is not None
        last.state = PushState.DELIVERED
    assert knocking.knock(service.ctx) == 0


@pytest.mark.parametrize("state", [PushState.PENDING, PushState.HELD, PushState.SENT])
def test_what_may_still_arrive_is_waited_for(service: Service, state: PushState) -> None:
    Field(service)
    undelivered(service, investigated(service), state)
    assert knocking.knock(service.ctx) == 0


def test_whom_nobody_can_knock_for_keeps_nobody_else_waiting(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knocking, "BATCH", 1)
    first = investigated(service)
    undelivered(service, first)
    # Where they moved to there is no assistant.
    with service.ctx.db.begin() as db:
        db.get_one(Case, case_of(service, first).id).living_area = QIAOTOU
    Field(service)
    undelivered(service, investigated(service, "黄阿婆"))
    assert knocking.knock(service.ctx) == 1
    assert knocks(service)[0].village == DAWAN


def test_nobody_of_another_village_knocks(service: Service) -> None:
    far = Field(service, QIAOTOU)
    undelivered(service, investigated(service))
    assert knocking.knock(service.ctx) == 0
    Field(service, DAWAN)
    assert knocking.knock(service.ctx) == 1
    assert "覃水根" not in Browser(service, far.phone).open("/m/village")


def test_the_list_of_doors_shows_who_goes_and_what_closed_it(service: Service) -> None:
    """On both databases: the assistant's own knock closes the line of the desk's list."""
    field = Field(service)
    receipt = investigated(service)
    undelivered(service, receipt)

    def listed() -> tuple[list[doors.Door], dict[Fate, int]]:
        with service.ctx.db.read() as db:
            officer = db.scalars(
                select(Staff).where(Staff.role == Role.OFFICER, Staff.area == DAWAN_TOWN)
            ).first()
            assert officer is not None
            staff, span = view_of(officer), pushreport.span_of(service.ctx, "30")
            found = pushreport.tallies(db, staff, span, pushreport.in_township(DAWAN_TOWN))
            assert pushreport.everyone(db, staff, span) >= 1
            assert len(pushreport.lines(db, staff, span, Fate.UNFOLLOWED, 1)[0]) >= 1
            return doors.doors(db, staff, span), {one.fate: one.people for one in found}

    [door], fates = listed()
    assert (door.case.receipt, door.errand, door.closed) == (receipt, None, None)
    assert fates[Fate.UNFOLLOWED] == 1
    knocking.knock(service.ctx)
    [door], _ = listed()
    assert door.errand is not None
    assert door.errand.state == "open"
    service.clock.advance(timedelta(minutes=5))
    assert send(field, knocks(service)[0].key, found="told").status_code == 200
    [door], _ = listed()
    assert door.closed is How.KNOCKED
    assert door.closed_at is not None
