"""The pages of relatives in a real Chromium, on a phone and a PC."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from models.kinship import Kin
from tests.webhooks.desk.looking import all_look_well, enter
from tests.webhooks.desk.test_kin import declare, settle
from tests.webhooks.desk.world import World

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("who", ["chen", "county"])
def test_every_page_of_relatives_is_reachable_for_everyone(
    world: World, chromium: Browser, address: str, who: str,
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
    all_look_well(page, address, paths)
    context.close()
