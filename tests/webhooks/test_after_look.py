"""The page of someone who is helped and is asked for their word, in a real Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from models import hearingwork
from models.statuses import Role
from scripts.find_chromium import find
from tests.models.helped import Ground
from tests.service import running
from tests.webhooks.test_resident_look import FLAGS, PC, PHONE, SMALL

pytestmark = pytest.mark.browser


def test_the_question_and_the_change_are_reachable_for_everyone(tmp_path: Path) -> None:
    with running(f"sqlite:///{tmp_path / 'yimen.sqlite3'}", tmp_path) as service:
        ground, phone = Ground(service.ctx, service.clock), service.follower("王秀英")
        receipt = ground.helped(openid=phone.openid)
        ground.do(
            hearingwork.ask, ground.staff(Role.OFFICER), receipt, ground.case(receipt).version,
            move="taper", why="查到有人在厂里上班",
        )
        path = f"/m/cases/{receipt}"
        address = f"{service.address}/sandbox/people/{phone.openid}/login?next={path}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
            page = browser.new_context(locale="zh-CN").new_page()
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(o => { o.open = true })")
            for width, height in (PC, PHONE, (320, 640)):
                page.set_viewport_size({"width": width, "height": height})
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                found = Axe().run(page).response["violations"]
                assert [(one["id"], one["nodes"][0]["target"]) for one in found] == []
                assert page.evaluate(SMALL) == []
            page.get_by_label("您怎么看").fill("才上了一个月，还在试用")
            page.get_by_role("button", name="说给他们听").click()
            page.get_by_text("原样记下了").wait_for()
            browser.close()
