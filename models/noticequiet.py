"""Places that have gone quiet: nothing new was published there for longer than the setting says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.areas import Level, Place, covers, prefix
from models.context import Context
from models.policy import StaffView
from models.publishing import Notice, Version


@dataclass(frozen=True)
class Quiet:
    """One place, and the day of the last that was published there; None where none ever was."""

    place: Place
    last: date | None


def quiet(ctx: Context, session: Session, staff: StaffView) -> list[Quiet]:
    """The townships of the staff's area, and the villages with an account of their own, where
    nothing new hangs since `quiet_days` days; who never published first."""
    since = ctx.today() - timedelta(days=ctx.settings.notices.quiet_days)
    found = []
    for place in _places(ctx, staff):
        last = _last(session, place)
        day = last.astimezone(ctx.zone).date() if last else None
        if day is None or day < since:
            found.append(Quiet(place, day))
    return sorted(found, key=lambda one: (one.last or date.min, one.place.code))


def _places(ctx: Context, staff: StaffView) -> list[Place]:
    areas = ctx.directory.areas
    own = [areas.get(account.area) for account in ctx.settings.accounts]
    villages = [
        place for place in own
        if place and place.level == Level.VILLAGE and covers(staff.area, place.code)
    ]
    return [*areas.within(staff.area, Level.TOWNSHIP), *dict.fromkeys(villages)]


def _last(session: Session, place: Place) -> datetime | None:
    query = select(func.max(Version.published_at)).join(Notice, Notice.id == Version.notice_id)
    return session.scalar(query.where(Notice.area.startswith(prefix(place.code))))
