"""Finding and counting in a real Chromium, on a phone and a PC."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.looking import PC, PHONE, resize
from tests.webhooks.desk.looking import all_look_well, enter
from tests.webhooks.desk.test_figures import busy
from tests.webhooks.desk.world import DAWAN, World

pytestmark = pytest.mark.browser

# How high a letter of a chart is on the screen, in pixels.
LETTERS = """[...document.querySelectorAll(".chart text")].map(one =>
    parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)"""


def test_finding_and_counting_are_for_everyone(
    world: World, chromium: Browser, address: str
) -> None:
    busy(world)
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, "county")
    paths = ("/desk/", "/desk/search?ask=1", f"/desk/search?place={DAWAN}", "/desk/figures")
    all_look_well(page, address, paths)
    for size in (PC, PHONE):
        resize(page, size)
        letters = page.evaluate(LETTERS)
        assert letters
        assert min(letters) >= 14
    context.close()
