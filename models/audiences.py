"""To whom a campaign goes: people of an area, each once, without those who want none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from models.areas import prefix
from models.cases import Case
from models.context import Context
from models.people import Identity, Person, Staff
from models.policy import StaffView
from models.publishing import Notice, Row, State, Version
from models.settings import mark
from models.statuses import CLOSED, HELPED, OPEN, Role
from models.talks import Message
from models.wishes import refuses_campaigns

RESIDENTS = "residents"
ROLES = {
    RESIDENTS: mark("找过我们的居民"),
    Role.ASSISTANT: mark("村（居）协理员"),
    Role.OFFICER: mark("乡镇经办"),
    Role.HEAD: mark("乡镇负责人"),
}
STANDS = {
    "open": (mark("正在办的"), OPEN),
    "helped": (mark("正在得到帮助的"), HELPED),
    "closed": (mark("已经办完的"), CLOSED),
}
# Acts of a person that open the way to them (facts: wechat.md §3); the longest window.
WRITTEN = ("text", "image", "voice", "video", "shortvideo", "location", "link")
WINDOW = timedelta(hours=48)
MOST_LISTS = 100
NO_RECEIPT, NO_ONE = mark("没有这个编号或电话"), mark("报的时候没有留下微信")


@dataclass(frozen=True)
class Audience:
    """Who is meant. Empty: not narrowed by that. `people` are those of an uploaded list."""

    area: str
    role: str = RESIDENTS
    scheme: str = ""
    stands: str = ""
    locale: str = ""
    notice: int = 0
    people: tuple[int, ...] = ()
    from_list: bool = False

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return {**asdict(self), "people": list(self.people)}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Audience:
        """As it was stored."""
        return cls(**{**kept, "people": tuple(kept["people"])})


@dataclass(frozen=True)
class Counted:
    """How many a campaign goes to, by what is possible right now; and who is left in peace."""

    all: int
    now: int
    away: int
    refused: int

    @property
    def waits(self) -> int:
        """Those who hear of it when they write."""
        return self.all - self.now - self.away


def query(audience: Audience) -> Select[int]:
    """The ids of all who are meant, each once, without those who want no campaigns."""
    return meant(audience).where(~refuses_campaigns(Person.id))


def meant(audience: Audience) -> Select[int]:
    """The same with those who want none."""
    theirs = _residents(audience) if audience.role == RESIDENTS else _staff(audience)
    found = select(Person.id).where(Person.id.in_(theirs), Person.joined_to_id.is_(None))
    if audience.locale:
        found = found.where(Person.locale == audience.locale)
    if audience.from_list:
        found = found.where(Person.id.in_(audience.people))
    return found


def _residents(audience: Audience) -> Select[int | None]:
    """Of their own cases in the area; never who told of somebody else, nor staff."""
    found = select(Case.person_id).where(
        _lies_in(audience.area), Case.on_behalf.is_(False), Case.person_id.is_not(None),
        Case.person_id.not_in(
            select(Staff.person_id).where(Staff.left_at.is_(None), Staff.person_id.is_not(None))
        ),
    )
    if audience.scheme:
        found = found.where(Case.scheme == audience.scheme)
    if audience.stands:
        found = found.where(Case.status.in_(STANDS[audience.stands][1]))
    if audience.notice:
        listed = select(Row.case_id).join(Version, Version.id == Row.version_id).where(
            Version.notice_id == audience.notice, Version.state == State.LIVE
        )
        found = found.where(Case.id.in_(listed))
    return found


def _staff(audience: Audience) -> Select[int | None]:
    return select(Staff.person_id).where(
        Staff.role == audience.role, Staff.left_at.is_(None), Staff.person_id.is_not(None),
        Staff.area.startswith(prefix(audience.area), autoescape=True),
    )


def _lies_in(area: str) -> ColumnElement[bool]:
    digits = len(prefix(area))
    if digits == 6:
        return Case.county == area
    if digits == 9:
        return Case.township == area
    return or_(Case.living_area == area, Case.home_area == area)


def count(ctx: Context, session: Session, audience: Audience) -> Counted:
    """Count before anything is sent; a few statements, whatever the size."""
    people = query(audience).subquery()

    def number(*which: ColumnElement[bool]) -> int:
        asked = select(func.count()).select_from(Person)
        return session.scalar(asked.where(Person.id.in_(select(people.c.id)), *which)) or 0

    everybody = select(func.count()).select_from(meant(audience).subquery())
    all_ = number()
    return Counted(
        all_, number(_wrote(ctx.now() - WINDOW)), number(~_follows()),
        (session.scalar(everybody) or 0) - all_,
    )


def _follows() -> ColumnElement[bool]:
    return exists().where(Identity.person_id == Person.id, Identity.followed.is_(True))


def _wrote(since: datetime) -> ColumnElement[bool]:
    """Who wrote lately, and still follows there."""
    return exists(
        select(Message.id).join(Identity, Identity.id == Message.identity_id).where(
            Identity.person_id == Person.id, Identity.followed.is_(True),
            Message.received_at > since, Message.kind.in_(WRITTEN),
        )
    )


def three(session: Session, audience: Audience) -> list[tuple[int, str]]:
    """Up to three of them for a preview, (id, locale): in different languages where there are."""
    chosen = select(Person.id, Person.locale).where(Person.id.in_(query(audience)))
    first = [(id_, said) for id_, said in session.execute(chosen.order_by(Person.id).limit(3))]
    elsewhere = chosen.where(Person.locale.not_in({locale for _, locale in first}))
    other = [(id_, said) for id_, said in session.execute(elsewhere.order_by(Person.id).limit(2))]
    return [*first[: 3 - len(other)], *other]


def looked_up(
    ctx: Context, session: Session, area: str, rows: Sequence[tuple[int, str]]
) -> tuple[tuple[int, ...], list[tuple[int, str]]]:
    """The people of a list of receipts or telephones (number of the row, what stands there).

    Also the rows that name nobody, each with why (marked). Cases elsewhere do not exist.
    """
    found: dict[int, None] = {}
    missed = []
    for number, said in rows:
        people = _named(ctx, session, area, said)
        reached = [person for person in people if person is not None]
        found.update(dict.fromkeys(reached))
        if not reached:
            missed.append((number, NO_ONE if people else NO_RECEIPT))
    return tuple(found), missed


def _named(
    ctx: Context, session: Session, area: str, said: str
) -> Collection[int | None]:
    key = ctx.keys.lookup("phone", said)
    which = or_(Case.receipt == said, Case.phone_key == key)
    named = select(Case.person_id).where(which, _lies_in(area), Case.on_behalf.is_(False))
    return session.scalars(named).all()


def listable(session: Session, staff: StaffView) -> list[tuple[int, str]]:
    """The live lists of the staff's area whose households are known: (notice, title)."""
    drawn = exists().where(Row.version_id == Version.id, Row.case_id.is_not(None))
    query = (
        select(Version.notice_id, Version.title).join(Notice, Notice.id == Version.notice_id)
        .where(
            Version.state == State.LIVE, drawn,
            Notice.area.startswith(prefix(staff.area), autoescape=True),
        )
        .order_by(Version.id.desc()).limit(MOST_LISTS)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
