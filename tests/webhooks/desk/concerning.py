"""A list that hangs in 大湾村, and somebody who objects to a row of it from a phone."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from models import noticedrafts, noticequeries, noticesigning
from models.noticedrafts import Drafted
from models.publishing import Version
from tests.webhooks.desk.world import DAWAN_VILLAGE, Browser, World

WORDS = "他家在县城有两套房，儿子开饭店，全村都知道"
NUMBER = re.compile(r"JD-\d{4}-\d{4}")
CODE = re.compile(r"\d{4} \d{4} \d{4}")
ONCE = re.compile(r'name="once" value="([^"]+)"')


def hanging(world: World, kind: str = "proposed") -> int:
    """The number of a list with one row that is published in 大湾村."""
    ctx = world.ctx
    said = Drafted(
        area=DAWAN_VILLAGE, kind=kind, scheme="dibao", title="大湾村拟给予低保",
        fields=("name",), basis="县定", rows=[(DAWAN_VILLAGE, {"name": "韦金凤"})],
        figures={DAWAN_VILLAGE: ["1", "1", "0"]}, reading=None,
    )
    with ctx.db.begin() as db:
        version = noticedrafts.draft(ctx, db, world.staff["li"], said)
        noticedrafts.ask(ctx, db, world.staff["li"], version.id)
        noticesigning.sign(ctx, db, world.staff["chen"], version.id)
        return version.notice_id


def version_of(world: World, number: int) -> Version:
    with world.ctx.db.read() as db:
        found: Version = db.query(Version).filter_by(notice_id=number).one()
        return found


def board(world: World, number: int) -> str:
    """What the poster's QR carries."""
    return noticequeries.board_key(world.ctx, number, DAWAN_VILLAGE)


def form_of(browser: Browser, path: str) -> str:
    """Open a form; its token."""
    found = ONCE.search(browser.text(path))
    assert found is not None
    return found[1]


def shown(text: str) -> tuple[str, str]:
    """Number and code as the page shows them."""
    number, code = NUMBER.search(text), CODE.search(text)
    assert number is not None, text
    assert code is not None, text
    return number[0], code[0]


def object_to(
    world: World, number: int, line: int = 1, browser: Browser | None = None, **form: Any
) -> tuple[str, str]:
    """Scan the poster, tap the row's link, write; number and code."""
    phone = browser or world.browser()
    path = f"/concerns/row/{number}/{line}?b={board(world, number)}"
    once = form_of(phone, path)
    answer = phone.post(path, once=once, **{"words": WORDS, "b": board(world, number), **form})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return shown(answer.get_data(as_text=True))


def complain(world: World, about: str, browser: Browser | None = None, **form: Any) -> str:
    """Send a complaint; the answer's text."""
    phone = browser or world.browser()
    once = form_of(phone, f"/concerns/new/{about}")
    answer = phone.post(
        f"/concerns/new/{about}", once=once, **{"words": WORDS, "kind": "money", **form}
    )
    return unescape(answer.get_data(as_text=True))


def follow(world: World, number: str, code: str) -> str:
    """Come back with number and code, in another browser; the page."""
    phone = world.browser()
    phone.get("/concerns/follow")
    answer = phone.post("/concerns/follow", number=number, code=code)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))
