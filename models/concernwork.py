"""What the handling office does with a concern: open its file, ask, note, answer.

The office alone sees it, and there only who decides: the heads of a township, the county's staff.
To everyone else it does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import audit
from models.cases import Attachment
from models.concerns import Concern, Entry, Outcome, Raiser, Stand, Turn
from models.context import Context
from models.outgoing import Occasion, enqueue
from models.policy import StaffView
from models.publishing import Version
from models.settings import mark
from models.statuses import DECIDERS
from models.steps import MoveRefused

LIST_LIMIT = 500
WORDS_LIMIT = 1000
NO_QUESTION = mark("请写上想问什么。")
NO_NOTE = mark("请写上查了什么、怎么查的。")
NO_ANSWER = mark("请写上查到了什么、为什么这样定，对方看得到。")
NO_OUTCOME = mark("请选改了什么。")
TOO_LONG = mark("写得太长了，请缩到1000字以内。")
OVER = mark("这件事已经答复了。")
NEEDED = {Turn.ASKED: NO_QUESTION, Turn.LOOKED: NO_NOTE, Turn.ANSWER: NO_ANSWER}


@dataclass(frozen=True)
class File:
    """A concern with its whole file, and whether its raiser gave a name."""

    concern: Concern
    entries: Sequence[Entry]
    papers: Sequence[Attachment]
    is_named: bool


def _theirs(staff: StaffView) -> Select[Concern]:
    # An officer's office is the township's too: only who decides there may look.
    office = staff.area if staff.role in DECIDERS else ""
    return select(Concern).where(Concern.office == office)


def queue(session: Session, staff: StaffView, *, over: bool = False) -> Sequence[Concern]:
    """What the office has to answer, the oldest due first; or what it has answered."""
    query = _theirs(staff)
    if over:
        query = query.where(Concern.state == Stand.OVER).order_by(Concern.over_at.desc())
    else:
        query = query.where(Concern.state != Stand.OVER).order_by(Concern.due_on, Concern.id)
    return session.scalars(query.limit(LIST_LIMIT)).all()


def find(session: Session, staff: StaffView, number: int, *, lock: bool = False) -> Concern:
    """A concern of the staff's own office; LookupError for every other one."""
    query = _theirs(staff).where(Concern.id == number)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise LookupError(number)
    return found


def open_file(ctx: Context, session: Session, staff: StaffView, number: int) -> File:
    """Read it all but who raised it; that it was read is recorded."""
    concern = find(session, staff, number)
    audit.record(session, ctx.now(), "concern.read", "concern", concern.id, staff_id=staff.id)
    query = select(Entry).where(Entry.concern_id == concern.id).order_by(Entry.id)
    papers = select(Attachment).where(Attachment.bundle == concern.bundle).order_by(Attachment.id)
    return File(
        concern, session.scalars(query).all(), session.scalars(papers).all(),
        session.get(Raiser, concern.id) is not None,
    )


def who_raised(
    ctx: Context, session: Session, staff: StaffView, number: int
) -> dict[str, str]:
    """Name and telephone of who gave them; opening it is recorded by itself."""
    concern = find(session, staff, number)
    found = session.get(Raiser, concern.id)
    if found is None:
        raise LookupError(number)
    audit.record(session, ctx.now(), "concern.raiser", "concern", concern.id, staff_id=staff.id)
    return dict(found.who)


def paper(
    ctx: Context, session: Session, staff: StaffView, number: int, attachment_id: int
) -> Attachment:
    """One of its photos or recordings; that it was opened is recorded."""
    concern, found = find(session, staff, number), session.get(Attachment, attachment_id)
    if found is None or found.bundle != concern.bundle or found.state != "stored":
        raise LookupError(attachment_id)
    audit.record(
        session, ctx.now(), "concern.paper", "concern", concern.id, staff_id=staff.id,
        attachment=found.id,
    )
    return found


def add(
    ctx: Context, session: Session, staff: StaffView, number: int, turn: Turn, words: str,
    once: str, outcome: str = "",
) -> Concern:
    """Ask (`asked`), note (`looked`) or answer (`answer`, with what it changed).

    A form sent twice is one entry. Raises LookupError, MoveRefused.
    """
    concern = find(session, staff, number, lock=True)
    key = ctx.keys.lookup("concern_entry", f"{staff.id}\0{turn}\0{once}")
    if session.scalar(select(Entry.id).where(Entry.key == key)):
        return concern
    words = _words(turn, words)
    if concern.state == Stand.OVER:
        raise MoveRefused(OVER)
    if turn is Turn.ANSWER:
        _close(ctx, concern, outcome)
    elif turn is Turn.ASKED:
        concern.state = Stand.ASKED
    session.add(Entry(
        concern_id=concern.id, key=key, at=ctx.now(), turn=turn, staff_id=staff.id, words=words,
    ))
    session.flush()
    audit.record(
        session, ctx.now(), f"concern.{turn}", "concern", concern.id, staff_id=staff.id,
        outcome=concern.outcome,
    )
    if turn is not Turn.LOOKED:
        _tell(ctx, session, concern)
    return concern


def _words(turn: Turn, words: str) -> str:
    words = words.strip()
    field = f"words_{turn}"
    if not words:
        raise MoveRefused(NEEDED[turn], field)
    if len(words) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, field)
    return words


def _close(ctx: Context, concern: Concern, outcome: str) -> None:
    if outcome not in tuple(Outcome):
        raise MoveRefused(NO_OUTCOME, "outcome")
    concern.state, concern.outcome, concern.over_at = Stand.OVER, outcome, ctx.now()


def _tell(ctx: Context, session: Session, concern: Concern) -> None:
    """Who gave their name in chat is told there that there is something to read; never what."""
    found = session.get(Raiser, concern.id)
    if found is None or "person" not in found.who:
        return
    count = len(session.scalars(select(Entry.id).where(Entry.concern_id == concern.id)).all())
    # The key says nothing of which concern it is: the outbox is read by more than the office.
    key = ctx.keys.lookup("concern_push", f"{concern.id}\0{count}").hex()
    enqueue(
        session, ctx.now(), ctx.settings.pushes.expire_days, Occasion.CONCERN_WORD,
        f"word:{key}", person_id=int(found.who["person"]),
    )


def holds(session: Session, notice_id: int) -> bool:
    """Whether an objection to a row of this list is open, of whichever version: it hangs on."""
    query = select(Concern.id).join(Version, Version.id == Concern.version_id).where(
        Version.notice_id == notice_id, Concern.state != Stand.OVER
    )
    return session.scalar(query.limit(1)) is not None
