"""Finding cases by what is known of them; every query scoped by area.

A name, a telephone and an ID number are found by their keyed hash, so only whole ones are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from models.casequeries import PAGE, in_area
from models.cases import Case
from models.context import Context
from models.deskqueries import Wide
from models.groups import Group, turn_of
from models.policy import StaffView

# What may stand in no address, no saved search and no log.
PERSONAL = ("name", "phone", "id_number")
DAYS = ("due_from", "due_to", "received_from", "received_to")
FAR = date(2999, 12, 31)
MICRO = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Criteria:
    """What is looked for; all that is given must hold. `place` is a township or a village."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    place: str = ""
    scheme: str = ""
    group: Group | None = None
    due_from: date | None = None
    due_to: date | None = None
    received_from: date | None = None
    received_to: date | None = None

    @property
    def is_personal(self) -> bool:
        """Whether somebody in particular is looked for."""
        return any(getattr(self, field) for field in PERSONAL)

    @property
    def by_turn(self) -> bool:
        """Whether the answer comes by deadline; else the newest first."""
        due = self.due_from or self.due_to
        received = self.received_from or self.received_to
        return not self.is_personal and bool(due or (self.group and not received))

    def kept(self) -> dict[str, str]:
        """Without anything personal, as texts: for an address, a saved search, a record."""
        given = {key: value for key, value in asdict(self).items() if key not in PERSONAL}
        return {
            key: value.isoformat() if isinstance(value, date) else str(value)
            for key, value in given.items() if value
        }

    def named(self) -> list[str]:
        """Which personal fields were used, without what was in them."""
        return [field for field in PERSONAL if getattr(self, field)]


def narrowed(ctx: Context, query: Wide, staff: StaffView, wanted: Criteria) -> Wide:
    """The query narrowed to what is wanted, in the staff's area."""
    query = in_area(query, staff)
    for kind, column in (("name", Case.name_key), ("phone", Case.phone_key)):
        if said := getattr(wanted, kind):
            query = query.where(column == ctx.keys.lookup(kind, said))
    if wanted.id_number:
        query = query.where(Case.id_key == ctx.keys.lookup("id_number", wanted.id_number))
    if wanted.place.endswith("000"):
        query = query.where(Case.township == wanted.place)
    elif wanted.place:
        query = query.where(Case.living_area == wanted.place)
    if wanted.scheme:
        query = query.where(Case.scheme == wanted.scheme)
    if wanted.group:
        query = query.where(Case.queue == wanted.group)
    return _received(ctx, _due(query, wanted), wanted)


def _due(query: Wide, wanted: Criteria) -> Wide:
    """A deadline is the upper part of a turn: what has one lies between the two days."""
    if not (wanted.due_from or wanted.due_to):
        return query
    first = turn_of(wanted.due_from or date.min, urgent=True)
    last = turn_of(wanted.due_to or FAR)
    return query.where(Case.to_do.is_(True), Case.turn.between(first, last))


def _received(ctx: Context, query: Wide, wanted: Criteria) -> Wide:
    if wanted.received_from:
        query = query.where(Case.created_at >= begins(ctx, wanted.received_from))
    if wanted.received_to:
        query = query.where(Case.created_at < begins(ctx, wanted.received_to + timedelta(days=1)))
    return query


def begins(ctx: Context, day: date) -> datetime:
    """The moment at which a day begins where the people are, in UTC."""
    return datetime.combine(day, time.min, ctx.zone).astimezone(UTC)


def ordered(query: Wide, wanted: Criteria, after: tuple[int, int] | None = None) -> Wide:
    """In the order of the answer, from behind the row of this key on (`key_of`)."""
    if wanted.by_turn:
        query = query.where(tuple_(Case.turn, Case.id) > after) if after else query
        return query.order_by(Case.turn, Case.id)
    if after:
        moment = EPOCH + after[0] * MICRO
        query = query.where(tuple_(Case.created_at, Case.id) < (moment, after[1]))
    return query.order_by(Case.created_at.desc(), Case.id.desc())


def key_of(case: Case, wanted: Criteria) -> tuple[int, int]:
    """The place of a case in the answer."""
    return (case.turn if wanted.by_turn else (case.created_at - EPOCH) // MICRO), case.id


def found(
    ctx: Context, session: Session, staff: StaffView, wanted: Criteria,
    after: tuple[int, int] | None,
) -> tuple[Sequence[Case], bool]:
    """A page of the answer, and whether more follow."""
    query = ordered(narrowed(ctx, select(Case), staff, wanted), wanted, after)
    cases = session.scalars(query.limit(PAGE + 1)).all()
    return cases[:PAGE], len(cases) > PAGE
