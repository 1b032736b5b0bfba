"""One tap for larger type or another language, kept; and the page read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from models.people import Identity, Person
from tests.looking import PHONE, resize
from tests.notices.lists import published, version
from tests.service import Phone, Service, running

WITHOUT_VOICES = "window.speechSynthesis.getVoices = () => []"
# A phone's speech: what is said is kept, and each piece ends when the test says so.
VOICES = """
window.heard = []; window.stopped = 0;
const voices = [{ lang: "en-US", name: "Eve" }, { lang: "zh-HK", name: "Mei" },
  { lang: "zh-CN", name: "Ting" }];
class Said extends EventTarget { constructor(text) { super(); this.text = text; } }
window.SpeechSynthesisUtterance = Said;
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices, addEventListener() {},
  speak: (said) => window.heard.push(said), cancel: () => { window.stopped += 1; },
} });
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("reading")
    with running(f"sqlite:///{folder / 'yimen.sqlite3'}", folder) as made:
        yield made


def tap(
    house: Service, browser: requests.Session, path: str = "/", **chosen: str
) -> requests.Response:
    """Tap on the page at `path`; the answer, not followed."""
    more: dict[str, Any] = {"Referer": house.address + path}
    return browser.post(
        f"{house.address}/reading", data=chosen, headers=more, allow_redirects=False, timeout=30
    )


def sized(house: Service, browser: requests.Session, path: str = "/") -> str:
    """How large the page is."""
    page = browser.get(house.address + path, timeout=30)
    assert page.status_code == 200
    head = page.text.split("<head>")[0]
    return head.split('class="')[1].split('"')[0] if "class=" in head else ""


def person(phone: Phone) -> Person:
    ctx = phone.service.ctx
    key = ctx.keys.lookup("openid", phone.openid)
    with ctx.db.read() as session:
        who = session.query(Identity.person_id).filter(Identity.openid_key == key).scalar()
        return session.get_one(Person, who)


def test_a_stranger_taps_once_and_it_stays(house: Service) -> None:
    browser = house.browser()
    assert sized(house, browser) == ""
    answer = tap(house, browser, "/notices/?area=450799101200", size="big")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/notices/?area=450799101200")
    kept = answer.headers["Set-Cookie"]
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    assert "Max-Age=31536000" in kept
    for path in ("/", "/notices/", "/concerns/", "/track", "/notices/figures"):
        assert sized(house, browser, path) == "big", path
    tap(house, browser, size="huge")
    assert sized(house, browser) == "big huge"
    assert sized(house, house.browser()) == ""
    tap(house, browser, size="")
    assert sized(house, browser) == ""


def test_whoever_is_signed_in_has_it_on_every_phone_and_in_chat(house: Service) -> None:
    phone = house.follower()
    browser = house.browser(phone)
    assert tap(house, browser, "/m/settings", size="big").headers["Location"] == "/m/settings"
    assert person(phone).big_type
    assert sized(house, house.browser(phone), "/m/") == "big"
    # The largest is this screen's.
    tap(house, browser, size="huge")
    assert sized(house, browser, "/m/") == "big huge"
    assert sized(house, house.browser(phone), "/m/") == "big"
    # Said in chat, it holds here too.
    phone.say("小字")
    assert sized(house, browser, "/m/") == ""
    phone.say("大字")
    assert sized(house, browser, "/m/") == "big huge"


def test_what_was_chosen_before_signing_in_goes_along(house: Service) -> None:
    phone, browser = house.follower(), house.browser()
    tap(house, browser, size="big")
    tap(house, browser, locale="en")
    assert "How to ask" in browser.get(house.address, timeout=30).text
    assert sized(house, browser) == "big"
    browser.get(f"{house.address}/sandbox/people/{phone.openid}/login?next=/m/", timeout=30)
    now = person(phone)
    assert (now.big_type, now.locale) == (True, "en")
    assert '<html lang="en"' in browser.get(f"{house.address}/m/", timeout=30).text


def test_what_is_kept_for_many_is_not_one_persons(house: Service) -> None:
    made = version(house.ctx, published(house.ctx))
    path, large, plain = f"/notices/{made.notice_id}", house.browser(), house.browser()
    tap(house, large, size="big")
    for _ in range(2):
        assert sized(house, plain, path) == ""
        assert sized(house, large, path) == "big"
    tap(house, large, locale="en")
    assert '<html lang="en"' in large.get(house.address + path, timeout=30).text
    assert '<html lang="zh-Hans-CN"' in plain.get(house.address + path, timeout=30).text
    shared = large.get(f"{house.address}/notices/figures", timeout=30).headers["Cache-Control"]
    assert shared == "private, no-cache"


def test_nothing_else_is_kept_and_nobody_is_led_elsewhere(house: Service) -> None:
    browser = house.browser()
    for wrong in ({"size": "giant"}, {"locale": "tlh"}, {"size": "big", "locale": "../en"}):
        assert tap(house, browser, **wrong).status_code == 400
    assert not browser.cookies.get("yimen_reading")
    for referrer in ("http://elsewhere.example/notices/", "", "nonsense"):
        answer = browser.post(
            f"{house.address}/reading", data={"size": "big"}, headers={"Referer": referrer},
            allow_redirects=False, timeout=30,
        )
        assert answer.headers["Location"] == "/"
    # Where a form was sent to there is no page to go back to.
    assert tap(house, browser, "/m/apply/back", size="big").headers["Location"] == "/"
    assert tap(house, browser, "//elsewhere.example/", size="big").headers["Location"] == "/"
    answer = browser.post(
        f"{house.address}/reading", data={"size": ""}, headers={"Sec-Fetch-Site": "cross-site"},
        timeout=30,
    )
    assert answer.status_code == 400
    for cookie in ("giant.en", "big.no-such", "big", ".", "\"x\"", "big." + "e" * 400):
        page = requests.get(house.address, headers={"Cookie": f"yimen_reading={cookie}"}, timeout=9)
        assert page.status_code == 200, cookie


def opened(house: Service, chromium: Chromium, script: str, **more: Any) -> Page:
    context = chromium.new_context(locale="zh-CN", base_url=house.address, **more)
    context.add_init_script(script)
    page = context.new_page()
    resize(page, PHONE)
    page.goto("/")
    return page


@pytest.mark.browser
def test_the_page_is_read_aloud_with_a_voice_of_its_language(
    house: Service, chromium: Chromium
) -> None:
    page = opened(house, chromium, VOICES)
    button = page.get_by_role("button", name="读给我听")
    # By the keyboard alone.
    button.focus()
    page.keyboard.press("Enter")
    heard = page.evaluate("heard.map(one => [one.lang, one.text])")
    assert {lang for lang, _ in heard} == {"zh-CN"}
    assert heard[0][1] == "有难处，来一门说"
    assert max(len(text) for _, text in heard) <= 120
    stop = page.get_by_role("button", name="别念了")
    assert stop.get_attribute("aria-pressed") == "true"
    stop.click()
    assert page.evaluate("stopped") == 1
    button.click()
    page.evaluate("heard.at(-1).dispatchEvent(new Event('end'))")
    assert button.is_visible()
    page.context.close()


@pytest.mark.browser
def test_without_a_voice_of_its_language_nothing_is_offered(
    house: Service, chromium: Chromium
) -> None:
    for script, more in (
        (WITHOUT_VOICES, {}), ("delete window.speechSynthesis", {}),
        (VOICES.replace("zh-", "fr-"), {}), ("", {"java_script_enabled": False}),
    ):
        page = opened(house, chromium, script, **more)
        assert page.locator("[data-aloud]").is_hidden(), script
        page.context.close()


@pytest.mark.browser
def test_type_grows_to_thirty_pixels_and_the_tap_needs_no_script(
    house: Service, chromium: Chromium
) -> None:
    page = opened(house, chromium, "", java_script_enabled=False)
    sizes = []
    for name in ("大字", "特大字", "平常字"):
        button = page.get_by_role("button", name=name, exact=True)
        box = button.bounding_box()
        assert box is not None
        sizes.append((
            page.locator("html").evaluate("one => getComputedStyle(one).fontSize"), box["height"],
        ))
        button.click()
    assert [size for size, _ in sizes] == ["18px", "24px", "30px"]
    assert sizes[0][1] >= 44
    assert min(height for _, height in sizes[1:]) >= 60
    page.context.close()
