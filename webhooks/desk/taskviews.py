"""How the desk says what a task asks for and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import findings, taskdoing, tasks
from models.cases import Attachment, Case
from models.context import Context
from models.findings import Ask
from models.policy import StaffView
from models.settings import Translate, mark
from models.statuses import CASE_ROLES, Status
from models.tasks import TASK_NAMES, Task, TaskKind
from webhooks import access
from webhooks.desk import telling
from webhooks.desk.case import File

STATES = {"open": mark("还没做"), "done": mark("做好了"), "dropped": mark("不用做了")}
NEXT = {
    "consent": mark("先问本人同不同意核对"),
    "request": mark("请部门核对"),
    "answer": mark("等{department}回，回了记下来"),
}
ADDS = {
    TaskKind.SURVEY: mark("再上门看一次"),
    TaskKind.VERIFICATION: mark("再请一个部门核对"),
}
WHO_WENT = mark("谁去的")
WHERE = mark("在哪里")
UNDER = mark("凭什么查")
UNDER_FIRST = mark("本人申请时同意核对（{moment}）")
UNDER_LATER = mark("本人同意核对：{how}")
YES = mark("是")


@dataclass(frozen=True)
class View:
    """One task in words."""

    id: int
    title: str
    state: str
    state_words: str
    next: str
    due: telling.DueWords
    basis: str
    who: str
    lines: tuple[tuple[str, str], ...]
    photos: tuple[Attachment, ...]


def view(
    ctx: Context, t: Translate, case: Case, task: Task, photos: tuple[Attachment, ...] = ()
) -> View:
    """A task of a case in words."""
    alive = task.state == "open"
    # Whoever did it; while it is open, for whom it is.
    who = task.staff if alive else task.doer
    return View(
        task.id, t(TASK_NAMES[TaskKind(task.kind)]), task.state, t(STATES[task.state]),
        _next(t, case, task) if alive else "",
        telling.until_words(ctx, t, task.due_on if alive else None),
        task.due_basis if alive else "", who.name if who else "",
        tuple(lines(t, case, task)), photos,
    )


def _next(t: Translate, case: Case, task: Task) -> str:
    if task.kind != TaskKind.VERIFICATION:
        return ""
    found = task.findings
    return t(NEXT[taskdoing.stage_of(case, task)], department=found.get("department", ""))


def lines(t: Translate, case: Case, task: Task) -> list[tuple[str, str]]:
    """What was found, a line each, in the order of the screen."""
    found, said = task.findings, []
    if found.get("names"):
        said.append((t(WHO_WENT), t(mark("、")).join(found["names"])))
    if task.place:
        said.append((t(WHERE), task.place))
    said += answered(t, _asks(TaskKind(task.kind)), found)
    if "department" in found:
        how = found.get("agreed_how")
        said.append((t(UNDER), t(UNDER_LATER, how=how) if how else
                     t(UNDER_FIRST, moment=t.moment(case.consented_at))))
    return said


def _asks(kind: TaskKind) -> tuple[Ask, ...]:
    if kind is TaskKind.VERIFICATION:
        return (*findings.CONSENT_ASKS, *findings.REQUEST_ASKS, *findings.ANSWER_ASKS)
    return findings.ASKS[kind]


def answered(
    t: Translate, asks: Sequence[Ask], found: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Each field that was answered, with its words."""
    return [(t(ask.label), _said(t, ask, found[ask.name])) for ask in asks if ask.name in found]


def _said(t: Translate, ask: Ask, value: Any) -> str:
    if ask.kind == "choice":
        return t(dict(ask.options).get(value, value))
    if ask.kind == "date":
        return t.day(date.fromisoformat(value))
    return t(YES) if value is True else str(value)


def section(
    ctx: Context, db: Session, staff: StaffView, file: File
) -> tuple[str, dict[str, Any]] | None:
    """The part of the case's page: its tasks, and what can be added."""
    t, case = access.speech(), file.case
    found = tasks.of_case(db, case.id)
    may = staff.role in CASE_ROLES
    adds = [
        (kind, t(ADDS[kind])) for kind, at in taskdoing.BY_HAND.items()
        if may and Status(case.status) in at and not _is_to_do(found, kind)
    ]
    if not found and not adds:
        return None
    papers = tasks.photos(db, [task.bundle for task in found])
    views = [
        view(ctx, t, case, task, tuple(p for p in papers if p.bundle == task.bundle))
        for task in found if task.state != "dropped" or task.findings
    ]
    first = any(
        task.kind == TaskKind.SURVEY and task.state == "open" for task in found
    ) and Status(case.status) is Status.INVESTIGATING
    return "desk/tasks_part.html", {"views": views, "may": may, "adds": adds, "survey": first}


def _is_to_do(found: Any, kind: TaskKind) -> bool:
    """Whether one of this kind waits that nobody has begun."""
    return any(
        task.kind == kind and task.state == "open" and "department" not in task.findings
        for task in found
    )

