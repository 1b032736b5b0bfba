"""Tasks: the list of mine, and one screen each to do one, made for a phone in one hand."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import audit, errands, errandwork, taskdoing
from models import tasks as records
from models.cases import Case
from models.context import Context
from models.findings import TWO
from models.numbers import read_number
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import Role
from models.steps import MoveRefused
from models.tasks import TASK_NAMES, Task, TaskKind
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import readings, taskviews, telling
from webhooks.desk.paging import page_asked
from webhooks.desk.versions import page_version
from webhooks.uploads import attach_once, chosen_files, or_forgotten, store_all, with_photos

KEPT = mark("记下了。")
ADDED = mark("加上了。")
BUTTONS = {
    TaskKind.SURVEY: mark("记下来，调查做完了"),
    TaskKind.APPRAISAL: mark("记下评议结果"),
    TaskKind.POSTING: mark("贴好了"),
    TaskKind.CALLBACK: mark("告诉过了，记下来"),
}
STAGE_BUTTONS = {
    "consent": mark("记下本人的意思"),
    "request": mark("请他们核对"),
    "answer": mark("记下回复"),
}
LEADS = {
    TaskKind.SURVEY: mark("至少两个人一起去。双方在调查表上签字，拍下来放在这里。"),
    TaskKind.APPRAISAL: mark("只在有不同意见的时候才评议。会议记录拍下来放在这里。"),
    TaskKind.POSTING: mark("把公示打印出来贴到村里的公示栏，贴好拍一张。"),
    TaskKind.CALLBACK: mark(
        "先问清楚是不是这家人：留的电话可能是报的人的。告诉他们有人怕他们有难处、写下来些什么，"
        "问同不同意。不要说是谁报的。"
    ),
}
STAGE_LEADS = {
    "consent": mark("本人还没有同意核对收入和财产。先问本人：不同意，就不能查。"),
    "request": mark("一次请一个部门。只查本人同意查的。"),
    "answer": mark("那边回了，原样记下来。"),
}


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/tasks", "tasks", mine)
    desk.add_url_rule("/tasks/<int:task_id>", "task", show)
    desk.add_url_rule("/tasks/<int:task_id>", "do_task", do_task, methods=["POST"])
    desk.add_url_rule("/cases/<receipt>/tasks/<kind>", "add_task", add, methods=["POST"])


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def mine() -> ResponseReturnValue:
    """Open tasks, due first: mine and those for nobody, or with `?all=1` everyone's."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    everyone = request.args.get("all") == "1" or staff.role is Role.COUNTY
    areas, page = ctx.directory.areas, page_asked()
    with ctx.db.begin() as db:
        found, more = records.open_for(db, staff, everyone=everyone, page=page)
        readings.keep(ctx, db, staff, "tasks.read", "task", tasks=[task.id for task, _ in found])
        rows = [
            {
                "task": taskviews.view(ctx, t, case, task), "name": telling.name_of(t, case),
                "place": areas.name(case.living_area or case.township), "receipt": case.receipt,
                "urgent": case.urgent,
            }
            for task, case in found
        ]
    return render_template(
        "desk/tasks.html", rows=rows, everyone=everyone, county=staff.role is Role.COUNTY,
        page=page, more=more,
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def show(task_id: int) -> ResponseReturnValue:
    """The screen of one task; what is done, or not theirs to do, is read on the case's page."""
    ctx, staff = access.context(), access.staff()
    with ctx.db.begin() as db:
        task = records.find(db, staff, task_id)
        if task is None:
            abort(404)
        if task.state != "open" or staff.role is Role.COUNTY:
            return _to_case(task.case)
        audit.record(db, ctx.now(), "task.read", "task", task.id, staff_id=staff.id)
        return _screen(ctx, db, staff, task, {})


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
@with_photos
def do_task(task_id: int) -> ResponseReturnValue:
    """Keep the photos, then what was found; a refusal loses neither."""
    ctx, staff, t, form = access.context(), access.staff(), access.speech(), request.form
    try:
        problems = _keep_photos(ctx, staff, task_id)
        if problems:
            return _again(ctx, staff, task_id, "\n".join(problems), "photos"), 422
        with ctx.db.begin() as db:
            task = taskdoing.do(
                ctx, db, staff, task_id, page_version(), form.to_dict(),
                form.getlist("went", type=read_number),
            )
            receipt = task.case.receipt
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _refused(ctx, staff, task_id, refused)
    flash(t(KEPT), "done")
    return redirect(url_for("desk.case", receipt=receipt, _anchor="tasks"), 303)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def add(receipt: str, kind: str) -> ResponseReturnValue:
    """One more task by hand, and straight to its screen."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    if kind not in set(TaskKind):
        abort(404)
    try:
        with ctx.db.begin() as db:
            made = taskdoing.add(ctx, db, staff, receipt, TaskKind(kind))
    except LookupError:
        abort(404)
    except (MoveRefused, NotAllowed) as refused:
        flash(t(refused.reason), "urgent")
        return redirect(url_for("desk.case", receipt=receipt), 303)
    flash(t(ADDED), "done")
    return redirect(url_for("desk.task", task_id=made.id), 303)


def _keep_photos(ctx: Context, staff: StaffView, task_id: int) -> list[str]:
    """Keep the photos that came with the form, whatever becomes of it; what is wrong with them."""
    files = chosen_files()
    if not files:
        return []
    with ctx.db.read() as db:
        found = records.find(db, staff, task_id)
        if found is None:
            raise LookupError(task_id)
        taskdoing.must_be_open(staff, found.case, found)
    photos, problems = store_all(ctx, files, access.speech())
    with or_forgotten(ctx, photos), ctx.db.begin() as db:
        case, task = taskdoing.locked_task(db, staff, task_id)
        taskdoing.must_be_open(staff, case, task)
        attach_once(ctx, db, photos, bundle=task.bundle, account=case.account)
    return problems


def _refused(
    ctx: Context, staff: StaffView, task_id: int, refused: MoveRefused
) -> ResponseReturnValue:
    t = access.speech()
    with ctx.db.read() as db:
        task = records.find(db, staff, task_id)
        if task is None:
            abort(404)
        if task.state != "open":
            # A second click on what is done is no fault.
            flash(t(refused.reason), "done" if task.state == "done" else "urgent")
            return _to_case(task.case)
    code = 422 if refused.field else 409
    return _again(ctx, staff, task_id, t(refused.reason), refused.field), code


def _again(ctx: Context, staff: StaffView, task_id: int, problem: str, field: str) -> str:
    """The screen as it was sent, with what to mend."""
    with ctx.db.begin() as db:
        task = records.find(db, staff, task_id)
        if task is None:
            abort(404)
        return _screen(ctx, db, staff, task, request.form.to_dict(), problem, field)


def _to_case(case: Case) -> ResponseReturnValue:
    return redirect(url_for("desk.case", receipt=case.receipt, _anchor="tasks"), 303)


def _screen(
    ctx: Context, db: Session, staff: StaffView, task: Task, typed: dict[str, str],
    problem: str = "", field: str = "",
) -> str:
    t, case, kind = access.speech(), task.case, TaskKind(task.kind)
    stage = taskdoing.stage_of(case, task) if kind is TaskKind.VERIFICATION else ""
    places = ctx.directory.areas.name(case.living_area or case.township)
    begin = {"on": ctx.today().isoformat(), "answered_on": ctx.today().isoformat()}
    if kind in TWO:
        begin["place"] = places
    went = request.form.getlist("went") if typed else [str(staff.id)]
    colleagues = taskdoing.staff_to_go(db, case) if kind in TWO else ()
    return render_template(
        "desk/task.html", case=case, task=task, title=t(TASK_NAMES[kind]),
        name=telling.name_of(t, case), place=places,
        what=telling.first_words(t, case), due=telling.until_words(ctx, t, task.due_on),
        asks=taskdoing.asks_of(case, task), values=begin | typed,
        colleagues=[(str(member.id), member.name) for member in colleagues], went=went,
        lead=t(STAGE_LEADS[stage] if stage else LEADS[kind]),
        button=t(STAGE_BUTTONS[stage] if stage else BUTTONS[kind]),
        takes_photos=not stage and kind is not TaskKind.CALLBACK,
        lines=taskviews.lines(t, case, task),
        photos=records.photos(db, [task.bundle]), problem=problem, field=field,
        errand=kind.value if kind in errandwork.TASKS.values() else "",
        code=errands.posting_code(ctx, task) if kind is TaskKind.POSTING else "",
    )
