"""A notice on days off is pasted by one person of the county and signed by another."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.calendars import DAYS_LIMIT, CalendarNotice, kept
from models.context import Context
from models.daysoff import Reading
from models.policy import NotAllowed, StaffView, is_same_person
from models.settings import mark
from models.statuses import Role
from models.steps import MoveRefused

BASIS_LIMIT, WORDS_LIMIT = 200, 8000
TOO_MANY_DAYS = mark("读出来的日子太多了，不像是放假安排。请只贴通知里那几行。")
NEEDS_BASIS = mark("请写上通知的文号，比如“国办发明电〔2026〕7号”。")
NOTHING_READ = mark("没有读到放假的日子，先不能存。")
FAR_OFF = mark("只能贴今年、明年和后年的通知。")
NOT_COUNTY = mark("放假安排由县里来定。")
NEEDS_ANOTHER = mark("这份安排是您自己贴的，要请另一位同事核对签字。")
GONE = mark("这份安排刚才有人动过了。下面是最新的情况。")


def put(
    ctx: Context, session: Session, staff: StaffView, reading: Reading, basis: str, words: str
) -> CalendarNotice:
    """Keep a notice for another person to sign; the same one pasted twice is one."""
    _must_be_county(staff)
    if reading.year is None or not reading.off:
        raise MoveRefused(NOTHING_READ, "words")
    if not 0 <= reading.year - ctx.today().year <= 2:
        raise MoveRefused(FAR_OFF, "words")
    if not basis.strip() or len(basis) > BASIS_LIMIT:
        raise MoveRefused(NEEDS_BASIS, "basis")
    off, worked = kept(reading.off), kept(reading.worked)
    if len(off) > DAYS_LIMIT or len(worked) > DAYS_LIMIT:
        raise MoveRefused(TOO_MANY_DAYS, "words")
    query = select(CalendarNotice).where(
        CalendarNotice.state == "open", CalendarNotice.year == reading.year
    )
    for waiting in session.scalars(query.with_for_update(of=CalendarNotice)):
        if (waiting.off, waiting.worked) == (off, worked):
            return waiting
        waiting.state = "dropped"
    notice = CalendarNotice(
        year=reading.year, off=off, worked=worked, basis=basis.strip(), words=words[:WORDS_LIMIT],
        state="open", put_by=staff.id, put_at=ctx.now(),
    )
    session.add(notice)
    session.flush()
    _record(ctx, session, staff, "calendar.put", notice)
    return notice


def sign(ctx: Context, session: Session, staff: StaffView, notice_id: int) -> CalendarNotice:
    """The second person agrees: from now on it counts. Forget the directory after the commit."""
    _must_be_county(staff)
    notice = _open(session, notice_id)
    if is_same_person(staff, notice.put):
        raise NotAllowed(NEEDS_ANOTHER)
    notice.state, notice.signed_by, notice.signed_at = "signed", staff.id, ctx.now()
    _record(ctx, session, staff, "calendar.signed", notice)
    return notice


def drop(ctx: Context, session: Session, staff: StaffView, notice_id: int) -> CalendarNotice:
    """Not right: it waits for nobody any longer; also who pasted it may take it back."""
    _must_be_county(staff)
    notice = _open(session, notice_id)
    notice.state, notice.signed_by, notice.signed_at = "dropped", staff.id, ctx.now()
    _record(ctx, session, staff, "calendar.dropped", notice)
    return notice


def _open(session: Session, notice_id: int) -> CalendarNotice:
    query = select(CalendarNotice).where(CalendarNotice.id == notice_id)
    found = session.scalars(query.with_for_update(of=CalendarNotice)).one_or_none()
    if found is None:
        raise LookupError(notice_id)
    if found.state != "open":
        raise MoveRefused(GONE)
    return found


def _must_be_county(staff: StaffView) -> None:
    if staff.role is not Role.COUNTY:
        raise NotAllowed(NOT_COUNTY)


def _record(
    ctx: Context, session: Session, staff: StaffView, action: str, notice: CalendarNotice
) -> None:
    audit.record(
        session, ctx.now(), action, "calendar", notice.id, staff_id=staff.id, year=notice.year
    )
