"""Before it is sent, and from one phone to the other: drafts, what is known, the other browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from models.halfwritten import HalfWritten
from tests.looking import looks_well
from tests.service import Service
from tests.webhooks.assistant.phone import Make, Phone, names

pytestmark = pytest.mark.browser

WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0"
)
TAPPED = "a.button, button, .choice, .input, summary, label.button"


def kept(service: Service, phone: Phone, many: int) -> None:
    """Wait until so many drafts lie on the server."""
    for _ in range(60):
        with service.ctx.db.read() as session:
            found = session.scalars(select(HalfWritten)).all()
        if len(found) == many:
            return
        phone.page.wait_for_timeout(200)
    raise AssertionError(f"{len(found)} drafts, not {many}")


@pytest.mark.parametrize("workers", [True, False], ids=["worker", "no worker"])
def test_a_draft_is_finished_on_another_phone(
    make: Make, service: Service, shot: Path, workers: bool
) -> None:
    """Begun on one, handed in from the other, sent from the first as well: one report."""
    first, who = make(workers=workers)
    first.write("黄阿婆")
    first.take(shot)
    kept(service, first, 1)
    second, _ = make(workers=workers)
    second.enter(who)
    offered = second.page.locator("[data-offered]")
    expect(offered).to_contain_text("上次没写完的")
    expect(offered).to_contain_text("照片 1 张在原来那部手机里")
    looks_well(second.page, TAPPED)
    offered.get_by_role("button", name="接着写").click()
    expect(second.page.locator("[name=words-name]")).to_have_value("黄阿婆")
    expect(offered).to_be_hidden()
    second.page.fill("[name=words-what]", "今天去看，门锁着")
    second.hand_in()
    expect(second.line("黄阿婆")).to_contain_text("送到了")
    kept(service, second, 0)
    first.hand_in()
    expect(first.line("黄阿婆")).to_contain_text("从别的手机交过了")
    expect(first.line("黄阿婆")).to_contain_text("送到 1 张")
    assert names(service) == ["黄阿婆"]


def test_a_draft_written_offline_goes_up_later_and_is_thrown_away(
    make: Make, service: Service
) -> None:
    phone, who = make()
    phone.network(cut=True)
    phone.write("黄阿婆")
    phone.page.wait_for_timeout(2500)
    kept(service, phone, 0)
    phone.network(cut=False)
    kept(service, phone, 1)
    other, _ = make()
    other.enter(who)
    offered = other.page.locator("[data-offered]")
    offered.get_by_role("button", name="不要了").click()
    offered.get_by_role("button", name="真的不要了").click()
    expect(offered).to_be_hidden()
    kept(service, other, 0)


def test_what_is_known_is_said_before_it_is_sent(make: Make, service: Service) -> None:
    """Once whose is written; not of somebody else, and not without a network."""
    phone, _ = make()
    page, told = phone.page, phone.page.locator("[data-known]")
    phone.write("黄阿婆")
    expect(told).to_have_text("")
    phone.hand_in()
    expect(phone.line("黄阿婆")).to_contain_text("送到了")
    name = page.locator("[name=words-name]")
    name.fill("黄阿婆")
    name.blur()
    expect(told).to_contain_text("已有人报过，您看到的照样可以报")
    name.fill("李大爷")
    name.blur()
    expect(told).to_have_text("")
    phone.network(cut=True)
    name.fill("黄阿婆")
    name.blur()
    page.wait_for_timeout(500)
    expect(told).to_have_text("")


def test_out_of_wechat_into_the_browser(make: Make, service: Service) -> None:
    """Where there are no service workers the way out stands on top; the link opens the page."""
    phone, _ = make(workers=False, user_agent=WECHAT)
    page = phone.page
    phone.write("黄阿婆")
    kept(service, phone, 1)
    expect(page.locator("[data-way-out]")).to_be_visible()
    looks_well(page, TAPPED)
    page.locator("[data-way-out]").get_by_role("button", name="在浏览器打开").click()
    expect(page.locator("main")).to_contain_text("右上角")
    looks_well(page, TAPPED)
    page.get_by_role("button", name="复制地址").click()
    expect(page.locator("[data-copied]")).to_contain_text("复制好了")
    address = page.url
    assert page.input_value("#address") == address
    other, _ = make()
    other.page.goto(address)
    looks_well(other.page, TAPPED)
    other.page.get_by_role("button", name="是我，进去").click()
    other.ready()
    expect(other.page.locator("[data-offered]")).to_contain_text("黄阿婆")
    expect(other.page.locator("[data-way-out]")).to_be_hidden()


def test_without_a_network_no_link_can_be_made(make: Make) -> None:
    phone, _ = make()
    phone.network(cut=True)
    phone.page.locator("summary", has_text="换到手机浏览器里写").click()
    phone.page.get_by_role("button", name="在浏览器打开").last.click()
    expect(phone.page.locator("[data-browser-told]").last).to_contain_text("现在没有网")
