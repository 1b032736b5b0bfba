"""A public notice as pages and paper show it: one view for the village, the preview, the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models import noticequeries
from models.areas import Gazetteer, Level
from models.context import Context
from models.noticechanges import WAS, counted
from models.noticequeries import Audience
from models.paths import PATHS
from models.publishing import KIND_NAMES, STATE_NAMES, Row, State, Version
from models.sealing import grouped
from models.settings import Translate, mark
from notices.figurewords import figures_said
from notices.kinds import LABELS
from notices.suppressing import figures

# These stand by themselves, large; the others in one line below.
LARGE = ("name", "amount")


@dataclass(frozen=True)
class Line:
    """One row: its number in the list, the name, the sum, and what else is shown. `was`: the sum
    before, empty where it is new; None where nothing changed or nothing hung before."""

    number: int
    name: str
    amount: str
    rest: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    was: str | None = None


@dataclass(frozen=True)
class Sheet:
    """What stands around the rows, said; the same on every page and on paper."""

    version: Version
    place: str
    village: str
    kind: str
    state: str
    period: str
    hash: str
    figures: str
    columns: tuple[tuple[str, str], ...]
    complain: tuple[tuple[str, str], ...]
    audience: Audience
    publisher: str
    changes: str = ""


def sheet(ctx: Context, t: Translate, version: Version, village: str) -> Sheet:
    """The frame of a version's rows of one village (or of all, where `village` is its area)."""
    areas, notice = ctx.directory.areas, version.notice
    total, own = figures(version.figures)
    counted = own.get(village) if village != notice.area or len(own) == 1 else total
    columns = [name for name in version.fields.split() if name != "village"]
    if not _is_village(areas, village):
        columns = version.fields.split()
    return Sheet(
        version=version, place=areas.name(village), village=village,
        kind=t(KIND_NAMES[notice.kind]), state=t(STATE_NAMES[State(version.state)]),
        period=period(ctx, t, version), hash=grouped(version.short or ""),
        figures=figures_said(t, counted),
        columns=tuple((name, t(LABELS[name])) for name in columns),
        complain=complain(t, areas, notice.area),
        audience=noticequeries.audience(ctx, village), publisher=_publisher(areas, notice.area),
        changes=changes_said(t, version, village),
    )


NEW, CHANGED, ENDED = mark("新增 {count} 户"), mark("金额变了 {count} 户"), mark("少了 {count} 户")
NOTHING_NEW = mark("和上一版一样，没有变化")


def changes_said(t: Translate, version: Version, village: str) -> str:
    """新增 1 户，少了 2 户 against the version before; empty where none hung before."""
    if version.changes is None:
        return ""
    whole = village == version.notice.area
    found = counted(version.changes, version.changes if whole else (village,))
    said = [
        t(words, count=count) for words, count in zip((NEW, CHANGED, ENDED), found, strict=True)
        if count
    ]
    return t(mark("，")).join(said) if said else t(NOTHING_NEW)


def _is_village(areas: Gazetteer, code: str) -> bool:
    place = areas.get(code)
    return place is not None and place.level == Level.VILLAGE


def _publisher(areas: Gazetteer, area: str) -> str:
    township = areas.at(area, Level.TOWNSHIP)
    return township.name if township else areas.name(area)


def lines(rows: Sequence[Row], columns: Sequence[tuple[str, str]]) -> list[Line]:
    """The rows as they are shown, in the order of the columns."""
    found = []
    for row in rows:
        values: dict[str, str] = row.shown
        rest = tuple(
            (label, values[name]) for name, label in columns if name not in LARGE and name in values
        )
        found.append(Line(
            row.line, values.get("name") or values.get("village", ""), values.get("amount", ""),
            rest, values, values.get(WAS),
        ))
    return found


UNTIL = mark("{first}至{last}")
SINCE = mark("{first}起，换新的一版为止")
FROM_SIGNATURE = mark("签字以后开始")
DAYS_LEFT = mark("{period}，还有 {days} 天")
# An open objection holds it up, or the worker is late: nothing says which.
NOT_OVER = mark("{period}，日子到了，还没有结束")
LAST_DAY = mark("{period}，今天是最后一天")


def period(ctx: Context, t: Translate, version: Version) -> str:
    """From when to when, with the years, and how many days are left of it."""
    if version.first_day is None:
        return t(FROM_SIGNATURE)
    if version.last_day is None:
        return t(SINCE, first=day(t, version.first_day))
    said = t(UNTIL, first=day(t, version.first_day), last=day(t, version.last_day))
    left = (version.last_day - ctx.today()).days
    if version.state != State.LIVE:
        return said
    if left < 0:
        return t(NOT_OVER, period=said)
    return t(DAYS_LEFT, period=said, days=left) if left else t(LAST_DAY, period=said)


def day(t: Translate, on: date) -> str:
    """With its year, as the law and the board write it: 2026年11月24日."""
    return t(mark("{year}年{day}"), year=on.year, day=t.day(on))


CITIZENS = mark("12345 热线")


def complain(t: Translate, areas: Gazetteer, area: str) -> tuple[tuple[str, str], ...]:
    """Whom to tell that something is wrong: the office above the one that it is about.

    A village's list is told to the township and the county, a township's to the county; the
    county has no list of its own.
    """
    above = [
        place for place in areas.upward(area) if place.code != area or place.level == Level.COUNTY
    ]
    found = [(place.name, place.phone) for place in above if place.phone]
    return (*found, (t(CITIZENS), "12345"))


def scheme(t: Translate, version: Version) -> str:
    """The scheme's name; empty for a list of several."""
    code = version.notice.scheme
    return t(PATHS[code].name) if code else ""
