"""What staff do with a public notice until it is signed: draft it, ask for the second signature.

A version is drafted from what the gate has passed, and is never changed afterwards: what is wrong
is dropped, or corrected by the next version with its reason.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models import audit, sealing
from models.accounts import Account
from models.areas import Area, Level, covers
from models.bulk import add_rows
from models.context import Context
from models.noticechanges import CASE, WAS, compare, counts, line_of, marks
from models.numbers import LARGEST
from models.policy import StaffView
from models.publishing import OPEN, Notice, Renewal, RenewalState, Row, State, Version
from models.settings import Settings, mark
from models.steps import MoveRefused

TITLE_LIMIT, REASON_LIMIT = 80, 200
NO_TITLE = mark("请写一个标题，80个字以内。")
NO_REASON = mark("请写上为什么，200个字以内，大家都看得到。")
NOT_HERE = mark("公示要写明是哪个村（社区）或哪个乡镇的。")
ALREADY = mark("这份公示已经有一版没发完。先把那一版发了，或者不要了。")
EXISTS = mark("这里已经有一份长期公示。请打开那一份，发新的一版。")
GONE = mark("刚才有人动过了。下面是最新的情况。")
TOO_LATE = mark("定的时间已经过了。请选以后的时间，或者签了就发。")


@dataclass(frozen=True)
class Drafted:
    """What passed the gate: `rows` are (village, shown values by field) in their order."""

    area: str
    kind: str
    scheme: str
    title: str
    fields: tuple[str, ...]
    basis: str
    rows: Sequence[tuple[str, Mapping[str, str]]]
    figures: Mapping[str, Any]
    reading: Any
    reason: str = ""


def account_of(settings: Settings, area: str) -> Account:
    """The account that a place's lists are published by: the nearest that covers it."""
    near = [one for one in settings.accounts if covers(one.area, area)]
    return max(near, key=lambda one: len(one.area.rstrip("0")), default=settings.accounts[0])


def draft(
    ctx: Context, session: Session, staff: StaffView | None, said: Drafted,
    notice_id: int | None = None,
) -> Version:
    """Keep a draft: of a new list, or the next version of one. No `staff`: the worker drew it.

    Raises LookupError outside the area, MoveRefused with what to mend.
    """
    place = ctx.directory.areas.get(said.area)
    if place is None or (staff is not None and not covers(staff.area, said.area)):
        raise LookupError(said.area)
    if place.level == Level.COUNTY:
        raise MoveRefused(NOT_HERE, "area")
    if not 0 < len(said.title.strip()) <= TITLE_LIMIT:
        raise MoveRefused(NO_TITLE, "title")
    notice = _notice(ctx, session, said, notice_id)
    number = 1 + (session.scalar(
        select(func.max(Version.number)).where(Version.notice_id == notice.id)
    ) or 0)
    if number > 1 and not 0 < len(said.reason.strip()) <= REASON_LIMIT:
        raise MoveRefused(NO_REASON, "reason")
    compared = _against_before(session, notice, said)
    version = Version(
        notice_id=notice.id, number=number, title=said.title.strip(), fields=" ".join(said.fields),
        reason=said.reason.strip() if number > 1 else "", basis=said.basis,
        figures=said.figures, drafted_by=staff.id if staff else None, drafted_at=ctx.now(),
        state=State.DRAFT, reading=compared.reading, changes=compared.counts,
    )
    session.add(version)
    session.flush()
    begins: dict[str, bytes | None] = {}
    add_rows(session, Row, (
        _row(ctx, begins, version.id, line, village, values)
        for line, (village, values) in enumerate(compared.rows, 1)
    ))
    record(ctx, session, staff, "draft", version)
    return version


@dataclass(frozen=True)
class _Compared:
    """A draft beside what hangs now: its rows marked, the counts, and what whoever signs sees."""

    rows: list[tuple[str, Mapping[str, str]]]
    counts: dict[str, list[int]] | None
    reading: Any


def _against_before(session: Session, notice: Notice, said: Drafted) -> _Compared:
    """Only a standing list goes on from the one before; every other kind stands by itself."""
    rows = list(said.rows)
    live = select(Version.id).where(
        Version.notice_id == notice.id, Version.state == State.LIVE
    )
    number = session.scalar(live) if notice.kind == "standing" else None
    if number is None:
        return _Compared(rows, None, said.reading)
    query = select(Row).where(Row.version_id == number, Row.shown.is_not(None)).order_by(Row.line)
    before = [line_of(row.village, row.shown) for row in session.scalars(query)]
    after = [(at, line_of(*row)) for at, row in enumerate(rows)]
    named = [(at, line) for at, line in after if line is not None]
    found = compare([line for line in before if line], [line for _, line in named])
    for at, was in marks(found).items():
        place = named[at][0]
        village, values = rows[place]
        rows[place] = (village, {**values, WAS: was})
    ended = [(line.village, line.name, line.amount) for line in found.ended]
    return _Compared(
        rows, counts(found, [line for _, line in named]), {**(said.reading or {}), "ended": ended}
    )


def _notice(ctx: Context, session: Session, said: Drafted, notice_id: int | None) -> Notice:
    session.get(Area, said.area, with_for_update=True)
    if notice_id is not None:
        notice = session.get(Notice, notice_id, with_for_update=True)
        asked = (said.area, said.kind, said.scheme)
        if notice is None or (notice.area, notice.kind, notice.scheme) != asked:
            raise LookupError(notice_id)
        half = select(Version.id).where(Version.notice_id == notice_id, Version.state.in_(OPEN))
        if session.scalar(half.limit(1)):
            raise MoveRefused(ALREADY)
        return notice
    if said.kind == "standing":
        there = select(Version.id).join(Notice).where(
            Notice.area == said.area, Notice.kind == said.kind, Notice.scheme == said.scheme,
            Version.state.in_((*OPEN, State.LIVE)),
        )
        if session.scalar(there.limit(1)):
            raise MoveRefused(EXISTS)
    notice = Notice(
        account=account_of(ctx.settings, said.area).slug, area=said.area, kind=said.kind,
        scheme=said.scheme,
    )
    session.add(notice)
    session.flush()
    return notice


def _row(
    ctx: Context, begins: dict[str, bytes | None], version: int, line: int, village: str,
    values: Mapping[str, str],
) -> dict[str, Any]:
    """`begins` keeps the hashes of the names' beginnings: few characters begin them all."""
    salt, begin = secrets.token_bytes(sealing.SALT), values.get("name", "")[:1]
    if begin not in begins:
        begins[begin] = begin_key(ctx, begin)
    return {
        "version_id": version, "line": line, "village": village, "shown": dict(values),
        "salt": salt, "leaf": sealing.leaf(salt, line, village, values),
        "begin": begins[begin],
        "case_id": int(values[CASE]) if CASE in values else None,
    }


def begin_key(ctx: Context, name: str | None) -> bytes | None:
    """The keyed hash of a shown name's first character."""
    return ctx.keys.lookup("notice_begin", name[0]) if name else None


def find(session: Session, staff: StaffView, version_id: int) -> Version:
    """A version in the staff's area, held for a change. Raises LookupError."""
    if not 0 < version_id <= LARGEST:
        raise LookupError(version_id)
    found = session.scalars(
        select(Version).where(Version.id == version_id).with_for_update(of=Version)
    ).one_or_none()
    if found is None or not covers(staff.area, found.notice.area):
        raise LookupError(version_id)
    return found


def ask(
    ctx: Context, session: Session, staff: StaffView, version_id: int, at: datetime | None = None
) -> Version:
    """It was looked over; another person is to sign, for at once or for a moment to come."""
    version = in_state(session, staff, version_id, State.DRAFT)
    if at is not None and at <= ctx.now():
        raise MoveRefused(TOO_LATE, "at")
    version.state, version.asked_by, version.publish_at = State.SIGNING, staff.id, at
    record(ctx, session, staff, "ask", version)
    return version


def drop(ctx: Context, session: Session, staff: StaffView, version_id: int) -> None:
    """Not right, and nobody has signed it: it is gone, with its rows."""
    version = in_state(session, staff, version_id, State.DRAFT, State.SIGNING)
    record(ctx, session, staff, "drop", version)
    delete_draft(session, version, RenewalState.DROPPED)


def delete_draft(session: Session, version: Version, renewal_is: RenewalState) -> None:
    """What nobody has signed is gone, rows and all; the renewal that it was of stands so."""
    notice = version.notice
    session.execute(delete(Row).where(Row.version_id == version.id))
    session.execute(
        update(Renewal).where(Renewal.version_id == version.id)
        .values(version_id=None, state=renewal_is)
    )
    session.delete(version)
    session.flush()
    if not session.scalar(select(Version.id).where(Version.notice_id == notice.id).limit(1)):
        session.delete(notice)


def record(
    ctx: Context, session: Session, staff: StaffView | None, what: str, version: Version
) -> None:
    """Put a step of a version on the audit log."""
    audit.record(
        session, ctx.now(), f"notice.{what}", "notice", version.id,
        staff_id=staff.id if staff else None, list=version.notice_id, number=version.number,
    )


def reason_of(reason: str) -> str:
    """A reason as it is kept; MoveRefused where there is none or it is too long."""
    if not 0 < len(reason.strip()) <= REASON_LIMIT:
        raise MoveRefused(NO_REASON, "reason")
    return reason.strip()


def in_state(session: Session, staff: StaffView, version_id: int, *states: State) -> Version:
    """As `find`; MoveRefused where it stands elsewhere by now."""
    version = find(session, staff, version_id)
    if version.state not in states:
        raise MoveRefused(GONE)
    return version
