"""What people do with a case: one function a thing, one transaction each.

Every move appends an event and writes its pushes in the caller's transaction, so that a
push exists exactly where the change does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, receipts, rules
from models.areas import Level, covers
from models.cases import Attachment, Case, CaseEvent
from models.context import Context
from models.deadlines import Due, due
from models.outgoing import Occasion, enqueue
from models.people import Staff
from models.policy import NotAllowed, StaffView
from models.responsibility import responsible_township
from models.settings import mark
from models.statuses import MOVES, OPEN, Clocks, EventKind, Move, Status
from models.upsert import insert_or_skip

SERIALS = 1_000_000
RECEIPT_TRIES = 20
ONE_TELLING = timedelta(minutes=10)
# Words that staff write to a resident: a chat message fits on one screen of an old phone.
WORDS_LIMIT = 500
UNIT_LIMIT = 60
INTERNAL_LIMIT = 1000


@dataclass(frozen=True)
class Application:
    """What a resident, or someone for them, has said; `answers` keeps it word for word."""

    account: str
    person_id: int
    bundle: str
    name: str
    phone: str
    urgent: bool
    living: str | None
    home: str | None
    incident: str | None
    on_behalf: bool
    scheme: str | None
    consent_version: str
    answers: dict[str, Any] = field(default_factory=dict)


class MoveRefused(Exception):
    """A move that cannot be made now; `reason` is a marked sentence, `field` what to mend."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


STALE = mark("这件事刚才有人动过了。下面是最新的情况，请看一眼再办。")
OUT_OF_ORDER = mark("这件事现在走不到这一步。下面是最新的情况。")
NOT_YOURS = mark("这一步要由乡镇经办人或负责人来办。")
NEEDS = {
    "unit": mark("请写上哪个单位负责，比如“民政办”。"),
    "officer": mark("请选一位经办人。"),
    "missing": mark("请写上缺什么，一行一样。"),
    "words": mark("请写上给居民的答复。"),
    "reason": mark("请写上本人为什么要撤回。"),
}
TOO_LONG = mark("写得太长了，居民的手机上看不全。请缩到500字以内。")
UNIT_TOO_LONG = mark("单位名称太长了，请写简称，60个字以内。")
INTERNAL_TOO_LONG = mark("留给同事的话太长了，请缩到1000字以内。")
CLOSED_ALREADY = mark("这件事已经办完了，不用再看照片。")


def submit(ctx: Context, session: Session, application: Application) -> Case:
    """Record an application and start its first clock; three statements.

    A bundle submitted a second time gives the case that it already became.
    """
    now, today = ctx.now(), ctx.today()
    areas = ctx.directory.areas
    township = responsible_township(
        application.scheme,
        urgent=application.urgent,
        home=application.home,
        living=application.living,
        incident=application.incident,
        areas=areas,
    ) or _any_township(ctx, application.account)
    county = areas.at(township, Level.COUNTY)
    assert county is not None
    clock = Clocks.URGENT_REGISTRATION if application.urgent else Clocks.REGISTRATION
    until = clock_due(ctx, clock, township)
    values: dict[str, Any] = {
        "bundle": application.bundle,
        "account": application.account,
        "person_id": application.person_id,
        "status": Status.SUBMITTED,
        "urgent": application.urgent,
        "scheme": application.scheme,
        "county": county.code,
        "township": township,
        "home_area": application.home,
        "living_area": application.living,
        "incident_area": application.incident,
        "answers": application.answers,
        "name": application.name,
        "name_key": ctx.keys.lookup("name", application.name),
        "phone": application.phone,
        "phone_key": ctx.keys.lookup("phone", application.phone),
        "on_behalf": application.on_behalf,
        "consent_version": application.consent_version,
        "consented_at": now,
        "clock": clock,
        "clock_from": today,
        "due_on": until.on,
        "due_basis": until.basis,
        "created_at": now,
        "updated_at": now,
    }
    for _ in range(RECEIPT_TRIES):
        receipt = receipts.new_receipt(today.year, today.month, ctx.random_below(SERIALS))
        case_id = insert_or_skip(session, Case, values | {"receipt": receipt}, None)
        if case_id is not None:
            break
        # Either the receipt is taken, or this very bundle is a case already.
        kept = session.scalars(select(Case).where(Case.bundle == application.bundle)).one_or_none()
        if kept is not None:
            return kept
    else:
        raise RuntimeError("no free receipt was found")
    event = _event(ctx, case_id, EventKind.SUBMIT, None, Status.SUBMITTED, until)
    event.person_id, event.details = application.person_id, {"receipt": receipt}
    session.add(event)
    enqueue(
        session, now, ctx.settings.pushes.expire_days, Occasion.STAFF_NEW_CASE,
        f"new:{receipt}", township=township, case_id=case_id,
        details={"receipt": receipt, "urgent": application.urgent},
    )
    session.flush()
    return Case(id=case_id, receipt=receipt, **values)


def _any_township(ctx: Context, slug: str) -> str:
    """Where no place was understood: the account's own township, else the county's first.

    Nothing is ever dropped for want of a place; the officer there refers it on.
    """
    account = ctx.settings.account(slug)
    assert account is not None
    townships = ctx.directory.areas.within(account.area, Level.TOWNSHIP)
    own = ctx.directory.areas.at(account.area, Level.TOWNSHIP)
    return (own or townships[0]).code


def clock_due(ctx: Context, clock: Clocks, township: str) -> Due:
    """When a clock that starts today at this township runs out, with its clause."""
    today = ctx.today()
    length = rules.length(
        clock, township, today, ctx.directory.rules, ctx.directory.areas, ctx.settings.deadlines
    )
    return due(today, length, ctx.is_working)


def _event(
    ctx: Context, case_id: int, kind: str, before: str | None, after: str, until: Due | None
) -> CaseEvent:
    return CaseEvent(
        case_id=case_id,
        at=ctx.now(),
        kind=kind,
        from_status=before,
        to_status=after,
        details={},
        due_on=until.on if until else None,
        due_basis=until.basis if until else "",
    )


@dataclass(frozen=True)
class Step:
    """A move as staff ask for it: `version` is that of the page they looked at."""

    move: str
    version: int
    unit: str = ""
    officer_id: int | None = None
    missing: tuple[str, ...] = ()
    words: str = ""
    reason: str = ""
    internal: str = ""


def make_move(ctx: Context, session: Session, staff: StaffView, receipt: str, step: Step) -> Case:
    """Move a case along the table. Raises LookupError, MoveRefused or NotAllowed.

    The row is locked first: of two officers one wins, and the other's page is stale.
    """
    case = locked_case(session, staff, receipt)
    line = MOVES.get(step.move)
    if line is None or staff.role not in line.roles:
        raise NotAllowed(NOT_YOURS)
    if case.version != step.version:
        raise MoveRefused(STALE)
    if case.status not in line.from_:
        raise MoveRefused(OUT_OF_ORDER)
    details = _details(session, case, line, step)
    until = clock_due(ctx, line.clock, case.township) if line.clock else None
    event = _event(ctx, case.id, line.name, case.status, line.to, until)
    event.staff_id, event.details, event.internal = staff.id, details, step.internal or None
    if line.name == "register":
        case.unit, case.officer_id = step.unit.strip(), step.officer_id
    case.status, case.version, case.updated_at = line.to, case.version + 1, event.at
    case.clock = line.clock
    case.clock_from = ctx.today() if until else None
    case.due_on, case.due_basis = (until.on, until.basis) if until else (None, "")
    session.add(event)
    session.flush()
    _tell_applicant(ctx, session, case, event, Occasion.CASE_MOVED)
    audit.record(
        session, event.at, f"case.{line.name}", "case", case.id,
        staff_id=staff.id, before=event.from_status, after=event.to_status,
    )
    return case


def _details(session: Session, case: Case, line: Move, step: Step) -> dict[str, Any]:
    """What the step's sentence is filled with; refuses what the table says is needed."""
    given: dict[str, Any] = {
        "unit": step.unit.strip(),
        "officer": step.officer_id,
        "missing": tuple(item.strip() for item in step.missing if item.strip()),
        "words": step.words.strip(),
        "reason": step.reason.strip(),
    }
    for need in line.needs:
        if not given[need]:
            raise MoveRefused(NEEDS[need], need)
    for need in set(line.needs) & {"words", "reason", "missing"}:
        written = given[need] if need == "missing" else (given[need],)
        if max(map(len, written)) > WORDS_LIMIT:
            raise MoveRefused(TOO_LONG, need)
    if "unit" in line.needs and len(given["unit"]) > UNIT_LIMIT:
        raise MoveRefused(UNIT_TOO_LONG, "unit")
    if len(step.internal) > INTERNAL_LIMIT:
        raise MoveRefused(INTERNAL_TOO_LONG, "internal")
    details = {need: given[need] for need in line.needs}
    if "officer" in details:
        officer = session.get(Staff, step.officer_id)
        able = officer is not None and officer.role in line.roles and not officer.left_at
        if officer is None or not able or not covers(officer.area, case.township):
            raise MoveRefused(NEEDS["officer"], "officer")
        details["officer"] = officer.name
    return details


def locked_case(session: Session, staff: StaffView, receipt: str) -> Case:
    """The case, locked, if it lies in the staff's area; else LookupError (a 404)."""
    case = session.scalars(
        select(Case).where(Case.receipt == receipt).with_for_update(of=Case)
    ).one_or_none()
    if case is None or not covers(staff.area, case.township):
        raise LookupError(receipt)
    return case


def _tell_applicant(
    ctx: Context, session: Session, case: Case, event: CaseEvent, occasion: Occasion
) -> None:
    if case.person_id is None:
        return
    enqueue(
        session, event.at, ctx.settings.pushes.expire_days, occasion, f"event:{event.id}",
        person_id=case.person_id, account=case.account, case_id=case.id, event_id=event.id,
        details={
            "receipt": case.receipt, "township": case.township, "kind": event.kind,
            "due_on": event.due_on.isoformat() if event.due_on else "", **event.details,
        },
    )


def ask_withdrawal(ctx: Context, session: Session, person_id: int, receipt: str) -> bool:
    """A resident wants their case back; staff withdraw it. False where it is not theirs or open."""
    case = session.scalars(
        select(Case).where(Case.receipt == receipt, Case.person_id == person_id)
    ).one_or_none()
    if case is None or case.status not in OPEN:
        return False
    _note(ctx, session, case, EventKind.WITHDRAW_ASKED, Occasion.STAFF_WITHDRAW_ASKED)
    return True


def add_words(
    ctx: Context, session: Session, person_id: int, receipt: str, words: str
) -> None:
    """More words of a person for a case: kept word for word, once; staff are told again.

    Words in quick succession are one telling: the first is told at once, those of the next
    minutes stand with it on the case.
    """
    case = _own_locked(session, person_id, receipt)
    if case is None:
        return
    more = list(case.answers.get("more") or ())
    if words in more or words == case.answers.get("what"):
        return
    case.answers = {**case.answers, "more": [*more, words]}
    case.updated_at = ctx.now()
    since = ctx.now() - ONE_TELLING
    told = select(CaseEvent.id).where(
        CaseEvent.case_id == case.id, CaseEvent.kind == EventKind.TOLD_MORE, CaseEvent.at > since
    )
    if session.scalar(told.limit(1)) is None:
        _note(ctx, session, case, EventKind.TOLD_MORE, Occasion.STAFF_NEW_CASE)


def add_contact(
    ctx: Context, session: Session, person_id: int, receipt: str,
    *, phone: str | None, living: str | None,
) -> None:
    """A telephone or a place that a report of danger lacked; the place moves it to its township."""
    case = _own_locked(session, person_id, receipt)
    if case is None:
        return
    if phone and case.phone and phone != case.phone:
        # A second number does not push out the first: it can be somebody else's.
        more = [*(case.answers.get("more") or ()), phone]
        case.answers = {**case.answers, "more": list(dict.fromkeys(more))}
    elif phone:
        case.phone, case.phone_key = phone, ctx.keys.lookup("phone", phone)
    if living:
        case.living_area = living
        township = ctx.directory.areas.at(living, Level.TOWNSHIP)
        if township is not None and case.status == Status.SUBMITTED:
            case.township = township.code
            county = ctx.directory.areas.at(living, Level.COUNTY)
            case.county = county.code if county else case.county
    case.updated_at = ctx.now()
    _note(ctx, session, case, EventKind.TOLD_MORE, Occasion.STAFF_NEW_CASE)


def _own_locked(session: Session, person_id: int, receipt: str) -> Case | None:
    return session.scalars(
        select(Case)
        .where(Case.receipt == receipt, Case.person_id == person_id)
        .with_for_update(of=Case)
    ).one_or_none()


def note_supplied(ctx: Context, session: Session, case: Case) -> None:
    """The resident has sent papers for a returned case: said on the timeline and to staff."""
    _note(ctx, session, case, EventKind.SUPPLIED, Occasion.STAFF_SUPPLIED)


def _note(
    ctx: Context, session: Session, case: Case, kind: EventKind, occasion: Occasion
) -> None:
    now = ctx.now()
    event = _event(ctx, case.id, kind, case.status, case.status, None)
    event.person_id = case.person_id
    session.add(event)
    session.flush()
    enqueue(
        session, now, ctx.settings.pushes.expire_days, occasion, f"event:{event.id}",
        township=case.township, case_id=case.id, event_id=event.id,
        details={"receipt": case.receipt, "urgent": case.urgent},
    )


def mark_paper(
    ctx: Context, session: Session, staff: StaffView, receipt: str, attachment_id: int,
    *, clear: bool, words: str = "",
) -> None:
    """Mark one paper as clear or to be photographed again; the resident is told.

    A paper to be taken again is told at once, the clear ones together when the last of them
    has been looked at: each message uses up one of the few that the platform lets us send.
    """
    case = locked_case(session, staff, receipt)
    paper = session.get(Attachment, attachment_id)
    if paper is None or paper.bundle != case.bundle:
        raise LookupError(attachment_id)
    if staff.role not in MOVES["accept"].roles:
        raise NotAllowed(NOT_YOURS)
    if case.status not in OPEN:
        raise MoveRefused(CLOSED_ALREADY)
    words = words.strip()
    if len(words) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, "words")
    quality = "clear" if clear else "unclear"
    if paper.quality == quality:
        return
    paper.quality = quality
    kind = EventKind.PAPER_CLEAR if clear else EventKind.PAPER_UNCLEAR
    event = _event(ctx, case.id, kind, case.status, case.status, None)
    event.staff_id, event.details = staff.id, {"words": words}
    session.add(event)
    session.flush()
    if not clear:
        _tell_applicant(ctx, session, case, event, Occasion.PAPER_UNCLEAR)
    elif _all_clear(session, case):
        _tell_applicant(ctx, session, case, event, Occasion.CASE_MOVED)
    audit.record(
        session, event.at, f"paper.{quality}", "attachment", paper.id, staff_id=staff.id
    )


def _all_clear(session: Session, case: Case) -> bool:
    """Whether every paper that is there has been found clear."""
    other = select(Attachment.id).where(
        Attachment.bundle == case.bundle, Attachment.quality != "clear",
        Attachment.state.in_(("waiting", "stored")),
    )
    return session.scalar(other.limit(1)) is None
