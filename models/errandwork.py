"""Asking an assistant of the village for help, what they hand in, and who goes on where one leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import assistants, audit, errandasks, errands, granting, posted, supplements, tasks
from models.cases import Case, CaseEvent
from models.casework import NOT_YOURS, locked_case
from models.context import Context
from models.deadlines import last_day
from models.errands import Errand, ErrandKind
from models.outgoing import Occasion, enqueue
from models.people import Staff
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import CASE_ROLES, EventKind
from models.steps import MoveRefused
from models.supplements import SupplementItem
from models.tasks import Task, TaskKind
from models.timeline import beside, tell_staff

WORDS_LIMIT = 100
FARTHEST = timedelta(days=366)
NO_HELPER = mark("请选一位这个村的协理员。")
NO_DAY = mark("请选哪天前，最早今天，最晚一年内。")
TOO_LONG = mark("一句话就行，请缩到100字以内。")
NOT_NOW = mark("这件事现在没有要请协理员帮的这一样。")
NOT_ASKED = mark("这件事现在不归您办了，没有送出去。写的还在手机里，请打电话问问镇上。")
# The task that stands behind each kind.
TASKS = {
    ErrandKind.SURVEY: TaskKind.SURVEY, ErrandKind.POSTING: TaskKind.POSTING,
    ErrandKind.APPRAISAL: TaskKind.APPRAISAL,
}


@dataclass(frozen=True)
class Handed:
    """What comes from the phone: the fields as text; of each photo, by the SHA-256 of its bytes
    there, for which item it is (None: for none)."""

    given: Mapping[str, str]
    photos: Mapping[str, int | None]


def ask(
    ctx: Context, session: Session, staff: StaffView, receipt: str, kind: ErrandKind,
    *, helper: int | None, due_on: date | None, words: str,
) -> Errand:
    """Ask an assistant of the case's village. Raises LookupError, NotAllowed, MoveRefused.

    The same, asked twice, is asked once.
    """
    case = locked_case(session, staff, receipt)
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    task = must_fit(session, case, kind)
    post = next((one for one in errands.helpers(ctx, session, case) if one.id == helper), None)
    if post is None:
        raise MoveRefused(NO_HELPER, "helper")
    if due_on is None or not ctx.today() <= due_on <= ctx.today() + FARTHEST:
        raise MoveRefused(NO_DAY, "due")
    words = " ".join(words.split())
    if len(words) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, "words")
    for one in errands.of_case(session, case.id):
        same = (one.kind, one.staff_id, one.due_on, one.words) == (kind, post.id, due_on, words)
        if one.state == "open" and same:
            return one
    made = make(
        ctx, session, case, kind, post, due_on=due_on, words=words, asked_by=staff.id,
        task_id=task.id if task else None,
    )
    audit.record(
        session, ctx.now(), "errand.asked", "errand", made.id, staff_id=staff.id, kind=kind,
        helper=post.id,
    )
    return made


def must_fit(session: Session, case: Case, kind: ErrandKind) -> Task | None:
    """The task behind it, where there is one; raises MoveRefused where it is not needed now."""
    if kind in TASKS:
        for task in tasks.of_case(session, case.id):
            if task.kind == TASKS[kind] and task.state == "open":
                return task
    elif kind is ErrandKind.PAPERS and supplements.of_case(session, case).open:
        return None
    elif kind is ErrandKind.RECHECK:
        given = granting.of_case(session, case.id)
        if given is not None and given.state in ("running", "tapering"):
            return None
    raise MoveRefused(NOT_NOW)


def usual_day(ctx: Context, session: Session, case: Case, kind: ErrandKind) -> date:
    """By when one asks as a rule: after so many working days, and not after its own task is due."""
    usual = last_day(
        ctx.today(), ctx.settings.errands.due_after, "working_days", ctx.is_working
    )
    due = [
        task.due_on for task in tasks.of_case(session, case.id)
        if task.kind == TASKS.get(kind) and task.state == "open" and task.due_on is not None
    ]
    return max(ctx.today(), min([usual, *due]))


def make(
    ctx: Context, session: Session, case: Case, kind: ErrandKind, post: Staff, *,
    due_on: date | None, words: str = "", asked_by: int | None = None, task_id: int | None = None,
    push_id: int | None = None,
) -> Errand:
    """Write it down and tell the assistant."""
    made = Errand(
        key=token_hex(16), kind=kind, state="open", case_id=case.id, task_id=task_id,
        push_id=push_id, village=post.area, staff_id=post.id, asked_by=asked_by, words=words,
        due_on=due_on, said=[], papers=[], created_at=ctx.now(), given_at=ctx.now(),
    )
    session.add(made)
    session.flush()
    tell(ctx, session, made, post, case)
    return made


def tell(ctx: Context, session: Session, errand: Errand, post: Staff, case: Case) -> None:
    """A push to the assistant: that there is something, and by when; not about whom."""
    enqueue(
        session, ctx.now(), ctx.settings.pushes.expire_days, Occasion.ERRAND,
        errands.push_key(errand, post.id), person_id=post.person_id, account=case.account,
        case_id=case.id,
        details={
            "number": f"{errand.id:06}", "kind": errand.kind, "township": case.township,
            "due_on": errand.due_on.isoformat() if errand.due_on else "",
        },
    )


def take_back(ctx: Context, session: Session, staff: StaffView, number: int) -> Case:
    """The officer sees to it otherwise. Raises LookupError, NotAllowed."""
    found = session.get(Errand, number)
    if found is None:
        raise LookupError(number)
    case = locked_case(session, staff, found.case.receipt)
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    session.refresh(found)
    if found.state == "open":
        errands.drop(session, ctx.now(), Errand.id == number)
        audit.record(
            session, ctx.now(), "errand.taken_back", "errand", number, staff_id=staff.id
        )
    return case


def hand_in(ctx: Context, session: Session, person_id: int, key: str, handed: Handed) -> Errand:
    """What the assistant did. Sent again it is the same; what says something else stands beside it.

    Raises LookupError where it is not asked of them, MoveRefused with the field to mend.
    """
    posts = assistants.posts_of(session, person_id)
    found = errands.find(session, posts, key)
    if found is None:
        raise LookupError(key)
    # Both locked, in the order of the desk: of two phones the second sees what the first said.
    case = session.scalars(
        select(Case).where(Case.id == found.case_id).with_for_update(of=Case)
    ).one()
    session.refresh(found)
    read = posted.read(ctx, session, found, handed.given, len(handed.photos))
    post = next(
        (one for one in posts if one.id == found.staff_id), None
    ) or next(one for one in posts if one.id in {said["staff"] for said in found.said})
    said = {
        "staff": post.id, "name": post.name, "found": read,
        "items": _items(session, case, handed),
    }
    if any(_same(one, said) for one in found.said):
        return found
    _stand(ctx, session, case, found, post, said)
    return found


def _items(session: Session, case: Case, handed: Handed) -> dict[str, int]:
    """Which photos are for which item of this very case."""
    own = set(session.scalars(select(SupplementItem.id).where(SupplementItem.case_id == case.id)))
    return {sha: item for sha, item in handed.photos.items() if item is not None and item in own}


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[name] == other[name] for name in ("staff", "found", "items"))


def _stand(
    ctx: Context, session: Session, case: Case, found: Errand, post: Staff, said: dict[str, Any]
) -> None:
    """Keep it beside what was said before, on the timeline, and tell the officer."""
    now, cannot = ctx.now(), errandasks.cannot(said["found"])
    found.said = [*found.said, {**said, "at": now.isoformat()}]
    if found.state == "open":
        found.state = "back" if cannot else "done"
    found.done_at = now
    errands.hush(session, now, found)
    knock = found.kind == ErrandKind.KNOCK
    done = EventKind.KNOCKED if knock else EventKind.ERRAND_DONE
    step = beside(ctx, case, EventKind.ERRAND_CANNOT if cannot else done)
    step.staff_id, step.details = post.id, {"errand": found.kind, "number": found.id}
    session.add(step)
    session.flush()
    if cannot:
        tell_staff(
            ctx, session, case, step, Occasion.STAFF_ERRAND_CANNOT,
            person_id=errands.who_asked(ctx, session, found),
        )
    elif not knock:
        _tell_officer(ctx, session, case, step, Occasion.STAFF_ERRAND)
    audit.record(
        session, now, "errand.handed_in", "errand", found.id, staff_id=post.id, kind=found.kind
    )


def _tell_officer(
    ctx: Context, session: Session, case: Case, step: CaseEvent, occasion: Occasion
) -> None:
    """To whoever has the case now; where nobody has, to the desk."""
    officer = case.officer
    here = officer is not None and officer.left_at is None
    tell_staff(
        ctx, session, case, step, occasion,
        person_id=officer.person_id if here and officer is not None else None,
    )


def where_photos_go(errand: Errand, sha256: str) -> tuple[str, int | None]:
    """The bundle of a photo that was handed in, and the item that it is for."""
    item = next((one["items"][sha256] for one in errand.said if sha256 in one["items"]), None)
    bundle = errand.task.bundle if errand.task is not None else errand.case.bundle
    return bundle, item


def pass_on(ctx: Context, session: Session, post: Staff) -> None:
    """This post ends: what is open of it goes to another assistant of the village, else back to
    the officer; what asks the one who leaves and has not gone out stays here."""
    theirs = (Errand.staff_id == post.id, Errand.state == "open")
    # As whoever hands in: the cases first. What is handed in at this moment is done, not passed on.
    cases = select(Case).where(Case.id.in_(select(Errand.case_id).where(*theirs)))
    session.scalars(cases.order_by(Case.id).with_for_update(of=Case)).all()
    found = session.scalars(
        select(Errand).where(*theirs).order_by(Errand.id)
        .execution_options(populate_existing=True)
    )
    for one in found.all():
        errands.hush(session, ctx.now(), one)
        others = [next_ for next_ in errands.helpers(ctx, session, one.case)
                  if next_.id != post.id and next_.person_id != post.person_id]
        if others:
            one.staff_id, one.given_at = others[0].id, ctx.now()
            one.seen_at, one.stage = None, 0
            tell(ctx, session, one, others[0], one.case)
        else:
            one.state = "back"
            step = beside(ctx, one.case, EventKind.ERRAND_BACK)
            step.staff_id, step.details = post.id, {"errand": one.kind, "number": one.id}
            session.add(step)
            session.flush()
            _tell_officer(ctx, session, one.case, step, Occasion.STAFF_ERRAND_BACK)
        audit.record(
            session, ctx.now(), "errand.passed_on", "errand", one.id, staff_id=post.id,
            to=others[0].id if others else None,
        )
