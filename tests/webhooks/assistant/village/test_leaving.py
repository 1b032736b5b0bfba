"""An assistant's villages change, or they leave: who goes on with what was asked of them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import postwork, staffwork
from models.people import Staff, view_of
from models.policy import StaffView
from models.pushes import Push
from models.statuses import Role
from models.steps import MoveRefused
from tests.service import Service
from tests.webhooks.assistant.field import DAWAN, QIAOTOU, Field
from tests.webhooks.assistant.village.errandhouse import (
    ask,
    case_of,
    errand,
    investigated,
    post_of,
    send,
)
from tests.webhooks.assistant.village.test_today import SURVEY
from tests.webhooks.pages import Browser


@pytest.fixture
def service(service_on_either: Service) -> Service:
    return service_on_either


def head(service: Service) -> StaffView:
    with service.ctx.db.read() as db:
        query = select(Staff).where(Staff.role == Role.HEAD, Staff.area == "450799101000")
        return view_of(db.scalars(query).one())


def leave(service: Service, field: Field) -> None:
    post = post_of(service, field)
    with service.ctx.db.begin() as db:
        staffwork.remove(service.ctx, db, head(service), post)


def set_villages(service: Service, field: Field, *villages: str) -> None:
    with service.ctx.db.read() as db:
        post = db.scalars(
            select(Staff.id).where(Staff.person_id == field.person, Staff.left_at.is_(None))
        ).first()
        assert post is not None
    with service.ctx.db.begin() as db:
        postwork.set_villages(service.ctx, db, head(service), post, villages)


def pushes(service: Service) -> list[tuple[int | None, str]]:
    with service.ctx.db.read() as db:
        query = select(Push).where(Push.occasion == "errand").order_by(Push.id)
        return [(push.person_id, push.state) for push in db.scalars(query)]


def test_whoever_leaves_hands_it_to_another_of_the_village(
    service: Service, field: Field
) -> None:
    """The successor is told and has it; the one who left hears nothing more and sends nothing."""
    key = ask(service, field, investigated(service), "survey")
    successor = Field(service)
    leave(service, field)
    assert pushes(service) == [(field.person, "expired"), (successor.person, "pending")]
    assert errand(service, key).staff_id == post_of(service, successor)
    assert "覃水根" in Browser(service, successor.phone).open("/m/village")
    field.phone.say("菜单")
    service.drain()
    assert "村里有一件事" not in "\n".join(field.phone.inbox("custom", "template"))
    assert field.token().status_code == 404
    assert send(successor, key, **SURVEY).status_code == 200


def test_with_nobody_else_it_goes_back_to_the_officer(service: Service, field: Field) -> None:
    receipt = investigated(service)
    key = ask(service, field, receipt, "survey")
    leave(service, field)
    assert errand(service, key).state == "back"
    assert case_of(service, receipt).call == "errand_back"
    staff = service.staff()
    staff.say("菜单")
    service.drain()
    assert "托给协理员的事退回来了" in "\n".join(staff.inbox("custom", "template"))


def test_villages_change_without_binding_again(service: Service, field: Field) -> None:
    """One more at once; one less ends that village alone; what was is on record."""
    post = post_of(service, field)
    key = ask(service, field, investigated(service), "survey")
    set_villages(service, field, DAWAN, QIAOTOU)
    page = Browser(service, field.phone).open("/m/village")
    assert "大湾村" in page
    assert "桥头村" in page
    assert errand(service, key).state == "open"
    set_villages(service, field, QIAOTOU)
    page = Browser(service, field.phone).open("/m/village")
    assert "大湾村" not in page
    assert "桥头村" in page
    assert errand(service, key).state == "back"
    assert send(field, key, **SURVEY).status_code == 403
    with service.ctx.db.read() as db:
        told = postwork.history(db, head(service), db.get_one(Staff, post))
    assert [(one.added, one.ended) for one in told] == [((), (DAWAN,)), ((QIAOTOU,), ())]
    assert {one.by for one in told} == {"韦国平"}


def test_what_was_done_under_a_post_stays_with_its_village(
    service: Service, field: Field
) -> None:
    """The post that ended keeps its village; the same village again is a new post."""
    first = post_of(service, field)
    set_villages(service, field, QIAOTOU)
    set_villages(service, field, DAWAN)
    with service.ctx.db.read() as db:
        posts = db.scalars(select(Staff).where(Staff.person_id == field.person).order_by(Staff.id))
        found = [(post.area, post.left_at is None) for post in posts]
        assert db.get_one(Staff, first).area == DAWAN
    assert found == [(DAWAN, False), (QIAOTOU, False), (DAWAN, True)]


@pytest.mark.parametrize("villages", [(), ("450799102200",), ("450799101000",)])
def test_no_village_and_foreign_ones_are_refused(
    service: Service, field: Field, villages: tuple[str, ...]
) -> None:
    with pytest.raises(MoveRefused):
        set_villages(service, field, *villages)
    assert "大湾村" in Browser(service, field.phone).open("/m/village")
