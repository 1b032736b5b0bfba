"""特困: that help is to end hangs in public before it does (拟终止公示).

民发〔2021〕43号 art. 26: seven days, in the village or where the person is looked after. The paper
is asked for when the ending is put forward; who decides waits until it has hung its days.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from models import rules, taskwork
from models.cases import Case
from models.context import Context
from models.lengths import Length
from models.paths import path_of
from models.tasks import TaskKind

STOP = "stop"


def hangs_first(case: Case, move: str) -> bool:
    """Whether a paper has to hang between putting this move forward and deciding it."""
    return move == STOP and path_of(case.scheme).stop_noticed


def put_forward(ctx: Context, session: Session, case: Case, move: str) -> None:
    """Ask for the paper where this ending needs one; nobody waits for an older one any more."""
    taskwork.drop(session, ctx.now(), case.id, TaskKind.POSTING)
    if hangs_first(case, move):
        basis = length(ctx, case.township, case.scheme).basis
        taskwork.open_task(ctx, session, case, TaskKind.POSTING, ctx.today(), basis)


def sent_back(ctx: Context, session: Session, case: Case) -> None:
    """Help goes on: nothing is to be put up."""
    taskwork.drop(session, ctx.now(), case.id, TaskKind.POSTING)


def hung_until(ctx: Context, session: Session, case: Case) -> date | None:
    """The last day that the paper has to hang; None while nobody has recorded that it does."""
    posting = taskwork.last_posting(session, case)
    if posting is None:
        return None
    since = posting.created_at.astimezone(ctx.zone).date()
    return taskwork.hung_until(ctx, posting, since, length(ctx, case.township, case.scheme))


def length(ctx: Context, area: str, scheme: str | None) -> Length:
    """For how long it hangs at this place, with its clause."""
    kept = ctx.directory
    return rules.length(
        "stopping", area, ctx.today(), kept.rules, kept.areas, ctx.settings.deadlines, scheme
    )
