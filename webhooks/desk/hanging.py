"""What the desk says of the paper that has to hang before help ends (特困)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models import stopping
from models.cases import Case
from models.context import Context
from models.proposals import Proposal
from models.settings import Translate, mark

FIRST = mark("提上去以后，先做“张贴公示”。公示挂满了天数，另一位才能定。")
NOT_UP = mark("还不能定：要先公示。做完“张贴公示”，挂满了天数再定。")
UP = mark("还不能定：公示要挂到{day}，过了那天再定。")
OVER = mark("公示挂满了，可以定了。")


def words(ctx: Context, t: Translate, db: Session, case: Case, open_: Proposal | None) -> str:
    """Where its paper stands, for what was put forward; nothing where none has to hang."""
    if open_ is None or not stopping.hangs_first(case, open_.move):
        return ""
    until = stopping.hung_until(ctx, db, case)
    if until is None:
        return t(NOT_UP)
    return t(UP, day=until) if ctx.today() <= until else t(OVER)


def before(t: Translate, case: Case, move: str) -> str:
    """What who puts this move forward should know first; nothing where no paper has to hang."""
    return t(FIRST) if stopping.hangs_first(case, move) else ""
