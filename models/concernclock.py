"""The clock of objections and complaints: the office is reminded before its last day and after it.

Nobody above is told: only who handles it may know that there is any.
"""

from __future__ import annotations

from sqlalchemy import select

from models.concerns import Concern, Stand
from models.context import Context
from models.deadlines import Nearness, nearness
from models.raising import tell_office

BATCH = 200
REMINDED = {Nearness.NEAR: 1, Nearness.OVERDUE: 2}


def remind(ctx: Context) -> int:
    """Remind each office once when a last day is near, and once when it has passed; how many."""
    done = 0
    with ctx.db.begin() as session:
        query = (
            select(Concern).where(Concern.state != Stand.OVER, Concern.reminded < max(
                REMINDED.values()
            ))
            .order_by(Concern.due_on).limit(BATCH).with_for_update(skip_locked=True)
        )
        for one in session.scalars(query):
            stage = REMINDED.get(nearness(ctx.today(), one.due_on, ctx.is_working), 0)
            if stage > one.reminded:
                one.reminded = stage
                tell_office(ctx, session, one, f"due{stage}")
                done += 1
    return done
