"""Talks over the platform's protocol on either database: days, restarts, media, repeats."""

from __future__ import annotations

import base64
from datetime import timedelta

from bot.messages import Heard, Kind
from models.context import Context
from models.session import Database
from tests.service import Phone, Service
from tests.webhooks.pages import photo
from tests.webhooks.test_main_job import ANSWERS, TOLD
from tests.webhooks.test_resident_apply import cases_of, draft_of, papers_of
from webhooks.answering import Deadline, answer

PHOTO = base64.b64encode(photo()).decode()


def after_a_restart(phone: Phone, text: str) -> str:
    """The message is handled by a service that was started anew on the same database."""
    old = phone.service.ctx
    ctx = Context(
        old.settings, Database(old.settings.database_url, old.keys), old.clock, old.speak
    )
    account = ctx.settings.account("county")
    assert account is not None
    heard = Heard(Kind.TEXT, text)
    try:
        return answer(ctx, account, phone.openid, f"restart-{text}", heard, Deadline()).text
    finally:
        ctx.db.close()


def test_days_and_a_restart_later_it_goes_on(service_on_either: Service) -> None:
    service = service_on_either
    phone = service.follower()
    phone.talk(TOLD, *ANSWERS[:2], "稍后")
    service.clock.advance(timedelta(days=3))
    assert "户口也在大湾镇大湾村" in after_a_restart(phone, "继续")
    assert "几口人" in phone.say("在")
    assert "回到上一问" in after_a_restart(phone, "上一步")
    phone.talk(*ANSWERS[2:])
    assert "收到了，编号" in after_a_restart(phone, "对")
    assert len(cases_of(phone)) == 1


def test_photos_voices_and_places_in_the_middle(service_on_either: Service) -> None:
    service = service_on_either
    phone = service.follower()
    phone.say(TOLD)
    assert "第 1 张" in str(phone.act(image=PHOTO))
    assert "录音收下了" in str(phone.act(voice=""))
    phone.act(voice="还能撑几天")
    here = {"latitude": 22.3412, "longitude": 108.4526, "label": "大湾"}
    assert "户口也在大湾镇大湾村" in str(phone.act(location=here))
    service.drain()
    phone.talk(*ANSWERS[2:], "对")
    [case] = cases_of(phone)
    kept = papers_of(phone)
    assert {paper.bundle for paper in kept} == {case.bundle}
    assert [paper.kind for paper in kept] == ["image", "voice"]
    assert kept[0].state == "stored"


def test_a_repeat_by_the_platform_changes_nothing(service: Service) -> None:
    phone = service.follower()
    phone.talk(TOLD, *ANSWERS)
    before = draft_of(phone)
    service.fault(callback="repeat", times=1)
    assert "收到了，编号" in phone.say("对")
    assert len(cases_of(phone)) == 1
    assert before["bundle"] == cases_of(phone)[0].bundle


def test_danger_reaches_the_officer_without_its_words(service: Service) -> None:
    phone = service.follower()
    phone.talk("我不想活了，我在大湾村，电话17000005678")
    service.drain()
    [case] = cases_of(phone)
    told = [text for text in service.staff().inbox("custom", "template") if case.receipt in text]
    assert told
    assert "不想活" not in "".join(told)
