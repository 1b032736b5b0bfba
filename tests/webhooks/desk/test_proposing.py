"""A list drawn at the desk from the cases that wait to hang in public."""

from __future__ import annotations

import re

from tests.webhooks.desk.test_lists import read_numbers
from tests.webhooks.desk.ways import ready
from tests.webhooks.desk.world import DAWAN, QIAOTOU, World


def test_from_the_cases_to_a_draft_and_back_to_the_case(world: World) -> None:
    case, _ = ready(world, "conclude")
    li = world.browser("li")
    page = li.text("/desk/notices")
    assert "办到公示这一步、还没上名单的" in page
    form = {
        name: re.findall(rf'name="{name}" value="([^"]+)"', page)[0]
        for name in ("area", "kind", "scheme")
    }
    made = li.post("/desk/notices/from-cases", **form)
    assert made.status_code == 303
    draft = li.text(made.location)
    assert "照 1 件事起草好了" in draft
    assert read_numbers(world, "cases.listed", "cases") == [case.id]
    assert "办到公示这一步" not in li.text("/desk/notices")
    # Nobody waits any more: said, nothing made.
    again = li.post("/desk/notices/from-cases", **form)
    assert "这里没有等着上名单的了" in li.text(again.location)
    number = made.location.rsplit("/", 1)[1]
    li.post(f"/desk/notices/{number}/ask", when="now")
    signed = world.browser("chen").post(f"/desk/notices/{number}/sign")
    assert signed.status_code == 303
    file = li.text(f"/desk/cases/{case.receipt}")
    assert "在村里的公示名单上，挂到" in file
    assert f'href="/desk/notices/{number}"' in file


def test_another_township_finds_nothing_there(world: World) -> None:
    ready(world, "conclude")
    other = world.browser("sun")
    assert "办到公示这一步" not in other.text("/desk/notices")
    for area in (DAWAN, QIAOTOU):
        refused = other.post(
            "/desk/notices/from-cases", area=area, kind="proposed", scheme="dibao"
        )
        assert "这里没有等着上名单的了" in other.text(refused.location)
    assert world.browser("li").post(
        "/desk/notices/from-cases", area=DAWAN, kind="no-such", scheme="dibao"
    ).status_code == 404
