"""Lives of more than one: two of a household, and the relative of someone at the desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.looking import PC
from tests.service import COUNTY_STAFF, HEAD, OFFICER, OTHER_OFFICER, Service
from tests.webhooks.desk.lives import (
    ACCEPTED,
    ASKED,
    LOOKED_AT,
    PUBLISHED,
    REGISTERED,
    UP,
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


def test_merged_of_one_household_and_parted_again(service: Service, chromium: Browser) -> None:
    """At large screens: two of a family ask, both hear of the one matter, then of their own."""
    with living(service, chromium, PC) as life:
        wife, husband = service.follower(), service.follower("李建国")
        first = ask(wife)
        second = ask(husband, "家里没米了，我腿动不了", name="李建国")
        desk = life.desk(OFFICER, first)
        register(desk)
        desk = life.desk(OFFICER, second)
        desk.get_by_role("link", name="王秀英 · 大湾镇大湾村").click()
        expect(desk.get_by_role("heading", name="是不是同一件事")).to_be_visible()
        picture(desk, "merged")
        desk.get_by_role("link", name=f"是同一件，并到 {first}").click()
        send(desk, "并案", {})
        stands(desk, "已并案")
        accept(life.desk(OFFICER, first), "临时救助")
        service.drain()
        assert "和您这件并在一起办的那件事，现在是：已受理" in husband.inbox("custom")[-1]

        desk = life.desk(OFFICER, second)
        desk.get_by_role("button", name="分开，单独办").click()
        stands(desk, "已提交")
        move(desk, "答复", "发给本人，办结", {"给本人的答复": "米和油村里明天送到。"})
        reads(
            life.told(wife, first), ASKED, REGISTERED, "您家的情况合在这一件里一起办", ACCEPTED,
            "并进来的那件又分开单独办了",
        )
        reads(
            life.told(husband, second), ASKED, "和您家前面那一件合在一起办",
            "这件事又分开单独办了", "镇上给您答复了：米和油村里明天送到。",
        )


def test_kin_of_an_officer_is_kept_from_the_officer(service: Service, chromium: Browser) -> None:
    """At large screens: hidden from who declared it, visited and decided by the county."""
    with living(service, chromium, PC) as life:
        own = life.window(service.staff(OFFICER), "/desk/kin")
        own.get_by_role("link", name="登记一位亲属").click()
        send(own, "登记下来", {"亲属的姓名": "王秀英", "父亲或母亲": True})
        phone = service.follower()
        receipt = ask(phone)
        assert not_found(own, receipt)

        desk = life.desk(OTHER_OFFICER, receipt)
        expect(desk.locator("#kin")).to_contain_text("可能是陈志强的亲属")
        send(desk, "是，要回避", {"怎么核实的": "打电话问过本人"})
        register(desk, "黄丽娟")
        accept(desk, "最低生活保障")
        move(desk, "上门调查、核对", "上门调查、核对")
        look_into(desk, "黄丽娟", "韦国平")
        propose(desk, "500", monthly=True)
        put_up(desk)
        life.pass_days(8)
        head = life.desk(HEAD, receipt)
        stands(head, "待审批")
        expect(head.get_by_role("link", name="同意救助")).to_have_count(0)

        bureau = life.desk(COUNTY_STAFF, receipt)
        expect(bureau.get_by_role("link", name="同意救助")).to_have_count(0)
        bureau.get_by_role("link", name="记下上门的情况").click()
        send(bureau, "记下来", {
            "谁去的": "谢文静、农志远", "看到了什么": "住的、吃的都看了，和说的一样",
        })
        picture(bureau, "kin", "#kin")
        move(bureau, "同意救助", "同意，定下来")
        move(life.desk(OTHER_OFFICER, receipt), "开始发放", "开始发放")
        assert not_found(own, receipt)
        told = life.told(phone, receipt, "打电话问过", "和说的一样")
        reads(
            told, ASKED, "交给大湾镇民政办的黄丽娟办", ACCEPTED, LOOKED_AT, PUBLISHED, UP,
            "定下来了：每月 500 元", "按月发放，每月 500 元",
        )
        for words in ("亲属", "回避", "陈志强", "县里上门"):
            assert words not in "".join(told)


def not_found(page: Page, receipt: str) -> bool:
    """Neither the case nor a word of it on the list, to whoever keeps out."""
    page.goto("/sandbox/people/demo-officer-dawan-1/login?next=/desk/")
    listed = page.content()
    answer = page.goto(f"/desk/cases/{receipt}")
    return answer is not None and answer.status == 404 and receipt not in listed
