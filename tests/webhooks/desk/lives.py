"""Walking one case through its life: everyone on a page of their own, clicking what they see."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from models import departments
from models.departments import Department
from models.people import Staff
from models.speaking import known_person
from models.statuses import Role
from tests.looking import PC, PHONE, is_usable, resize
from tests.service import Phone, Service
from tests.webhooks.pages import photo
from tests.webhooks.test_main_job import ANSWERS, TOLD
from webhooks.demo import county

RECEIPT = re.compile(r"\d{4}-\d{6}-\d{2}")
STORY = "section.group:has(h2:text-is('走过的步子')) .cell-value"
# Between one person and the next.
BETWEEN = timedelta(minutes=20)
SIZES = {"": PC, "-phone": PHONE}
SURVEY = {
    "在哪里": "大湾村家里", "家里住着谁": "四口人，都在家", "住的房子": "两间砖房，漏雨",
    "您怎么看": "情况属实，要帮一把", "谁签了字": "双方都签了，原件在民政办",
}
CHECK = {"请哪个部门查": "人社局", "查什么": "社保和就业登记"}
CHECKED = {"回了什么": "没有就业登记，领着城乡居民养老金"}
# What residents read of the steps that most lives share.
ASKED = "您把情况交上来了"
REGISTERED = "交给大湾镇民政办的陈志强办"
ACCEPTED = "镇上受理了您的事"
LOOKED_AT = "镇上开始上门了解"
PUBLISHED = "镇上初审通过了"
UP = "公示完了，报上去审批"
Given = dict[str, str | bool]


@dataclass
class Life:
    """The service, and the window of everyone who takes part; staff's windows have one `size`."""

    service: Service
    chromium: Browser
    size: tuple[int, int]
    windows: dict[str, Page] = field(default_factory=dict)

    def window(self, who: Phone, path: str, size: tuple[int, int] | None = None) -> Page:
        """This person's own browser, signed in by WeChat and gone to a page."""
        if who.openid not in self.windows:
            width, height = size or self.size
            self.windows[who.openid] = self.chromium.new_context(
                viewport={"width": width, "height": height}, base_url=self.service.address,
                locale="zh-CN", reduced_motion="reduce",
            ).new_page()
            self.windows[who.openid].set_default_timeout(20_000)
        page = self.windows[who.openid]
        self.service.clock.advance(BETWEEN)
        # Days may have passed since: whoever comes back comes in again.
        page.goto(f"/sandbox/people/{who.openid}/login?next={path}")
        return page

    def desk(self, number: int, receipt: str) -> Page:
        """The case on the desk of a member of the county's staff."""
        return self.window(self.service.staff(number), f"/desk/cases/{receipt}")

    def told(self, who: Phone, receipt: str, *among_staff: str) -> list[str]:
        """What stands on the resident's own page, the first first; none of it is staff's."""
        page = self.window(who, f"/m/cases/{receipt}", PHONE)
        found = page.locator(STORY).all_inner_texts()
        text = page.locator("main").inner_text()
        internal = (*SURVEY.values(), *CHECKED.values(), *among_staff)
        assert [words for words in internal if words in text] == []
        return found

    def pass_days(self, days: int) -> None:
        """Let time pass; the worker does what is due by itself."""
        self.service.clock.advance(timedelta(days=days))
        self.service.drain()

    def close(self) -> None:
        for page in self.windows.values():
            page.context.close()


@contextmanager
def living(service: Service, chromium: Browser, size: tuple[int, int]) -> Iterator[Life]:
    life = Life(service, chromium, size)
    try:
        yield life
    finally:
        life.close()


def ask(phone: Phone, what: str = TOLD, name: str = "王秀英", urgent: bool = False) -> str:
    """Ask for help in the chat, to the end; the receipt."""
    answers = ["今天就过不去了" if urgent else ANSWERS[0], *ANSWERS[1:]]
    answers[5] = answers[5].replace("王秀英", name)
    found = RECEIPT.search(phone.talk(what, *answers, "对"))
    assert found
    return found[0]


def fill(page: Page, given: Given) -> None:
    """Fill in a form by the words beside its fields."""
    for label, value in given.items():
        one = page.locator("main").get_by_label(label, exact=True)
        kind = one.evaluate("one => one.type")
        if kind in ("radio", "checkbox"):
            one.set_checked(bool(value))
        elif kind == "file":
            one.set_input_files({
                "name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(),
            })
        elif kind == "select-one":
            one.select_option(label=str(value))
        else:
            one.fill(str(value))


def send(page: Page, button: str, given: Given) -> None:
    """Fill in this screen and press the button; the case's page says that it is done."""
    fill(page, given)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".notice-done").first).to_be_visible()


def move(page: Page, title: str, button: str, given: Given | None = None) -> None:
    """Make a move that the case's page offers."""
    page.locator(".moves").get_by_role("link", name=title, exact=True).click()
    send(page, button, given or {})


def do_task(page: Page, title: str, button: str, given: Given) -> None:
    page.get_by_role("link", name=f"去做：{title}", exact=True).click()
    send(page, button, given)


def stands(page: Page, status: str) -> None:
    expect(page.locator(".standing-now")).to_have_text(status)


def register(page: Page, officer: str = "陈志强") -> None:
    move(page, "登记交办", "登记，交给他办", {
        "哪个单位负责": "大湾镇民政办", "谁来办": officer,
    })


def accept(page: Page, scheme: str) -> None:
    move(page, "受理", "受理，开始办", {"按哪一项办": scheme})


def visit(page: Page, *who: str) -> None:
    """Two go and see the household."""
    do_task(page, "入户调查", "记下来，调查做完了", SURVEY | dict.fromkeys(who, True))


def look_into(page: Page, *who: str) -> None:
    """Two go and see the household, and a department is asked what it has on record."""
    visit(page, *who)
    do_task(page, "经济状况核对", "请他们核对", CHECK)
    do_task(page, "经济状况核对", "记下回复", CHECKED)


def money(amount: str, monthly: bool) -> Given:
    return {
        "发钱": True, "多少钱（元）": amount, "每月" if monthly else "只这一次": True,
        "管几口人": "4",
    }


def propose(page: Page, amount: str, monthly: bool) -> None:
    move(page, "提出初审意见，公示", "公示出去", money(amount, monthly))


def put_up(page: Page) -> None:
    """The notice hangs in the village, with a photo of it."""
    do_task(page, "张贴公示", "贴好了", {"贴在哪里": "大湾村公示栏", "照片": True})


def reads(told: list[str], *sentences: str) -> None:
    """Exactly these steps, in this order, each with its sentence."""
    assert [
        words if words in line else line
        for words, line in zip(sentences, told, strict=False)
    ] == list(sentences)
    assert told[len(sentences):] == []


def liaison(service: Service, name: str, unit: str) -> Phone:
    """Someone of a department, with a phone."""
    phone, ctx = service.follower(name), service.ctx
    with ctx.db.begin() as db:
        departments.fill_in(ctx, db, county.COUNTY)
        found = db.query(Department).filter_by(area=county.COUNTY, name=unit).one()
        db.add(Staff(
            name=name, name_key=ctx.keys.lookup("name", name), role=Role.DEPARTMENT,
            area=county.COUNTY, unit=unit, department_id=found.id,
            person_id=known_person(ctx, db, "county", phone.openid), created_at=ctx.now(),
        ))
    return phone


def picture(page: Page, name: str, selector: str = "") -> None:
    """Usable at both sizes; a small picture of each where YIMEN_SCREENSHOTS says."""
    before, folder = page.viewport_size, os.environ.get("YIMEN_SCREENSHOTS")
    for ending, size in SIZES.items():
        resize(page, size)
        is_usable(page)
        if selector:
            page.locator(selector).evaluate("one => one.scrollIntoView()")
        if folder:
            _save(page.screenshot(), Path(folder) / f"life-{name}{ending}.png")
    assert before is not None
    resize(page, (before["width"], before["height"]))


def _save(shot: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(shot)) as whole:
        whole.convert("RGB").quantize(64).save(path, optimize=True)
