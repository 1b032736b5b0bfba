"""Survey, check of means and paper notice as done, for tests about what comes after them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import taskdoing
from models.cases import Attachment, Case
from models.context import Context
from models.moves import MOVES
from models.people import Staff, view_of
from models.statuses import Role
from models.tasks import Task, TaskKind

FOUND = {
    "at": "10:00", "place": "村里", "others": "吴小兰", "lives": "他和老母亲",
    "opinion": "房子漏，要帮", "signed": "双方签了",
}
CHECKED = {
    "consent": {"agreed": "yes", "agreed_how": "当面签了授权书"},
    "request": {"department": "人社局", "what": "社保和就业登记"},
    "answer": {"answer": "名下没有"},
}


def visit_for(ctx: Context, session: Session, receipt: str, move: str) -> None:
    """Do the open survey and check, or the open posting, of a case where this move needs one."""
    guards = MOVES[move].guards if move in MOVES else ()
    kinds = {
        "surveyed": TaskKind.SURVEY, "verified": TaskKind.VERIFICATION,
        "posted": TaskKind.POSTING,
    }
    wanted = [kind for name, kind in kinds.items() if name in guards]
    if not wanted:
        return
    case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
    officers = session.scalars(
        select(Staff).where(
            Staff.area == case.township, Staff.role.in_((Role.OFFICER, Role.HEAD)),
            Staff.left_at.is_(None),
        ).order_by(Staff.id)
    ).all()
    query = select(Task).where(
        Task.case_id == case.id, Task.kind.in_(wanted), Task.state == "open"
    )
    for task in session.scalars(query).all():
        while task.state == "open":
            _do(ctx, session, officers, case, task)


def _do(
    ctx: Context, session: Session, officers: Sequence[Staff], case: Case, task: Task
) -> None:
    """By the first of them who may see the case; a notice went up on the day it was asked for."""
    found = FOUND | {"on": ctx.today().isoformat()}
    if task.kind == TaskKind.POSTING:
        session.add(
            Attachment(
                bundle=task.bundle, account="", kind="image", state="stored",
                created_at=ctx.now(),
            )
        )
        session.flush()
        found = {"place": "村公示栏", "on": task.due_on.isoformat() if task.due_on else found["on"]}
    if task.kind == TaskKind.VERIFICATION:
        found = CHECKED[taskdoing.stage_of(case, task)] | {"answered_on": found["on"]}
    for one in officers:
        view = view_of(one)
        try:
            taskdoing.do(ctx, session, view, task.id, task.version, found, (one.id,))
        except LookupError:
            continue
        return
    raise LookupError(task.id)
