"""The page of someone who is helped and is asked for their word, in a real Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from models import hearingwork
from models.statuses import Role
from tests.looking import looks_well
from tests.models.helped import Ground
from tests.service import running
from tests.webhooks.test_resident_look import TAPPED

pytestmark = pytest.mark.browser


def test_the_question_and_the_change_are_reachable_for_everyone(
    tmp_path: Path, chromium: Browser
) -> None:
    with running(f"sqlite:///{tmp_path / 'yimen.sqlite3'}", tmp_path) as service:
        ground, phone = Ground(service.ctx, service.clock), service.follower("王秀英")
        receipt = ground.helped(openid=phone.openid)
        ground.do(
            hearingwork.ask, ground.staff(Role.OFFICER), receipt, ground.case(receipt).version,
            move="taper", why="查到有人在厂里上班",
        )
        path = f"/m/cases/{receipt}"
        address = f"{service.address}/sandbox/people/{phone.openid}/login?next={path}"
        context = chromium.new_context(locale="zh-CN")
        page = context.new_page()
        page.goto(address)
        looks_well(page, TAPPED)
        page.get_by_label("您怎么看").fill("才上了一个月，还在试用")
        page.get_by_role("button", name="说给他们听").click()
        page.get_by_text("原样记下了").wait_for()
        context.close()
