"""A list from its spreadsheet to its end: signed by another, chained, and every byte held."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import LargeBinary, inspect, select, text

from models import noticechecking, noticedrafts, noticequeries, noticesigning
from models.context import Context
from models.noticechecking import Found
from models.policy import NotAllowed
from models.publishing import Notice, Row, State, Version
from models.sealed import SealedJSON
from models.sealing import read_short, short
from models.steps import MoveRefused
from models.tables import METADATA
from tests.notices.lists import (
    DAWAN,
    DAWAN_VILLAGE,
    PEOPLE,
    QIAOTOU,
    XIAOWAN,
    csv_of,
    draft,
    gated,
    of_village,
    published,
    sign,
    staff,
    version,
)
from tests.service import COUNTY_STAFF, HEAD, OFFICER, OTHER_OFFICER, Service, running

FOREIGN_HEAD = 5


def verified(ctx: Context) -> Found:
    with ctx.db.read() as session:
        return noticechecking.verify(ctx, session)


def test_only_another_person_who_decides_there_signs(service: Service) -> None:
    ctx = service.ctx
    number = draft(ctx)
    with ctx.db.begin() as session:
        noticedrafts.ask(ctx, session, staff(ctx, OFFICER), number)
    others = ((OFFICER, NotAllowed), (OTHER_OFFICER, NotAllowed), (FOREIGN_HEAD, LookupError))
    for who, why in others:
        with pytest.raises(why), ctx.db.begin() as session:
            noticesigning.sign(ctx, session, staff(ctx, who), number)
        assert version(ctx, number).state == State.SIGNING
    with ctx.db.begin() as session:
        noticesigning.sign(ctx, session, staff(ctx, HEAD), number)
    assert version(ctx, number).state == State.LIVE
    # Signed once is signed.
    with pytest.raises(MoveRefused), ctx.db.begin() as session:
        noticesigning.sign(ctx, session, staff(ctx, COUNTY_STAFF), number)


def test_a_head_who_drafts_or_asks_does_not_sign(service: Service) -> None:
    ctx = service.ctx
    for drafts, asks in ((HEAD, OFFICER), (OFFICER, HEAD)):
        number = draft(ctx, by=drafts)
        with ctx.db.begin() as session:
            noticedrafts.ask(ctx, session, staff(ctx, asks), number)
        with pytest.raises(NotAllowed), ctx.db.begin() as session:
            noticesigning.sign(ctx, session, staff(ctx, HEAD), number)
        with ctx.db.begin() as session:
            noticedrafts.drop(ctx, session, staff(ctx, OFFICER), number)
    with ctx.db.read() as session:
        assert [session.query(one).count() for one in (Notice, Version, Row)] == [0, 0, 0]


def test_the_next_version_supersedes_and_the_chain_holds(service_on_either: Service) -> None:
    ctx = service_on_either.ctx
    first = published(ctx)
    listed = version(ctx, first).notice_id
    with pytest.raises(MoveRefused):
        draft(ctx, notice_id=listed)
    second = published(ctx, csv_of(PEOPLE[:3]), notice_id=listed, reason="更正一户")
    states = [version(ctx, one).state for one in (first, second)]
    assert states == [State.SUPERSEDED, State.LIVE]
    assert version(ctx, first).over_reason == "更正一户"
    assert version(ctx, second).before == version(ctx, first).hash
    found = verified(ctx)
    assert (found.versions, found.rows, found.wrong) == (2, 7, ())
    with ctx.db.read() as session:
        shown = noticequeries.head(session, listed)
        assert shown is not None
        assert shown.id == second


def test_of_one_place_there_is_one_standing_list(service: Service) -> None:
    published(service.ctx)
    with pytest.raises(MoveRefused):
        draft(service.ctx)


def test_a_proposal_hangs_its_days_and_ends_by_itself(service: Service) -> None:
    ctx = service.ctx
    number = published(ctx, kind="proposed")
    made = version(ctx, number)
    # Tuesday 24 November: seven days, the first not counted.
    assert made.first_day is not None
    assert made.last_day == made.first_day + timedelta(days=7)
    service.clock.advance(timedelta(days=7))
    noticesigning.turn(ctx)
    assert version(ctx, number).state == State.LIVE
    service.clock.advance(timedelta(days=1))
    assert noticesigning.turn(ctx) == 1
    assert version(ctx, number).state == State.ENDED
    assert verified(ctx).wrong == ()


def test_signed_for_a_time_it_is_published_then(service: Service) -> None:
    ctx = service.ctx
    number = draft(ctx)
    sign(ctx, number, at=ctx.now() + timedelta(hours=3))
    assert version(ctx, number).state == State.SIGNED
    service.drain()
    assert version(ctx, number).state == State.SIGNED
    service.clock.advance(timedelta(hours=3))
    service.drain()
    assert version(ctx, number).state == State.LIVE
    assert verified(ctx).wrong == ()


def test_an_erased_row_is_gone_and_the_chain_holds(service_on_either: Service) -> None:
    ctx = service_on_either.ctx
    number = published(ctx)
    with ctx.db.begin() as session:
        noticesigning.erase(ctx, session, staff(ctx, OFFICER), number, 2)
    with ctx.db.read() as session:
        row = session.scalars(select(Row).where(Row.line == 2)).one()
        assert (row.shown, row.salt, row.village, row.begin) == (None, None, None, None)
        assert [row.line for row in noticequeries.rows(session, number)] == [1, 3, 4]
    assert verified(ctx).wrong == ()
    with pytest.raises(MoveRefused), ctx.db.begin() as session:
        noticesigning.erase(ctx, session, staff(ctx, OFFICER), number, 2)


def test_rows_are_of_the_village_that_they_name_and_found_by_their_beginning(
    service: Service,
) -> None:
    ctx = service.ctx
    number = published(ctx, csv_of(), DAWAN)
    with ctx.db.read() as session:
        assert noticequeries.villages_in(session, number) == [DAWAN_VILLAGE, XIAOWAN, QIAOTOU]

        def names(village: str, beginning: str) -> list[str]:
            found = noticequeries.search(ctx, session, number, village, beginning)
            return [row.shown["name"] for row in found]

        assert names(DAWAN_VILLAGE, "王") == ["王秀英", "王建国"]
        assert names(DAWAN_VILLAGE, "王建") == ["王建国"]
        assert names(XIAOWAN, "王") == []


def test_nothing_of_the_spreadsheet_lies_open_in_the_store(service: Service) -> None:
    ctx = service.ctx
    number = draft(ctx)
    with ctx.db.engine.connect() as connection:
        for table in ("notices", "notice_versions", "notice_rows"):
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                assert "王秀英" not in repr(tuple(row))
                assert "王秀英".encode() not in b"".join(v for v in row if isinstance(v, bytes))
    sign(ctx, number)
    assert version(ctx, number).reading is None


def columns() -> list[tuple[str, str]]:
    tables = (Notice, Version, Row)
    return [
        (table.__tablename__, column.name) for table in tables for column in inspect(table).columns
        if not column.primary_key
    ]


@pytest.mark.parametrize(("table", "column"), columns())
def test_a_changed_byte_anywhere_is_found(once: Service, table: str, column: str) -> None:
    ctx = once.ctx
    with sqlite3.connect(str(ctx.db.url.database), isolation_level=None) as base:
        was = base.execute(f"SELECT {column} FROM {table} WHERE id = 1").fetchone()[0]
        binary = isinstance(METADATA.tables[table].c[column].type, LargeBinary | SealedJSON)
        for value in changed(was, binary=binary):
            base.execute(f"UPDATE {table} SET {column} = ? WHERE id = 1", (value,))
            found = verified(ctx).wrong
            base.execute(f"UPDATE {table} SET {column} = ? WHERE id = 1", (was,))
            assert found, value
    assert verified(ctx).wrong == ()


def changed(was: Any, *, binary: bool) -> list[Any]:
    """The same with one byte other: the first, one in the middle, the last."""
    if was is None:
        return [b"x" if binary else 1]
    if isinstance(was, bytes):
        spots = (0, len(was) // 2, len(was) - 1)
        return [was[:at] + bytes([was[at] ^ 1]) + was[at + 1:] for at in spots]
    if isinstance(was, int):
        return [was + 70]
    said = str(was)
    at = max(len(said) - 1, 0)
    other = "1" if said[at:] == "0" else "0"
    return [said[:at] + other]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("held")
    with running(f"sqlite:///{folder / 'x.sqlite3'}", folder) as made:
        first = published(made.ctx)
        listed = version(made.ctx, first).notice_id
        published(made.ctx, notice_id=listed, reason="按月更新")
        published(made.ctx, of_village("小湾村"), XIAOWAN, kind="proposed")
        yield made


def test_a_row_or_version_that_is_missing_or_added_is_found(service: Service) -> None:
    ctx = service.ctx
    for village, area in (("大湾村", DAWAN_VILLAGE), ("小湾村", XIAOWAN)):
        published(ctx, of_village(village), area)
    with ctx.db.engine.begin() as connection:
        connection.execute(text("DELETE FROM notice_rows WHERE line = 3"))
    assert {one.what for one in verified(ctx).wrong} == {"header"}


@pytest.mark.parametrize("typed", [
    "3f2a91bc07", "3F2A9-1BC07", " 3f2a9 1bc07 ", "３ｆ２ａ９－１ｂｃ０７", "3f2a9—1bco7",
])
def test_a_short_hash_is_read_as_people_type_it(typed: str) -> None:
    assert read_short(typed) == "3f2a91bc07"


@pytest.mark.parametrize("typed", ["", "3f2a9-1bc0", "3f2a9-1bc077", "王秀英", "3f2a9-1bcg7"])
def test_anything_else_is_no_hash(typed: str) -> None:
    assert read_short(typed) is None


def test_what_may_not_be_published_never_becomes_a_draft(service: Service) -> None:
    bad = csv_of([("大湾村", "王秀英", 3, 1230, "患尿毒症")])
    assert not gated(service.ctx, bad).report.ok
    assert not gated(service.ctx, of_village(), scheme="child").report.ok


def test_the_printed_hash_leads_to_its_version(service: Service) -> None:
    made = version(service.ctx, published(service.ctx))
    assert made.hash is not None
    with service.ctx.db.read() as session:
        assert [v.id for v in noticequeries.by_short(session, short(made.hash))] == [made.id]
