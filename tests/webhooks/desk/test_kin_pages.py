"""The pages of relatives in a real Chromium, on a phone and a PC."""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from models.kinship import Kin
from tests.webhooks.desk.test_kin import declare, settle
from tests.webhooks.desk.test_pages import (  # noqa: F401  # fixtures
    PC,
    PHONE,
    TOO_SMALL,
    address,
    chromium,
    enter,
)
from tests.webhooks.desk.world import World

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("YIMEN_TEST_SHOTS", "")


@pytest.mark.parametrize("who", ["chen", "county"])
def test_every_page_of_relatives_is_reachable_for_everyone(
    world: World, chromium: Browser, address: str, who: str,  # noqa: F811
) -> None:
    possible, certain = world.case(name="甲同名"), world.case(name="乙亲属")
    world.register(certain)
    declare(world, name="甲同名")
    declare(world, name="乙亲属")
    declare(world, who, name="丙亲属", id_number="11010519491231002X")
    settle(world, certain, "zhao", "yes")
    with world.ctx.db.read() as db:
        assert db.query(Kin).count() == 3
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, who)
    at = f"/desk/cases/{certain.receipt}"
    paths = [
        f"/desk/cases/{possible.receipt}", at, f"{at}/kin/officer", "/desk/kin", "/desk/kin/new",
        "/desk/kin/cadre",
    ]
    if who == "county":
        paths += [f"{at}/kin/visit", f"/desk/kin/of/{world.staff['li'].id}"]
    for number, path in enumerate(paths):
        page.goto(address + path)
        for width, height in (PC, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            found = Axe().run(page).response["violations"]
            assert [(path, one["id"], one["nodes"][0]["target"]) for one in found] == []
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/kin-{who}-{number}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(TOO_SMALL) == [], path
    context.close()
