"""Two chats of one person become one, and what each sees then."""

from __future__ import annotations

import re

from tests.service import Phone, Service
from tests.webhooks.pages import moved
from tests.webhooks.test_main_job import ANSWERS, TOLD


def apply(phone: Phone) -> str:
    """Hand in by this phone; the receipt."""
    found = re.search(r"\d{4}-\d{6}-\d{2}", phone.talk(TOLD, *ANSWERS, "对"))
    assert found
    return found[0]


def code_of(phone: Phone) -> str:
    """A code by which another chat joins this one."""
    found = re.search(r"绑定 (\d{8})", phone.say("绑定"))
    assert found
    return f"绑定 {found[1]}"


def test_both_chats_see_the_cases_of_both(service_on_either: Service) -> None:
    service = service_on_either
    county, village = service.follower(), service.follower(account="village")
    first, second = apply(county), apply(village)
    assert second not in county.say("进度")
    # Who joins would show their own cases to whoever gave the code: that is asked.
    assert "也是您自己的微信吗" in village.say(code_of(county))
    assert "两边是一个人了" in village.say("1")
    for phone in (county, village):
        listed = phone.say("进度")
        assert first in listed
        assert second in listed
        assert "编号" in phone.say(first)


def test_a_chat_with_nothing_joins_at_once(service: Service) -> None:
    county, village = service.follower(), service.follower(account="village")
    receipt = apply(county)
    assert "两边是一个人了" in village.say(code_of(county))
    assert receipt in village.say("进度")


def test_a_code_is_good_once_for_a_quarter_of_an_hour_and_not_for_oneself(
    service: Service,
) -> None:
    county, other, third = (service.follower() for _ in range(3))
    code = code_of(county)
    assert "这个码不对" in county.say(code)
    assert "两边是一个人了" in other.say(code)
    assert "这个码不对" in third.say(code)
    late = code_of(county)
    service.http.post(f"{service.control}/clock", json={"advance_minutes": 16}, timeout=30)
    assert "这个码不对" in third.say(late)
    assert "这个码不对" in third.say("绑定 12345678")


def test_somebody_who_was_tricked_is_not_joined(service: Service) -> None:
    stranger, victim = service.follower(), service.follower()
    receipt = apply(victim)
    victim.say(code_of(stranger))
    assert "没有绑" in victim.say("2")
    assert receipt not in stranger.say("进度")


def test_what_was_half_filled_in_goes_on_in_either_chat(service_on_either: Service) -> None:
    service = service_on_either
    county, village = service.follower(), service.follower(account="village")
    village.talk(TOLD, "还能撑几天")
    village.talk(code_of(county), "1")
    assert "住在哪里" in county.say("继续")
    assert "户口也在大湾镇小湾村" in village.say("小湾村")
    county.talk(*ANSWERS[2:])
    assert "收到了，编号" in county.say("对")


def test_two_half_filled_drafts_lose_nothing(service: Service) -> None:
    county, village = service.follower(), service.follower(account="village")
    county.talk(TOLD)
    village.talk("我老伴也病了，天天要吃药")
    village.talk(code_of(county), "1")
    read_back = county.talk("继续", *ANSWERS)
    assert "我老伴也病了" in read_back


def test_the_pushes_of_either_reach_the_chat_that_handed_in(service: Service) -> None:
    county, village = service.follower(), service.follower(account="village")
    receipt = apply(county)
    village.say(code_of(county))
    assert "记下了" in village.talk("撤回", "1")
    moved(service, receipt, "withdraw", reason="本人想撤回")
    service.drain()
    assert "撤回了" in county.inbox("custom")[-1]
    assert "撤回" in county.say("进度")
