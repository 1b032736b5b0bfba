"""An answer that is not ready in time comes all the same, once; two messages keep their order."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from models.people import Identity
from models.pushes import Push
from models.talks import Message
from tests.service import Phone, Service, running, said
from tests.webhooks.test_main_job import ANSWERS, TOLD

pytestmark = pytest.mark.postgres

# The platform hangs up after five seconds; the callback may take four and a half.
HELD_SECONDS = 6.0


@pytest.fixture
def service(postgres: Callable[[], str], tmp_path: Path) -> Iterator[Service]:
    with running(postgres(), tmp_path) as made:
        yield made


def person_of(service: Service, phone: Phone) -> int:
    key = service.ctx.keys.lookup("openid", phone.openid)
    with service.ctx.db.read() as session:
        found = session.scalar(select(Identity.person_id).where(Identity.openid_key == key))
    assert found is not None
    return found


@contextmanager
def held(service: Service, phone: Phone, seconds: float) -> Iterator[None]:
    """Another transaction holds the person's talk for so long, from now on."""
    person = person_of(service, phone)
    url = service.ctx.db.url.set(drivername="postgresql").render_as_string(hide_password=False)
    taken = threading.Event()

    def hold() -> None:
        with psycopg.connect(url) as connection:
            connection.execute("SELECT 1 FROM talks WHERE person_id = %s FOR UPDATE", (person,))
            taken.set()
            time.sleep(seconds)

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(10)
    try:
        yield
    finally:
        thread.join()


def wait_for(service: Service, phone: Phone, count: int) -> None:
    """Until so many of the person's messages have been answered and kept."""
    person = person_of(service, phone)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with service.ctx.db.read() as session:
            found = session.scalar(
                select(func.count()).select_from(Message)
                .join(Identity, Identity.id == Message.identity_id)
                .where(Identity.person_id == person)
            )
        if found == count:
            return
        time.sleep(0.05)
    raise AssertionError(f"{found} of {count} messages were kept")


def deliveries(service: Service, phone: Phone) -> list[dict[str, object]]:
    rows = service.http.get(f"{service.control}/deliveries", timeout=30).json()
    return [row for row in rows if row["openid"] == phone.openid]


def test_a_late_reply_comes_as_a_message_of_its_own_and_once(service: Service) -> None:
    phone = service.follower()
    phone.say("我要求助")
    wait_for(service, phone, 2)
    with held(service, phone, HELD_SECONDS):
        started = time.monotonic()
        answer = phone.act(text=TOLD)
        assert time.monotonic() - started < 5
        assert answer["replies"] == [], "the callback says `success` and nothing else"
    last = deliveries(service, phone)[-1]
    assert (last["attempt"], last["outcome"]) == (1, "none")

    wait_for(service, phone, 3)
    assert phone.inbox("custom") == []
    for _ in range(2):
        service.drain()
        late = phone.inbox("custom")
        assert len(late) == 1
    assert "撑" in late[0]
    # The talk is where that reply says it is.
    assert "村" in phone.say("还能撑几天")
    assert len(phone.inbox("custom")) == 1
    with service.ctx.db.read() as session:
        states = session.scalars(select(Push.state).where(Push.occasion == "late_reply")).all()
    assert states == ["delivered"]


def test_an_account_that_cannot_write_first_answers_the_platform_s_repeat(
    service: Service,
) -> None:
    phone = service.follower(account="village")
    phone.say("我要求助")
    with held(service, phone, HELD_SECONDS):
        answer = phone.act(text=TOLD)
    assert "撑" in said(answer)
    tried = [row for row in deliveries(service, phone) if row["kind"] == "text"][1:]
    assert [row["outcome"] for row in tried] == ["late", "reply"]
    service.drain()
    assert phone.inbox("custom") == []
    with service.ctx.db.read() as session:
        assert session.scalars(select(Push).where(Push.occasion == "late_reply")).all() == []
    wait_for(service, phone, 3)
    assert "村" in phone.say("还能撑几天")


def test_a_short_wait_is_no_late_reply(service: Service) -> None:
    phone = service.follower()
    phone.say("我要求助")
    with held(service, phone, 1.0):
        assert "撑" in phone.say(TOLD)
    service.drain()
    assert phone.inbox("custom") == []


def test_two_messages_at_once_are_answered_in_order(service: Service) -> None:
    """Each answers the question that stood when it came, whatever they wait for."""
    phone = service.follower()
    phone.talk("我要求助", TOLD)
    answers: dict[str, str] = {}
    with held(service, phone, 1.5), ThreadPoolExecutor(2) as pool:
        first = pool.submit(lambda: answers.setdefault("first", phone.say("还能撑几天")))
        time.sleep(0.5)
        second = pool.submit(lambda: answers.setdefault("second", phone.say("大湾村")))
        first.result(30)
        second.result(30)
    assert "村" in answers["first"]
    assert "户口" in answers["second"]


def test_one_person_s_wait_holds_up_nobody_else(service: Service) -> None:
    slow, quick = service.follower(), service.follower("李建国")
    slow.say("我要求助")
    with held(service, slow, 3.0), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow.say, TOLD)
        quick.talk(TOLD, *ANSWERS)
        assert re.search(r"\d{4}-\d{6}-\d{2}", quick.say("对"))
        assert not waiting.done()
        assert "撑" in waiting.result(30)
