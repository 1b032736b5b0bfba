"""Reading State Council notices: a real one whole, and what must be said instead of guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models import daysoff
from models.daysoff import read_notice
from models.workdays import is_settled, is_working_day, statutory_days

# The notice of 2026 (国办发明电〔2025〕7号), as published.
OF_2026 = """\
国务院办公厅关于2026年
部分节假日安排的通知
国办发明电〔2025〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
国务院办公厅
2025年11月4日
"""
# Invented: nothing is published for 2027 yet.
OF_2027 = """\
国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至13日（周六）放假调休，共9天。1月31日（周日）、2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假，共1天。
六、中秋节：9月15日（周三）放假，共1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
"""
HEAD = "2027年部分节假日安排\n"


def days(*texts: str) -> set[date]:
    return {date.fromisoformat(text) for text in texts}


def test_the_notice_of_2026_says_what_the_library_keeps_day_by_day() -> None:
    reading = read_notice(OF_2026)
    assert (reading.year, reading.problems) == (2026, ())
    differ = []
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        works = day in reading.worked or (day not in reading.off and day.weekday() < 5)
        if works != is_working_day(day):
            differ.append(day)
    assert differ == []


@pytest.mark.parametrize(("line", "off", "worked"), [
    ("一、元旦：1月1日放假，与周末连休。", days("2027-01-01"), days()),
    ("一、元旦：1 月 1 日（星期五）至 3 日（星期天）放假，共 3 天。",
     days("2027-01-01", "2027-01-02", "2027-01-03"), days()),
    ("元旦：2026年12月31日（周四）至1月2日放假调休，共3天。2026年12月27日上班",
     days("2026-12-31", "2027-01-01", "2027-01-02"), days("2026-12-27")),
    ("元旦：2026年12月31日至2027年1月1日放假", days("2026-12-31", "2027-01-01"), days()),
    ("劳动节：5月1日至2日放假，4月25日（周日）、5月8日（周六）上班",
     days("2027-05-01", "2027-05-02"), days("2027-04-25", "2027-05-08")),
    ("清明节：4月5日放假。4月10日、11日上班。",
     days("2027-04-05"), days("2027-04-10", "2027-04-11")),
])
def test_the_ways_in_which_days_are_written(
    line: str, off: set[date], worked: set[date]
) -> None:
    reading = read_notice(HEAD + line)
    assert (set(reading.off), set(reading.worked)) == (off, worked)
    assert reading.problems == ()


@pytest.mark.parametrize(("line", "words"), [
    ("一、元旦：1月1日（周四）放假", daysoff.WRONG_WEEKDAY),
    ("一、元旦：1月1日至3日放假，共4天", daysoff.WRONG_COUNT),
    ("二、春节：2月30日放假", daysoff.NO_SUCH_DAY),
    ("二、春节：2月5日至3月20日放假", daysoff.TOO_LONG),
    ("三、清明节：放假一天", daysoff.NOT_READ),
    ("三、清明节：4月5日前后休息", daysoff.NOT_READ),
    ("三、清明节：5日放假", daysoff.NOT_READ),
    ("一、元旦：1月1日放假。1月1日上班", daysoff.WORKED_AND_OFF),
])
def test_what_cannot_be_right_is_said_and_the_rest_is_read(line: str, words: str) -> None:
    reading = read_notice(f"{HEAD}{line}。\n五、端午节：6月9日（周三）放假。")
    assert date(2027, 6, 9) in reading.off
    assert [problem.words for problem in reading.problems] == [words]


@pytest.mark.parametrize(("text", "words"), [
    ("", daysoff.WHICH_YEAR), ("1月1日放假", daysoff.WHICH_YEAR), (HEAD, daysoff.NOTHING),
])
def test_a_text_without_year_or_days_is_no_notice(text: str, words: str) -> None:
    reading = read_notice(text)
    assert not reading.off
    assert [problem.words for problem in reading.problems] == [words]


# 全国年节及纪念日放假办法第二条 (2024): 元旦1, 春节4 (除夕至初三), 清明1, 劳动节2, 端午1,
# 中秋1, 国庆3.
STATUTORY = {
    2027: days(
        "2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-04-05",
        "2027-05-01", "2027-05-02", "2027-06-09", "2027-09-15", "2027-10-01", "2027-10-02",
        "2027-10-03",
    ),
    2026: days(
        "2026-01-01", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-04-05",
        "2026-05-01", "2026-05-02", "2026-06-19", "2026-09-25", "2026-10-01", "2026-10-02",
        "2026-10-03",
    ),
}


@pytest.mark.parametrize("year", STATUTORY)
def test_every_statutory_day_is_known_and_off(year: int) -> None:
    assert set(statutory_days(year)) == STATUTORY[year]
    assert not any(is_working_day(day) for day in STATUTORY[year])


@pytest.mark.parametrize("day", [
    # Article 6: statutory days on a Saturday or Sunday are made up for on working days.
    "2027-02-09", "2027-02-10", "2027-05-03", "2027-05-04", "2027-10-04", "2027-10-05",
])
def test_statutory_days_on_a_weekend_are_made_up_for(day: str) -> None:
    assert not is_working_day(date.fromisoformat(day))


def test_no_notice_is_out_for_2027() -> None:
    assert is_settled(2026)
    assert not is_settled(2027)
