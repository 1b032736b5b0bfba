"""The desk as a browser sees it: signing in by code, and going through pages one by one."""

from __future__ import annotations

from collections.abc import Iterable

from playwright.sync_api import BrowserContext, Page

from models import signin
from tests.looking import looks_well
from tests.webhooks.desk.world import World

TAPPED = "main .button, main .row, main .chip, main .tab, .room"


def enter(context: BrowserContext, world: World, address: str, who: str) -> Page:
    """Sign in with a one-time code, on the page."""
    with world.ctx.db.begin() as db:
        code = signin.new_code(world.ctx, db, "sign_in", staff_id=world.staff[who].id)
    page = context.new_page()
    page.goto(f"{address}/desk/sign-in")
    page.get_by_text("微信用不了").click()
    page.get_by_label("登录码").fill(code)
    page.get_by_role("button", name="用登录码进入").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def all_look_well(page: Page, address: str, paths: Iterable[str]) -> None:
    """Each of these pages, on a phone and a PC, with everything on it opened."""
    for path in paths:
        page.goto(address + path)
        looks_well(page, TAPPED)
