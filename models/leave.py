"""Days on which a member of staff is away: new cases go to others, what is late to the head."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, func

from models.people import Staff


def is_away(member: Staff, on: date) -> bool:
    """Whether this day lies in their leave, its first and last day included."""
    if member.away_from is None or member.away_until is None:
        return False
    return member.away_from <= on <= member.away_until


def away(on: date) -> ColumnElement[bool]:
    """The same in SQL; never NULL."""
    return func.coalesce(and_(Staff.away_from <= on, Staff.away_until >= on), False)
