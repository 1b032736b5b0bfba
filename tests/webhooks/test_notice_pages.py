"""The public notices' pages in a real Chromium, on a phone and a PC, and the board's paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from models import noticequeries
from models.publishing import Version
from tests.looking import PHONE, followed, looks_well, resize
from tests.notices.lists import DAWAN, DAWAN_VILLAGE, XIAOWAN, csv_of, draft, published, version
from tests.service import HEAD, Service
from webhooks.demo import county

pytestmark = pytest.mark.browser
TAPPED = "main .button, main .cell-link"


def entered(page: Page, service: Service, number: int) -> None:
    """Come in as a member of staff, by the simulated authorisation."""
    openid = county.STAFF[number].openid
    page.goto(f"{service.address}/sandbox/people/{openid}/login?next=/m/")


def test_every_public_page_is_readable_for_everyone(service: Service, chromium: Browser) -> None:
    made = version(service.ctx, published(service.ctx))
    town = version(service.ctx, published(service.ctx, csv_of(), DAWAN, kind="decision"))
    published(service.ctx, notice_id=made.notice_id, reason="按月更新")
    key = noticequeries.board_key(service.ctx, made.notice_id, DAWAN_VILLAGE)
    context = chromium.new_context(locale="zh-CN", java_script_enabled=True)
    page = context.new_page()
    for path in (
        "/notices/", f"/notices/?area={DAWAN}", f"/notices/?area={XIAOWAN}",
        f"/notices/{made.notice_id}", f"/notices/{made.notice_id}?b={key}",
        f"/notices/{made.notice_id}/v1", f"/notices/{town.notice_id}",
        f"/notices/verify?h={made.short}", "/notices/verify?h=0000000000", "/notices/verify?h=x",
    ):
        page.goto(service.address + path)
        looks_well(page, TAPPED)
    context.close()


def test_without_scripts_one_comes_from_the_county_to_a_name(
    service: Service, chromium: Browser
) -> None:
    made = version(service.ctx, published(service.ctx))
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    resize(page, PHONE)
    page.goto(f"{service.address}/")
    page.get_by_role("link", name="看各村的公示").click()
    page.get_by_role("link", name="大湾镇").click()
    page.get_by_role("link", name="大湾村").last.click()
    page.get_by_role("link", name="大湾镇大湾村最低生活保障长期公示").click()
    assert page.get_by_text("只给大湾镇大湾村的人看").is_visible()
    key = noticequeries.board_key(service.ctx, made.notice_id, DAWAN_VILLAGE)
    page.goto(f"{service.address}/notices/{made.notice_id}?b={key}")
    page.get_by_label("找一个名字").fill("王")
    page.get_by_role("button", name="找").click()
    page.get_by_label("找到的").wait_for()
    assert [one.inner_text() for one in page.locator(".person-name").all()] == ["王秀英", "王建国"]
    assert page.url.endswith(f"/notices/{made.notice_id}")
    page.get_by_role("link", name="看全部").click()
    page.get_by_label("名单", exact=True).wait_for()
    assert page.locator(".person").count() == 4
    # At arm's length: the name is half as large again as a newspaper's print.
    size = page.locator(".person-name").first.evaluate("one => getComputedStyle(one).fontSize")
    assert float(size.removesuffix("px")) >= 24
    context.close()


def test_the_desks_pages_are_reachable_for_everyone(service: Service, chromium: Browser) -> None:
    one, waiting = published(service.ctx), draft(service.ctx, kind="decision")
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    entered(page, service, HEAD)
    for path in (
        "", "/new", f"/{one}", f"/{waiting}", *(
            f"/{one}/preview?as={how}" for how in ("phone", "web", "paper")
        ),
    ):
        page.goto(f"{service.address}/desk/notices{path}")
        looks_well(page, "main .button, .room")
    context.close()


def test_a_spreadsheet_is_published_through_the_browser(
    service: Service, chromium: Browser
) -> None:
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    resize(page, PHONE)
    entered(page, service, 0)
    page.goto(f"{service.address}/desk/notices/new")
    page.get_by_label("哪一种公示").select_option(label="长期公示")
    page.get_by_label("哪一类救助").select_option(label="最低生活保障")
    page.get_by_label("哪个乡镇或村（社区）").select_option(label="大湾镇 大湾村")
    page.get_by_label("名单的表格").set_input_files(
        {"name": "名单.csv", "mimeType": "text/csv", "buffer": csv_of(
            [("大湾村", "王秀英", 3, 1230, "患病"), ("大湾村", "李桂花", 1, 410, "")]
        )}
    )
    followed(page.get_by_role("button", name="检查这份表格"))
    assert page.get_by_text("还不能公示").is_visible()
    looks_well(page, "main .button")
    page.get_by_label("名单的表格").set_input_files(
        {"name": "名单.csv", "mimeType": "text/csv", "buffer": csv_of(
            [("大湾村", name, 3, 1230, "新增") for name in ("王秀英", "李桂花", "覃月娥")]
        )}
    )
    followed(page.get_by_role("button", name="检查这份表格"))
    followed(page.get_by_role("button", name="看过了，请另一位签字"))
    entered(page, service, HEAD)
    page.goto(f"{service.address}/desk/notices")
    followed(page.get_by_role("link", name="等另一位签字"))
    followed(page.get_by_role("button", name="从头看过了，签字"))
    assert page.get_by_text("已经公示").is_visible()
    with service.ctx.db.read() as session:
        assert session.query(Version).one().state == "live"
    context.close()


def test_the_paper_prints_on_a4_with_heads_on_every_page(
    service: Service, chromium: Browser
) -> None:
    people = [("大湾村", f"{family}{given}", 2, 820, "新增")
              for family in county.SURNAMES for given in county.GIVEN][:90]
    number = published(service.ctx, csv_of(people))
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    entered(page, service, HEAD)
    page.goto(f"{service.address}/desk/notices/{number}/preview?as=paper")
    page.emulate_media(media="print")
    assert not page.get_by_text("用浏览器的打印").is_visible()
    assert page.locator(".board thead").evaluate("e => getComputedStyle(e).display") == (
        "table-header-group"
    )
    # A row of 14 pt and more.
    cell = page.locator(".board td").first
    assert float(cell.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 18.6
    assert page.locator(".board-codes svg").count() == 2
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") >= 3
    context.close()
