"""A case's page asks whether WeChat may tell of the next step, and then leaves people in peace."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from models.leases import PlatformToken
from notices.jssdk import sign_page
from notices.wechat_channel import close_platforms
from tests.looking import PHONE, looks_well
from tests.service import Phone, Service, running
from tests.webhooks.pages import Browser, moved
from tests.webhooks.test_grants import answer, ledger
from tests.webhooks.test_main_job import ANSWERS, TOLD

TAPPED = "a.button, button, .choice, .input, select, summary, .cell-link, .ask-tag"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("asking")
    with running(f"sqlite:///{folder / 'yimen.sqlite3'}", folder) as made:
        yield made


@pytest.fixture
def phone(house: Service) -> Phone:
    return house.follower()


def handed_in(phone: Phone) -> str:
    found = re.search(r"\d{4}-\d{6}-\d{2}", phone.talk(TOLD, *ANSWERS, "对"))
    assert found
    return found[0]


def opened(house: Service, chromium: Chromium, phone: Phone, path: str) -> Page:
    """The page at this path on the person's phone."""
    context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, base_url=house.address, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(f"/sandbox/people/{phone.openid}/login?next={path}")
    return page


def asks(house: Service, phone: Phone, receipt: str) -> bool:
    """Whether the case's page can ask."""
    return "wx-open-subscribe" in Browser(house, phone).open(f"/m/cases/{receipt}")


def policy_of(house: Service, phone: Phone, path: str) -> str:
    answered = house.browser(phone).get(f"{house.address}{path}", timeout=30)
    return answered.headers["Content-Security-Policy"]


def test_the_official_example_is_signed_alike() -> None:
    # facts/wechat_vectors.json, jssdk.
    signed = sign_page(
        "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
        "Wm3WZYTPz0wzccnW", 1414587457, "http://mp.weixin.qq.com?params=value",
    )
    assert signed.signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


@pytest.mark.browser
def test_after_handing_in_one_tap_and_allowed(
    house: Service, phone: Phone, chromium: Chromium
) -> None:
    phone.talk(TOLD, *ANSWERS)
    page = opened(house, chromium, phone, "/m/apply")
    page.locator("main .button-primary").click()
    page.wait_for_url("**/m/cases/*")
    tag = page.locator("#ask-tag")
    tag.wait_for(state="visible")
    looks_well(page, TAPPED)
    tag.click()
    page.get_by_role("button", name="允许").click()
    page.get_by_text("好，有了进展微信告诉您。").wait_for()
    assert page.locator("#ask").is_hidden()
    looks_well(page, TAPPED)
    assert ledger(phone) == (1, False, False)
    # One is left: nothing more is asked.
    page.reload()
    assert page.locator("#ask").count() == 0
    page.context.close()


@pytest.mark.browser
def test_who_says_no_is_left_in_peace_for_a_while(
    house: Service, phone: Phone, chromium: Chromium
) -> None:
    receipt = handed_in(phone)
    page = opened(house, chromium, phone, f"/m/cases/{receipt}")
    page.locator("#ask-tag").click()
    page.get_by_role("button", name="取消").click()
    page.get_by_text("好，不告诉。").wait_for()
    assert ledger(phone) == (0, False, True)
    page.context.close()
    assert not asks(house, phone, receipt)
    house.clock.advance(timedelta(days=house.ctx.settings.pushes.ask_again_days, seconds=-60))
    assert not asks(house, phone, receipt)
    house.clock.advance(timedelta(seconds=60))
    assert asks(house, phone, receipt)


@pytest.mark.browser
def test_without_the_platform_the_page_is_as_it_was(
    house: Service, phone: Phone, chromium: Chromium
) -> None:
    receipt = handed_in(phone)
    page = opened(house, chromium, phone, "/m/")
    page.route("**/jweixin.js", lambda route: route.abort())
    page.goto(f"/m/cases/{receipt}")
    page.wait_for_load_state("networkidle")
    assert page.locator("#ask").is_hidden()
    assert page.get_by_text("镇上会看").count() or page.locator("h1").count() == 1
    page.context.close()


def test_the_next_step_asks_again_when_none_is_left(house: Service, phone: Phone) -> None:
    receipt = handed_in(phone)
    assert asks(house, phone, receipt)
    answer(phone)
    assert not asks(house, phone, receipt)
    house.clock.advance(timedelta(days=3))
    house.drain()
    moved(house, receipt, "register")
    house.drain()
    assert len(phone.inbox("subscribe")) == 1
    assert asks(house, phone, receipt)
    moved(house, receipt, "answer", words="都说清楚了")
    # Nothing will follow: nothing is asked.
    assert not asks(house, phone, receipt)


def test_only_the_page_that_asks_lets_the_script_in(house: Service, phone: Phone) -> None:
    receipt = handed_in(phone)
    asking, plain = policy_of(house, phone, f"/m/cases/{receipt}"), policy_of(house, phone, "/m/")
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(house.address))
    assert origin in asking
    assert "'unsafe-eval'" in asking
    assert "unsafe-inline" not in asking
    assert origin not in plain
    assert "unsafe" not in plain
    answer(phone)
    assert policy_of(house, phone, f"/m/cases/{receipt}") == plain


def test_in_life_only_wechat_is_asked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'yimen.sqlite3'}"
    with running(url, tmp_path, environment="production") as house:
        phone = house.follower()
        receipt = handed_in(phone)
        # The browser of these tests comes by http.
        house.app.config["SESSION_COOKIE_SECURE"] = False
        browser = house.browser()
        browser.headers["User-Agent"] = "Mozilla/5.0 MicroMessenger/8.0"
        browser.get(f"{house.address}/sandbox/people/{phone.openid}/login?next=/m/", timeout=30)
        page = browser.get(f"{house.address}/m/cases/{receipt}", timeout=30)
        assert "wx-open-subscribe" in page.text
        browser.headers["User-Agent"] = "Mozilla/5.0 Chrome/140"
        page = browser.get(f"{house.address}/m/cases/{receipt}", timeout=30)
        assert receipt in page.text
        assert "wx-open-subscribe" not in page.text


def test_a_page_is_signed_and_no_other_site_s(house: Service, phone: Phone) -> None:
    browser = house.browser(phone)

    def signed(url: str) -> requests.Response:
        return browser.get(f"{house.address}/m/ask", params={"url": url}, timeout=30)

    url = f"{house.address}/m/cases/2611-483705-72?account=county"
    found = signed(url).json()
    assert found["appId"] == "wxcounty"
    assert found["openTagList"] == ["wx-open-subscribe"]
    with house.ctx.db.read() as db:
        row = db.get(PlatformToken, "ticket:county")
        assert row is not None
        text = (
            f"jsapi_ticket={row.token}&noncestr={found['nonceStr']}"
            f"&timestamp={found['timestamp']}&url={url}"
        )
    assert found["signature"] == hashlib.sha1(text.encode()).hexdigest()
    for other in ("https://example.com/m/", f"{house.address}/desk/", f"{url}#a", ""):
        assert signed(other).status_code == 400, other
    assert requests.get(
        f"{house.address}/m/ask", headers={"Accept": "application/json"}, timeout=30
    ).status_code == 401


def test_one_ticket_serves_everyone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'yimen.sqlite3'}"
    with running(url, tmp_path) as house:
        browser = house.browser(house.follower())
        address = f"{house.address}/m/ask"
        for _ in "12":
            assert browser.get(address, params={"url": f"{house.address}/m/"}, timeout=30).ok
            # As another process would: it remembers nothing.
            close_platforms(house.ctx)
        assert len(house.calls("ticket/getticket")) == 1
        house.clock.advance(timedelta(hours=2))
        house.fault(api="ticket/getticket", errcode=-1)
        later = browser.get(address, params={"url": f"{house.address}/m/"}, timeout=30)
        assert later.status_code == 503
        assert json.loads(later.text) == {"error": "later"}


def test_staff_see_by_which_ways_they_can_tell(house: Service, phone: Phone) -> None:
    receipt = handed_in(phone)
    answer(phone)

    def seen() -> str:
        return Browser(house, house.staff()).open(f"/desk/cases/{receipt}")

    page = seen()
    assert "能怎么告诉他：微信里还能直接发 5 条" in page
    assert "他同意了订阅通知，还能发 1 条" in page
    assert "模板消息能发" in page
    house.clock.advance(timedelta(days=3))
    assert "能怎么告诉他：他同意了订阅通知，还能发 1 条" in seen()
    phone.act(unfollow=True)
    phone.act(refuse={"template": "SUB_CASE"})
    assert "能怎么告诉他：本人已经取消关注。" in seen()
