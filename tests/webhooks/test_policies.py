"""/policies/: every scheme with its clauses, searched in free words, printed with a QR."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from models.areas import Area, Level
from models.localschemes import LocalScheme
from models.paths import PATHS
from models.people import Staff
from models.schemes import catalogue
from tests.service import Service, running
from tests.webhooks.pages import Browser

AWAY = "459999000000"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("policies")
    with running(f"sqlite:///{folder / 'yimen.sqlite3'}", folder) as made:
        yield made


@pytest.fixture
def browser(house: Service) -> Browser:
    return Browser(house)


def test_all_of_them_by_the_groups_of_the_law(browser: Browser) -> None:
    page = browser.open("/policies/")
    names = ("基本生活救助", "专项救助", "急难救助", "还有这些")
    places = [page.index(f">{name}<") for name in names]
    assert places == sorted(places)
    for scheme in PATHS:
        assert f'href="/policies/{scheme}"' in page
    assert "刚性支出困难家庭" in page


@pytest.mark.parametrize(("asked", "first"), [
    ("低保", "dibao"), ("住院花了很多钱", "medical"), ("娃娃没人管", "child"), ("危房", "housing"),
])
def test_searched_in_free_words(browser: Browser, asked: str, first: str) -> None:
    browser.open("/policies/")
    browser.post("/policies/", q=asked)
    found = browser.text.split("可能是这些")[1].split("基本生活救助")[0]
    assert f'href="/policies/{first}"' in found


def test_what_is_looked_for_stands_in_no_address(browser: Browser) -> None:
    browser.open("/policies/")
    browser.post("/policies/", q="我娘瘫了没人管")
    assert browser.page.url.endswith("/policies/")
    assert "我娘" not in "".join(re.findall(r'href="([^"]*)"', browser.text))
    # What an address says is not looked for either: nobody makes such links.
    assert "可能是这些" not in browser.open("/policies/?q=低保")


def test_nothing_found_is_told_with_a_way_on(browser: Browser) -> None:
    browser.open("/policies/")
    browser.post("/policies/", q="<b>asdf")
    assert "没找到合适的" in browser.text
    assert "&lt;b&gt;asdf" in browser.page.text


@pytest.mark.parametrize("scheme", PATHS)
def test_every_scheme_whole_with_its_clauses(browser: Browser, scheme: str) -> None:
    page, one = browser.open(f"/policies/{scheme}"), catalogue().schemes[scheme]
    for fact in one.facts:
        assert (fact.text if hasattr(fact, "text") else fact.name) in page
        assert fact.source in page
    assert ("这一条由县里写明" in page) == (
        any(fact.county for fact in one.facts) or "limit" in one.fills
    )
    assert "标准由县里定，这里还没有填" in page
    assert "可以在60天内申请行政复议" in page
    assert "我要申请" in page
    assert "<svg" in page


def test_lengths_are_those_of_the_local_rules(browser: Browser) -> None:
    page = browser.open("/policies/dibao")
    assert "从受理到给结果，最多多久：20 个工作日" in page
    assert "在村里公示多久：7 天" in page
    assert "待按新法确认" in page
    assert "从受理到给结果，最多多久：30 个工作日" in browser.open("/policies/tekun")


def test_no_such_scheme(browser: Browser) -> None:
    browser.open("/policies/lottery")
    assert browser.page.status_code == 404


def test_from_the_front_page_and_the_foot(browser: Browser) -> None:
    assert browser.open("/").count('href="/policies/"') == 2
    assert 'href="/policies/"' in browser.open("/track")


def test_the_countys_own_words_with_their_day(house: Service, browser: Browser) -> None:
    said = {
        "standard": "城里每人每月700元", "from": "2026-07-01", "conditions": "存款每人不超过2万",
    }
    with house.ctx.db.begin() as session:
        member = session.query(Staff).first()
        assert member is not None
        county = house.ctx.directory.areas.upward(member.area)[-1].code
        session.add(LocalScheme(
            area=county, scheme="dibao", said=json.dumps(said), state="signed",
            put_by=member.id, put_at=house.ctx.now(), signed_by=member.id,
            signed_at=house.ctx.now(),
        ))
    house.ctx.directory.forget()
    page = browser.open("/policies/dibao")
    assert "城里每人每月700元" in page
    assert "从 2026-07-01 起" in page
    assert "存款每人不超过2万" in page
    assert "标准由县里定，这里还没有填" not in page
    # The condition that waited for the county waits no longer.
    assert "这一条由县里写明" not in page


def test_another_county_of_the_service_has_its_own(house: Service, browser: Browser) -> None:
    with house.ctx.db.begin() as session:
        session.add(Area(code=AWAY, name="别县", level=Level.COUNTY, phone="0779-1234567"))
        session.flush()
        member = session.query(Staff).first()
        assert member is not None
        session.add(LocalScheme(
            area=AWAY, scheme="tekun", state="signed", put_by=member.id,
            said=json.dumps({"standard": "每人每月910元", "from": "2026-07-01"}),
            put_at=house.ctx.now(), signed_by=member.id, signed_at=house.ctx.now(),
        ))
    house.ctx.directory.forget()
    home = browser.open(f"/policies/?area={AWAY}")
    assert f'href="/policies/tekun?area={AWAY}"' in home
    page = browser.open(f"/policies/tekun?area={AWAY}")
    assert "每人每月910元" in page
    assert "0779-1234567" in page
    for other in ("", "?area=450700", "?area=<b>"):
        assert "910元" not in browser.open(f"/policies/tekun{other}")
