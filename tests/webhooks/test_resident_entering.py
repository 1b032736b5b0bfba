"""Coming in: by web authorisation, by a one-time link, and who is turned back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from models.links import make_link
from tests.service import Phone, Service, running
from tests.webhooks.pages import Browser
from tests.webhooks.test_main_job import ANSWERS, TOLD
from tests.webhooks.test_resident_apply import draft_of, person_of

LINK = re.compile(r'href="([^"]+/m/link/[^"]+)"')


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all of these: every test has people of its own."""
    folder = tmp_path_factory.mktemp("entering")
    with running(f"sqlite:///{folder / 'yimen.sqlite3'}", folder) as made:
        yield made


@pytest.fixture
def villager(house: Service) -> Phone:
    """Follows the account that is not verified: no web authorisation there."""
    return house.follower(account="village")


def link_of(phone: Phone) -> str:
    """The link that the chat gives at the question about photos."""
    found = LINK.search(phone.talk(TOLD, *ANSWERS[:6]))
    assert found
    return urlsplit(found[1]).path


def test_an_account_without_web_authorisation_gives_a_link(villager: Phone) -> None:
    service = villager.service
    link = link_of(villager)
    browser = Browser(service)
    browser.open(link)
    assert "不要转给别人" in browser.text
    # Opening it uses nothing up: WeChat itself looks at links first.
    browser.open(link)
    browser.post(link.removeprefix("/m"))
    assert "有没有照片" in browser.title
    browser.answer("完成")
    assert "也同意吗" in browser.title
    assert "也同意吗" in villager.say("继续")


def test_a_link_works_once(villager: Phone) -> None:
    link = link_of(villager)
    first, second = Browser(villager.service), Browser(villager.service)
    for browser in (first, second):
        browser.open(link)
        browser.post(link.removeprefix("/m"))
    assert first.status == 200
    assert second.status == 410
    assert "再要一个" in second.text
    second.open("/m/")
    assert "我的事项" not in second.title


def test_a_link_is_good_for_a_day(house: Service) -> None:
    phone = house.follower(account="village")
    ctx = house.ctx
    late = urlsplit(make_link(ctx, person_of(phone), "village", "/m/")).path
    browser = Browser(house)
    browser.open(late)
    form = browser.form(late.removeprefix("/m"))
    house.clock.at += timedelta(hours=24, minutes=1)
    try:
        browser.post("", form=form)
        assert browser.status == 410
    finally:
        house.clock.at -= timedelta(hours=24, minutes=1)


@pytest.mark.parametrize("spoil", ["first", "last", "cut", "longer", "nonsense"])
def test_a_link_cannot_be_made_up(villager: Phone, spoil: str) -> None:
    link = link_of(villager)
    token = link.rsplit("/", 1)[1]
    other = "A" if token[8] != "A" else "B"
    spoilt = {
        "first": token[:8] + other + token[9:],
        "last": token[:-6] + ("A" if token[-6] != "A" else "B") + token[-5:],
        "cut": token[:-8], "longer": token + "AAAA", "nonsense": "x" * 40,
    }[spoil]
    browser = Browser(villager.service)
    browser.open(f"/m/link/{spoilt}")
    browser.post(f"/link/{spoilt}")
    assert browser.status == 410
    browser.open("/m/apply")
    assert "有没有照片" not in browser.title


def test_a_link_leads_nowhere_else(house: Service, villager: Phone) -> None:
    away = urlsplit(
        make_link(house.ctx, person_of(villager), "village", "//evil.example/")
    ).path
    browser = Browser(house)
    browser.open(away)
    browser.post(away.removeprefix("/m"))
    assert browser.page.url.startswith(house.address)


def test_a_snapshot_identity_is_turned_back_kindly(house: Service) -> None:
    phone = house.follower(snapshot=True)
    answer = house.http.get(
        f"{house.address}/sandbox/people/{phone.openid}/login?next=/m/apply", timeout=30
    )
    assert answer.status_code == 403
    assert "使用完整服务" in answer.text
    assert draft_of(phone) == {}


def test_without_a_sign_in_pages_lead_to_it_and_forms_are_refused(house: Service) -> None:
    browser = Browser(house)
    answer = browser.http.get(f"{house.address}/m/apply", allow_redirects=False, timeout=30)
    assert answer.status_code == 302
    assert "/m/enter?next=/m/apply" in answer.headers["Location"]


def test_a_case_of_somebody_else_is_not_there(house: Service) -> None:
    phone, stranger = house.follower(), house.follower("李建国")
    found = re.search(r"\d{4}-\d{6}-\d{2}", phone.talk(TOLD, *ANSWERS, "对"))
    assert found
    browser = Browser(house, stranger)
    browser.open(f"/m/cases/{found[0]}")
    assert browser.status == 404
    browser.open("/m/")
    assert "还没有交过事项" in browser.text
    own = Browser(house, phone)
    assert found[0] in own.open("/m/")
    assert "走过的步子" in own.open(f"/m/cases/{found[0]}")


def test_signing_out_ends_it(house: Service) -> None:
    phone = house.follower()
    browser = Browser(house, phone)
    browser.open("/m/")
    form = browser.form("/apply") if "/m/apply\" method" in browser.text else {
        "csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', browser.open("/track"))[1],
        "action": "/m/leave",
    }
    browser.post("/m/leave", form=form | {"action": "/m/leave"})
    answer = browser.http.get(f"{house.address}/m/", allow_redirects=False, timeout=30)
    assert answer.status_code == 302
