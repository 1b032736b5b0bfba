"""The end of help that must hang in public first (特困, 43号 art. 26)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from models.statuses import Role
from tests.looking import PHONE
from tests.models.helped import Ground
from tests.service import HEAD, OFFICER, Service
from tests.webhooks.desk.lives import ask, living, move, picture, put_up, send, stands

pytestmark = pytest.mark.browser


def cared_for(service: Service, receipt: str) -> None:
    """Month by month, since some days ago; how it comes to that, other lives show."""
    here = Ground(service.ctx, service.clock)
    officer = here.staff(Role.OFFICER)
    here.move(receipt, officer, "register", unit="民政办", officer_id=officer.id)
    here.cared_for(receipt)


def test_care_ends_only_after_the_paper_has_hung(service: Service, chromium: Browser) -> None:
    """On phones: heard, put forward, hung for its days, decided by another, told."""
    with living(service, chromium, PHONE) as life:
        phone = service.follower()
        receipt = ask(phone)
        cared_for(service, receipt)
        desk = life.desk(OFFICER, receipt)
        desk.get_by_role("link", name="听本人怎么说", exact=True).click()
        picture(desk, "ending-hear")
        send(desk, "记下本人的话", {
            "停止救助": True, "上门当面听的": True, "本人怎么说（原话）": "儿子接我进城住了",
        })
        move(desk, "停止救助", "提上去，请另一位定", {"为什么（本人看得到）": "去城里跟儿子过了"})
        expect(desk.locator(".standing")).to_contain_text("还不能定：要先公示")
        picture(desk, "ending-put-forward")

        head = life.desk(HEAD, receipt)
        head.locator(".moves").get_by_role("link", name="停止救助", exact=True).click()
        picture(head, "ending-waits")
        head.get_by_role("button", name="同意，就这样办", exact=True).click()
        expect(head.locator("main")).to_contain_text("还没有记下公示贴在哪里")
        put_up(life.desk(OFFICER, receipt))
        expect(life.desk(HEAD, receipt).locator(".standing")).to_contain_text("公示要挂到")
        life.pass_days(8)
        head = life.desk(HEAD, receipt)
        expect(head.locator(".standing")).to_contain_text("公示挂满了")
        move(head, "停止救助", "同意，就这样办")
        stands(head, "办结")
        assert "去城里跟儿子过了" in life.told(phone, receipt)[-1]
