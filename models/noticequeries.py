"""What is read of public notices: lists of a place, sheets of a version, and who may see rows."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, func, or_, select
from sqlalchemy.orm import Session

from models import assistants
from models.areas import Level, covers, prefix
from models.cases import Case
from models.context import Context
from models.noticedrafts import begin_key
from models.policy import StaffView
from models.publishing import PUBLIC, Notice, Row, State, Version
from models.rulekeys import CHOICES
from models.rules import in_force

MOST_LISTED = 500
KEY_BYTES = 9


@dataclass(frozen=True)
class Audience:
    """Who may see the rows of a place's lists, and the clause that says so."""

    is_open: bool
    basis: str


def audience(ctx: Context, area: str) -> Audience:
    """The local rule `notices.audience` at a place today; the village alone where none is set."""
    directory = ctx.directory
    rule = in_force("notices.audience", area, ctx.today(), directory.rules, directory.areas)
    value = json.loads(rule.value) if rule else CHOICES["notices.audience"]
    return Audience(value == "open", rule.basis if rule else "")


class Head(NamedTuple):
    """What a page that is kept depends on of its version; nothing of it is sealed."""

    id: int
    list: int
    area: str
    state: str
    later_hash: bytes | None


# Plain statements made once: every request of a public list asks one of them and no more.
_V, _N = cast(Table, Version.__table__).c, cast(Table, Notice.__table__).c
_HEADS = (
    select(_V.id, _V.notice_id, _N.area, _V.state, _V.later_hash)
    .where(_N.id == _V.notice_id, _V.notice_id == bindparam("list"))
    # Not IN, which is written anew at every execution.
    .where(or_(*(_V.state == state for state in PUBLIC)))
)
_SHOWN = _HEADS.order_by(_V.state != State.LIVE, _V.number.desc()).limit(1)
_NUMBERED = _HEADS.where(_V.number == bindparam("number"))


def head(session: Session, notice_id: int, number: int | None = None) -> Head | None:
    """The version of a list that the public sees (the live one, else the last that was), or the
    one of this number; None where it was never made public."""
    query, asked = (_SHOWN, {}) if number is None else (_NUMBERED, {"number": number})
    row = session.connection().execute(query, {"list": notice_id, **asked}).first()
    return Head(*row) if row else None


def versions(session: Session, notice_id: int) -> Sequence[Version]:
    """Every version of a list that was made public, the newest first."""
    query = select(Version).where(Version.notice_id == notice_id, Version.state.in_(PUBLIC))
    return session.scalars(query.order_by(Version.number.desc())).all()


def live_in(session: Session, area: str) -> Sequence[Version]:
    """What is live at or below a place, newest first; for a village also the township's lists
    that have rows of it."""
    township = area[:9] + "000"
    at = Notice.area.startswith(prefix(area))
    if prefix(area) == area:
        at |= Notice.area == township
    query = (
        select(Version).join(Notice).where(at, Version.state == State.LIVE)
        .order_by(Version.published_at.desc(), Version.id.desc()).limit(MOST_LISTED)
    )
    there = (area, township)
    return [
        one for one in session.scalars(query)
        if one.notice.area.startswith(prefix(area)) or any(code in one.figures for code in there)
    ]


def counts(session: Session, area: str) -> dict[str, int]:
    """How many lists are live at each place at or below this one."""
    query = (
        select(Notice.area, func.count()).select_from(Version).join(Notice)
        .where(Notice.area.startswith(prefix(area)), Version.state == State.LIVE)
        .group_by(Notice.area)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def of_desk(session: Session, staff: StaffView) -> Sequence[Version]:
    """The newest version of every list in the staff's area, and what is being prepared."""
    last = select(func.max(Version.id)).group_by(Version.notice_id)
    query = (
        select(Version).join(Notice)
        .where(
            Notice.area.startswith(prefix(staff.area)),
            (Version.state == State.LIVE) | Version.id.in_(last),
        )
        .order_by(Notice.area, Version.notice_id, Version.number.desc()).limit(MOST_LISTED)
    )
    return session.scalars(query).all()


def by_short(session: Session, short: str) -> Sequence[Version]:
    """The versions whose hash begins so: one, as good as always."""
    query = select(Version).where(Version.short == short, Version.state.in_(PUBLIC))
    return session.scalars(query.limit(5)).all()


def villages_in(session: Session, version_id: int) -> list[str]:
    """The places that a version's rows are of, by code."""
    query = select(Row.village).where(Row.version_id == version_id, Row.village.is_not(None))
    return [code for code in session.scalars(query.distinct().order_by(Row.village)) if code]


def rows(session: Session, version_id: int, village: str | None = None) -> Sequence[Row]:
    """The rows of a version in their order, of one village or all; erased ones are left out."""
    query = select(Row).where(Row.version_id == version_id, Row.shown.is_not(None))
    if village is not None:
        query = query.where(Row.village == village)
    return session.scalars(query.order_by(Row.line)).all()


def search(
    ctx: Context, session: Session, version_id: int, village: str, beginning: str
) -> list[Row]:
    """The rows of one village whose shown name begins so."""
    query = select(Row).where(
        Row.version_id == version_id, Row.village == village,
        Row.begin == begin_key(ctx, beginning),
    )
    found = session.scalars(query.order_by(Row.line))
    return [row for row in found if row.shown["name"].startswith(beginning)]


def board_key(ctx: Context, notice_id: int, village: str) -> str:
    """What the QR on a village's board carries: it opens this list's rows of that village."""
    text = f"{notice_id}\0{village}".encode()
    made = hmac.digest(ctx.keys.derive("board"), text, "sha256")[:KEY_BYTES]
    return base64.urlsafe_b64encode(made).decode()


def is_board_key(ctx: Context, notice_id: int, village: str, given: str) -> bool:
    """Whether this is the key of that board."""
    # Compared as bytes: what an address carries may be anything.
    return hmac.compare_digest(board_key(ctx, notice_id, village).encode(), given.encode())


def followed(ctx: Context, session: Session, person_id: int, account: str) -> frozenset[str]:
    """The villages that a person belongs to, as far as we know: where their own cases say that
    they live, where they are the assistant, and the village whose own account they came by."""
    rows_ = session.execute(select(Case.living_area, Case.home_area).where(
        Case.person_id == person_id, Case.on_behalf.is_(False)
    ))
    found = {code for row in rows_ for code in row if code}
    found |= {post.area for post in assistants.posts_of(session, person_id)}
    own = ctx.settings.account(account)
    if own is not None:
        found.add(own.area)
    areas = ctx.directory.areas
    return frozenset(
        code for code in found if (place := areas.get(code)) and place.level == Level.VILLAGE
    )


def may_see(
    ctx: Context, session: Session, notice_id: int, village: str, *, person_id: int | None,
    account: str, staff: StaffView | None, key: str,
) -> bool:
    """Whether this visitor may see the rows of one village."""
    if audience(ctx, village).is_open:
        return True
    if key and is_board_key(ctx, notice_id, village, key):
        return True
    if staff is not None and covers(staff.area, village):
        return True
    if person_id is None:
        return False
    own = followed(ctx, session, person_id, account)
    return village in own or any(covers(village, one) for one in own if village.endswith("000"))
