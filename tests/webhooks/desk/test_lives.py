"""One case of each kind through its whole life, as the people it is for see it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.looking import PC
from tests.service import HEAD, OFFICER, Service
from tests.webhooks.desk.lives import (
    accept,
    ask,
    living,
    look_into,
    move,
    picture,
    propose,
    put_up,
    reads,
    register,
    send,
    stands,
)

pytestmark = pytest.mark.browser

WHY = "儿子进厂上班了，家里收入过了今年的标准。"
SEEN = "去看了，儿子上个月进了厂"


def test_plain_from_asking_to_the_last_month(service: Service, chromium: Browser) -> None:
    """低保, at desks with large screens: granted, given, looked at again, heard, ended."""
    with living(service, chromium, PC) as life:
        phone = service.follower()
        receipt = ask(phone)
        desk = life.desk(OFFICER, receipt)
        register(desk)
        accept(desk, "最低生活保障")
        move(desk, "上门调查、核对", "上门调查、核对")
        look_into(desk, "陈志强", "黄丽娟")
        propose(desk, "500", monthly=True)
        put_up(desk)
        stands(desk, "公示中")
        life.pass_days(8)

        head = life.desk(HEAD, receipt)
        stands(head, "待审批")
        picture(head, "plain")
        move(head, "同意救助", "同意，定下来")
        desk = life.desk(OFFICER, receipt)
        move(desk, "开始发放", "开始发放")
        stands(desk, "救助中")
        assert "按月发放，每月 500 元" in phone.say("进度")

        life.pass_days(190)
        desk = life.desk(OFFICER, receipt)
        expect(desk.locator("#after")).to_contain_text("该复核了")
        desk.get_by_role("link", name="记复核", exact=True).click()
        send(desk, "记下复核", {"不再符合，要停": True, "看到的情况": SEEN})
        desk.get_by_role("link", name="在微信上问他", exact=True).click()
        send(desk, "发给本人，等他回话", {
            "停止救助": True, "为什么（本人看得到）": WHY,
        })
        service.drain()
        assert "想听您怎么说" in "\n".join(phone.inbox("custom", "template"))
        assert "原样记下了" in phone.talk("我有话说", "他上班是真的，就是药钱还欠着")
        desk = life.desk(OFFICER, receipt)
        expect(desk.locator("#after")).to_contain_text("药钱还欠着")
        move(desk, "停止救助", "提上去，请另一位定", {"为什么（本人看得到）": WHY})
        head = life.desk(HEAD, receipt)
        move(head, "停止救助", "同意，就这样办", {"为什么（本人看得到）": WHY})
        stands(head, "办结")
        reads(
            life.told(phone, receipt, SEEN), "您把情况交上来了", "交给大湾镇民政办的陈志强办",
            "镇上受理了您的事", "镇上开始上门了解", "镇上初审通过了", "公示完了，报上去审批",
            "定下来了：每月 500 元", "按月发放，每月 500 元", "镇上在考虑停止您家的救助",
            "您的话记下来了", f"救助停了。为什么：{WHY}",
        )
