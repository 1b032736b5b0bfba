"""The clocks on the case page, extending the decision, and the county's days off."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest

from models import clockwork, escalation, recalendar
from models.cases import Case
from models.clocks import CaseClock
from models.residentwork import ask_withdrawal
from models.statuses import EventKind
from tests.models.test_daysoff import HEAD, OF_2027
from tests.webhooks.desk.world import World

NEW_YEAR = HEAD + "一、元旦：1月1日（周五）至4日（周一）放假调休，共4天。"


def go_to(world: World, day: date) -> None:
    world.clock.at = datetime(day.year, day.month, day.day, 10, tzinfo=world.ctx.zone)


def accepted(world: World) -> Case:
    case = world.case()
    world.register(case)
    world.move(case, "li", "accept", scheme="dibao")
    return case


def words_of(page: str) -> str:
    """The section's text without tags."""
    part = page[page.index('id="clocks"'):]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part[: part.index("</section>")]))


def clocks(world: World, case: Case) -> dict[str, CaseClock]:
    with world.ctx.db.read() as db:
        return {row.kind: row for row in clockwork.alive(db, world.now(case))}


def test_every_clock_is_told_with_its_day_and_clause(world: World) -> None:
    case = accepted(world)
    said = words_of(world.browser("li").text(f"/desk/cases/{case.receipt}"))
    assert "答应本人：12月21日前回话。" in said
    for part in ("从受理到给结果", "还剩 20 个工作日（12月21日前）",
                 "云岭县社会救助办理规程 第八条", "开始上门调查",
                 "还剩 3 个工作日（11月26日前）", "民发〔2021〕57号第十五条"):
        assert part in said
    assert "暂定" not in said
    assert "延长" not in said, "an officer does not extend"


def test_what_lies_in_an_unknown_year_is_provisional(world: World) -> None:
    go_to(world, date(2026, 12, 14))
    case = accepted(world)
    said = words_of(world.browser("li").text(f"/desk/cases/{case.receipt}"))
    assert "从受理到给结果 暂定" in said
    assert "2027年放假安排还没公布，日子可能变。" in said
    assert "开始上门调查 暂定" not in said


def test_what_rests_says_why_and_the_waiting_is_told(world: World) -> None:
    case = accepted(world)
    world.move(case, "li", "return", missing=("户口本",))
    said = words_of(world.browser("li").text(f"/desk/cases/{case.receipt}"))
    assert "停着，还剩 20 个工作日。为什么停：等本人补材料" in said
    assert "等本人补材料 12月23日到期" in said
    assert "答应本人" not in said


def test_the_head_extends_once_and_it_is_seen(world: World) -> None:
    case = accepted(world)
    chen = world.browser("chen")
    path = f"/desk/cases/{case.receipt}"
    assert f'href="{path}/extend"' in chen.text(path)
    page = chen.text(f"{path}/extend")
    assert "最多 25 个" in page
    assert "扩围通知四（一）" in page
    answer = chen.post(f"{path}/extend", version=world.now(case).version, days="10", words="再走访")
    assert answer.status_code == 303
    assert world.now(case).answer_on == date(2027, 1, 5)
    said = words_of(chen.text(path))
    assert "延长过 10 个工作日。为什么：再走访" in said
    assert "暂定" in said
    assert f'href="{path}/extend"' not in chen.text(path)
    again = chen.post(f"{path}/extend", version=world.now(case).version, days="5", words="还要再看")
    assert again.status_code == 409
    assert "已经延长过一次了" in again.get_data(as_text=True)
    assert "还要再看" in again.get_data(as_text=True), "what was typed is not lost"
    assert world.now(case).answer_on == date(2027, 1, 5)
    [entry] = world.audited("case.extended")
    assert entry.staff_id == world.staff["chen"].id


@pytest.mark.parametrize(("form", "code", "says"), [
    ({"days": "26", "words": "再看"}, 422, "请写延长几个工作日，最多 25 个。"),
    ({"days": "二十", "words": "再看"}, 422, "最多 25 个。"),
    ({"days": "5", "words": " "}, 422, "请写上为什么要多花时间"),
    ({"days": "5", "words": "再看", "version": 1}, 409, "刚才有人动过了"),
])
def test_an_extension_that_cannot_be_keeps_what_was_typed(
    world: World, form: dict[str, Any], code: int, says: str
) -> None:
    case = accepted(world)
    chen = world.browser("chen")
    chen.get(f"/desk/cases/{case.receipt}/extend")
    values = {"version": world.now(case).version} | form
    answer = chen.post(f"/desk/cases/{case.receipt}/extend", **values)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, says in page) == (code, True)
    assert f'value="{form["days"]}"' in page
    assert clocks(world, case)["decision"].extended == 0


@pytest.mark.parametrize(("who", "code"), [("li", 303), ("sun", 404)])
def test_who_may_not_extend_is_turned_away_and_the_try_is_kept(
    world: World, who: str, code: int
) -> None:
    case = accepted(world)
    browser = world.browser(who)
    answer = browser.post(
        f"/desk/cases/{case.receipt}/extend", version=world.now(case).version, days="5", words="看"
    )
    assert answer.status_code == code
    assert clocks(world, case)["decision"].extended == 0
    assert len(world.audited("case.refused")) == (1 if who == "li" else 0)


def test_what_time_brings_does_not_hide_what_the_person_asked(world: World) -> None:
    case = world.case()
    with world.ctx.db.begin() as db:
        assert case.person_id is not None
        assert ask_withdrawal(world.ctx, db, case.person_id, case.receipt)
    go_to(world, date(2026, 12, 10))
    assert escalation.escalate(world.ctx) == 3
    li = world.browser("li")
    page = li.text(f"/desk/cases/{case.receipt}")
    assert "本人说想撤回这件事" in page
    assert "“登记、定谁来办”过期了，告诉了县里。" in page
    assert "本人想撤回" in li.text("/desk/?only=calls")


def test_only_the_county_has_the_calendar(world: World) -> None:
    for who in ("li", "chen"):
        browser = world.browser(who)
        assert browser.get("/desk/calendar").status_code == 404
        assert browser.post("/desk/calendar", words=OF_2027, basis="x").status_code == 404
        assert "放假安排" not in browser.text("/desk/")
    assert "放假安排" in world.browser("county").text("/desk/")


def test_a_notice_is_read_back_kept_and_signed_by_another(world: World) -> None:
    go_to(world, date(2026, 12, 14))
    case = accepted(world)
    county, other = world.browser("county"), world.browser("other")
    assert "还没公布" in county.text("/desk/calendar")
    read = county.post("/desk/calendar/read", words=NEW_YEAR, basis="")
    page = read.get_data(as_text=True)
    assert page.count("day-off") == 5, "four days and the legend"
    assert page.count("day-worked") == 1
    assert "2月6日" in page, "a statutory day that was not read is said"
    again = county.post("/desk/calendar/read", words=NEW_YEAR, basis="", again="1")
    assert NEW_YEAR in again.get_data(as_text=True), "to be mended, not pasted anew"
    assert county.post("/desk/calendar", words=NEW_YEAR, basis=" ").status_code == 422
    kept = county.post("/desk/calendar", words=NEW_YEAR, basis="国办发明电〔2026〕9号", follow=True)
    assert "请另一位同事核对" in kept.get_data(as_text=True)
    assert not world.ctx.is_settled(2027)
    number = re.search(r'id="notice-(\d+)"', kept.get_data(as_text=True))
    assert number
    own = county.post(f"/desk/calendar/{number[1]}/sign", follow=True)
    assert "要请另一位同事核对签字" in own.get_data(as_text=True)
    assert not world.ctx.is_settled(2027)
    assert "核对过了，签字" in other.text("/desk/calendar")
    signed = other.post(f"/desk/calendar/{number[1]}/sign", follow=True)
    assert "签好了" in signed.get_data(as_text=True)
    assert world.ctx.is_settled(2027)
    twice = other.post(f"/desk/calendar/{number[1]}/sign", follow=True)
    assert "刚才有人动过了" in twice.get_data(as_text=True)
    assert world.now(case).answer_on == date(2027, 1, 12)
    assert recalendar.sweep(world.ctx) == 1
    assert world.now(case).answer_on == date(2027, 1, 13)
    story = world.browser("li").text(f"/desk/cases/{case.receipt}")
    assert "放假安排定了，“从受理到给结果”从1月12日改到1月13日。" in story
    assert "暂定" not in words_of(story)
    with world.ctx.db.read() as db:
        events = [step.kind for step in db.get_one(Case, case.id).events]
    assert events.count(EventKind.RECALENDARED) == 1


def test_what_is_no_notice_is_said_and_not_lost(world: World) -> None:
    county = world.browser("county")
    county.get("/desk/calendar")
    for path in ("/desk/calendar/read", "/desk/calendar"):
        answer = county.post(path, words="明年放假大家休息", basis="某号")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "明年放假大家休息" in page
        assert "某号" in page
    wrong = county.post("/desk/calendar/read", words=OF_2027.replace("周五", "周六"), basis="")
    assert "1月1日是周五，通知里写的是周六" in wrong.get_data(as_text=True)


def test_a_notice_that_is_not_right_is_dropped(world: World) -> None:
    county = world.browser("county")
    county.get("/desk/calendar")
    kept = county.post("/desk/calendar", words=OF_2027, basis="某号", follow=True)
    number = re.search(r'id="notice-(\d+)"', kept.get_data(as_text=True))
    assert number
    county.post(f"/desk/calendar/{number[1]}/drop")
    assert "等另一位签字" not in county.text("/desk/calendar")
    assert county.post("/desk/calendar/999/sign").status_code == 404
