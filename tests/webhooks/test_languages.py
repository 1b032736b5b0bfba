"""Every page in languages that nobody speaks: whole, the right way round, nothing left in Chinese.

What stands in Chinese on a page of another language is what somebody wrote or decided: what the
county's database and settings hold, and the words that the chat is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import asdict
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from models.areas import Area
from models.base import Base
from models.schemes import catalogue
from models.settings import SOURCE
from notices.wordinglist import MESSAGES
from scripts.pseudo import LANGUAGES, write
from tests.webhooks.every_page import addresses, opened, with_all
from tests.webhooks.route_county import RouteCounty
from tests.webhooks.route_table import DESK, OTHERS
from webhooks import i18n

HAN = re.compile(r"[\u3400-\u9fff]+")
DAY = re.compile(r"[0-9]{1,4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?")
# What is heard of an element besides its text.
# A push as it comes to somebody who reads Chinese.
SENT = {"GET /desk/campaigns/<int:number>": "有事打大湾镇电话"}
HEARD = ("aria-label", "placeholder", "title", "alt", "data-done", "data-yes", "data-no")
DIRECTIONS = {"en_XA": "ltr", "ar_XB": "rtl"}
ROOT = Path(__file__).parents[2]


class Read(HTMLParser):
    """What a page says: its texts, and what is heard of its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.html: dict[str, str | None] = {}
        self._unsaid = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what is heard; what stands in a script is said by it, if at all."""
        self._unsaid += tag in ("script", "style")
        if tag == "html":
            self.html = dict(attrs)
        self.said += [value for name, value in attrs if name in HEARD and value]

    def handle_endtag(self, tag: str) -> None:
        """Out of a script again."""
        self._unsaid -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        """A text."""
        if not self._unsaid:
            self.said.append(data)


def strings(value: Any) -> Iterator[str]:
    """Every text in a value of any shape."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from strings([*value, *value.values()])
    elif isinstance(value, Iterable) and not isinstance(value, bytes):
        for one in value:
            yield from strings(one)


def held(county: RouteCounty) -> Iterator[str]:
    """What people wrote or decided: every text of the database and of the settings."""
    yield from strings(asdict(county.ctx.settings))
    with county.ctx.db.read() as session:
        for mapper in Base.registry.mappers:
            for row in session.query(mapper.class_):
                yield from strings([getattr(row, one.key) for one in mapper.column_attrs])
        # A village is named with its township.
        for area in session.query(Area):
            yield county.ctx.directory.areas.name(area.code)
    # Names and duties of departments, with their source, that no county has taken yet.
    yield (ROOT / "models" / "departments.toml").read_text(encoding="utf-8")
    # A clause is cited as it is written.
    whole = catalogue()
    yield from (one.full for one in whole.documents)
    yield from (fact.source for one in whole.schemes.values() for fact in one.facts)
    yield from (one.source for one in (*whole.kinds, *whole.refused))


class Allowed:
    """Chinese that may stand on a page of any language."""

    def __init__(self, county: RouteCounty) -> None:
        english = i18n._catalogue("en").values()
        # Of the words that the chat is sent, and papers by their own names: “进度”.
        self.data = "\n".join((*held(county), *english, dict(i18n.names())[SOURCE]))
        self.runs = set(HAN.findall(self.data))

    def more(self, words: str) -> Allowed:
        """With other words besides."""
        made = copy(self)
        made.data = f"{self.data}\n{words}"
        made.runs = set(HAN.findall(made.data))
        return made

    def left(self, said: str) -> list[str]:
        """What of a text is neither."""
                # One character is in some name or other; it has to stand by itself there too.
        left = [
            run for run in HAN.findall(said)
            if (run not in self.runs if len(run) == 1 else run not in self.data)
        ]
        return left + [day for day in DAY.findall(said) if day not in self.data]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RouteCounty]:
    folder = tmp_path_factory.mktemp("languages")
    write(folder / "own")
    made = with_all(folder, languages=str(folder / "own"))
    yield made
    made.ctx.db.close()


@pytest.fixture(scope="module")
def allowed(county: RouteCounty) -> Allowed:
    return Allowed(county)


def pages(county: RouteCounty, address: str, language: str) -> Iterator[tuple[str, str]]:
    """The path and the text of each of its pages in a browser of this language."""
    for who, path in opened(county, address):
        client = county.world.app.test_client()
        client.set_cookie(county.world.app.config["SESSION_COOKIE_NAME"], county.cookies[who][0])
        answer = client.get(path, headers={"Accept-Language": language.replace("_", "-")})
        assert answer.status_code == 200, (who, path)
        yield f"{who} {path}", answer.get_data(as_text=True)


def test_every_page_of_the_table_is_opened(county: RouteCounty) -> None:
    assert [one for one in addresses() if not opened(county, one)] == []
    assert {one for one in (*DESK, *OTHERS) if one.startswith("GET ")} >= set(addresses())


@pytest.mark.parametrize("address", addresses())
def test_no_page_says_anything_that_no_translation_reaches(
    county: RouteCounty, allowed: Allowed, address: str
) -> None:
    # Here a county sees its Chinese words themselves, to change them.
    words = allowed
    if address.startswith("GET /desk/wordings"):
        words = allowed.more("\n".join(said_of(county)))
    elif address in SENT:
        words = allowed.more(SENT[address])
    for language in (*LANGUAGES, "en"):
        for where, text in pages(county, address, language):
            page = Read(text)
            wrong = [(left, said) for said in page.said if (left := words.left(said))]
            assert wrong == [], (language, where)
            assert page.html["lang"] == language.replace("_", "-"), where
            if not address.startswith("GET /desk"):
                assert 'name="size"' in text, where
            assert page.html["dir"] == DIRECTIONS.get(language, "ltr"), where


def said_of(county: RouteCounty) -> Iterator[str]:
    """The standard's own words, and an example of each."""
    client = county.world.app.test_client()
    name = county.world.app.config["SESSION_COOKIE_NAME"]
    client.set_cookie(name, county.cookies["county"][0])
    for path in ("/desk/wordings", f"/desk/wordings/{next(iter(MESSAGES))}"):
        answer = client.get(path, headers={"Accept-Language": "zh-CN"})
        yield answer.get_data(as_text=True)
