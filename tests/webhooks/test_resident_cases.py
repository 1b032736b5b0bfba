"""One's own cases on the page: where it stands, papers that are missing, and withdrawing."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from models.cases import Case
from tests.service import Phone, Service, running
from tests.webhooks.pages import Browser, moved, photo
from tests.webhooks.test_main_job import ANSWERS, TOLD
from tests.webhooks.test_resident_apply import papers_of


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all of these: every test has people of its own."""
    folder = tmp_path_factory.mktemp("cases")
    with running(f"sqlite:///{folder / 'yimen.sqlite3'}", folder) as made:
        yield made


@pytest.fixture
def phone(house: Service) -> Phone:
    return house.follower()


def stored(house: Service) -> set[str]:
    """Every file in the storage."""
    folder = Path(house.ctx.settings.storage_url.removeprefix("file://"))
    return {str(path) for path in folder.rglob("*") if path.is_file()}


def handed_in(phone: Phone) -> str:
    found = re.search(r"\d{4}-\d{6}-\d{2}", phone.talk(TOLD, *ANSWERS, "对"))
    assert found
    return found[0]


def returned(phone: Phone) -> str:
    """A case that waits for two papers."""
    receipt = handed_in(phone)
    moved(phone.service, receipt, "register")
    moved(phone.service, receipt, "return", missing=("户口本照片", "医院收费单"))
    return receipt


def test_missing_papers_are_sent_by_the_page(house: Service, phone: Phone) -> None:
    receipt = returned(phone)
    browser = Browser(house, phone)
    assert "户口本照片" in browser.open(f"/m/cases/{receipt}")
    browser.post(f"{receipt}/photos", files=[("a.jpg", photo()), ("b.jpg", photo("#445566"))])
    assert "收到 2 张，算作“户口本照片”" in browser.text
    assert "收到了：户口本照片" in browser.text
    assert "已收到" in browser.text
    assert len(papers_of(phone)) == 2
    house.drain()
    # Not yet all of it.
    assert not any("补齐" in text for text in house.staff().inbox("custom", "template"))
    browser.post(f"{receipt}/photos", files=[("c.jpg", photo())])
    assert "要补的都齐了" in browser.text
    house.drain()
    assert any(receipt in text for text in house.staff().inbox("custom", "template"))


def test_the_chat_leads_there(house: Service, phone: Phone) -> None:
    receipt = returned(phone)
    reply = phone.say("补材料")
    assert "1. 户口本照片" in reply
    assert f"/m/cases/{receipt}?account=county" in reply


def test_one_bad_photo_of_two(house: Service, phone: Phone) -> None:
    receipt = returned(phone)
    browser = Browser(house, phone)
    browser.open(f"/m/cases/{receipt}")
    browser.post(f"{receipt}/photos", files=[("a.jpg", photo()), ("b.txt", b"no photo")])
    assert browser.status == 400
    assert "收到 1 张" in browser.text
    assert "第 2 张：这不是照片" in browser.text
    assert len(papers_of(phone)) == 1


def test_no_photo_chosen(house: Service, phone: Phone) -> None:
    receipt = returned(phone)
    browser = Browser(house, phone)
    browser.open(f"/m/cases/{receipt}")
    browser.post(f"{receipt}/photos", files=[("", b"")])
    assert browser.status == 400
    assert "请先选一张照片" in browser.text


def test_an_item_of_another_case_is_not_taken(house: Service, phone: Phone) -> None:
    receipt = returned(phone)
    browser = Browser(house, phone)
    browser.open(f"/m/cases/{receipt}")
    form, before = browser.form(f"{receipt}/photos") | {"item": "99999"}, stored(house)
    browser.post("", form=form, files=[("a.jpg", photo())])
    assert browser.status == 404
    assert papers_of(phone) == []
    assert stored(house) == before, "nothing lies about that belongs to nothing"


def test_photos_are_stored_before_anything_is_locked(house: Service, phone: Phone) -> None:
    receipt = returned(phone)
    browser = Browser(house, phone)
    browser.open(f"/m/cases/{receipt}")
    before = stored(house)
    sent = threading.Thread(target=browser.post, args=(f"{receipt}/photos", [("a.jpg", photo())]))
    with house.ctx.db.begin() as session:
        session.execute(update(Case).where(Case.receipt == receipt).values(urgent=False))
        sent.start()
        until = time.monotonic() + 4
        while stored(house) == before and time.monotonic() < until:
            time.sleep(0.05)
        assert len(stored(house) - before) == 1
    sent.join()
    assert "收到 1 张" in browser.text


def test_asking_for_it_back(house: Service, phone: Phone) -> None:
    receipt = handed_in(phone)
    browser = Browser(house, phone)
    browser.open(f"/m/cases/{receipt}")
    browser.post(f"{receipt}/withdraw")
    assert "镇上会撤回" in browser.text
    assert "想撤回" in phone.say("进度")


def test_papers_of_somebody_elses_case_are_refused(house: Service, phone: Phone) -> None:
    receipt = returned(phone)
    browser = Browser(house, phone)
    browser.open(f"/m/cases/{receipt}")
    form = browser.form(f"{receipt}/photos")
    stranger = Browser(house, house.follower("李建国"))
    stranger.open("/track")
    token = stranger.form("")["csrf_token"]
    stranger.post("", form=form | {"csrf_token": token}, files=[("a.jpg", photo())])
    assert stranger.status == 404
    assert papers_of(phone) == []
