"""Recompute every signed version from what is stored, and name what does not match."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from models import sealing
from models.context import Context
from models.noticechanges import CASE
from models.noticedrafts import begin_key
from models.noticesigning import header, later
from models.publishing import Row, State, Version
from models.sealed import KeyProblem

BATCH = 500
# What is sealed was changed, a list is not there, or a value is no date, number or text any more.
UNREADABLE = (KeyProblem, NoResultFound, ValueError, TypeError, AttributeError)
UNSIGNED = (State.DRAFT, State.SIGNING)


@dataclass(frozen=True)
class Wrong:
    """What does not match: `what` is chain, header, row, rows, state, or unsigned (a
    signature on what says that it waits for one); `line` of a row."""

    list: int
    version: int
    what: str
    line: int | None = None


@dataclass(frozen=True)
class Found:
    """How many versions and rows were looked at, and what is wrong with them."""

    versions: int
    rows: int
    wrong: tuple[Wrong, ...]


def verify(ctx: Context, session: Session) -> Found:
    """Walk every account's chain, oldest first."""
    wrong: list[Wrong] = []
    versions = rows = 0
    before, account, place = sealing.GENESIS, "", 0
    for notice_id, number in _signed(session):
        versions += 1
        try:
            version = session.get_one(Version, number, populate_existing=True)
            if version.account != account:
                before, account, place = sealing.GENESIS, version.account or "", 0
            place += 1
            if (version.before, version.place) != (before, place):
                wrong.append(Wrong(notice_id, number, "chain"))
            count, bad = _rows(ctx, session, version)
            rows += count
            wrong += [Wrong(notice_id, number, what, line) for what, line in (*bad, *_whole(
                ctx, session, version
            ))]
            before = version.hash or b""
        except UNREADABLE:
            wrong.append(Wrong(notice_id, number, "header"))
            before = session.scalar(select(Version.hash).where(Version.id == number)) or b""
        session.expunge_all()
    wrong += [Wrong(notice_id, number, "unsigned") for notice_id, number in _unsigned(session)]
    return Found(versions, rows, tuple(wrong))


def _signed(session: Session) -> list[tuple[int, int]]:
    query = (
        select(Version.notice_id, Version.id).where(Version.state.not_in(UNSIGNED))
        .order_by(Version.account, Version.place)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _unsigned(session: Session) -> list[tuple[int, int]]:
    """What says that it waits for a signature, and has one: put back by another hand than ours."""
    query = select(Version.notice_id, Version.id).where(
        Version.state.in_(UNSIGNED), Version.hash.is_not(None)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _whole(
    ctx: Context, session: Session, version: Version
) -> Iterator[tuple[str, int | None]]:
    leaves = session.scalars(
        select(Row.leaf).where(Row.version_id == version.id).order_by(Row.line)
    ).all()
    hashed = sealing.version_hash(version.before or b"", header(version), leaves)
    if version.hash != hashed or version.reading is not None:
        yield "header", None
    held = sealing.state_mark(ctx.keys.derive("notices"), version.hash or b"", later(version))
    short = sealing.short(version.hash or b"")
    if not hmac.compare_digest(held, version.later_hash or b"") or version.short != short:
        yield "state", None


def _rows(
    ctx: Context, session: Session, version: Version
) -> tuple[int, list[tuple[str, int | None]]]:
    """How many rows, and those whose values are not those that were signed."""
    wrong: list[tuple[str, int | None]] = []
    erased = count = last = 0
    while True:
        batch = session.execute(
            select(Row.id, Row.line).where(Row.version_id == version.id, Row.line > last)
            .order_by(Row.line).limit(BATCH)
        ).all()
        for number, line in batch:
            last = line
            count += 1
            try:
                row = session.get_one(Row, number)
                erased += row.shown is None
                if not _fits(ctx, row):
                    wrong.append(("row", line))
            except UNREADABLE:
                wrong.append(("row", line))
        if len(batch) < BATCH:
            break
    if erased != version.erased:
        wrong.append(("rows", None))
    return count, wrong


def _fits(ctx: Context, row: Row) -> bool:
    if row.shown is None:
        return (row.salt, row.village, row.begin, row.case_id) == (None, None, None, None)
    begin = begin_key(ctx, row.shown.get("name"))
    leaf = sealing.leaf(row.salt or b"", row.line, row.village, row.shown)
    case = row.shown.get(CASE)
    kept = None if case is None else int(case)
    return (row.leaf, row.begin, row.case_id) == (leaf, begin, kept)
