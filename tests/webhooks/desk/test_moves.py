"""Every move: made, refused, stale, made by two at once; and that nothing typed is lost."""

from __future__ import annotations

import html
import re
import threading
from datetime import date
from typing import Any

import pytest

from models.cases import Case, CaseEvent
from models.casework import NOT_YOURS
from models.moves import MOVES
from models.people import Staff
from models.pushes import Push
from models.statuses import HELPED, OPEN, STATUS_NAMES, Status
from tests.webhooks.desk.ways import WAYS, filled, ready
from tests.webhooks.desk.world import XIAOHE_VILLAGE, Browser, World

# For each thing that a move cannot do without: a form that lacks it, and how that is said.
LACKING = (
    ("register", {"unit": "  ", "officer": "zhao"}, "请写上哪个单位负责"),
    ("register", {"unit": "民政办", "officer": ""}, "请选一位经办人"),
    ("register", {"unit": "民政办", "officer": "sun"}, "请选一位经办人"),
    ("register", {"unit": "民政办", "officer": "x"}, "请选一位经办人"),
    ("return", {"missing": " \n "}, "请写上缺什么"),
    ("return", {"missing": "很长" * 300}, "写得太长了"),
    ("answer", {"words": "\n"}, "请写上给居民的话"),
    ("answer", {"words": "长" * 501}, "写得太长了"),
    ("withdraw", {"reason": ""}, "请写上原因"),
)


def path(case: Case, move: str = "") -> str:
    return f"/desk/cases/{case.receipt}" + (f"/{move}" if move else "")


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def made(world: World, case: Case) -> list[CaseEvent]:
    """The moves on the timeline."""
    with world.ctx.db.read() as db:
        events = db.query(CaseEvent).filter_by(case_id=case.id).order_by(CaseEvent.id)
        return [event for event in events if event.kind in MOVES]


@pytest.mark.parametrize("move", WAYS)
def test_every_move_is_asked_on_its_own_screen_and_made(world: World, move: str) -> None:
    case, form = ready(world, move)
    browser = world.browser(WAYS[move].who)
    page = browser.text(path(case, move))
    assert f"<h1 class=\"title\">{MOVES[move].title} · 王秀英</h1>" in page
    form |= {"version": version_on(page), "internal": "同事请看第二页"}
    answer = browser.post(path(case, move), **form)
    assert (answer.status_code, answer.location) == (303, path(case))
    page = browser.text(path(case))
    assert 'class="notice notice-done"' in page
    assert f'standing-now">{STATUS_NAMES[MOVES[move].to]}<' in page
    assert "同事请看第二页" in page
    assert world.now(case).status == MOVES[move].to
    assert made(world, case)[-1].kind == move
    entry, = world.audited(f"case.{move}")[-1:]
    assert (entry.staff_id, entry.target_id) == (world.staff[WAYS[move].who].id, case.id)
    with world.ctx.db.read() as db:
        push, = db.query(Push).filter_by(event_id=made(world, case)[-1].id, township=None)
        assert (push.person_id, push.details["kind"]) == (case.person_id, move)


def test_what_is_missing_is_chosen_and_typed_and_told_once(world: World) -> None:
    case, form = ready(world, "return")
    browser = world.browser("li")
    form["missing"] += "\n身份证正反面\n九月工资条"
    form |= {"version": version_on(browser.text(path(case, "return")))}
    browser.post(path(case, "return"), **form)
    assert made(world, case)[-1].details["missing"] == ["身份证正反面", "九月工资条", "十月工资条"]


@pytest.mark.parametrize(("move", "form", "words"), LACKING)
def test_what_a_move_needs_is_asked_for_and_the_rest_is_kept(
    world: World, move: str, form: dict[str, Any], words: str
) -> None:
    case, _ = ready(world, move)
    browser = world.browser("li")
    page = browser.text(path(case, move))
    answer = browser.post(
        path(case, move), version=version_on(page), internal="留着这句", **filled(world, form)
    )
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert 'class="error"' in page
    assert words in page
    assert "留着这句" in page
    for typed in (form.get("missing", ""), form.get("words", ""), form.get("reason", "")):
        assert typed.strip() in page
    assert world.now(case).status == case.status
    assert world.now(case).version == case.version


def test_what_is_done_leads_on_to_the_next_of_the_queue(world: World) -> None:
    first, second = world.case(name="甲"), world.case(name="乙")
    browser = world.browser("li")
    form = {"unit": "民政办", "officer": str(world.staff["li"].id), "version": "1"}
    browser.text("/desk/?at=register")
    page = browser.post(path(first, "register"), follow=True, **form).get_data(as_text=True)
    assert f'<a href="{path(second)}">办下一件</a>' in page
    page = browser.post(path(second, "register"), follow=True, **form).get_data(as_text=True)
    assert "办下一件" not in page


@pytest.mark.parametrize("move", WAYS)
def test_the_error_stands_by_its_field(world: World, move: str) -> None:
    case, _ = ready(world, move)
    # A scheme under which the case is accepted need not be named again.
    needs = [n for n in MOVES[move].needs if n != "scheme" or not world.now(case).accepted_on]
    browser = world.browser(WAYS[move].who)
    page = browser.text(path(case, move))
    answer = browser.post(path(case, move), version=version_on(page)).get_data(as_text=True)
    name = {"missing": "paper", "grant": "form"}.get(needs[0], needs[0]) if needs else ""
    # What was put forward stands already.
    lacking = bool(needs) and not MOVES[move].second
    assert (f'id="{name}-error"' in answer) == lacking


def interloper(status: Status) -> tuple[str, str, dict[str, Any]]:
    """A move of somebody else that comes first and leads away."""
    if status in OPEN:
        return "zhao", "withdraw", {"reason": "本人来说了"}
    if status in HELPED:
        return "zhao", "settle_death", {"died_on": date(2026, 11, 20)}
    return "county", "reopen", {"ground": "facts", "reason": "又住院了"}


@pytest.mark.parametrize("move", WAYS)
def test_an_old_page_cannot_move_and_loses_nothing(world: World, move: str) -> None:
    case, form = ready(world, move)
    browser = world.browser(WAYS[move].who)
    version = version_on(browser.text(path(case, move)))
    who, between, given = interloper(Status(case.status))
    world.move(case, who, between, **given)
    answer = browser.post(path(case, move), version=version, internal="我写的话", **form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "这件事刚才有人动过了" in page
    assert "我写的话" in page
    for typed in ("words", "reason"):
        assert form.get(typed, "") in page
    assert STATUS_NAMES[MOVES[between].to] in page
    assert [event.kind for event in made(world, case)][-1] == between
    assert world.now(case).version == case.version + 1


def test_an_old_page_from_which_the_move_is_still_open_asks_again(world: World) -> None:
    case = world.case()
    world.register(case)
    browser = world.browser("li")
    version = version_on(browser.text(path(case, "return")))
    world.move(case, "zhao", "accept", scheme="dibao")
    answer = browser.post(path(case, "return"), version=version, missing="户口本")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "这件事刚才有人动过了" in page
    assert "户口本" in page
    again = browser.post(path(case, "return"), version=version_on(page), missing="户口本")
    assert again.status_code == 303
    assert world.now(case).status == Status.RETURNED


@pytest.mark.parametrize("move", WAYS)
def test_a_second_click_is_told_that_it_is_done(world: World, move: str) -> None:
    case, form = ready(world, move)
    browser = world.browser(WAYS[move].who)
    form |= {"version": version_on(browser.text(path(case, move)))}
    assert browser.post(path(case, move), **form).status_code == 303
    browser.text(path(case))
    again = browser.post(path(case, move), follow=True, **form)
    assert again.status_code == 200
    assert "没有重复办" in again.get_data(as_text=True)
    assert len(world.audited(f"case.{move}")) == len(
        [event for event in made(world, case) if event.kind == move]
    )


def test_other_words_on_an_old_page_are_no_second_click(world: World) -> None:
    case, form = ready(world, "answer")
    browser = world.browser("li")
    form |= {"version": version_on(browser.text(path(case, "answer")))}
    browser.post(path(case, "answer"), **form)
    again = browser.post(path(case, "answer"), **form | {"words": "另外的话"})
    assert again.status_code == 409
    assert "另外的话" in again.get_data(as_text=True)


def test_a_move_that_is_not_open_leads_back_to_the_case(world: World) -> None:
    case = world.case()
    browser = world.browser("li")
    answer = browser.get(path(case, "accept"))
    assert (answer.status_code, answer.location) == (303, path(case))
    assert "现在走不到这一步" in browser.text(path(case))
    answer = browser.post(path(case, "accept"), version="1")
    assert answer.status_code == 409
    assert "现在走不到这一步" in answer.get_data(as_text=True)
    assert world.now(case).status == Status.SUBMITTED


def test_a_move_that_does_not_exist_is_not_found(world: World) -> None:
    case = world.case()
    browser = world.browser("li")
    assert browser.get(path(case, "no-such")).status_code == 404
    assert browser.post(path(case, "no-such"), version="1").status_code == 404


@pytest.mark.parametrize("version", ["", "x", "-1", "99", "1; DROP TABLE cases"])
def test_a_made_up_version_moves_nothing(world: World, version: str) -> None:
    case, form = ready(world, "register")
    browser = world.browser("li")
    browser.text(path(case, "register"))
    assert browser.post(path(case, "register"), version=version, **form).status_code == 409
    assert world.now(case).status == Status.SUBMITTED


def test_the_county_may_not_move_and_the_attempt_is_recorded(world: World) -> None:
    case, form = ready(world, "register")
    browser = world.browser("county")
    page = browser.text(path(case))
    assert browser.get(path(case, "register")).status_code == 403
    answer = browser.post(path(case, "register"), version="1", **form)
    assert answer.status_code == 403
    assert NOT_YOURS in answer.get_data(as_text=True)
    entries = world.audited("case.refused")
    assert [(e.staff_id, e.target_id, e.detail) for e in entries] == [
        (world.staff["county"].id, case.id, '{"move": "register"}')
    ] * 2
    assert world.now(case).status == Status.SUBMITTED
    assert "登记交办</a>" not in page


def test_a_foreign_case_is_neither_moved_nor_betrayed(world: World) -> None:
    case = world.case(village=XIAOHE_VILLAGE)
    browser = world.browser("li")
    browser.text("/desk/")
    form = {"version": "1", "unit": "民政办", "officer": str(world.staff["li"].id)}
    answer = browser.post(path(case, "register"), **form)
    assert answer.status_code == 404
    assert answer.data == browser.post("/desk/cases/2611-999999-99/register", **form).data
    assert world.audited("case.refused") == []


def test_the_head_of_the_township_may_move_as_well(world: World) -> None:
    case, form = ready(world, "register")
    browser = world.browser("chen")
    page = browser.text(path(case, "register"))
    assert "<option value=\"\">请选一位</option>" in page
    assert browser.post(path(case, "register"), version="1", **form).status_code == 303


def test_who_has_left_cannot_be_named(world: World) -> None:
    case = world.case()
    with world.ctx.db.begin() as db:
        member = db.get(Staff, world.staff["zhao"].id)
        assert member is not None
        member.left_at = world.ctx.now()
    page = world.browser("li").text(path(case, "register"))
    assert "李明" in page
    assert "赵敏" not in page


def test_whoever_asks_is_named_first(world: World) -> None:
    page = world.browser("zhao").text(path(world.case(), "register"))
    assert f'<option value="{world.staff["zhao"].id}" selected>赵敏</option>' in page
    assert 'value="便民服务中心"' in page


def test_the_preview_is_the_message_that_will_be_sent(world: World) -> None:
    case, _ = ready(world, "accept")
    page = world.browser("li").text(path(case, "accept"))
    shown = re.search(r"data-preview>(.*?)</p>", page, re.DOTALL)
    assert shown is not None
    assert "镇上受理了您的事，开始办了。" in shown[1]
    assert "12月21日前给您回话（还剩 20 个工作日）" in shown[1]
    assert case.receipt in shown[1]


def test_who_cannot_be_written_to_is_to_be_called(world: World) -> None:
    case = world.case()
    with world.ctx.db.begin() as db:
        found = db.get(Case, case.id)
        assert found is not None
        found.person_id = None
    assert "本人不在这个微信上，请打电话告诉他" in world.browser("li").text(path(case, "answer"))


def test_two_officers_at_once_one_wins_the_other_is_told(world: World) -> None:
    case = world.case()
    browsers = {who: world.browser(who) for who in ("li", "zhao")}
    forms = {
        who: {
            "version": version_on(browser.text(path(case, "register"))),
            "unit": "民政办", "officer": str(world.staff[who].id),
        }
        for who, browser in browsers.items()
    }
    start = threading.Barrier(2)
    answers: dict[str, tuple[int, str]] = {}

    def press(who: str, browser: Browser) -> None:
        start.wait()
        answer = browser.post(path(case, "register"), **forms[who])
        answers[who] = (answer.status_code, answer.get_data(as_text=True))

    threads = [threading.Thread(target=press, args=item) for item in browsers.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(code for code, _ in answers.values()) == [303, 409]
    winner = next(who for who, (code, _) in answers.items() if code == 303)
    loser = next(who for who, (code, _) in answers.items() if code == 409)
    assert "这件事刚才有人动过了" in answers[loser][1]
    assert f"民政办 {world.staff[winner].name} 负责" in answers[loser][1]
    assert world.now(case).officer_id == world.staff[winner].id
    assert len(made(world, case)) == 1
