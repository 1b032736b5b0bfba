"""The figures of a month and the month's report, on SQLite and PostgreSQL."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from models import figures, report
from models.assistance import Assistance, AssistanceChange
from models.figures import Line, Span
from models.sealed import KeyRing
from tests.webhooks.desk.world import (
    DAWAN,
    DAWAN_VILLAGE,
    XIAOHE,
    XIAOHE_VILLAGE,
    StandingClock,
    World,
    context,
    settle,
    staffed,
)
from webhooks.app import create_app
from webhooks.charts import WIDTH, chart

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def either(database: str, tmp_path: Path) -> Iterator[World]:
    """A county on SQLite and on PostgreSQL."""
    clock = StandingClock()
    ctx = context(tmp_path, KeyRing.generate(), clock, database_url=database)
    settle(ctx)
    found = World(ctx, clock, create_app(ctx))
    staffed(found)
    yield found
    ctx.db.close()


def lines(world: World, by: str, who: str = "county", **span: str) -> dict[str, Line]:
    with world.ctx.db.read() as db:
        found = figures.lines(
            world.ctx, db, world.staff[who], Span(NOVEMBER, **span), by
        )
    return {line.key: line for line in found}


def busy(world: World) -> None:
    """Kept and answered; declined late; running; urgent and kept; urgent and late."""
    world.move(world.case(name="答"), "li", "answer", words="请到二楼")
    world.move(world.case(name="急按时", urgent=True), "li", "answer", words="来了")
    late = world.case(name="急迟", urgent=True, village=XIAOHE_VILLAGE)
    slow = world.case(name="迟")
    world.clock.at += timedelta(days=7)
    world.move(late, "sun", "answer", words="来了")
    world.register(slow)
    running = world.case(name="办")
    world.register(running)
    world.move(running, "li", "accept", scheme="temporary")


def test_the_lines_of_a_month(either: World) -> None:
    busy(either)
    assert lines(either, "township") == {
        DAWAN: Line(DAWAN, 4, 1, 2, 0, 0), XIAOHE: Line(XIAOHE, 1, 1, 0, 0, 0),
    }
    assert lines(either, "scheme") == {
        "": Line("", 4, 2, 2, 0, 0), "temporary": Line("temporary", 1, 0, 0, 0, 0),
    }
    assert lines(either, "month") == {"2026-11": Line("2026-11", 5, 2, 2, 0, 0)}
    assert set(lines(either, "township", "li")) == {DAWAN}
    assert lines(either, "township", township=XIAOHE) == {XIAOHE: Line(XIAOHE, 1, 1, 0, 0, 0)}
    assert lines(either, "township", scheme="dibao") == {}
    total = figures.total(lines(either, "township").values())
    assert (total.received, total.done, total.running, total.late) == (5, 2, 1, 2)
    assert figures.total([]) == Line("", 0, 0, 0, 0, 0)


def test_what_still_runs_is_late_from_the_day_after(either: World) -> None:
    case = either.case()
    assert case.due_on is not None
    # The last hour of the last day, in Shanghai.
    either.clock.at = datetime(case.due_on.year, case.due_on.month, case.due_on.day, 15, tzinfo=UTC)
    assert lines(either, "month")["2026-11"].late == 0
    either.clock.at += timedelta(hours=2)
    assert lines(either, "month")["2026-11"].late == 1


def test_a_month_begins_at_midnight_here(either: World) -> None:
    either.clock.at = datetime(2026, 10, 31, 15, 59, tzinfo=UTC)
    either.case()
    either.clock.at += timedelta(minutes=2)
    either.case()
    assert lines(either, "month") == {"2026-11": Line("2026-11", 1, 0, 0, 0, 0)}


def test_waits_are_medians_of_working_days(either: World) -> None:
    made = [either.case(name=f"第{n}") for n in range(4)]
    for days, case in zip((0, 1, 4, 3), made, strict=True):
        either.clock.at += timedelta(days=days)
        either.register(case)
    with either.ctx.db.read() as db:
        waits = {
            w.step: w for w in figures.waits(
                either.ctx, db, either.staff["county"], Span(NOVEMBER)
            )
        }
    # Monday; Tuesday 1; Saturday 4; Tuesday 6.
    assert (waits["register"].median, waits["register"].number) == (2.5, 4)
    assert (waits["decide"].median, waits["decide"].number) == (0, 0)


def test_the_urgent_within_the_limit(either: World) -> None:
    busy(either)
    with either.ctx.db.read() as db:
        found = {
            who: figures.urgent(either.ctx, db, either.staff[who], Span(NOVEMBER))
            for who in ("county", "li", "sun")
        }
    assert found == {"county": (2, 1), "li": (1, 1), "sun": (1, 0)}


def given(world: World, township: str, scheme: str, *changes: tuple[str, str, date],
          until: date | None = None, persons: int = 2) -> None:
    """Help on the register with its changes: (kind, yuan, from when)."""
    case = world.case(village=DAWAN_VILLAGE if township == DAWAN else XIAOHE_VILLAGE)
    with world.ctx.db.begin() as db:
        once = changes[0][0] == "finish"
        made = Assistance(
            case_id=case.id, county=case.county, township=township, scheme=scheme, form="money",
            amount=Decimal(changes[-1][1]), monthly=not once, persons=persons, state="running",
            decided_on=changes[0][2], from_on=None if once else changes[0][2], until_on=until,
        )
        db.add(made)
        db.flush()
        db.add_all(
            AssistanceChange(
                assistance_id=made.id, kind=kind, after=Decimal(yuan), from_on=day,
                at=world.ctx.now(),
            )
            for kind, yuan, day in changes
        )


def test_the_months_report(either: World) -> None:
    early, mid = date(2026, 9, 1), date(2026, 11, 12)
    given(either, DAWAN, "dibao", ("assist", "400.10", early))
    given(either, DAWAN, "dibao", ("assist", "300.20", mid), persons=3)
    given(either, DAWAN, "dibao", ("assist", "500", early), until=mid)
    given(either, DAWAN, "dibao", ("assist", "700", early), until=date(2026, 10, 9))
    given(either, DAWAN, "dibao", ("assist", "100", date(2026, 12, 1)))
    given(either, XIAOHE, "tekun", ("assist", "800", early),
          ("adjust", "900", date(2026, 11, 1)), ("adjust", "950", date(2026, 12, 1)))
    given(either, DAWAN, "temporary", ("finish", "1000", mid), until=mid)
    given(either, DAWAN, "temporary", ("finish", "2000", early), until=early)

    def reported(who: str, **span: str) -> list[report.Report]:
        with either.ctx.db.read() as db:
            return report.reported(db, either.staff[who], Span(NOVEMBER, **span))

    dibao = report.Report(DAWAN, "dibao", 2, 5, 1, 1, 0, Decimal("1200.30"))
    once = report.Report(DAWAN, "temporary", once=1, spent=Decimal("1000.00"))
    tekun = report.Report(XIAOHE, "tekun", 1, 2, 0, 0, 0, Decimal("900.00"))
    assert reported("county") == [dibao, once, tekun]
    assert reported("chen") == [dibao, once]
    assert reported("county", township=XIAOHE) == [tekun]
    assert reported("county", scheme="temporary") == [once]
    assert report.total(reported("county")) == report.Report(
        "", "", 3, 7, 1, 1, 1, Decimal("3100.30")
    )


def test_the_page_says_the_figures_with_a_table_under_each_chart(world: World) -> None:
    busy(world)
    given(world, DAWAN, "dibao", ("assist", "400.10", date(2026, 9, 1)))
    world.clock.at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    page = world.browser("county").text("/desk/figures?month=2026-11")
    for words in ("收 5，超期 2", "急难 2 件，其中 1 件按时看了", "按乡镇", "大湾镇", "小河乡",
                  "400.10", "个工作日", "2026-11 救助月报"):
        assert words in page, words
    # Drawn as SVG, and as many tables as charts, and the report.
    assert page.count('<svg class="chart"') == 4
    assert page.count("<table") == 5
    alone = world.browser("li").text("/desk/figures")
    assert "按乡镇" not in alone
    assert "小河乡" not in alone


@pytest.mark.parametrize("query", [
    "month=2027-01", "month=x", "month=1999-01", f"township={XIAOHE}", "scheme=x",
    f"township={DAWAN_VILLAGE}",
])
def test_what_is_not_there_is_not_counted(world: World, query: str) -> None:
    assert world.browser("li").get(f"/desk/figures?{query}").status_code == 404


def test_the_report_as_a_file_is_numbers_and_is_written_down(world: World) -> None:
    given(world, DAWAN, "dibao", ("assist", "400.10", date(2026, 9, 1)))
    answer = world.browser("chen").get("/desk/figures/report.xlsx?month=2026-11")
    assert answer.status_code == 200
    book = zipfile.ZipFile(BytesIO(answer.data))
    numbers = re.findall(r"<v>([\d.]+)</v>", book.read("xl/worksheets/sheet1.xml").decode())
    assert "400.1" in numbers
    assert "王秀英" not in book.read("xl/sharedStrings.xml").decode()
    entry = world.audited("export.report")[-1]
    assert '"month": "2026-11"' in entry.detail


def test_the_longest_bar_takes_the_whole_width() -> None:
    drawn = chart("x", "x", [("a", "", [("done", 1), ("late", 3)]), ("b", "", [("done", 2)])])
    assert [sum(part.width for part in bar.parts) for bar in drawn.bars] == [WIDTH, WIDTH / 2]
    assert drawn.bars[0].parts[1].x == WIDTH / 4
    assert chart("x", "x", [("a", "", [("done", 0)])]).bars[0].parts == ()
