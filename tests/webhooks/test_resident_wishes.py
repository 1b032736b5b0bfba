"""通知设置 on the page: what is chosen is kept, all of it, and shown back without the number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from models import wishes
from models.people import Identity, Person
from models.quiet import Quiet
from models.sms import Sms
from tests.looking import PHONE, followed, looks_well
from tests.service import Phone, Service, running
from tests.webhooks.pages import Browser
from tests.webhooks.test_main_job import ANSWERS, TOLD

CHOSEN = {
    "campaigns": "no", "quiet": "22-7", "big": "yes", "locale": "zh_Hans_CN", "sms": "own",
    "phone": "139 0000 1234",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all of these, that can say what it would text."""
    folder = tmp_path_factory.mktemp("wishes")
    url = f"sqlite:///{folder / 'yimen.sqlite3'}"
    with running(url, folder, sms=Sms("console")) as made:
        yield made


@pytest.fixture
def phone(house: Service) -> Phone:
    return house.follower()


def kept(phone: Phone) -> tuple[wishes.Wished, Person]:
    ctx = phone.service.ctx
    key = ctx.keys.lookup("openid", phone.openid)
    with ctx.db.read() as session:
        who = session.query(Identity.person_id).filter(Identity.openid_key == key).scalar()
        return wishes.of(session, who), session.get_one(Person, who)


def test_what_is_chosen_is_kept_and_shown_back(house: Service, phone: Phone) -> None:
    browser = Browser(house, phone)
    assert "通知和大字" in browser.open("/m/")
    assert "晚上9点到早上8点" in browser.open("/m/settings")
    assert 'class="big"' not in browser.text
    browser.post("/m/settings", **CHOSEN)
    assert "您自己办的事有进展，还会告诉您" in browser.text
    assert "139****1234" in browser.text
    assert "13900001234" not in browser.text
    assert 'class="big"' in browser.text
    assert kept(phone)[0] == wishes.Wished(False, Quiet(22, 7), True, "13900001234")
    # Left empty, the number stays; the county's hours are chosen again.
    browser.post("/m/settings", **CHOSEN | {"phone": "", "quiet": "", "big": "no"})
    wished, person = kept(phone)
    assert wished == wishes.Wished(False, None, True, "13900001234")
    assert not person.big_type


def test_another_language_speaks_at_once_on_the_page_and_in_chat(
    house: Service, phone: Phone
) -> None:
    browser = Browser(house, phone)
    browser.open("/m/settings")
    browser.post("/m/settings", **CHOSEN | {"locale": "en"})
    assert "still reach you" in browser.text
    assert "Notices and large type" in browser.title
    assert "Group messages: no" in phone.say("通知设置")


def test_a_number_that_cannot_get_texts_is_asked_for_again(
    house: Service, phone: Phone
) -> None:
    browser = Browser(house, phone)
    for number, words in (
        ("1390000123", "少了几位"), ("0777-6210001", "收短信的手机号"), ("", "收短信的手机号"),
    ):
        browser.open("/m/settings")
        browser.post("/m/settings", **CHOSEN | {"phone": number})
        assert browser.status == 400
        assert words in browser.text
    # Nothing of it is kept.
    assert kept(phone)[0] == wishes.Wished()


def test_what_is_not_on_the_page_is_refused(house: Service, phone: Phone) -> None:
    browser = Browser(house, phone)
    for wrong in ({"quiet": "1-2"}, {"locale": "tlh"}, {"campaigns": ""}, {"sms": "case"}):
        browser.open("/m/settings")
        browser.post("/m/settings", **CHOSEN | wrong)
        assert browser.status == 400
    assert kept(phone)[0] == wishes.Wished()


def test_texts_to_the_telephone_of_ones_matter(house: Service, phone: Phone) -> None:
    assert re.search(r"\d{4}-\d{6}-\d{2}", phone.talk(TOLD, *ANSWERS, "对"))
    browser = Browser(house, phone)
    assert "要，发到办事时留的 170****5678" in browser.open("/m/settings")
    browser.post("/m/settings", **CHOSEN | {"sms": "case"})
    assert kept(phone)[0] == wishes.Wished(False, Quiet(22, 7), True, "")


def test_staff_see_how_somebody_is_told(house: Service, phone: Phone) -> None:
    found = re.search(r"\d{4}-\d{6}-\d{2}", phone.talk(TOLD, *ANSWERS, "对"))
    assert found

    def ways() -> str:
        desk = house.browser(house.staff())
        page = desk.get(f"{house.address}/desk/cases/{found[0]}").text
        return page.split('id="means"')[1].split("</details>")[0]

    text = "他要了短信，微信送不到就发短信"
    assert "微信里还能直接发" in ways()
    assert text not in ways()
    phone.say("开短信")
    assert text in ways()
    phone.act(unfollow=True)
    assert f"能怎么告诉他：{text}" in ways()
    # An event of the same second would be the same event.
    house.clock.advance(timedelta(seconds=5))
    phone.act(follow=True)
    phone.say("关短信")
    phone.act(unfollow=True)
    assert "能怎么告诉他：本人已经取消关注" in ways()


@pytest.mark.browser
def test_it_looks_well(house: Service, chromium: Chromium) -> None:
    phone = house.follower()
    phone.talk(TOLD, *ANSWERS, "对")
    context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, base_url=house.address,
        locale="zh-CN",
    )
    page = context.new_page()
    page.goto(f"/sandbox/people/{phone.openid}/login?next=/m/")
    followed(page.get_by_role("link", name="通知和大字"))
    tapped = "a.button, button, .choice, .input, .cell-link"
    looks_well(page, tapped)
    page.get_by_text("要，发到下面这个手机").click()
    page.fill("#phone", "1390000123")
    page.locator("main").get_by_text("大字", exact=True).click()
    followed(page.locator("main .button-primary"))
    assert page.locator(".error").count() == 1
    looks_well(page, tapped)
    page.fill("#phone", "13900001234")
    followed(page.locator("main .button-primary"))
    assert page.locator("html.big").count() == 1
    looks_well(page, tapped)
    page.goto("/m/")
    looks_well(page, tapped)
    context.close()
