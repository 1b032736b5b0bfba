"""What the desk says of what hangs in public before a case goes on: the paper, and its list."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import listed, stopping
from models.cases import Case
from models.context import Context
from models.proposals import Proposal
from models.settings import Translate, mark
from models.statuses import Status

FIRST = mark("提上去以后，先做“张贴公示”。公示挂满了天数，另一位才能定。")
NOT_UP = mark("还不能定：要先公示。做完“张贴公示”，挂满了天数再定。")
UP = mark("还不能定：公示要挂到{day}，过了那天再定。")
OVER = mark("公示挂满了，可以定了。")
ON_LIST = mark("在村里的公示名单上，挂到{day}。")
LIST_OVER = mark("村里的公示名单挂满了。")


@dataclass(frozen=True)
class Hangs:
    """The sentences, and the list's version where the case stands on one."""

    words: str = ""
    version: int | None = None


def of(ctx: Context, t: Translate, db: Session, case: Case, open_: Proposal | None) -> Hangs:
    """Where what was put forward stands in public; empty where nothing has to hang."""
    stops = open_ is not None and stopping.hangs_first(case, open_.move)
    if not stops and case.status != Status.PROPOSED:
        return Hangs()
    on_list = listed.hanging(db, case, "stopping" if stops else "proposed")
    said = [_paper(ctx, t, db, case)] if stops else []
    if on_list is not None:
        said.append(_list(ctx, t, on_list))
    return Hangs(" ".join(said), on_list.version_id if on_list else None)


def _paper(ctx: Context, t: Translate, db: Session, case: Case) -> str:
    until = stopping.hung_until(ctx, db, case)
    if until is None:
        return t(NOT_UP)
    return t(UP, day=until) if ctx.today() <= until else t(OVER)


def _list(ctx: Context, t: Translate, on_list: listed.Hanging) -> str:
    if on_list.objected:
        return t(listed.OBJECTED)
    if on_list.last_day is not None and ctx.today() <= on_list.last_day:
        return t(ON_LIST, day=on_list.last_day)
    return t(LIST_OVER)


def before(t: Translate, case: Case, move: str) -> str:
    """What who puts this move forward should know first; nothing where no paper has to hang."""
    return t(FIRST) if stopping.hangs_first(case, move) else ""
