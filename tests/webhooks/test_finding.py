"""/find-help: for anyone, kept nowhere, and taken along into the application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from models.cases import Case
from models.people import Person
from models.talks import Talk
from tests.service import Phone, Service, running
from tests.webhooks.pages import Browser
from tests.webhooks.test_main_job import TOLD
from tests.webhooks.test_resident_apply import draft_of, person_of

TROUBLE, PRESSING = "家里碰上什么难处了", "这几天还过得去吗"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("finding")
    with running(f"sqlite:///{folder / 'yimen.sqlite3'}", folder) as made:
        yield made


def told(browser: Browser, *choice: str, **fields: str) -> str:
    return browser.post("/find-help/", choice=list(choice), **fields)


def walked(browser: Browser) -> str:
    """Through all questions: someone is ill, dibao is paid, the rest is left out."""
    browser.open("/find-help/")
    told(browser, "1")
    while "帮助可以问" not in browser.title:
        if "已经领着" in browser.title:
            told(browser, "1")
        else:
            told(browser, go="skip")
    return browser.text


def test_a_stranger_is_shown_what_to_ask_for_and_why(house: Service) -> None:
    browser = Browser(house)
    assert TROUBLE in browser.open("/find-help/")
    assert PRESSING in told(browser, "1", "2")
    shown = walked(browser)
    assert "医疗救助（很可能）" in shown
    assert "您家领着低保或者特困供养，有人生病。" in shown
    assert "“统筹做好最低生活保障与医疗、教育、住房等其它社会救助政策”" in shown
    assert "带什么：" in shown
    assert "多久：" in shown
    assert 'href="/policies/medical"' in shown
    assert "最低生活保障（" not in shown
    assert 'href="tel:' in shown
    assert browser.page.headers["Cache-Control"] == "no-store"
    assert browser.page.url.endswith("/find-help/")


def test_nothing_is_kept_of_who_only_looks(house: Service) -> None:
    def rows() -> list[int]:
        with house.ctx.db.read() as session:
            return [session.scalar(select(func.count()).select_from(t)) or 0
                    for t in (Person, Talk, Case)]

    before = rows()
    browser = Browser(house)
    walked(browser)
    assert rows() == before
    # What travels in the form cannot be read there.
    hidden = re.search(r'name="told" value="([^"]+)"', browser.text)
    assert hidden
    assert "trouble" not in hidden[1]
    assert len(hidden[1]) < 1000


def test_back_as_often_as_wanted(house: Service) -> None:
    browser = Browser(house)
    walked(browser)
    titles = []
    while "这一问不说" not in browser.text or "上一步" in browser.text:
        told(browser, go="back")
        titles.append(browser.title)
    assert TROUBLE in titles[-1]
    assert len(titles) <= 8


def test_all_left_out_still_gives_somebody_to_ask(house: Service) -> None:
    browser = Browser(house)
    browser.open("/find-help/")
    for _ in range(8):
        if "帮助可以问" in browser.title:
            break
        told(browser, go="skip")
    assert "临时救助（问一问）" in browser.text
    assert 'href="tel:' in browser.text


def test_no_choice_is_asked_again(house: Service) -> None:
    browser = Browser(house)
    browser.open("/find-help/")
    told(browser)
    assert browser.status == 400
    assert "点一个再往下" in browser.text


@pytest.mark.parametrize("forged", ["", "x", "eyJ9", "A" * 5000, "é", "AAAA" * 30])
def test_what_is_forged_begins_anew(house: Service, forged: str) -> None:
    browser = Browser(house)
    browser.open("/find-help/")
    told(browser, "1", told=forged)
    assert PRESSING in browser.title


def test_from_looking_to_an_application(house: Service) -> None:
    phone = house.follower()
    browser = Browser(house, phone)
    walked(browser)
    browser.post("/find-help/start")
    assert browser.page.url.split("?")[0].endswith("/m/apply")
    assert "带过来了" in browser.text
    draft = draft_of(phone)
    assert draft["answers"]["what"] == "有人生病"
    assert draft["answers"]["needs"] == ["medical"]
    kept = draft["answers"]["navigator"]
    assert kept["shown"][0]["rule"] == "medical-helped"
    # It is taken along once.
    browser.open("/m/found")
    assert "带过来了" not in browser.text


def test_who_is_not_signed_in_comes_in_first_and_keeps_it(house: Service) -> None:
    phone = house.follower()
    stranger = Browser(house)
    walked(stranger)
    form = stranger.form("/find-help/start")
    # The browser is let in on the way, as by WeChat's web authorisation.
    stranger.http.post(
        f"{house.address}{form.pop('action')}", data=form, allow_redirects=False, timeout=30
    )
    entered(stranger, phone)
    stranger.open("/m/found")
    assert "带过来了" in stranger.text
    assert draft_of(phone)["answers"]["what"] == "有人生病"


def entered(browser: Browser, phone: Phone) -> None:
    """Let this browser in by a link from chat, keeping its cookies."""
    from models.links import make_link

    ctx = phone.service.ctx
    address = make_link(ctx, person_of(phone), "county", "/m/")
    browser.page = browser.http.get(
        f"{browser.service.address}/m/link/{address.rsplit('/', 1)[1]}", timeout=30
    )
    browser.post("")


def test_a_half_filled_form_is_never_replaced(house: Service) -> None:
    phone = house.follower()
    phone.say(TOLD)
    browser = Browser(house, phone)
    walked(browser)
    browser.post("/find-help/start")
    assert "填了一半" in browser.text
    draft: dict[str, Any] = draft_of(phone)
    assert draft["answers"]["what"] == TOLD
    assert "有人生病" in draft["said"]
    assert draft["answers"]["navigator"]["shown"]
