"""Lives that leave the plain way: help first, a refusal, other departments, a dispute."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.looking import PC, PHONE
from tests.service import HEAD, OFFICER, Service
from tests.webhooks.desk.lives import (
    ACCEPTED,
    ASKED,
    LOOKED_AT,
    PUBLISHED,
    REGISTERED,
    UP,
    Life,
    accept,
    ask,
    do_task,
    liaison,
    living,
    look_into,
    money,
    move,
    picture,
    propose,
    put_up,
    reads,
    register,
    send,
    stands,
    visit,
)

pytestmark = pytest.mark.browser


def investigated(life: Life, receipt: str) -> Page:
    """The officer has registered and accepted it, and two have been there."""
    desk = life.desk(OFFICER, receipt)
    register(desk)
    accept(desk, "最低生活保障")
    move(desk, "上门调查、核对", "上门调查、核对")
    look_into(desk, "陈志强", "黄丽娟")
    return desk


def test_urgent_is_helped_first_and_written_up_afterwards(
    service: Service, chromium: Browser
) -> None:
    """On phones: the head says yes the same morning, the papers follow within days."""
    with living(service, chromium, PHONE) as life:
        phone = service.follower()
        receipt = ask(phone, urgent=True)
        service.drain()
        assert "急" in "\n".join(service.staff(OFFICER).inbox("custom", "template"))
        register(life.desk(OFFICER, receipt))
        head = life.desk(HEAD, receipt)
        move(head, "急难，先救助", "先救助", {
            "按哪一项办": "临时救助", **money("800", monthly=False),
            "入户调查": True, "公示": True,
        })
        desk = life.desk(OFFICER, receipt)
        expect(desk.locator("#after")).to_contain_text("手续要在")
        picture(desk, "urgent", "#after")
        move(desk, "已发放，办结", "发了，办结")
        life.pass_days(3)
        desk = life.desk(OFFICER, receipt)
        desk.get_by_role("link", name="补完手续", exact=True).click()
        send(desk, "手续补完了", {
            "补了什么，谁签的字": "金额、事由登记好了，本人签了字",
            "签好的拍张照（可以不拍）": True,
        })
        expect(desk.locator("#after")).not_to_contain_text("手续要在")
        reads(
            life.told(phone, receipt, "本人签了字"), ASKED, REGISTERED, "您的事急，先帮上：800 元",
            "800 元，发给您了，这件事办完了",
        )


def test_refused_hears_why_and_what_can_be_done(service: Service, chromium: Browser) -> None:
    """At large screens: one proposes, another refuses, the resident reads why and the remedies."""
    words = "家里的存款够用两年，超过了今年的标准。"
    with living(service, chromium, PC) as life:
        phone = service.follower()
        receipt = ask(phone)
        desk = investigated(life, receipt)
        move(desk, "提出不予确认", "报上去", {"为什么（本人看得到）": words})
        expect(desk.get_by_role("link", name="不予确认", exact=True)).to_have_count(0)
        head = life.desk(HEAD, receipt)
        move(head, "不予确认", "不予确认，告诉本人", {"为什么（本人看得到）": words})
        stands(head, "不予确认")
        told = life.told(phone, receipt)
        reads(
            told, ASKED, REGISTERED, ACCEPTED, LOOKED_AT, "镇上看完了，报上去审批",
            f"这次没有批下来。为什么：{words}",
        )
        assert "可以申请行政复议" in told[-1]
        assert "可以到法院起诉" in told[-1]
        page = life.windows[phone.openid]
        picture(page, "refused")


def test_referred_to_two_departments(service: Service, chromium: Browser) -> None:
    """On phones: one hands it back, one takes it and answers, the township has the last word."""
    with living(service, chromium, PHONE) as life:
        schools, houses = (
            liaison(service, "何晓岚", "教育局"), liaison(service, "邓伟", "住房城乡建设局"),
        )
        phone = service.follower()
        receipt = ask(phone, "女儿今年上高中，学费还差一半，房子也漏雨")
        desk = life.desk(OFFICER, receipt)
        register(desk)
        move(desk, "转给别的部门", "转过去", {
            "教育局": True, "住房城乡建设局": True,
            "想请他们办什么": "请看看学费能不能免，房子是不是危房。",
        })
        stands(desk, "已转办")
        service.drain()
        assert "转来" in "\n".join(schools.inbox("custom", "template"))

        school = life.window(schools, "/desk/referrals")
        school.get_by_text("王秀英").click()
        school.get_by_role("button", name="接下，由我们办").click()
        stands(school, "接下了，在办")
        house = life.window(houses, "/desk/referrals")
        house.get_by_text("王秀英").click()
        house.get_by_text("不归我们办，退回").click()
        send(house, "退回给镇上", {"为什么退回": "房子去年修过，不在名单里"})
        life.pass_days(2)
        school = life.window(schools, "/desk/referrals")
        school.get_by_text("王秀英").click()
        picture(school, "referred")
        send(school, "告诉本人和镇上", {"办得怎么样": "学费免了，不用再交表。"})
        answer = school.goto(f"/desk/cases/{receipt}")
        assert answer is not None
        assert answer.status == 404

        desk = life.desk(OFFICER, receipt)
        expect(desk.locator("#referrals")).to_contain_text("退回")
        move(desk, "答复", "发给本人，办结", {
            "给本人的答复": "学费免了。屋顶漏的地方，村里这个月来补。",
        })
        reads(
            life.told(phone, receipt, "请看看学费", "去年修过"), ASKED, REGISTERED,
            "这件事转给教育局、住房城乡建设局办，镇上会盯着", "教育局接下了您的事",
            "住房城乡建设局说这件事不归他们", "教育局回了话：学费免了，不用再交表。",
            "镇上给您答复了：学费免了。屋顶漏的地方",
        )


def test_objected_is_looked_at_anew(service: Service, chromium: Browser) -> None:
    """On phones: someone objects during the notice, it is visited again, appraised, decided."""
    with living(service, chromium, PHONE) as life:
        phone = service.follower()
        receipt = ask(phone)
        desk = investigated(life, receipt)
        propose(desk, "500", monthly=True)
        put_up(desk)
        life.pass_days(2)
        desk = life.desk(OFFICER, receipt)
        move(desk, "异议成立，重新调查", "异议成立，重新调查", {
            "原因": "有人说他家有新车",
        })
        stands(desk, "调查核对中")
        # What was said once cannot be proposed again: somebody has to go and look.
        expect(desk.locator(".moves").get_by_text("提出初审意见，公示")).to_have_count(0)
        picture(desk, "objected", "#tasks")
        visit(desk, "陈志强", "黄丽娟")
        move(desk, "提请民主评议", "提请民主评议", {"原因": "车是表哥的，邻居不信"})
        do_task(desk, "民主评议", "记下评议结果", {
            "在哪里": "大湾村村委会", "谁来了": "村两委和八位村民代表", "一共几个人投票": "10",
            "同意几票": "9", "不同意几票": "0", "弃权几票": "1",
            "评议的结果": "车不是他家的，同意", "照片": True,
        })
        propose(desk, "400", monthly=True)
        put_up(desk)
        life.pass_days(8)
        head = life.desk(HEAD, receipt)
        move(head, "同意救助", "同意，定下来")
        reads(
            life.told(phone, receipt, "新车", "表哥", "评议的结果"), ASKED, REGISTERED, ACCEPTED,
            LOOKED_AT, PUBLISHED, "公示时有人提了不同意见，镇上会再了解一遍", "请村里开会评议一下",
            PUBLISHED, UP, "定下来了：每月 400 元",
        )
