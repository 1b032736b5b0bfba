"""Hearing the person: told in chat what is considered, or heard by staff; their word is kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.casequeries import own_locked
from models.cases import Case
from models.casework import fresh_case
from models.context import Context
from models.hearings import Hearing, since
from models.onbehalf import reaches
from models.outgoing import Occasion
from models.policy import StaffView
from models.settings import mark
from models.statuses import HELPED, EventKind
from models.steps import TOO_LONG, WORDS_LIMIT, MoveRefused
from models.timeline import beside, tell_applicant, tell_staff

WAYS = {
    "visit": mark("上门当面听的"),
    "phone": mark("打电话听的"),
    "writing": mark("本人写的"),
    "silent": mark("告诉过他，到期没有回话"),
}
# What someone is heard about, as staff say it (residents: `models/telling.CONSIDERED`).
ABOUT = {
    "adjust": mark("少给一些"),
    "taper": mark("再帮一段时间就停"),
    "stop": mark("停止救助"),
}
CHAT = mark("本人在微信里说的")
# How long someone is given to answer in chat, in days; the officer may give more.
DAYS = 5
FEWEST_DAYS, MOST_DAYS = 3, 30
HEARD_LIMIT = 2000

NOT_HELPED = mark("这家现在没有正在给的救助，不用听。")
WHICH = mark("请选是为哪件事听他说。")
HOW = mark("请选是怎么听到的。")
HIS_WORDS = mark("请把本人的话写下来，原话最好。")
HIS_WORDS_LONG = mark("写得太长了，请缩到2000字以内。")
WHY = mark("请写上为什么，本人看得到。")
HOW_LONG = mark("请给 3 到 30 天。")
NO_CHAT = mark("本人不在这个微信上，请上门或者打电话听。")
NOT_OVER = mark("还没有在微信上问过他，或者还没有到期，不能算没有回话。")


def ask(
    ctx: Context, session: Session, staff: StaffView, receipt: str, version: int,
    *, move: str, why: str, days: int = DAYS,
) -> Case:
    """Tell the person in chat what is considered and why, and ask for their word."""
    case = _case(session, staff, receipt, version, move)
    if not reaches(case):
        raise MoveRefused(NO_CHAT)
    if not why.strip():
        raise MoveRefused(WHY, "why")
    if len(why) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, "why")
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise MoveRefused(HOW_LONG, "days")
    until = ctx.today() + timedelta(days=days)
    session.add(
        Hearing(
            case_id=case.id, move=move, how="asked", why=why.strip(), staff_id=staff.id,
            until_on=until, asked_at=ctx.now(),
        )
    )
    step = beside(ctx, case, EventKind.HEARING_ASKED)
    step.staff_id = staff.id
    step.details = {"move": move, "words": why.strip(), "until_on": until.isoformat()}
    case.version, case.updated_at = case.version + 1, step.at
    session.add(step)
    session.flush()
    tell_applicant(ctx, session, case, step, Occasion.CASE_MOVED)
    audit.record(
        session, step.at, "case.hearing_asked", "case", case.id, staff_id=staff.id, move=move
    )
    return case


def record(
    ctx: Context, session: Session, staff: StaffView, receipt: str, version: int,
    *, move: str, how: str, words: str,
) -> Case:
    """What the person said to staff, word for word."""
    case = _case(session, staff, receipt, version, move)
    if how not in WAYS:
        raise MoveRefused(HOW, "how")
    if not words.strip():
        raise MoveRefused(HIS_WORDS, "words")
    if len(words) > HEARD_LIMIT:
        raise MoveRefused(HIS_WORDS_LONG, "words")
    if how == "silent" and not _was_silent(ctx, session, case, move):
        raise MoveRefused(NOT_OVER, "how")
    heard = Hearing(case_id=case.id, move=move, how=how, staff_id=staff.id)
    session.add(heard)
    _keep(ctx, session, case, heard, words, staff_id=staff.id)
    audit.record(
        session, ctx.now(), "case.heard", "case", case.id, staff_id=staff.id, move=move, how=how
    )
    return case


def awaited(ctx: Context, session: Session, person_id: int) -> list[tuple[Case, Hearing]]:
    """The person's own cases about which they are asked for their word, and may still give it."""
    query = (
        select(Case, Hearing).join(Hearing, Hearing.case_id == Case.id)
        .where(
            Case.person_id == person_id, Case.status.in_(HELPED), Hearing.how == "asked",
            Hearing.until_on >= ctx.today(),
        )
        .order_by(Hearing.id.desc())
    )
    found: dict[int, tuple[Case, Hearing]] = {}
    for case, hearing in session.execute(query):
        changed = since(session, case.id)
        # Once it is decided, the question is over, however long it was to stand open.
        asked = hearing.asked_at
        if reaches(case) and (changed is None or (asked and asked >= changed)):
            found.setdefault(case.id, (case, hearing))
    return list(found.values())


def say(ctx: Context, session: Session, person_id: int, receipt: str, words: str) -> bool:
    """The person's own words in chat or on their page, all of them; False where they are not
    asked."""
    case = own_locked(session, person_id, receipt)
    asked = next(
        (one for own, one in awaited(ctx, session, person_id) if case and own.id == case.id), None
    )
    if case is None or asked is None or not words.strip():
        return False
    heard = Hearing(case_id=case.id, move=asked.move, how="chat")
    session.add(heard)
    _keep(ctx, session, case, heard, words)
    audit.record(
        session, ctx.now(), "case.heard", "case", case.id, person_id=person_id,
        move=asked.move, how="chat",
    )
    return True


def _case(
    session: Session, staff: StaffView, receipt: str, version: int, move: str
) -> Case:
    case = fresh_case(session, staff, receipt, version)
    if case.status not in HELPED:
        raise MoveRefused(NOT_HELPED)
    if move not in ABOUT:
        raise MoveRefused(WHICH, "move")
    return case


def _keep(
    ctx: Context, session: Session, case: Case, heard: Hearing, words: str,
    *, staff_id: int | None = None,
) -> None:
    """The words are kept; a page that was opened before them is stale, so that they are read."""
    step = beside(ctx, case, EventKind.HEARD)
    step.staff_id, step.person_id = staff_id, None if staff_id else case.person_id
    heard.words, heard.heard_at = words.strip(), step.at
    case.version, case.updated_at = case.version + 1, step.at
    session.add(step)
    session.flush()
    if staff_id is None:
        tell_staff(ctx, session, case, step, Occasion.STAFF_HEARD)


def _was_silent(ctx: Context, session: Session, case: Case, move: str) -> bool:
    """Asked in chat about this very move since the last change, and in their time said nothing."""
    query = select(Hearing).where(Hearing.case_id == case.id, Hearing.move == move)
    changed = since(session, case.id)
    asked = None
    for one in session.scalars(query.order_by(Hearing.id)):
        if one.how == "asked" and (changed is None or (one.asked_at and one.asked_at >= changed)):
            asked = one
        elif asked is not None and one.heard_at is not None:
            asked = None
    return asked is not None and asked.until_on is not None and asked.until_on < ctx.today()
