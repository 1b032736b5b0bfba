"""Residents' and public pages in a real Chromium: axe is content, and fingers are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.looking import PHONE, looks_well
from tests.service import Service, running
from tests.webhooks.pages import moved, photo
from tests.webhooks.test_main_job import ANSWERS, TOLD

pytestmark = pytest.mark.browser

# A box inside its row is hit by the row.
TAPPED = "a.button, button, .choice, .input, select, summary, .cell-link"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all of these."""
    folder = tmp_path_factory.mktemp("look")
    with running(f"sqlite:///{folder / 'yimen.sqlite3'}", folder) as made:
        yield made


def is_plain(page: Page) -> None:
    """It looks well, and has one thing to do."""
    looks_well(page, TAPPED)
    assert page.locator("main .button-primary:visible").count() <= 1, page.url
    assert page.locator("h1").count() == 1, page.url


def test_every_page_looks_well(house: Service, chromium: Browser) -> None:
    phone = house.follower()
    found = re.search(r"\d{4}-\d{6}-\d{2}", phone.talk(TOLD, *ANSWERS, "对"))
    assert found
    moved(house, found[0], "register")
    moved(house, found[0], "return", missing=("户口本照片", "医院收费单"))
    context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, base_url=house.address,
        locale="zh-CN",
    )
    page = context.new_page()

    def visit(path: str) -> None:
        page.goto(path)
        is_plain(page)

    def go_on() -> None:
        page.locator("main .button-primary").click()
        is_plain(page)

    visit("/")
    visit("/track")
    go_on_with(page, "#receipt", "2611-483705-73", "#tail", "56")
    is_plain(page)
    go_on_with(page, "#receipt", found[0], "#tail", "5678")
    is_plain(page)
    page.goto(f"/sandbox/people/{phone.openid}/login?next=/m/")
    is_plain(page)
    visit(f"/m/cases/{found[0]}")
    visit("/m/apply")
    page.get_by_role("button", name="有变化").click()
    is_plain(page)
    for selector, words in (
        ("#words", ""), ("#words", "房子漏雨了，一家4口人"), ("text=这几天的事", ""),
        ("#words", "asdf"), ("#words", "大湾村"), ("text=就在这里", ""), ("text=看病", ""),
        ("#words", "王秀英"), ("#words", "1700000567"), ("#words", "17000005678"),
    ):
        if selector == "#words":
            page.fill(selector, words)
        else:
            page.locator(selector).first.click()
        go_on()
    page.set_input_files("#photos", [
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()},
        {"name": "b.txt", "mimeType": "text/plain", "buffer": b"no photo"},
    ])
    page.get_by_role("button", name="交这些照片").click()
    is_plain(page)
    go_on()
    page.locator("label.choice").first.click()
    go_on()
    page.locator("summary").click()
    is_plain(page)
    go_on()
    assert "收到了" in page.locator("main").inner_text()
    context.close()


def go_on_with(page: Page, *filled: str) -> None:
    for selector, words in zip(filled[::2], filled[1::2], strict=True):
        page.fill(selector, words)
    page.locator("main .button-primary").click()


def test_coming_in_looks_well(house: Service, chromium: Browser) -> None:
    context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, base_url=house.address,
        locale="zh-CN",
    )
    page = context.new_page()
    villager = house.follower(account="village")
    link = re.search(r'href="([^"]+/m/link/[^"]+)"', villager.talk(TOLD, *ANSWERS[:6]))
    assert link
    page.goto(link[1])
    is_plain(page)
    page.locator("main .button-primary").click()
    is_plain(page)
    page.goto(link[1])
    page.locator("main .button-primary").click()
    assert "用过了" in page.locator("main").inner_text()
    is_plain(page)
    page.goto(f"/sandbox/people/{house.follower(snapshot=True).openid}/login?next=/m/")
    is_plain(page)
    newcomer = house.follower()
    page.goto(f"/sandbox/people/{newcomer.openid}/login?next=/m/")
    is_plain(page)
    page.goto("/m/apply")
    page.fill("#words", "我不想活了")
    page.locator("main .button-primary").click()
    assert "谢谢您告诉我" in page.locator("h1").inner_text()
    is_plain(page)
    context.close()


def test_looking_for_help_looks_well_and_needs_no_script(
    house: Service, chromium: Browser
) -> None:
    context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, base_url=house.address,
        locale="zh-CN", java_script_enabled=False,
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="看看有什么帮助").click()
    page.get_by_label("有人生病").check()
    # By the keyboard alone: Enter takes the first button.
    page.get_by_label("有人生病").press("Enter")
    while "帮助可以问" not in page.title():
        page.get_by_role("button", name="这一问不说").click()
    address, told = page.url, page.locator("input[name=told]").first.get_attribute("value")
    assert "told" not in address
    context.close()
    looking = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, base_url=house.address, locale="zh-CN"
    )
    page = looking.new_page()
    page.goto("/find-help/")
    is_plain(page)
    page.get_by_role("button", name="下一步").click()
    is_plain(page)
    page.eval_on_selector("input[name=told]", "(one, told) => { one.value = told }", told)
    page.get_by_role("button", name="这一问不说").click()
    assert "医疗救助（可能）" in page.locator("main").inner_text()
    is_plain(page)
    page.locator("summary").click()
    is_plain(page)
    looking.close()
