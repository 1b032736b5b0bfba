"""From a neighbour's sentence to the household's own no: over the platform and on its page."""

from __future__ import annotations

import re

from sqlalchemy import select

from models import informwork
from models.cases import Case
from models.informing import Informing
from models.tasks import Task, TaskKind
from tests.service import Phone, Service
from tests.webhooks.pages import Browser, moved
from tests.webhooks.test_main_job import ANSWERS, TOLD

NAME, PHONE = "王秀英", "17000005678"
SAID = "她家米缸空了，我是隔壁老李，灶台是冷的"
NEIGHBOUR = (
    "替别人说", SAID, "2", "邻居", "桥头村", "不知道", NAME, PHONE, "还没说", "没有", "同意", "对",
)


def household(service: Service) -> Phone:
    """Somebody whose own application the township has accepted."""
    phone = service.follower()
    found = re.search(r"\d{4}-\d{6}-\d{2}", phone.talk(TOLD, *ANSWERS, "对"))
    assert found
    moved(service, found[0], "register")
    moved(service, found[0], "accept", scheme="temporary")
    service.drain()
    return phone


def spoken_for(service: Service) -> tuple[Phone, Case]:
    neighbour = service.follower("李建国")
    neighbour.talk(*NEIGHBOUR)
    with service.ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.on_behalf.is_(True))).one()
    informwork.sweep(service.ctx)
    service.drain()
    return neighbour, case


def state(service: Service, case: Case) -> str:
    with service.ctx.db.read() as session:
        return session.scalars(
            select(Informing.state).where(Informing.case_id == case.id)
        ).one()


def test_the_household_is_told_reads_and_stops_it(service_on_either: Service) -> None:
    service = service_on_either
    phone = household(service)
    neighbour, case = spoken_for(service)
    told = next(text for text in phone.inbox("custom") if "和您家有关" in text)
    assert told.splitlines()[0] == "有一件和您家有关的事，请您看看"
    assert f"/m/told/{case.receipt}?account=county" in told
    for words in ("米缸", "老李", "李建国", "邻居"):
        assert words not in told
    browser = Browser(service, phone)
    assert f"/m/told/{case.receipt}" in browser.open("/m/")
    page = browser.open(f"/m/told/{case.receipt}")
    assert "她家米缸空了，灶台是冷的" in page
    old = browser.form(f"/m/told/{case.receipt}")
    for words in ("老李", "李建国", "邻居", PHONE):
        assert words not in page
    assert "删掉" in browser.open(f"/m/told/{case.receipt}/stop")
    browser.post(f"/m/told/{case.receipt}", said="declines")
    assert "先停着" in browser.title
    assert f"/m/told/{case.receipt}" not in browser.open("/m/")
    assert state(service, case) == "declined"
    # Again it is said once, and cannot be turned into a yes by an old page.
    browser.post("", form=old, said="agrees")
    assert state(service, case) == "declined"
    service.drain()
    assert any("不是他们同意" in text for text in service.staff().inbox("custom", "template"))
    # The neighbour hears nothing of it, and has no such page.
    assert not any("同意" in text for text in neighbour.inbox("custom", "template"))
    other = Browser(service, neighbour)
    other.open(f"/m/told/{case.receipt}")
    assert other.status == 404


def test_in_chat_the_same(service: Service) -> None:
    phone = household(service)
    _, case = spoken_for(service)
    assert "她家米缸空了" in phone.say("替我说的")
    assert "真的不要办吗" in phone.say("3")
    assert "停下来了" in phone.say("1")
    assert state(service, case) == "declined"


def test_a_number_that_is_nobodys_chat_becomes_a_call(service: Service) -> None:
    _, case = spoken_for(service)
    with service.ctx.db.read() as session:
        [task] = session.scalars(select(Task).where(Task.case_id == case.id)).all()
    assert task.kind == TaskKind.CALLBACK
