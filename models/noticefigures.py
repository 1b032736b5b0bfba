"""What the figures of published lists are drawn from, and how fresh that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.areas import prefix
from models.publishing import PUBLIC, Notice, State, Version


def freshness(session: Session, area: str) -> tuple[Any, ...]:
    """Changes whenever a list of the area is published, ends or is taken down."""
    query = (
        select(func.count(), func.max(Version.published_at), func.max(Version.over_at))
        .join(Notice, Notice.id == Version.notice_id)
        .where(_in(area), Version.state.in_(PUBLIC))
    )
    return tuple(session.execute(query).one())


def of_months(session: Session, area: str, since: date) -> Sequence[Version]:
    """Of each list the last version that went up in each month from `since` on, by month; what
    was taken down is not among them."""
    query = select(Version).join(Notice, Notice.id == Version.notice_id).where(
        _in(area), Version.state.in_(PUBLIC), Version.state != State.TAKEN_DOWN,
        Version.first_day >= since,
    )
    found: dict[tuple[int, int, int], Version] = {}
    for version in session.scalars(query.order_by(Version.number)):
        day = version.first_day
        assert day is not None
        found[(day.year, day.month, version.notice_id)] = version
    return [found[key] for key in sorted(found, key=lambda key: (-key[0], -key[1], key[2]))]


def standing(session: Session, area: str) -> Sequence[Version]:
    """The standing lists that hang in the area now."""
    query = select(Version).join(Notice, Notice.id == Version.notice_id).where(
        _in(area), Version.state == State.LIVE, Notice.kind == "standing"
    )
    return session.scalars(query.order_by(Notice.scheme, Notice.area, Version.id)).all()


def _in(area: str) -> Any:
    """Lists of the area; of a village also what its township hangs for several."""
    own = Notice.area.startswith(prefix(area))
    return own | (Notice.area == area[:9] + "000") if prefix(area) == area else own
