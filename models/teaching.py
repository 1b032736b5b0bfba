"""A county's people look through what was not understood, and teach the bot words for it."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.areas import Area
from models.context import Context
from models.phrases import MOST_WORDS, Phrase, Taught
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import Role
from models.steps import MoveRefused
from models.unheard import Unheard

FIELD = "words"
NOT_COUNTY = mark("教它听懂新的话，由县里来做。")
SHORT = mark("至少写两个字。")
LONG = mark("写短一点，最多 {most} 个字，挑最要紧的几个。")
NUMBERS = mark("不要写号码。")
NOT_THERE = mark("这几个字要在那句话里，照着抄下来。")
TWICE = mark("这几个字已经教过了。要改，先把原来的拿掉。")
_NUMBER = re.compile(r"[0-9]{4}")


def must_be_county(staff: StaffView) -> None:
    """Raises NotAllowed."""
    if staff.role is not Role.COUNTY:
        raise NotAllowed(NOT_COUNTY)


def find(session: Session, staff: StaffView, number: int) -> Unheard:
    """One sentence of their county. Raises NotAllowed, LookupError."""
    must_be_county(staff)
    found = session.get(Unheard, number, with_for_update=True)
    if found is None or found.area != staff.area:
        raise LookupError(number)
    return found


def checked(ctx: Context, said: str, area: str, taught: Taught) -> Taught:
    """What is to be taught of a sentence; both are folded. Raises MoveRefused."""
    words = taught.words
    if len(words) < 2:
        raise MoveRefused(SHORT, FIELD)
    if len(words) > MOST_WORDS:
        raise MoveRefused(LONG, FIELD)
    if _NUMBER.search(words):
        raise MoveRefused(NUMBERS, FIELD)
    if words not in said:
        raise MoveRefused(NOT_THERE, FIELD)
    if any(one.words == words for one in ctx.directory.phrases.get(area, ())):
        raise MoveRefused(TWICE, FIELD)
    return taught


def teach(
    ctx: Context, session: Session, staff: StaffView, number: int, taught: Taught
) -> Phrase:
    """From now on whoever says these words is understood so. Forget the directory after the
    commit. The same twice is one. Raises NotAllowed, LookupError."""
    sentence = find(session, staff, number)
    # Two who teach at once do so one after the other.
    session.get(Area, staff.area, with_for_update=True)
    before = select(Phrase).where(
        Phrase.area == staff.area, Phrase.words == taught.words, Phrase.gone_at.is_(None)
    )
    made = session.scalars(before).one_or_none()
    if made is None:
        made = Phrase(
            area=staff.area, words=taught.words, intent=taught.intent, put_by=staff.id,
            put_at=ctx.now(),
        )
        session.add(made)
        session.flush()
        audit.record(
            session, ctx.now(), "phrase.put", "phrase", made.id, staff_id=staff.id,
            area=staff.area, intent=taught.intent,
        )
    _done(ctx, staff, sentence)
    return made


def take_back(ctx: Context, session: Session, staff: StaffView, number: int) -> None:
    """These words mean nothing of their own any longer. Raises NotAllowed, LookupError."""
    must_be_county(staff)
    found = session.get(Phrase, number, with_for_update=True)
    if found is None or found.area != staff.area:
        raise LookupError(number)
    if found.gone_at is None:
        found.gone_by, found.gone_at = staff.id, ctx.now()
        audit.record(
            session, ctx.now(), "phrase.gone", "phrase", found.id, staff_id=staff.id,
            area=staff.area,
        )


def put_away(ctx: Context, session: Session, staff: StaffView, number: int) -> None:
    """Looked at; there is nothing to learn from it. Raises NotAllowed, LookupError."""
    _done(ctx, staff, find(session, staff, number))


def _done(ctx: Context, staff: StaffView, sentence: Unheard) -> None:
    if sentence.done_at is None:
        sentence.done_by, sentence.done_at = staff.id, ctx.now()
