"""Papers of a case as staff look at them: clear, or to be photographed again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, supplementing
from models.cases import Attachment, Case
from models.casework import NOT_YOURS, locked_case
from models.context import Context
from models.onbehalf import LETTER
from models.outgoing import Occasion
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import CASE_ROLES, OPEN, EventKind
from models.steps import TOO_LONG, WORDS_LIMIT, MoveRefused
from models.timeline import beside, tell_applicant

# What is most often wrong with a photo; the resident reads it after "请您再拍一次。".
FAULTS = (
    mark("拍糊了，请拿稳了再拍。"),
    mark("反光了，请换个角度拍。"),
    mark("太暗了，请到亮的地方拍。"),
    mark("没有拍全，请把四个角都拍进去。"),
    mark("拍的不是要的那一样，请看看上面缺什么。"),
)
LISTEN_INSTEAD = mark("录音不用重拍。听不清的，打电话问本人。")
NO_RECORDING = mark("这不是录音，没有可写的。")
NO_WORDS_HEARD = mark("请写一句听到了什么。")
NO_LETTER_SAID = mark("这件事不是凭委托书代办的，不用标。")
CLOSED_ALREADY = mark("这件事已经办完了，不用再看照片。")


def mark_letter(
    ctx: Context, session: Session, staff: StaffView, receipt: str, attachment_id: int
) -> None:
    """This photo is the letter of authority; said again, it is not. Nobody is told.

    Raises LookupError, NotAllowed, MoveRefused.
    """
    case, paper = _paper(session, staff, receipt, attachment_id)
    if case.answers.get("authority") != LETTER or paper.kind != "image":
        raise MoveRefused(NO_LETTER_SAID)
    paper.proof = "" if paper.proof == LETTER else LETTER
    audit.record(
        session, ctx.now(), "paper.letter", "attachment", paper.id, staff_id=staff.id,
        proof=paper.proof,
    )


def write_heard(
    ctx: Context, session: Session, staff: StaffView, receipt: str, attachment_id: int, words: str
) -> None:
    """Write down what was heard in a recording, so that others need not listen; nobody is told.

    Raises LookupError, NotAllowed, MoveRefused.
    """
    _, paper = _paper(session, staff, receipt, attachment_id)
    if paper.kind != "voice":
        raise MoveRefused(NO_RECORDING)
    words = words.strip()
    if not words:
        raise MoveRefused(NO_WORDS_HEARD, "words")
    if len(words) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, "words")
    paper.heard = words
    audit.record(session, ctx.now(), "paper.heard", "attachment", paper.id, staff_id=staff.id)


def _paper(
    session: Session, staff: StaffView, receipt: str, attachment_id: int
) -> tuple[Case, Attachment]:
    """A paper of an open case, locked, for who may look it over."""
    case = locked_case(session, staff, receipt)
    paper = session.get(Attachment, attachment_id)
    if paper is None or paper.bundle != case.bundle:
        raise LookupError(attachment_id)
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    if case.status not in OPEN:
        raise MoveRefused(CLOSED_ALREADY)
    return case, paper


def mark_paper(
    ctx: Context, session: Session, staff: StaffView, receipt: str, attachment_id: int,
    *, clear: bool, words: str = "",
) -> None:
    """Mark one paper as clear or to be photographed again; the resident is told.

    A paper to be taken again is told at once, the clear ones together when the last of them
    has been looked at: each message uses up one of the few that the platform lets us send.
    """
    case, paper = _paper(session, staff, receipt, attachment_id)
    if paper.kind == "voice" and not clear:
        raise MoveRefused(LISTEN_INSTEAD)
    words = words.strip()
    if len(words) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, "words")
    quality = "clear" if clear else "unclear"
    if paper.quality == quality:
        return
    paper.quality = quality
    supplementing.judged(ctx, session, paper, clear=clear)
    kind = EventKind.PAPER_CLEAR if clear else EventKind.PAPER_UNCLEAR
    step = beside(ctx, case, kind)
    step.staff_id, step.details = staff.id, {"words": words}
    session.add(step)
    session.flush()
    if not clear:
        tell_applicant(ctx, session, case, step, Occasion.PAPER_UNCLEAR)
    elif _all_clear(session, case):
        tell_applicant(ctx, session, case, step, Occasion.CASE_MOVED)
    audit.record(
        session, step.at, f"paper.{quality}", "attachment", paper.id, staff_id=staff.id
    )


def _all_clear(session: Session, case: Case) -> bool:
    """Whether every paper that is there has been found clear."""
    other = select(Attachment.id).where(
        Attachment.bundle == case.bundle, Attachment.quality != "clear",
        Attachment.state.in_(("waiting", "stored")),
    )
    return session.scalar(other.limit(1)) is None
