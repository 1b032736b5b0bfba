"""The pages about the words of notices as a browser sees them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.looking import followed, looks_well
from tests.webhooks.desk.looking import TAPPED, all_look_well, enter
from tests.webhooks.desk.test_wordings import ALL, NEW, TITLE, TOLD, put, settle
from tests.webhooks.desk.world import World

pytestmark = pytest.mark.browser


def test_the_pages_look_well(world: World, address: str, chromium: Browser) -> None:
    put(world.browser("county"), "镇上有件事告诉您", TITLE)
    settle(world)
    put(world.browser("county"))
    for who in ("li", "other"):
        context = chromium.new_context(locale="zh-CN")
        page = enter(context, world, address, who)
        all_look_well(page, address, (ALL, TITLE, TOLD))
        context.close()


def test_one_looks_then_puts_and_what_is_wrong_is_said_beside(
    world: World, address: str, chromium: Browser
) -> None:
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, "county")
    page.goto(address + TOLD)
    page.get_by_label("这一句").fill("办了。")
    followed(page.get_by_role("button", name="看看收到的样子"))
    assert page.get_by_text("少了{单位}").is_visible()
    looks_well(page, TAPPED)
    page.get_by_label("这一句").fill(NEW)
    followed(page.get_by_role("button", name="看看收到的样子"))
    assert page.get_by_text("登记好了，民政办李文接手。").is_visible()
    looks_well(page, TAPPED)
    followed(page.get_by_role("button", name="就这样说，请另一位签字"))
    assert page.get_by_text("签了字才照这样说").is_visible()
    context.close()
