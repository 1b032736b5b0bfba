"""Doing a task: what was found is kept, stands on the timeline, and is audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from models import audit, casequeries, errands, findings, informwork, tasks, taskwork
from models.cases import Case
from models.casework import NOT_YOURS, STALE, locked_case
from models.context import Context
from models.errands import Errand
from models.people import Staff
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import CASE_ROLES, CLOSED, EventKind, Status
from models.steps import MoveRefused
from models.tasks import Task, TaskKind
from models.timeline import beside

DONE_ALREADY = mark("这一项已经办好了，没有重复办。")
DROPPED = mark("这一项不用办了，事情已经往别处走了。")
NOT_NOW = mark("这件事现在不用再加这一项。")
# What stands on the timeline among staff.
DONE_WORDS = {
    TaskKind.SURVEY: mark("入户调查做完了。"),
    TaskKind.VERIFICATION: mark("核对的回复记下了。"),
    TaskKind.APPRAISAL: mark("民主评议开过了，结果记下了。"),
    TaskKind.POSTING: mark("公示贴出去了。"),
    TaskKind.CALLBACK: mark("告诉过这家人了。"),
}
ASKED_WORDS = mark("请{department}核对：{what}")
CONSENT_WORDS = {"yes": mark("问过本人，同意核对。"), "no": mark("问过本人，不同意核对。")}
# Which a person at the desk may add by hand, and while the case stands where.
BY_HAND = {
    TaskKind.SURVEY: frozenset({Status.INVESTIGATING, Status.APPRAISING}),
    TaskKind.VERIFICATION: frozenset({Status.INVESTIGATING, Status.APPRAISING}),
}


def locked_task(session: Session, staff: StaffView, task_id: int) -> tuple[Case, Task]:
    """A task of the staff's area with its case, both locked; else LookupError (a 404)."""
    found = tasks.find(session, staff, task_id)
    if found is None:
        raise LookupError(task_id)
    case = locked_case(session, staff, found.case.receipt)
    session.refresh(found)
    return case, found


def must_be_open(staff: StaffView, case: Case, task: Task) -> None:
    """Raise NotAllowed or MoveRefused where this person cannot do this task now."""
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    if task.state != "open":
        raise MoveRefused(DONE_ALREADY if task.state == "done" else DROPPED)
    if case.status in CLOSED and task.kind != TaskKind.CALLBACK:
        raise MoveRefused(DROPPED)


def do(
    ctx: Context, session: Session, staff: StaffView, task_id: int, version: int,
    given: Mapping[str, str], colleagues: Sequence[int] = (),
) -> Task:
    """Take the next step of a task; raises LookupError, NotAllowed or MoveRefused.

    `given` are the fields of `models/findings.py` as text, `colleagues` the numbers of staff who
    went along. A check takes three steps (consent, request, answer), all others one.
    """
    case, task = locked_task(session, staff, task_id)
    must_be_open(staff, case, task)
    if task.version != version:
        raise MoveRefused(STALE)
    kind = TaskKind(task.kind)
    found = findings.read(asks_of(case, task), given, ctx.today())
    if kind is TaskKind.VERIFICATION:
        return _verify(ctx, session, staff, case, task, found)
    if kind in findings.TWO:
        went = _names(session, case, colleagues)
        found["names"] = findings.names(went, found.pop("others", ""))
    findings.check(kind, found, len(tasks.photos(session, [task.bundle])))
    task.place = found.pop("place", None)
    task.findings = found
    done = _finish(ctx, session, staff, case, task)
    if kind is TaskKind.CALLBACK:
        informwork.called(ctx, session, staff, case, found["said"], found["how"])
    return done


def asks_of(case: Case, task: Task) -> tuple[findings.Ask, ...]:
    """What this task's next step asks for."""
    if task.kind != TaskKind.VERIFICATION:
        return findings.ASKS[TaskKind(task.kind)]
    return {
        "consent": findings.CONSENT_ASKS, "request": findings.REQUEST_ASKS,
        "answer": findings.ANSWER_ASKS,
    }[stage_of(case, task)]


def stage_of(case: Case, task: Task) -> str:
    """Where a check stands: `consent` (the person has not agreed to it), `request`, `answer`."""
    if "department" in task.findings:
        return "answer"
    return "request" if case.answers.get("consent") == "both" else "consent"


def add(
    ctx: Context, session: Session, staff: StaffView, receipt: str, kind: TaskKind
) -> Task:
    """One more task by hand: another department to be asked, another visit."""
    case = locked_case(session, staff, receipt)
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    if Status(case.status) not in BY_HAND.get(kind, ()):
        raise MoveRefused(NOT_NOW)
    for task in tasks.of_case(session, case.id):
        # A second click, or one that nobody has begun: that one is to be done first.
        if task.kind == kind and task.state == "open" and "department" not in task.findings:
            return task
    until = taskwork.due_of(ctx, session, case, kind)
    made = taskwork.open_task(
        ctx, session, case, kind, until.on if until else None, until.basis if until else ""
    )
    audit.record(session, ctx.now(), "task.added", "task", made.id, staff_id=staff.id, kind=kind)
    return made


def _names(session: Session, case: Case, colleagues: Sequence[int]) -> list[str]:
    able = casequeries.officers(session, case.township, case.id)
    known = {member.id: member.name for member in able}
    return [known[number] for number in colleagues if number in known]


def _verify(
    ctx: Context, session: Session, staff: StaffView, case: Case, task: Task,
    found: dict[str, Any],
) -> Task:
    stage = stage_of(case, task)
    if stage == "consent":
        return _consented(ctx, session, staff, case, task, found)
    task.findings = {**task.findings, **found}
    if stage == "answer":
        return _finish(ctx, session, staff, case, task)
    findings.check_request(found)
    task.findings = {**task.findings, "consent": case.consent_version, "asked_on":
                     ctx.today().isoformat()}
    words = ctx.speak("")(ASKED_WORDS, department=found["department"], what=found["what"])
    _stand(ctx, session, staff, case, task, "asked", words)
    return task


def _consented(
    ctx: Context, session: Session, staff: StaffView, case: Case, task: Task,
    found: dict[str, Any],
) -> Task:
    """The person was asked. Without consent nothing is looked into; the household visit stays."""
    task.findings = {**task.findings, **found}
    if found["agreed"] == "yes":
        case.answers = {**case.answers, "consent": "both", "consent_how": found["agreed_how"]}
        _stand(ctx, session, staff, case, task, "consented", ctx.speak("")(CONSENT_WORDS["yes"]))
        return task
    task.state = "dropped"
    _stand(ctx, session, staff, case, task, "refused", ctx.speak("")(CONSENT_WORDS["no"]))
    return task


def _finish(ctx: Context, session: Session, staff: StaffView, case: Case, task: Task) -> Task:
    task.state, task.done_at, task.done_by = "done", ctx.now(), staff.id
    errands.drop(session, ctx.now(), Errand.task_id == task.id)
    words = ctx.speak("")(DONE_WORDS[TaskKind(task.kind)])
    _stand(ctx, session, staff, case, task, "done", words)
    return task


def _stand(
    ctx: Context, session: Session, staff: StaffView, case: Case, task: Task, what: str,
    words: str,
) -> None:
    """On the timeline among staff, and audited; the page before it is stale."""
    step = beside(ctx, case, EventKind.TASK_DONE)
    step.staff_id, step.internal = staff.id, words
    step.details = {"task": task.kind, "number": task.id}
    task.version += 1
    case.updated_at = step.at
    session.add(step)
    session.flush()
    audit.record(
        session, step.at, f"task.{what}", "task", task.id, staff_id=staff.id, kind=task.kind
    )


def staff_to_go(session: Session, case: Case) -> Sequence[Staff]:
    """Colleagues who can have gone along: those of the case's township."""
    return casequeries.officers(session, case.township, case.id)
