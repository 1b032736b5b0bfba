"""Reading a State Council notice on days off, as people paste it. Pure.

「一、元旦：1月1日（周五）至3日（周日）放假调休，共3天。4月26日（周日）上班。」 What cannot be
read, or contradicts itself, is told line by line; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from models.settings import mark

# Longer than any holiday that was ever ordered: such a range is a slip of the pen.
LONGEST = 15
NOT_READ = mark("这句没读懂：{line}")
NO_SUCH_DAY = mark("日历上没有这一天：{line}")
WRONG_WEEKDAY = mark("{day}是周{real}，通知里写的是周{said}，请核对是哪一年：{line}")
WRONG_COUNT = mark("写着共{said}天，数出来是{real}天：{line}")
TOO_LONG = mark("从头到尾太长了，请核对：{line}")
WORKED_AND_OFF = mark("{day}又放假又上班，请核对。")
NOTHING = mark("没有读到放假的日子。请把通知里“一、元旦……”那几行贴进来。")
WHICH_YEAR = mark("没有写是哪一年的。请连通知的标题一起贴进来。")

WEEK = "一二三四五六日"
_YEAR = re.compile(r"(20\d\d)年(?:部分)?(?:节假日|元旦)")
_DAY = r"(?:(20\d\d)年)?(?:(\d{1,2})月)?(\d{1,2})日"
_WEEKDAY = r"(?:\([^()]*?(?:周|星期)([一二三四五六日天])[^()]*\)|\([^()]*\))?"
_SPAN = re.compile(rf"{_DAY}{_WEEKDAY}(?:(?:至|到|-|—|~){_DAY}{_WEEKDAY})?")
_COUNT = re.compile(r"共(\d{1,2})天")
_SIGNED = re.compile(r"(?:国务院办公厅)?20\d\d年\d{1,2}月\d{1,2}日(?:\(.*\))?")
_HEADED = re.compile(r"^(?:[一二三四五六七八九十]+|\d+)[、.]")


@dataclass(frozen=True)
class Problem:
    """A marked sentence with what fills it."""

    words: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What a pasted notice says: days off, days worked instead, and what was not understood."""

    year: int | None
    off: frozenset[date]
    worked: frozenset[date]
    problems: tuple[Problem, ...]


class _Unread(Exception):
    def __init__(self, words: str, **values: object) -> None:
        super().__init__(words)
        self.problem = Problem(words, values)


def read_notice(text: str) -> Reading:
    """Read a notice; the year is that of its heading."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[^\S\n]+", "", plain)
    named = _YEAR.search(plain.replace("\n", ""))
    if named is None:
        return Reading(None, frozenset(), frozenset(), (Problem(WHICH_YEAR),))
    year = int(named[1])
    off: set[date] = set()
    worked: set[date] = set()
    problems: list[Problem] = []
    for line in filter(None, re.split(r"[。;\n]", plain)):
        try:
            _read_line(line, year, off, worked)
        except _Unread as unread:
            problems.append(unread.problem)
    both = sorted(off & worked)
    problems += [Problem(WORKED_AND_OFF, {"day": day}) for day in both]
    if not off:
        problems.append(Problem(NOTHING))
    return Reading(year, frozenset(off), frozenset(worked - off), tuple(problems))


def _read_line(line: str, year: int, off: set[date], worked: set[date]) -> None:
    """One sentence: its days are off or worked; headings and signatures say nothing."""
    if _SIGNED.fullmatch(line) or (_YEAR.search(line) and not re.search(r"\d日", line)):
        return
    spans = list(_SPAN.finditer(_without_count(line)))
    if not spans:
        # Advice without a day says nothing; a holiday of its own line without a day is missed.
        if _HEADED.match(line):
            raise _Unread(NOT_READ, line=line)
        return
    is_off, is_worked = "放假" in line, "上班" in line
    if is_off == is_worked:
        _read_parts(line, year, off, worked)
        return
    found = _days(spans, year, line)
    count = _COUNT.search(line)
    if count and is_off and int(count[1]) != len(found):
        raise _Unread(WRONG_COUNT, said=int(count[1]), real=len(found), line=line)
    (off if is_off else worked).update(found)


def _read_parts(line: str, year: int, off: set[date], worked: set[date]) -> None:
    """「1日至3日放假，4日上班」: both in one sentence, or neither."""
    parts = re.split(r"(?<=放假)[,，]|(?<=天)[,，]|(?<=调休)[,，]|(?<=上班)[,，]", line)
    if len(parts) == 1:
        raise _Unread(NOT_READ, line=line)
    month = ""
    for part in parts:
        if re.search(r"\d日", _without_count(part)):
            named = re.search(r"(\d{1,2})月", part)
            _read_line(part if named else f"{month}{part}", year, off, worked)
            month = f"{named[1]}月" if named else month


def _without_count(line: str) -> str:
    return _COUNT.sub("", line)


def _days(spans: list[re.Match[str]], year: int, line: str) -> set[date]:
    found: set[date] = set()
    month = 0
    for span in spans:
        first = _day(span.group(1, 2, 3, 4), year, month, line)
        last = first
        if span[7]:
            over = int(span[6] or first.month) < first.month
            last = _day(span.group(5, 6, 7, 8), first.year + over, first.month, line)
        if not 0 <= (last - first).days < LONGEST:
            raise _Unread(TOO_LONG, line=line)
        month = last.month
        found |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return found


def _day(parts: tuple[str | None, ...], year: int, month: int, line: str) -> date:
    """One day; without a month it is that of the day before it."""
    named, of, number, weekday = parts
    if not of and not month:
        raise _Unread(NOT_READ, line=line)
    try:
        day = date(int(named or year), int(of or month), int(number or 0))
    except ValueError:
        raise _Unread(NO_SUCH_DAY, line=line) from None
    real = WEEK[day.weekday()]
    said = (weekday or real).replace("天", "日")
    if said != real:
        raise _Unread(WRONG_WEEKDAY, day=day, real=real, said=said, line=line)
    return day


def runs(days: frozenset[date]) -> list[tuple[date, date]]:
    """Days in unbroken runs, for reading out: (first, last)."""
    ordered = sorted(days)
    if not ordered:
        return []
    breaks = [(a, b) for a, b in pairwise(ordered) if (b - a).days > 1]
    starts = [ordered[0], *(b for _, b in breaks)]
    ends = [*(a for a, _ in breaks), ordered[-1]]
    return list(zip(starts, ends, strict=True))
