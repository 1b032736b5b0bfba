"""The main job by hand: a phone, a desk, and the phone again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House
from tests.looking import PC

pytestmark = pytest.mark.browser

RECEIPT = re.compile(r"\d{4}-\d{6}-\d{2}")


def say(page: Page, text: str, expected: str) -> None:
    """Write on the phone, and wait for a reply with these words."""
    seen = page.locator("#chat").get_by_text(expected).count()
    to_keyboard(page)
    page.locator("#text").fill(text)
    page.locator("#send").click()
    expect(page.locator("#chat").get_by_text(expected).nth(seen)).to_be_visible()


def to_keyboard(page: Page) -> None:
    """The phone opens with the menu at its foot: go to the keyboard."""
    expect(page.locator("#to-keyboard:visible, #text:visible").first).to_be_visible()
    if page.locator("#to-keyboard").is_visible():
        page.locator("#to-keyboard").click()


def menu(page: Page, column: str, entry: str, expected: str) -> None:
    """Tap an entry of the account's menu."""
    seen = page.locator("#chat").get_by_text(expected).count()
    if page.locator("#to-menu").is_visible():
        page.locator("#to-menu").click()
    page.locator("#columns").get_by_text(column, exact=True).first.click()
    if entry:
        page.locator("#columns").get_by_text(entry, exact=True).last.click()
    expect(page.locator("#chat").get_by_text(expected).nth(seen)).to_be_visible()


def test_the_main_job(house: House) -> None:
    phone = house.page()
    phone.goto("/sandbox/")
    house.shot(phone, "phone-people")
    phone.get_by_label("姓名").fill("王秀英")
    phone.get_by_role("button", name="关注公众号").click()
    expect(phone.locator("#chat")).to_contain_text("您好，这里是云溪一门")
    house.shot(phone, "phone-welcome")

    menu(phone, "我要求助", "我要求助", "出了什么事")
    say(phone, "我儿子上个月在工地摔断了腿，家里没有进钱的人了", "还能撑几天")
    house.shot(phone, "phone-asking")
    say(phone, "2", "住在哪里")
    say(phone, "大湾镇", "是哪个村")
    say(phone, "1", "户口也在")
    say(phone, "上一步", "回到上一问")
    say(phone, "1", "户口也在")
    say(phone, "1", "几口人")
    say(phone, "4口人，老人有病", "最要紧")
    say(phone, "1 2", "怎么称呼您")
    say(phone, "王秀英 17000005678", "照片")
    phone.locator("#plus").click()
    phone.locator("[data-panel=photo]").click()
    phone.locator("[data-sample]").first.click()
    expect(phone.locator("#chat")).to_contain_text("第 1 张")
    say(phone, "完成", "同意")
    say(phone, "同意", "我念给您听")
    house.shot(phone, "phone-readback")
    say(phone, "对", "收到了，编号")
    receipt = RECEIPT.search(phone.locator("#chat").inner_text())
    assert receipt
    house.shot(phone, "phone-receipt")
    desk = work_on_it(house, receipt[0])

    expect(phone.locator("#chat")).to_contain_text("受理", timeout=20_000)
    house.shot(phone, "phone-told")
    menu(phone, "我的", "办到哪了", "下一步")
    house.shot(phone, "phone-timeline")
    desk.close()
    follow_on_the_page(house, phone, receipt[0])


def work_on_it(house: House, receipt: str) -> Page:
    """The officer signs in on a PC by QR and two digits, registers and accepts the case."""
    desk = house.page(PC)
    desk.goto("/desk/")
    scene = desk.locator("[data-scene]").get_attribute("data-scene")
    digits = desk.locator(".entry-digits").inner_text()
    house.shot(desk, "desk-sign-in")
    officer = house.page()
    officer.goto("/sandbox/people/demo-officer-dawan-1")
    to_keyboard(officer)
    officer.locator("#plus").click()
    officer.locator(".tiles [data-panel=scan]").click()
    officer.locator("#scene").fill(scene or "")
    officer.get_by_role("button", name="扫这个码").click()
    expect(officer.locator("#chat")).to_contain_text("两位数字")
    say(officer, digits, "已经进去了")
    house.shot(officer, "phone-sign-in")

    expect(desk.get_by_role("heading", name="待办")).to_be_visible(timeout=20_000)
    house.shot(desk, "desk-queue")
    desk.goto(f"/desk/cases/{receipt}")
    house.shot(desk, "desk-case")
    desk.goto(f"/desk/cases/{receipt}/register")
    desk.get_by_label("哪个单位负责").fill("大湾镇民政办")
    desk.get_by_label("谁来办").select_option(label="陈志强")
    house.shot(desk, "desk-register")
    desk.locator("main form button.button-primary").click()
    expect(desk.locator("main")).to_contain_text("已登记")
    desk.goto(f"/desk/cases/{receipt}/accept")
    desk.get_by_label("按哪一项办").select_option("temporary")
    desk.locator("main form button.button-primary").click()
    expect(desk.locator("main")).to_contain_text("已受理")
    officer.goto(f"/sandbox/people/demo-officer-dawan-1/login?next=/desk/cases/{receipt}")
    house.shot(officer, "desk-case-phone")
    return desk


def follow_on_the_page(house: House, phone: Page, receipt: str) -> None:
    """The resident's own pages, through web authorisation."""
    openid = phone.url.rsplit("/", 1)[1]
    page = house.page()
    page.goto(f"/sandbox/people/{openid}/login?next=/m/cases/{receipt}")
    expect(page.locator("main")).to_contain_text("已受理")
    house.shot(page, "page-case")
    page.goto("/m/apply")
    expect(page.get_by_role("button", name="还是这样")).to_be_visible()
    house.shot(page, "page-known")
    page.get_by_role("button", name="有变化").click()
    expect(page.get_by_role("heading")).to_contain_text("出了什么事")
    house.shot(page, "page-apply")


def test_no_page_is_wider_than_an_old_phone(house: House) -> None:
    page = house.page((320, 568))
    for path in ("/", "/track", "/desk/sign-in", "/sandbox/people/demo-resident-1/login?next=/m/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
