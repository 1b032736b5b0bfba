"""The pages about schemes as a browser sees them, public and on the desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.looking import followed, looks_well
from tests.webhooks.desk.looking import TAPPED, all_look_well, enter
from tests.webhooks.desk.test_schemes import ALL, DIBAO, put, settle
from tests.webhooks.desk.world import World

pytestmark = pytest.mark.browser


def test_the_pages_look_well(world: World, address: str, chromium: Browser) -> None:
    put(world.browser("county"))
    settle(world)
    put(world.browser("county"), conditions="存款每人不超过2万")
    for who in ("li", "other"):
        context = chromium.new_context(locale="zh-CN")
        page = enter(context, world, address, who)
        all_look_well(page, address, (ALL, DIBAO, "/policies/", "/policies/dibao"))
        context.close()


def test_one_fills_in_and_sees_it_whole(world: World, address: str, chromium: Browser) -> None:
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, "county")
    page.goto(address + DIBAO)
    page.get_by_label("现在的标准").fill("每人每月700元")
    followed(page.get_by_role("button", name="看看公开的样子"))
    assert page.get_by_text("标准和从哪天起，要一起填").is_visible()
    looks_well(page, TAPPED)
    page.get_by_label("标准从哪天起").fill("2026-07-01")
    followed(page.get_by_role("button", name="看看公开的样子"))
    assert page.locator(".policy-standard").inner_text() == "每人每月700元"
    followed(page.get_by_role("button", name="就这样写，请另一位签字"))
    assert page.get_by_text("请另一位同事核对、签字").first.is_visible()
    context.close()
