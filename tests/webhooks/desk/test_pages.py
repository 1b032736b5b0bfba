"""The desk in a real Chromium: reachable for everyone, on a phone and a PC, with and without JS."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from models.cases import Case
from tests.looking import is_usable
from tests.webhooks.desk.looking import all_look_well, enter
from tests.webhooks.desk.test_sign_in import say, scan, shown
from tests.webhooks.desk.world import QIAOTOU, World

pytestmark = pytest.mark.browser

@pytest.fixture
def cases(world: World) -> list[Case]:
    """One in every look: late and urgent, near, returned with papers, answered."""
    late = world.case(name="甲迟", urgent=True, village=QIAOTOU)
    world.clock.at = world.clock.at.replace(day=25)
    near, back, done = world.case(name="乙近"), world.case(name="丙补"), world.case(name="丁完")
    world.register(back)
    world.move(back, "li", "return", missing=("身份证", "户口本"), internal="再问问")
    world.paper(back, state="waiting", content_type="")
    world.paper(back, kind="voice", content_type="audio/amr", spoken="你们快来")
    world.move(done, "li", "answer", words="请到二楼")
    return [late, near, back, done]


@pytest.mark.parametrize("who", ["li", "county"])
def test_every_page_is_reachable_for_everyone(
    world: World, chromium: Browser, address: str, cases: list[Case], who: str
) -> None:
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, who)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    late, near, back, _ = (f"/desk/cases/{case.receipt}" for case in cases)
    paths = ["/desk/", back]
    if who == "li":
        paths += ["/desk/?at=done", late, f"{late}/register", f"{near}/answer"]
    all_look_well(page, address, paths)
    context.close()
    assert faults == []


def test_the_room_that_is_open_is_in_sight_on_a_phone(
    world: World, chromium: Browser, address: str
) -> None:
    context = chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    page = enter(context, world, address, "chen")
    for path in ("/desk/", "/desk/villages", "/desk/rules"):
        page.goto(f"{address}{path}")
        expect(page.locator(".rooms [aria-current]")).to_be_in_viewport(ratio=1)
    context.close()


def test_the_door_is_reachable_and_opens_by_itself(
    world: World, chromium: Browser, address: str
) -> None:
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/desk/")
    is_usable(page)
    code, digits = shown(page.content())
    number = scan(world, code, world.staff["li"])
    expect(page.get_by_role("status").filter(has_text="手机已经扫到了")).to_be_visible()
    say(world, number, world.staff["li"], digits)
    page.wait_for_url(f"{address}/desk/")
    expect(page.get_by_text("李明")).to_be_visible()
    context.close()


def test_the_case_stands_beside_the_queue_on_a_pc_and_alone_on_a_phone(
    world: World, chromium: Browser, address: str, cases: list[Case]
) -> None:
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    page = enter(context, world, address, "li")
    page.goto(f"{address}/desk/cases/{cases[0].receipt}")
    expect(page.locator(".column")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".column")).to_be_hidden()
    expect(page.get_by_role("link", name="回到待办")).to_be_visible()
    context.close()


def test_the_preview_follows_what_is_typed_and_is_what_is_sent(
    world: World, chromium: Browser, address: str, cases: list[Case]
) -> None:
    context = chromium.new_context(locale="zh-CN")
    page = enter(context, world, address, "li")
    world.register(cases[1])
    page.goto(f"{address}/desk/cases/{cases[1].receipt}/return")
    page.get_by_label("残疾人证").check()
    page.get_by_label("还缺别的").fill("九月工资条\n$& {words}")
    preview = page.locator("[data-preview]")
    expect(preview).to_contain_text("1 残疾人证\n2 九月工资条\n3 $& {words}")
    page.get_by_role("button", name="请本人补这些").click()
    expect(page.locator(".notice-done")).to_be_visible()
    told = page.locator(".story li").first
    expect(told).to_contain_text("1 残疾人证\n2 九月工资条\n3 $& {words}")
    context.close()


def test_keys_go_through_the_queue_and_can_be_turned_off(
    world: World, chromium: Browser, address: str, cases: list[Case]
) -> None:
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    page = enter(context, world, address, "li")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".row").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(cases[0].receipt))
    page.keyboard.press("1")
    page.wait_for_url(re.compile("register"))
    page.get_by_role("button", name="关掉快捷键").click()
    page.go_back()
    page.keyboard.press("u")
    page.keyboard.press("1")
    page.wait_for_timeout(300)
    assert page.url.endswith(cases[0].receipt)
    context.close()


def test_without_scripts_everything_works(
    world: World, chromium: Browser, address: str, cases: list[Case]
) -> None:
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/desk/cases/{cases[1].receipt}")
    code, digits = shown(page.content())
    say(world, scan(world, code, world.staff["li"]), world.staff["li"], digits)
    page.get_by_role("button", name="我已在手机上确认").click()
    page.get_by_role("link", name="登记交办").click()
    page.get_by_role("button", name="登记，交给他办").click()
    expect(page.locator(".notice-done")).to_contain_text("登记好了")
    page.get_by_role("link", name="受理", exact=True).click()
    page.get_by_label("按哪一项办").select_option("dibao")
    page.get_by_role("button", name="受理，开始办").click()
    expect(page.locator(".standing-now")).to_have_text("已受理")
    context.close()


def test_big_type_is_larger_and_has_larger_targets(
    world: World, chromium: Browser, address: str, cases: list[Case]
) -> None:
    context = chromium.new_context(locale="zh-CN", viewport={"width": 320, "height": 640})
    page = enter(context, world, address, "li")
    for path in ("", "/register"):
        page.goto(f"{address}/desk/cases/{cases[0].receipt}{path}")
        page.evaluate("document.documentElement.classList.add('big')")
        size, lowest, fits = page.evaluate(
            """[getComputedStyle(document.body).fontSize,
                Math.min(...[...document.querySelectorAll("main .button")]
                    .filter(one => one.offsetParent).map(one => one.offsetHeight)),
                document.documentElement.scrollWidth <= innerWidth]"""
        )
        assert size == "24px"
        assert lowest >= 60
        assert fits
    context.close()
