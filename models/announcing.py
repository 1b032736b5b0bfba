"""New public lists are made known to the people of their village, in chat, once.

To whom a village belongs as far as we know: whose own case lives or is registered there, who is its
assistant, who follows the village's own account. Who wants no campaigns is left in peace. Nothing
of a list is in it but its title; a renewal without anything new is not worth a word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ForeignKey,
    Select,
    exists,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.areas import Level
from models.base import Base, Key
from models.bulk import add_rows
from models.cases import Case
from models.context import Context
from models.noticechanges import counted
from models.outgoing import Occasion
from models.people import Identity, Person, Staff
from models.publishing import State, Version
from models.pushes import CAMPAIGN_RANK, Push, PushState
from models.statuses import Role
from models.wishes import refuses_campaigns

BATCH = 1000
# What hangs longer is news to nobody: a county that begins late does not write to everyone.
LATELY = timedelta(days=3)


class Announcement(Base):
    """That a version is made known in one village; `last_person` is how far it has come."""

    __tablename__ = "announcements"

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("notice_versions.id"), index=True)
    village: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    last_person: Mapped[int] = mapped_column(default=0)
    open: Mapped[bool] = mapped_column(default=True, index=True)


def announce(ctx: Context, is_over: Callable[[], bool] = lambda: False) -> int:
    """One run of the worker; how many were written to."""
    with ctx.db.begin() as session:
        for version in _unannounced(ctx, session):
            for village in _villages(ctx, version):
                session.add(Announcement(version_id=version.id, village=village))
    done = 0
    with ctx.db.read() as session:
        numbers = session.scalars(
            select(Announcement.id).where(Announcement.open).order_by(Announcement.id)
        ).all()
    for number in numbers:
        while not is_over():
            with ctx.db.begin() as session:
                count = _some(ctx, session, session.get_one(
                    Announcement, number, with_for_update=True
                ))
            done += count
            if count < BATCH:
                break
    return done


def _unannounced(ctx: Context, session: Session) -> Sequence[Version]:
    known = exists().where(Announcement.version_id == Version.id)
    query = select(Version).where(
        Version.state == State.LIVE, Version.published_at >= ctx.now() - LATELY, ~known
    )
    return session.scalars(query.order_by(Version.id)).all()


def _villages(ctx: Context, version: Version) -> list[str]:
    """Where it is news: where it names somebody, or of a renewal something is new."""
    areas, places = ctx.directory.areas, list(version.figures)
    if version.notice.kind == "standing" and version.changes is not None:
        places = [code for code in places if any(counted(version.changes, (code,)))]
    elif version.number > 1:
        return []
    found = (areas.get(code) for code in places)
    return [place.code for place in found if place and place.level == Level.VILLAGE]


def _some(ctx: Context, session: Session, one: Announcement) -> int:
    """Write to the next of its people; how many."""
    version = session.get_one(Version, one.version_id)
    people: list[int] = []
    if version.state == State.LIVE:
        query = _people(ctx, one.village).where(Person.id > one.last_person)
        people = list(session.scalars(query.order_by(Person.id).limit(BATCH)))
    now, account = ctx.now(), version.notice.account
    if people:
        day = now.astimezone(ctx.zone).date().isoformat()
        fresh = _not_told(session, one.village, day, people)
        add_rows(session, Push, (
            {
                "key": key_of(one.village, day, person), "occasion": Occasion.NOTICE_NEW,
                "person_id": person, "township": one.village, "role": "", "account": account,
                "details": {"title": version.title, "village": one.village},
                "state": PushState.PENDING, "channel": "", "reason": "", "tries": 0,
                "rank": CAMPAIGN_RANK,
                "next_try_at": now, "created_at": now,
                "expires_at": now + timedelta(days=ctx.settings.pushes.expire_days),
            }
            for person in fresh
        ))
        one.last_person = people[-1]
    one.open = len(people) == BATCH
    return len(people)


def key_of(village: str, day: str, person: int) -> str:
    """One word a day and village: whoever looks sees all of its lists."""
    return f"new:{village}:{day}:{person}"


def _not_told(session: Session, village: str, day: str, people: Sequence[int]) -> list[int]:
    keys = {key_of(village, day, person): person for person in people}
    told = set(session.scalars(select(Push.key).where(Push.key.in_(keys))))
    return [person for key, person in keys.items() if key not in told]


def _people(ctx: Context, village: str) -> Select[int]:
    own = [one.slug for one in ctx.settings.accounts if one.area == village]
    theirs: CompoundSelect[Any] = union(
        select(Case.person_id).where(
            or_(Case.living_area == village, Case.home_area == village),
            Case.on_behalf.is_(False),
        ),
        select(Staff.person_id).where(
            Staff.role == Role.ASSISTANT, Staff.area == village, Staff.left_at.is_(None)
        ),
        select(Identity.person_id).where(Identity.account.in_(own)),
    )
    return select(Person.id).where(
        Person.id.in_(theirs.subquery().select()), _here(), ~refuses_campaigns(Person.id)
    )


def _here() -> ColumnElement[bool]:
    """Whom nothing can reach is not written to: an announcement is no reason to go to a door."""
    return exists().where(Identity.person_id == Person.id, Identity.followed.is_(True))
