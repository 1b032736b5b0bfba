"""The rooms after granting in a real Chromium: reachable for everyone, on a phone and a PC."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.webhooks.desk.looking import all_look_well, enter
from tests.webhooks.desk.test_after import helped, urgent
from tests.webhooks.desk.world import QIAOTOU, XIAOHE_VILLAGE, World

pytestmark = pytest.mark.browser


def filled(world: World) -> list[str]:
    """A county with a draw half visited, a hearing asked and one kept; the paths to look at."""
    case, owed = helped(world, name="张小花"), urgent(world)
    helped(world, name="赵小树", village=QIAOTOU)
    far = helped(world, name="韦小兰", village=XIAOHE_VILLAGE)
    county = world.browser("county")
    drawn = county.post("/desk/spotchecks", scheme="child", share="100").headers["Location"]
    county.post(f"{drawn}/{case.receipt}", finding="different", words="房子早盖好了")
    county.post(f"{drawn}/{far.receipt}", finding="right")
    officer, path = world.browser("li"), f"/desk/cases/{case.receipt}"
    officer.post(
        f"{path}/hearing/ask", version=world.now(case).version, move="taper", why="儿子上班了",
        days="5",
    )
    officer.post(
        f"{path}/hearing", version=world.now(case).version, move="taper", how="phone",
        words="才上了一个月，还在试用",
    )
    return [
        path, f"{path}/hearing?move=stop", f"{path}/hearing/ask", f"{path}/recheck",
        f"/desk/cases/{owed.receipt}/paperwork", "/desk/register", "/desk/spotchecks", drawn,
    ]


@pytest.mark.parametrize("who", ["li", "county"])
def test_the_rooms_after_granting_are_reachable_for_everyone(
    world: World, chromium: Browser, address: str, who: str
) -> None:
    paths = filled(world)
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, who)
    all_look_well(page, address, paths[5:] if who == "county" else paths)
    context.close()
