"""The queue by groups: today's header, pages by key, what calls, and how far is counted."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from models import deskqueries
from models.cases import Case
from models.groups import GROUP_OF, Group, group_of, placed, turn_of
from models.residentwork import ask_withdrawal, note_supplied
from models.statuses import CLOSED, TO_DO, EventKind, Status
from models.timeline import beside
from tests.webhooks.desk.test_queue import names, row_of
from tests.webhooks.desk.world import DAWAN, XIAOHE, XIAOHE_VILLAGE, World

TAB = re.compile(r'<a class="tab" href="([^"]+)"[^>]*><b>([^<]+)</b> <span>([^<]+)</span>')
TODAY = re.compile(r'<p class="today">(.*?)</p>', re.DOTALL)
NEXT = re.compile(r'rel="next" href="([^"]+)"')
PREV = re.compile(r'rel="prev" href="([^"]+)"')


def today(page: str) -> str:
    found = TODAY.search(page)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).replace("!", " ").split())


def follow(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    assert found is not None
    return html.unescape(found[1])


def test_every_status_has_its_group() -> None:
    assert {s for s in Status if group_of(s) is Group.DONE} == set(CLOSED)
    assert {group_of(s) for s in TO_DO} == set(Group) - {Group.HELP, Group.DONE}
    assert set(GROUP_OF) == set(Status) - CLOSED


def test_a_turn_is_the_deadline_then_the_urgent_then_what_has_none(world: World) -> None:
    now = world.ctx.now()
    day = world.ctx.today()
    turns = [
        placed(status, urgent, due, now)["turn"]
        for status, urgent, due in (
            (Status.ENDED, False, None), (Status.SUBMITTED, True, day),
            (Status.SUBMITTED, False, day), (Status.SUBMITTED, True, day + timedelta(days=1)),
            (Status.RETURNED, True, None), (Status.RETURNED, False, None),
        )
    ]
    assert turns == sorted(set(turns))
    assert placed(Status.ENDED, False, day, now)["to_do"]
    assert not placed(Status.ENDED, False, None, now)["to_do"]


def test_the_place_in_the_queue_follows_every_change(world: World) -> None:
    case = world.case(urgent=True)
    assert (case.queue, case.to_do) == ("register", True)
    world.register(case)
    now = world.now(case)
    assert now.due_on is not None
    assert (now.queue, now.turn) == ("accept", turn_of(now.due_on, urgent=True))
    world.move(case, "li", "answer", words="请到二楼")
    done = world.now(case)
    assert (done.queue, done.to_do) == ("done", False)
    assert done.turn == -int(done.updated_at.timestamp())


def test_the_header_says_what_is_due_today_and_what_is_late(world: World) -> None:
    world.case(name="甲")
    assert today(world.browser("li").text("/desk/")) == "今天没有到期的，也没有超期的。"
    world.clock.at += timedelta(days=1)
    world.case(name="乙")
    world.clock.at += timedelta(days=2)
    assert today(world.browser("li").text("/desk/")) == "今天到期 1 件"
    world.clock.at += timedelta(days=1)
    browser = world.browser("li")
    page = browser.text("/desk/")
    assert today(page) == "今天到期 1 件 已超期 1 件"
    assert names(browser.text("/desk/?only=today")) == ["乙"]
    assert names(browser.text("/desk/?only=late")) == ["甲"]
    assert 'class="due due-overdue"' in page
    assert 'class="due due-near"' in page
    assert names(page) == ["甲", "乙"]


def test_every_number_leads_to_its_rows(world: World) -> None:
    for place in range(5):
        case = world.case(name=f"某{place}", urgent=place == 0)
        if place > 1:
            world.register(case, "li" if place > 2 else "zhao")
        if place == 4:
            world.move(case, "li", "answer", words="请到二楼")
    browser = world.browser("li")
    found = TAB.findall(browser.text("/desk/"))
    tabs = {words: (html.unescape(href), number) for href, number, words in found}
    assert {words: number for words, (_, number) in tabs.items()} == {
        "在办": "4", "待登记": "2", "待受理": "2", "办完的": "…",
    }
    for href, number in tabs.values():
        assert len(names(browser.text(href))) == (1 if number == "…" else int(number))
    chips = dict(re.findall(r'chip chip-(\w+)[^>]*>.*?<b>(\d+)</b>', browser.text("/desk/")))
    assert chips == {"late": "0", "urgent": "1", "calls": "0", "mine": "1"}


def test_pages_go_on_from_a_key_and_back(world: World) -> None:
    for place in range(65):
        world.case(name=f"第{place}")
    browser = world.browser("li")
    first = browser.text("/desk/")
    assert PREV.search(first) is None
    second = browser.text(follow(NEXT, first))
    third = browser.text(follow(NEXT, second))
    assert [len(names(page)) for page in (first, second, third)] == [30, 30, 5]
    assert NEXT.search(third) is None
    assert names(first) + names(second) + names(third) == [f"第{place}" for place in range(65)]
    back = browser.text(follow(PREV, third))
    assert names(back) == names(second)
    assert names(browser.text(follow(PREV, back))) == names(first)
    assert PREV.search(browser.text(follow(PREV, back))) is None


def test_of_what_is_done_the_newest_comes_first(world: World) -> None:
    for name in ("早", "晚"):
        world.move(world.case(name=name), "li", "answer", words="请到二楼")
        world.clock.at += timedelta(days=1)
    assert names(world.browser("li").text("/desk/?at=done")) == ["晚", "早"]


@pytest.mark.parametrize("query", [
    "at=submitted", "at=x", "only=x", "after=1", "after=1.-2", "before=a.b", "township=1",
    f"township={XIAOHE}", f"after={10**40}.1",
])
def test_what_does_not_exist_for_this_person_is_not_found(world: World, query: str) -> None:
    assert world.browser("li").get(f"/desk/?{query}").status_code == 404


def test_what_a_resident_did_calls_until_staff_do_something(world: World) -> None:
    supplied, leaving, seen = world.case(name="甲"), world.case(name="乙"), world.case(name="丙")
    for case in (supplied, seen):
        world.register(case)
        world.move(case, "li", "return", missing=("户口本",))
    with world.ctx.db.begin() as db:
        for case in (supplied, seen):
            found = db.get(Case, case.id)
            assert found is not None
            note_supplied(world.ctx, db, found)
        assert leaving.person_id is not None
        ask_withdrawal(world.ctx, db, leaving.person_id, leaving.receipt)
    # Time alone answers nobody: an escalation is no answer.
    with world.ctx.db.begin() as db:
        found = db.get(Case, supplied.id)
        assert found is not None
        db.add(beside(world.ctx, found, EventKind.ESCALATED))
    world.move(seen, "li", "accept", scheme="temporary")
    browser = world.browser("li")
    page = browser.text("/desk/")
    assert "材料补来了" in row_of(page, "甲")
    assert "本人想撤回" in row_of(page, "乙")
    assert "材料补来了" not in row_of(page, "丙")
    assert sorted(names(browser.text("/desk/?only=calls"))) == ["乙", "甲"]


def test_the_county_sees_every_township_side_by_side(world: World) -> None:
    world.case(name="大湾人")
    world.case(name="小河人", village=XIAOHE_VILLAGE)
    world.clock.at += timedelta(days=9)
    browser = world.browser("county")
    page = browser.text("/desk/")
    for township in (DAWAN, XIAOHE):
        assert f'href="/desk/?township={township}&amp;at=register">1</a>' in page
        assert f'href="/desk/?township={township}&amp;only=late">1</a>' in page
    assert names(browser.text(f"/desk/?township={XIAOHE}&only=late")) == ["小河人"]
    assert "各乡镇" not in world.browser("li").text("/desk/")


def test_nothing_is_counted_further_than_needed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deskqueries, "CAP", 3)
    for place in range(6):
        world.case(name=f"第{place}")
    page = world.browser("li").text("/desk/")
    assert TAB.findall(page)[0][1:] == ("3+", "在办")
