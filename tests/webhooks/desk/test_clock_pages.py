"""Clocks and days off in a real Chromium: on a phone, a PC and a narrow screen; without scripts."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from tests.looking import NARROW, PC, PHONE, followed, is_usable
from tests.models.test_daysoff import OF_2027
from tests.webhooks.desk.looking import enter
from tests.webhooks.desk.test_clocks import accepted, go_to
from tests.webhooks.desk.world import World

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [PHONE, PC, NARROW])
def test_the_head_extends_on_the_page(
    world: World, chromium: Browser, address: str, size: tuple[int, int]
) -> None:
    go_to(world, date(2026, 12, 14))
    case = accepted(world)
    context = chromium.new_context(
        locale="zh-CN", viewport={"width": size[0], "height": size[1]}
    )
    page = enter(context, world, address, "chen")
    page.goto(f"{address}/desk/cases/{case.receipt}")
    is_usable(page)
    expect(page.locator("#clocks")).to_contain_text("2027年放假安排还没公布，日子可能变。")
    followed(page.get_by_role("link", name="延长办理时间"))
    page.get_by_label("延长几个工作日").fill("99")
    page.get_by_label("为什么（本人看得到）").fill("两家说法对不上")
    followed(page.get_by_role("button", name="延长，告诉本人"))
    is_usable(page)
    expect(page.get_by_label("为什么（本人看得到）")).to_have_value("两家说法对不上")
    page.get_by_label("延长几个工作日").fill("10")
    followed(page.get_by_role("button", name="延长，告诉本人"))
    expect(page.locator("#clocks")).to_contain_text("延长过 10 个工作日")
    context.close()


@pytest.mark.parametrize(("size", "scripts"), [(PHONE, False), (PC, True), (NARROW, True)])
def test_the_county_pastes_a_notice_and_another_signs_it(
    world: World, chromium: Browser, address: str, size: tuple[int, int], scripts: bool
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    context = chromium.new_context(locale="zh-CN", viewport=viewport, java_script_enabled=scripts)
    page = enter(context, world, address, "county")
    page.get_by_role("link", name="放假安排").click()
    page.get_by_label("国务院办公厅的通知").fill(OF_2027)
    page.get_by_label("文号").fill("某号")
    page.get_by_role("button", name="读一读").click()
    expect(page.locator(".month")).to_have_count(7)
    if scripts:
        is_usable(page)
    page.get_by_role("button", name="对，请另一位签字").click()
    expect(page.get_by_role("button", name="核对过了，签字")).to_have_count(0)
    context.close()
    context = chromium.new_context(locale="zh-CN", viewport=viewport, java_script_enabled=scripts)
    page = enter(context, world, address, "other")
    page.goto(f"{address}/desk/calendar")
    if scripts:
        is_usable(page)
    page.get_by_role("button", name="核对过了，签字").click()
    expect(page.locator("main")).to_contain_text("签好了")
    context.close()
    assert world.ctx.is_settled(2027)
