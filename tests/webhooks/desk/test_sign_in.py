"""Coming in: by the phone's two digits, by a code from the command line; and who stays out."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from models import signin
from models.people import SignIn, Staff, WebSession
from models.policy import StaffView
from models.pushes import Push
from tests.webhooks.desk.world import Browser, World
from webhooks.desk import browser as browsers
from webhooks.desk import sign_in
from webhooks.i18n import SOURCE, Speech

CODE = re.compile(r"登录 (\d{6})")
DIGITS = re.compile(r'entry-digits">(\d\d)<')
STATE = "/desk/sign-in/state"
ENTER = "/desk/sign-in/enter"


def shown(page: str) -> tuple[str, str]:
    """The code and the two digits on the page."""
    code, digits = CODE.search(page), DIGITS.search(page)
    assert code is not None
    assert digits is not None
    return code[1], digits[1]


def scan(world: World, code: str, who: StaffView) -> int:
    """The phone sends the code; returns the sign-in."""
    assert who.person_id is not None
    with world.ctx.db.begin() as db:
        found = signin.scanned(world.ctx, db, who.person_id, code=code)
        assert found is not None
        return found[0].id


def say(world: World, number: int, who: StaffView, digits: str) -> signin.Answer:
    assert who.person_id is not None
    with world.ctx.db.begin() as db:
        return signin.answer(world.ctx, db, number, who.person_id, digits)


def state(browser: Browser) -> str:
    answer = browser.get(STATE).get_json()
    assert isinstance(answer, dict)
    return str(answer["state"])


def is_in(browser: Browser) -> bool:
    return browser.get("/desk/").status_code == 200


def wrong(digits: str) -> str:
    return "10" if digits != "10" else "11"


def test_whoever_is_not_signed_in_is_led_to_the_door_and_back(world: World) -> None:
    browser = world.browser()
    answer = browser.get("/desk/?at=submitted")
    assert answer.status_code == 302
    page = browser.text(answer.location)
    li = world.staff["li"]
    code, digits = shown(page)
    assert state(browser) == "waiting"
    number = scan(world, code, li)
    assert state(browser) == "scanned"
    assert say(world, number, li, digits) is signin.Answer.RIGHT
    assert state(browser) == "confirmed"
    entered = browser.post(ENTER)
    assert (entered.status_code, entered.location) == (303, "/desk/?at=submitted")
    assert "李明" in browser.text("/desk/")
    with world.ctx.db.read() as db:
        assert [row.way for row in db.query(WebSession)] == ["qr"]


def test_the_same_page_shows_the_same_digits_until_they_are_over(world: World) -> None:
    browser = world.browser()
    first = shown(browser.text("/desk/sign-in"))
    assert shown(browser.text("/desk/sign-in")) == first
    world.clock.at += timedelta(minutes=signin.MINUTES)
    assert state(browser) == "expired"
    page = browser.text("/desk/sign-in")
    assert "5分钟" in page
    assert shown(page) != first


def test_before_the_phone_has_answered_nobody_comes_in(world: World) -> None:
    browser = world.browser()
    code, digits = shown(browser.text("/desk/sign-in"))
    assert "还没有收到" in browser.post(ENTER, follow=True).get_data(as_text=True)
    scan(world, code, world.staff["li"])
    assert "还没有收到" in browser.post(ENTER, follow=True).get_data(as_text=True)
    assert not is_in(browser)
    assert shown(browser.text("/desk/sign-in")) == (code, digits)


def test_two_wrong_answers_refuse_it_and_the_page_shows_a_fresh_one(world: World) -> None:
    browser, li = world.browser(), world.staff["li"]
    code, digits = shown(browser.text("/desk/sign-in"))
    number = scan(world, code, li)
    assert say(world, number, li, wrong(digits)) is signin.Answer.WRONG
    assert say(world, number, li, wrong(digits)) is signin.Answer.REFUSED
    assert state(browser) == "refused"
    browser.post(ENTER)
    page = browser.text("/desk/sign-in")
    assert "回了“不是”" in page
    assert shown(page)[0] != code
    assert not is_in(browser)


def test_a_confirmed_one_is_over_after_its_minutes_and_works_once(world: World) -> None:
    late, li = world.browser(), world.staff["li"]
    code, digits = shown(late.text("/desk/sign-in"))
    assert say(world, scan(world, code, li), li, digits) is signin.Answer.RIGHT
    world.clock.at += timedelta(minutes=signin.MINUTES)
    late.post(ENTER)
    assert not is_in(late)

    first = world.browser()
    code, digits = shown(first.text("/desk/sign-in"))
    second = world.browser()
    cookie = first.client.get_cookie("yimen")
    assert cookie is not None
    second.client.set_cookie("yimen", cookie.value)
    second.text("/desk/sign-in")
    say(world, scan(world, code, li), li, digits)
    first.post(ENTER)
    second.post(ENTER)
    assert is_in(first)
    assert not is_in(second)


def test_the_door_forgets_where_to_go_on_another_site(world: World) -> None:
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example", "evil"):
        browser = world.browser()
        code, digits = shown(browser.text(f"/desk/sign-in?next={target}"))
        li = world.staff["li"]
        say(world, scan(world, code, li), li, digits)
        assert browser.post(ENTER).location == "/desk/"


def test_who_is_in_already_is_not_sent_to_another_site_either(world: World) -> None:
    browser = world.browser("li")
    assert browser.get("/desk/sign-in?next=//evil.example/").location == "/desk/"
    assert browser.get("/desk/sign-in?next=/desk/?at=returned").location == "/desk/?at=returned"


def test_the_qr_holds_what_the_platform_gave_and_is_drawn_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []

    def scene_qr(*given: Any) -> str:
        asked.append(given[1:])
        return "http://weixin.qq.com/q/02abc"

    monkeypatch.setattr(sign_in, "scene_qr", scene_qr)
    browser = world.browser()
    page = browser.text("/desk/sign-in")
    (account, scene, seconds), = asked
    assert (account.slug, seconds) == ("yunling", 300)
    assert f'data-scene="{scene}"' in page
    assert scene.startswith(signin.SCENE)
    assert scene not in browser.client.get("/desk/sign-in").request.url
    picture = browser.get("/desk/sign-in/qr.png")
    assert picture.mimetype == "image/png"
    image = Image.open(io.BytesIO(picture.data))
    assert image.width == image.height > 200
    token = scene.removeprefix(signin.SCENE)
    li = world.staff["li"]
    assert li.person_id is not None
    with world.ctx.db.begin() as db:
        assert signin.scanned(world.ctx, db, li.person_id, token=token)


def test_without_the_platform_there_is_the_code_and_no_qr(world: World) -> None:
    # Nobody answers at this county's platform address.
    browser = world.browser()
    page = browser.text("/desk/sign-in")
    assert "data-scene" not in page
    assert CODE.search(page)
    assert browser.get("/desk/sign-in/qr.png").status_code == 404


def test_the_command_lines_code_lets_in_once_and_the_phone_is_told(world: World) -> None:
    li = world.staff["li"]
    with world.ctx.db.begin() as db:
        code = signin.new_code(world.ctx, db, "sign_in", staff_id=li.id)
    browser = world.browser()
    browser.text("/desk/sign-in")
    full_width = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert browser.post("/desk/sign-in/code", code=f" {full_width} ").status_code == 303
    assert is_in(browser)
    entry, = world.audited("sign_in")
    assert entry.staff_id == li.id
    with world.ctx.db.read() as db:
        push, = db.query(Push).filter_by(occasion="signed_in")
        assert push.person_id == li.person_id
    again = world.browser()
    again.text("/desk/sign-in")
    answer = again.post("/desk/sign-in/code", code=code)
    assert answer.status_code == 422
    assert "登录码用不了" in answer.get_data(as_text=True)
    assert not is_in(again)


@pytest.mark.parametrize("code", ["", "abc", "12345678", "０", "' OR 1=1 --"])
def test_other_codes_let_nobody_in(world: World, code: str) -> None:
    browser = world.browser()
    browser.text("/desk/sign-in")
    assert browser.post("/desk/sign-in/code", code=code).status_code == 422
    assert not is_in(browser)


def test_a_code_is_over_after_fifteen_minutes(world: World) -> None:
    with world.ctx.db.begin() as db:
        code = signin.new_code(world.ctx, db, "sign_in", staff_id=world.staff["li"].id)
    world.clock.at += timedelta(minutes=signin.CODE_MINUTES["sign_in"])
    browser = world.browser()
    browser.text("/desk/sign-in")
    assert browser.post("/desk/sign-in/code", code=code).status_code == 422


def leave(world: World, who: str) -> None:
    with world.ctx.db.begin() as db:
        member = db.get(Staff, world.staff[who].id)
        assert member is not None
        member.left_at = world.ctx.now()


def test_who_has_left_is_not_let_in_and_is_out_at_once(world: World) -> None:
    inside = world.browser("li")
    assert is_in(inside)
    with world.ctx.db.begin() as db:
        code = signin.new_code(world.ctx, db, "sign_in", staff_id=world.staff["li"].id)
    leave(world, "li")
    assert not is_in(inside)
    browser = world.browser()
    browser.text("/desk/sign-in")
    answer = browser.post("/desk/sign-in/code", follow=True, code=code)
    assert "已经停用" in answer.get_data(as_text=True)
    assert not is_in(browser)


def test_an_assistant_has_no_desk(world: World) -> None:
    with world.ctx.db.begin() as db:
        code = signin.new_code(world.ctx, db, "sign_in", staff_id=world.staff["helper"].id)
    browser = world.browser()
    browser.text("/desk/sign-in")
    browser.post("/desk/sign-in/code", code=code)
    assert not is_in(browser)
    with world.ctx.db.read() as db:
        assert db.query(WebSession).count() == 0


def test_of_two_requests_at_the_same_moment_one_uses_it_up(world: World) -> None:
    code, digits = shown(world.browser().text("/desk/sign-in"))
    number = scan(world, code, world.staff["li"])
    say(world, number, world.staff["li"], digits)
    with world.ctx.db.read() as db:
        seen = db.get(SignIn, number)
        assert seen is not None
    used = []
    for _ in range(2):
        with world.ctx.db.begin() as db:
            used.append(signin.use_up(db, seen))
    assert used == [True, False]


def test_codes_cannot_be_tried_without_end(world: World) -> None:
    browser = world.browser()
    browser.text("/desk/sign-in")
    answers = {browser.post("/desk/sign-in/code", code=f"{n:08}").status_code for n in range(25)}
    assert answers == {422, 429}


def test_signing_out_ends_it_everywhere(world: World) -> None:
    browser, copy = world.browser("li"), world.browser()
    cookie = browser.client.get_cookie("yimen")
    assert cookie is not None
    copy.client.set_cookie("yimen", cookie.value)
    assert is_in(copy)
    browser.post("/desk/sign-out")
    assert not is_in(browser)
    assert not is_in(copy)


def test_a_post_without_the_pages_token_is_refused(world: World) -> None:
    browser = world.browser("li")
    assert browser.client.post("/desk/sign-out").status_code == 400
    assert is_in(browser)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit Chrome/120 Safari/537.36",
         "10.0.0.9 的 Windows 电脑（Chrome）"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120",
         "10.0.0.9 的 Windows 电脑（Edge）"),
        ("Mozilla/5.0 (iPhone; CPU) AppleWebKit Safari MicroMessenger/8.0",
         "10.0.0.9 的苹果手机（微信）"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120", "10.0.0.9 的安卓手机（Chrome）"),
        ("", "10.0.0.9 的一台设备（不认识的浏览器）"),
    ],
)
def test_the_place_is_said_plainly(agent: str, words: str) -> None:
    assert browsers.place(Speech(SOURCE, "Asia/Shanghai"), "10.0.0.9", agent) == words
