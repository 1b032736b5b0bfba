"""The pages about notices, doors and jobs as a browser sees them, and the list on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from notices.worker import Worker
from tests.webhooks.desk.looking import all_look_well, enter
from tests.webhooks.desk.test_pushes import only, told
from tests.webhooks.desk.world import QIAOTOU, World

pytestmark = pytest.mark.browser


def test_the_pages_look_well(world: World, address: str, chromium: Browser) -> None:
    for name, village in (("王秀英", None), ("李桂兰", QIAOTOU)):
        case = world.case(name=name, **({"village": village} if village else {}))
        told(world, case)
    Worker(world.ctx).run_due_now()
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, "li")
    all_look_well(page, address, ("/desk/pushes", "/desk/pushes/unfollowed", "/desk/doors"))
    context.close()
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, "county")
    all_look_well(page, address, ("/desk/jobs", "/desk/jobs/drain"))
    context.close()


def test_on_paper_there_are_lines_to_sign_and_no_buttons(
    world: World, address: str, chromium: Browser
) -> None:
    one, two = world.case(), world.case(name="李桂兰")
    only(world)
    told(world, one)
    told(world, two)
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, "li")
    page.goto(f"{address}/desk/doors")
    page.get_by_role("button", name="打电话说过了").first.click()
    page.wait_for_load_state()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    shown = page.locator("main, body").last.inner_text()
    for words in ("上门名单", "哪天说的、签名", "大湾镇大湾村"):
        assert words in shown, words
    assert ("王秀英" in shown) != ("李桂兰" in shown), "who has been told is not printed"
    for words in ("打电话说过了", "待办", "只看这个村"):
        assert words not in shown, words
    context.close()
