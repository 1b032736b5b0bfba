"""Quiet hours (models/quiet.py): which pushes wait until somebody's morning.

What answers them just now, what lets them in, work and danger never wait; nor does anything of a
case of 急难, nor what would be too late in the morning.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.among import among
from models.cases import Case
from models.context import Context
from models.outgoing import Occasion
from models.pushes import Push
from models.quiet import Quiet, read_quiet
from models.wishes import Wishes, value_of
from notices.claims import Claimed

AT_ONCE = frozenset({Occasion.LATE_REPLY, Occasion.SIGNED_IN, Occasion.ERRAND})
WORK = "staff_"


def rests_now(ctx: Context) -> bool:
    """Whether the county's quiet hours are on."""
    habit = read_quiet(ctx.settings.pushes.quiet) or Quiet(0, 0)
    return habit.over_at(ctx.now(), ctx.zone) is not None


def quiet_until(ctx: Context, session: Session, batch: Sequence[Claimed]) -> dict[int, datetime]:
    """For each push (by its id) that waits: until when, because its person is not disturbed."""
    batch = [
        push for push in batch
        if push.occasion not in AT_ONCE and not push.occasion.startswith(WORK)
    ]
    if not batch:
        return {}
    now, habit = ctx.now(), read_quiet(ctx.settings.pushes.quiet) or Quiet(0, 0)
    chosen = _chosen(session, {push.person_id for push in batch})
    over = {
        push.id: until for push in batch
        if (until := chosen.get(push.person_id, habit).over_at(now, ctx.zone)) is not None
    }
    if not over:
        return {}
    rows = session.execute(
        select(Push.id, Push.expires_at, Case.urgent)
        .outerjoin(Case, Case.id == Push.case_id).where(among(Push.id, over))
    )
    return {
        row.id: over[row.id] for row in rows
        if not row.urgent and row.expires_at > over[row.id]
    }


def _chosen(session: Session, people: set[int]) -> dict[int, Quiet]:
    rows = session.scalars(
        select(Wishes).where(among(Wishes.person_id, people), Wishes.quiet_from.is_not(None))
    )
    return {row.person_id: quiet for row in rows if (quiet := value_of(row).quiet) is not None}
