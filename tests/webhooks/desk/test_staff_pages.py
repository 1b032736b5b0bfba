"""The pages of staff and of local rules in a real Chromium, on a phone and a PC."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from models.people import Staff
from tests.looking import followed, looks_well
from tests.webhooks.desk.looking import TAPPED, all_look_well, enter
from tests.webhooks.desk.test_rules import put, sign
from tests.webhooks.desk.world import DAWAN, World

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("who", ["chen", "county"])
def test_every_page_of_staff_is_reachable_for_everyone(
    world: World, chromium: Browser, address: str, who: str,
) -> None:
    world.register(world.case())
    today = world.ctx.today()
    with world.ctx.db.begin() as db:
        zhao = db.get_one(Staff, world.staff["zhao"].id)
        zhao.away_from, zhao.away_until = today, today + timedelta(days=3)
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, who)
    at = f"/desk/staff/{world.staff['li'].id}"
    all_look_well(page, address, [
        "/desk/staff", at, f"/desk/staff/{zhao.id}", f"{at}/hand-over", "/desk/staff/invite",
    ])
    page.get_by_label("名字").fill("韦小兰")
    page.get_by_label("乡镇经办").check()
    page.get_by_label("在哪里").select_option(DAWAN)
    followed(page.get_by_role("button", name="给他一个绑定码"))
    assert page.get_by_text("请写上单位").is_visible()
    looks_well(page, TAPPED)
    page.get_by_label("哪个单位").fill("民政办")
    followed(page.get_by_role("button", name="给他一个绑定码"))
    assert page.get_by_text("绑定 ").first.is_visible()
    looks_well(page, TAPPED)
    context.close()


@pytest.mark.parametrize("who", ["chen", "other"])
def test_every_page_of_rules_is_reachable_for_everyone(
    world: World, chromium: Browser, address: str, who: str,
) -> None:
    county = world.browser("county")
    put(county)
    sign(world)
    put(county, days="3")
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, who)
    all_look_well(page, address, [
        "/desk/rules", *(
            f"/desk/rules/{key}" for key in (
                "deadlines.acceptance", "approval.temporary", "recheck.dibao", "spot_check.tekun",
                "notices.names",
            )
        ),
    ])
    context.close()
