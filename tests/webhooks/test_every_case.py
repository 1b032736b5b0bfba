"""The pages of a case wherever it can stand, in a real Chromium: at the desk before and after each
move and while it is made, and on the phone of whom it is about.

What is looked for on them is in `eyes`, as on every other page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from models.cases import Case
from models.moves import MOVES
from models.settings import Limits
from models.statuses import Status
from scripts.pseudo import write
from tests.looking import NARROW, resize
from tests.webhooks.desk.referral_world import with_departments
from tests.webhooks.desk.ways import WAYS, ready
from tests.webhooks.desk.world import World
from tests.webhooks.eyes import WIDE, Eyes, looking, wrong_with
from tests.webhooks.route_county import build

pytestmark = pytest.mark.browser


def cases(world: World) -> dict[str, str]:
    """For each move a case that waits for it and one that has made it, all of one person."""
    with_departments(world)
    found, began, latest = {}, world.clock.at, world.clock.at
    for move in WAYS:
        # Every way begins on the same day: a holiday on another would make it longer.
        world.clock.at = began
        found[f"before {move}"] = ready(world, move)[0].receipt
        latest = max(latest, world.clock.at)
        world.clock.at = began
        case, form = ready(world, move)
        browser, path = world.browser(WAYS[move].who), f"/desk/cases/{case.receipt}/{move}"
        version = re.search(r'name="version" value="(\d+)"', browser.text(path))
        assert version is not None
        assert browser.post(path, version=version[1], **form).status_code == 303
        found[f"after {move}"] = case.receipt
    world.clock.at = latest
    with world.ctx.db.begin() as db:
        one = db.query(Case.person_id).limit(1).scalar()
        db.query(Case).update({"person_id": one})
    return found | {"helped": found["after assist"], "registered": found["before accept"]}


@pytest.fixture(scope="module")
def eyes(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Eyes]:
    folder = tmp_path_factory.mktemp("cases")
    write(folder / "own")
    # A hundred sign-ins within a minute of a clock that stands.
    limits = Limits(sign_in="1000 per minute")
    county = build(folder, cases, languages=str(folder / "own"), limits=limits)
    with looking(chromium, county) as made:
        yield made


def pages(eyes: Eyes, move: str) -> list[tuple[str, str]]:
    """Who looks at what, around one move."""
    before, after = eyes.county.things[f"before {move}"], eyes.county.things[f"after {move}"]
    who = WAYS[move].who
    return [
        (who, f"/desk/cases/{before}"), (who, f"/desk/cases/{before}/{move}"),
        ("li", f"/desk/cases/{after}"), ("resident", f"/m/cases/{after}"),
    ]


def test_wherever_a_case_can_stand_there_is_one() -> None:
    assert {MOVES[move].to for move in WAYS} | {Status.SUBMITTED} == set(Status)


@pytest.mark.parametrize("move", WAYS)
def test_a_case_is_readable_around_every_move(eyes: Eyes, move: str) -> None:
    wrong: list[Any] = []
    for who, path in pages(eyes, move):
        wrong += [(who, path, *one) for one in wrong_with(eyes.look(who, path))]
        # Axe looked at such pages from right to left in test_every_page.
        mirrored = eyes.look(who, path, "ar-XB")
        resize(mirrored, NARROW)
        wrong += [(who, path, "mirrored", one) for one in mirrored.evaluate(WIDE)]
    assert wrong == []
