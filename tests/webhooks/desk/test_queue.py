"""The queue: order, counts, deadlines in words, looking narrower, finding."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.webhooks.desk.world import QIAOTOU, XIAOHE, XIAOHE_VILLAGE, World

ROW = re.compile(r'<a class="row.*?</a>', re.DOTALL)
TAB = re.compile(r'<a class="tab" href="([^"]+)"[^>]*><b>(\d+)</b> <span>([^<]+)</span>')
CHIP = re.compile(r'<a class="chip chip-(\w+)[^>]*>.*?<b>(\d+)</b>', re.DOTALL)
NAME = re.compile(r"<b>([^<]+)</b> <span class=\"row-place\">")


def names(page: str) -> list[str]:
    return NAME.findall(page)


def row_of(page: str, name: str) -> str:
    """One row's text, without tags and with single spaces."""
    row = next(row for row in ROW.findall(page) if f"<b>{name}</b>" in row)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_the_oldest_deadline_comes_first_and_the_urgent_before_others(world: World) -> None:
    world.case(name="甲先来")
    world.clock.at += timedelta(days=1)
    world.case(name="乙后来")
    world.case(name="丙急", urgent=True)
    world.case(name="丁后来")
    page = world.browser("li").text("/desk/")
    assert names(page) == ["丙急", "甲先来", "乙后来", "丁后来"]
    assert " 急 丙急" in f" {row_of(page, '丙急')}"
    assert "急" not in row_of(page, "甲先来")


def test_of_one_deadline_the_urgent_come_first(world: World) -> None:
    world.case(name="平常")
    world.clock.at += timedelta(days=2)
    world.case(name="急的", urgent=True)
    page = world.browser("li").text("/desk/")
    assert page.count("11月26日前") == 2
    assert names(page) == ["急的", "平常"]


def test_on_its_day_a_case_is_not_late_yet(world: World) -> None:
    world.case(name="今天")
    world.clock.at += timedelta(days=3)
    assert names(world.browser("li").text("/desk/?only=late")) == []
    world.clock.at += timedelta(days=1)
    assert names(world.browser("li").text("/desk/?only=late")) == ["今天"]


@pytest.mark.parametrize(
    ("days", "words", "near"),
    [
        (0, "还剩 3 个工作日（11月26日前）", "far"),
        (1, "还剩 2 个工作日（11月26日前）", "far"),
        (2, "快到期，还剩 1 个工作日（11月26日前）", "near"),
        (3, "今天到期（11月26日）", "near"),
        (4, "已超期 1 个工作日（11月26日到期）", "overdue"),
        (5, "已超期 1 个工作日（11月26日到期）", "overdue"),
        (7, "已超期 2 个工作日（11月26日到期）", "overdue"),
    ],
)
def test_deadlines_are_words_and_days(world: World, days: int, words: str, near: str) -> None:
    world.case()
    world.clock.at += timedelta(days=days)
    page = world.browser("li").text("/desk/")
    assert words in page
    assert f'class="due due-{near}"' in page


def test_a_returned_case_waits_without_a_clock(world: World) -> None:
    case = world.case()
    world.register(case)
    world.move(case, "li", "return", missing=("户口本",))
    assert "等本人补材料，不计时" in world.browser("li").text("/desk/?at=returned")


def test_a_row_says_who_where_what_and_whose(world: World) -> None:
    case = world.case(name="陈秀兰", village=QIAOTOU, what="房子 漏雨\n\n墙裂了" + "很大的缝" * 20)
    world.register(case, "zhao")
    row = row_of(world.browser("li").text("/desk/"), "陈秀兰")
    for words in ("桥头村", "房子 漏雨 墙裂了很大的缝", "…", case.receipt, "赵敏", "已登记"):
        assert words in row
    assert "很大的缝" * 20 not in row


@pytest.mark.parametrize("query", ["", "at=returned", "only=mine", "only=late", "at=done"])
def test_an_empty_queue_says_what_will_be_here(world: World, query: str) -> None:
    page = world.browser("li").text(f"/desk/?{query}")
    assert 'class="empty"' in page
    assert names(page) == []


@pytest.mark.parametrize(
    "query", ["at=helped", "only=x", "township=1",
              f"township={XIAOHE}"],
)
def test_what_does_not_exist_for_this_person_is_not_found(world: World, query: str) -> None:
    assert world.browser("li").get(f"/desk/?{query}").status_code == 404


def test_officers_see_their_township_alone(world: World) -> None:
    world.case(name="大湾人")
    world.case(name="小河人", village=XIAOHE_VILLAGE)
    assert names(world.browser("li").text("/desk/")) == ["大湾人"]
    assert names(world.browser("sun").text("/desk/")) == ["小河人"]


def test_reading_the_queue_is_recorded_with_the_cases(world: World) -> None:
    case = world.case()
    browser = world.browser("li")
    before = len(world.audited("queue.read"))
    browser.text("/desk/")
    entries = world.audited("queue.read")
    assert len(entries) == before + 1
    assert entries[-1].staff_id == world.staff["li"].id
    assert entries[-1].detail == f'{{"cases": [{case.id}]}}'
    assert "王秀英" not in entries[-1].detail


def test_finding_by_receipt_name_and_telephone(world: World) -> None:
    case = world.case(name="欧阳菊英", phone="13912345678")
    world.case(name="小河人", village=XIAOHE_VILLAGE)
    browser = world.browser("li")
    for said in (case.receipt, case.receipt.replace("-", ""), f" {case.receipt} "):
        assert browser.post("/desk/find", q=said).location.startswith(f"/desk/cases/{case.receipt}")
    for said in ("欧阳菊英", "13912345678", "139 1234 5678"):
        page = browser.post("/desk/find", q=said).get_data(as_text=True)
        assert names(page) == ["欧阳菊英"], said
    assert names(browser.post("/desk/find", q="小河人").get_data(as_text=True)) == []


def test_a_mistyped_receipt_is_told_apart_from_an_unknown_one(world: World) -> None:
    case, other = world.case(), world.case(village=XIAOHE_VILLAGE)
    browser = world.browser("li")
    last = "0" if case.receipt[-1] != "0" else "1"
    mistyped = browser.post("/desk/find", follow=True, q=case.receipt[:-1] + last)
    assert "有一位不对" in mistyped.get_data(as_text=True)
    unknown = browser.post("/desk/find", follow=True, q=other.receipt)
    assert "没有找到编号" in unknown.get_data(as_text=True)
    nothing = browser.post("/desk/find", follow=True, q="  ")
    assert "请写编号" in nothing.get_data(as_text=True)
