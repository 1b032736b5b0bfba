"""What residents wish for themselves: campaigns or none, quiet hours, text messages.

Language and type size stand with the person (`models/people.py`). Who never said anything has
no row: then the county's own habit holds, and no text message is ever sent. Nobody can wish
away the steps of their own case: those are told whatever stands here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, exists
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from models import audit
from models.base import Base
from models.context import Context
from models.people import Person
from models.quiet import Quiet
from models.sealed import SealedText

# What can be changed, and where it is kept.
ON_PERSON = frozenset({"locale", "big_type"})
# Never written down beside the change, even on the audit log: it is personal.
UNSAID = frozenset({"phone"})


class Wishes(Base):
    """What one person wished. `quiet_from` and `quiet_until` are hours (0-23): none said, the
    county's; the same hour twice, no quiet at all. `sms`: None where they never said.

    `phone` is where text messages go; empty: the telephone of the case they are about.
    `way` is by which they last changed something: `chat` or `page`.
    """

    __tablename__ = "wishes"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    campaigns: Mapped[bool] = mapped_column(default=True)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    sms: Mapped[bool | None]
    phone: Mapped[str] = mapped_column(SealedText("wishes.phone"), default="")
    way: Mapped[str] = mapped_column(String(10))
    changed_at: Mapped[datetime]


@dataclass(frozen=True)
class Wished:
    """The wishes of one person as a value. `quiet` is None where they never said."""

    campaigns: bool = True
    quiet: Quiet | None = None
    sms: bool | None = None
    phone: str = field(default="", repr=False)


def refuses_campaigns(
    person_id: ColumnElement[int] | InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    """The condition that who has this id wants no campaigns; for filtering people in bulk."""
    return exists().where(Wishes.person_id == person_id, Wishes.campaigns.is_(False))


def of(session: Session, person_id: int) -> Wished:
    """What this person wished; whoever never said anything wished for nothing."""
    row = session.get(Wishes, person_id)
    return Wished() if row is None else value_of(row)


def value_of(row: Wishes) -> Wished:
    """A row as a value."""
    quiet = None
    if row.quiet_from is not None and row.quiet_until is not None:
        quiet = Quiet(row.quiet_from, row.quiet_until)
    return Wished(row.campaigns, quiet, row.sms, row.phone)


def change(
    ctx: Context, session: Session, person_id: int, way: str, **wished: Any
) -> tuple[str, ...]:
    """Keep what a person wished now; which of it is new. Said twice, it is said once.

    `wished`: `campaigns`, `sms`, `big_type` (bool), `quiet` (Quiet, or None: the county's),
    `phone` (eleven digits, or empty: the case's), `locale` (one that is shipped, or empty).
    """
    person = session.get_one(Person, person_id, with_for_update={"of": Person})
    row = session.get(Wishes, person_id)
    if row is None:
        row = Wishes(person_id=person_id, campaigns=True, phone="")
    if "quiet" in wished:
        quiet: Quiet | None = wished.pop("quiet")
        wished["quiet_from"] = quiet.start if quiet else None
        wished["quiet_until"] = quiet.end if quiet else None
    new = {}
    for name, value in wished.items():
        where = person if name in ON_PERSON else row
        if getattr(where, name) != value:
            setattr(where, name, value)
            new[name] = value
    if not new:
        return ()
    row.way, row.changed_at = way, ctx.now()
    session.add(row)
    session.flush()
    said = {name: value for name, value in new.items() if name not in UNSAID}
    audit.record(
        session, ctx.now(), "wishes.change", "person", person_id, person_id=person_id,
        way=way, what=sorted(new), **said,
    )
    return tuple(new)


def join(session: Session, person_id: int, kept: int) -> None:
    """Two people are one now: who of them said no to something, has said no."""
    gone, stays = session.get(Wishes, person_id), session.get(Wishes, kept)
    _join_person(session, person_id, kept)
    if gone is None:
        return
    if stays is None:
        session.add(
            Wishes(
                person_id=kept, campaigns=gone.campaigns, quiet_from=gone.quiet_from,
                quiet_until=gone.quiet_until, sms=gone.sms, phone=gone.phone, way=gone.way,
                changed_at=gone.changed_at,
            )
        )
    else:
        later = max(gone, stays, key=lambda row: row.changed_at)
        stays.campaigns = gone.campaigns and stays.campaigns
        stays.sms = False if False in (gone.sms, stays.sms) else (gone.sms or stays.sms)
        stays.phone = later.phone or stays.phone or gone.phone
        if stays.quiet_from is None or (later is gone and gone.quiet_from is not None):
            stays.quiet_from, stays.quiet_until = gone.quiet_from, gone.quiet_until
        stays.way, stays.changed_at = later.way, later.changed_at
    session.delete(gone)


def _join_person(session: Session, person_id: int, kept: int) -> None:
    """Language and large type go along where the other never chose."""
    gone, stays = session.get_one(Person, person_id), session.get_one(Person, kept)
    stays.locale = stays.locale or gone.locale
    stays.big_type = stays.big_type or gone.big_type
