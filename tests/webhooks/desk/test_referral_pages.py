"""Referring in a real Chromium: reachable for everyone, on a phone and a PC, ticked and sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from models.referrals import State
from tests.webhooks.desk.looking import all_look_well, enter
from tests.webhooks.desk.referral_world import Referring, with_departments
from tests.webhooks.desk.world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def place(world: World) -> Referring:
    return with_departments(world)


@pytest.mark.parametrize("who", ["jiao", "li", "county"])
def test_every_page_is_reachable_for_everyone(
    place: Referring, chromium: Browser, address: str, who: str
) -> None:
    world = place.world
    late = place.referred("教育局", "住房城乡建设局")
    world.clock.at += timedelta(days=20)
    fresh = place.accepted(name="李建国")
    world.paper(fresh)
    one, _ = place.of(late)
    paths = {
        "jiao": ["/desk/referrals", f"/desk/referrals/{one.id}"],
        "li": [
            "/desk/referrals", f"/desk/cases/{late.receipt}", f"/desk/cases/{fresh.receipt}/refer",
            f"/desk/cases/{fresh.receipt}/referred_also",
        ],
        "county": ["/desk/departments", f"/desk/departments/{place.number['教育局']}"],
    }
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, who)
    all_look_well(page, address, paths[who])
    context.close()


def test_from_the_officers_tick_to_the_liaisons_answer(
    place: Referring, chromium: Browser, address: str
) -> None:
    world = place.world
    case = place.accepted()
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, "li")
    page.goto(f"{address}/desk/cases/{case.receipt}/refer")
    page.get_by_label("住房城乡建设局").check()
    page.get_by_label("教育局").check()
    expect(page.locator("[data-preview]")).to_contain_text("这件事转给教育局、住房城乡建设局办")
    page.get_by_label("想请他们办什么").fill("请看看学费能不能免。")
    page.get_by_role("button", name="转过去").click()
    expect(page.locator("#referrals")).to_contain_text("等他们接")
    context.close()
    # On a phone, without scripts.
    phone = chromium.new_context(
        locale="zh-CN", viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    page = enter(phone, world, address, "jiao")
    assert page.url == f"{address}/desk/referrals"
    page.get_by_text("王秀英").click()
    page.get_by_role("button", name="接下，由我们办").click()
    expect(page.locator(".standing-now")).to_have_text("接下了，在办")
    page.get_by_label("办得怎么样").fill("学费免了。")
    page.get_by_role("button", name="告诉本人和镇上").click()
    expect(page.locator(".standing-now")).to_have_text("回话了")
    phone.close()
    assert [one.state for one in place.of(case)] == [State.ANSWERED, State.SENT]
