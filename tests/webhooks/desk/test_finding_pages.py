"""Finding and counting in a real Chromium, on a phone and a PC."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.webhooks.desk.test_figures import busy
from tests.webhooks.desk.test_pages import PC, PHONE, TOO_SMALL, address, chromium, enter
from tests.webhooks.desk.world import DAWAN, World

__all__ = ["address", "chromium"]
pytestmark = pytest.mark.browser

# How high a letter of a chart is on the screen, in pixels.
LETTERS = """[...document.querySelectorAll(".chart text")].map(one =>
    parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)"""


@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
def test_finding_and_counting_are_for_everyone(
    world: World, chromium: Browser, address: str, size: tuple[int, int]
) -> None:
    busy(world)
    context = chromium.new_context(
        locale="zh-CN", viewport={"width": size[0], "height": size[1]}
    )
    page = enter(context, world, address, "county")
    for path in ("/desk/", "/desk/search?ask=1", f"/desk/search?place={DAWAN}", "/desk/figures"):
        page.goto(f"{address}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(TOO_SMALL) == [], path
        faults = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"]) for fault in faults] == [], path
    letters = page.evaluate(LETTERS)
    assert letters
    assert min(letters) >= 14
    context.close()
