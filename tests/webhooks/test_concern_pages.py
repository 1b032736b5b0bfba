"""The pages of objections and complaints in a real Chromium, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from models import noticequeries
from tests.looking import PHONE, followed, looks_well, resize
from tests.notices.lists import DAWAN_VILLAGE, published, version
from tests.service import Service

pytestmark = pytest.mark.browser
TAPPED = "main .button, main .cell-link, main .person-wrong, summary"


def test_from_the_posters_code_to_the_answers_page_without_scripts(
    service: Service, chromium: Browser
) -> None:
    made = version(service.ctx, published(service.ctx))
    key = noticequeries.board_key(service.ctx, made.notice_id, DAWAN_VILLAGE)
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    resize(page, PHONE)
    page.goto(f"{service.address}/notices/{made.notice_id}?b={key}")
    page.get_by_role("link", name="这一户不对？").nth(1).click()
    page.get_by_text("王建国").wait_for()
    page.get_by_label("哪里不对").fill("他家有两套房")
    followed(page.get_by_role("button", name="交给县里"))
    number, code = (one.inner_text() for one in page.locator(".hash").all())
    page.get_by_role("link", name="看办到哪了").click()
    page.get_by_label("号码").fill(number)
    page.get_by_label("口令").fill(code)
    followed(page.get_by_role("button", name="看一看"))
    page.get_by_text("他家有两套房").wait_for()
    assert code.replace(" ", "") not in page.url
    assert number not in page.url
    context.close()


def test_every_page_is_readable_for_everyone(service: Service, chromium: Browser) -> None:
    made = version(service.ctx, published(service.ctx))
    key = noticequeries.board_key(service.ctx, made.notice_id, DAWAN_VILLAGE)
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    for path in (
        "/concerns/", "/concerns/county", "/concerns/new/village", "/concerns/new/township",
        "/concerns/follow", f"/concerns/row/{made.notice_id}/1?b={key}",
        f"/notices/{made.notice_id}?b={key}",
    ):
        page.goto(service.address + path)
        looks_well(page, TAPPED)
    page.goto(f"{service.address}/concerns/new/village")
    followed(page.get_by_role("button", name="交上去"))
    looks_well(page, TAPPED)
    page.goto(f"{service.address}/concerns/row/{made.notice_id}/1?b={key}")
    page.get_by_label("哪里不对").fill("他家有两套房")
    followed(page.get_by_role("button", name="交给县里"))
    looks_well(page, TAPPED)
    number, code = (one.inner_text() for one in page.locator(".hash").all())
    page.goto(f"{service.address}/concerns/follow")
    page.get_by_label("号码").fill(number)
    page.get_by_label("口令").fill(code)
    followed(page.get_by_role("button", name="看一看"))
    looks_well(page, TAPPED)
    context.close()
