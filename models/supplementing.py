"""Items that a case lacks, as they are asked for, sent, looked at and waived.

Nothing here moves the case: staff look first, and move it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.cases import Attachment, Case, CaseEvent
from models.context import Context
from models.moves import Move
from models.outgoing import Occasion
from models.residentwork import ONE_TELLING, note_supplied
from models.statuses import OPEN, EventKind
from models.supplements import ItemState, Lacking, SupplementItem, of_case
from models.timeline import beside, tell_staff

BATCH = 200


def follow(
    ctx: Context, session: Session, case: Case, line: Move, details: dict[str, Any]
) -> None:
    """Giving a case back begins a round: each thing that is missing is an item."""
    if line.name != "return":
        return
    # What came for an earlier round is old news by now.
    session.execute(
        update(SupplementItem)
        .where(SupplementItem.case_id == case.id, SupplementItem.told_at.is_(None))
        .values(told_at=ctx.now())
    )
    last = session.scalar(
        select(func.max(SupplementItem.round)).where(SupplementItem.case_id == case.id)
    )
    session.add_all(
        SupplementItem(
            case_id=case.id, round=(last or 0) + 1, number=number, words=words,
            state=ItemState.WAITING, changed_at=ctx.now(),
        )
        for number, words in enumerate(details["missing"], start=1)
    )


def take_photo(ctx: Context, item: SupplementItem, paper: Attachment) -> None:
    """A photo that the person sends for an item; it counts at once."""
    paper.item_id = item.id
    receive(ctx, item)


def take_kept(
    ctx: Context, session: Session, lacking: Lacking, item: SupplementItem, papers: Sequence[int]
) -> None:
    """Photos that were sent before it was said what for (their numbers)."""
    session.execute(
        update(Attachment)
        .where(Attachment.id.in_(papers), Attachment.bundle == lacking.case.bundle)
        .values(item_id=item.id)
    )
    receive(ctx, item)


def take_words(ctx: Context, item: SupplementItem, words: str) -> None:
    """What the person says instead of a photo; with several tellings all of them."""
    item.reply = "\n".join(part for part in (item.reply, words) if part)
    receive(ctx, item)


def receive(ctx: Context, item: SupplementItem) -> None:
    """An item came from the person; `tell_news` says so on the timeline and to staff."""
    if item.is_open:
        item.state, item.changed_at, item.told_at = ItemState.RECEIVED, ctx.now(), None


def tell_waiting(ctx: Context) -> int:
    """What came by chat, put on the timelines and told to staff; how many cases."""
    with ctx.db.read() as session:
        found = select(SupplementItem.case_id).where(
            SupplementItem.state == ItemState.RECEIVED, SupplementItem.told_at.is_(None)
        )
        numbers = session.scalars(found.distinct().limit(BATCH)).all()
    told = 0
    for number in numbers:
        with ctx.db.begin() as session:
            query = select(Case).where(Case.id == number).with_for_update(of=Case)
            told += tell_news(ctx, session, of_case(session, session.scalars(query).one()))
    return told


def tell_news(ctx: Context, session: Session, lacking: Lacking) -> bool:
    """Each item that came is on the timeline, and staff are told when nothing is missing any more.

    Nothing is said while its photos are still on their way from the platform. The case has to
    be locked.
    """
    news = [
        item for item in lacking.items
        if item.state == ItemState.RECEIVED and item.told_at is None
    ]
    if not news or _fetching(session, news):
        return False
    for item in news:
        item.told_at = ctx.now()
        _write(ctx, session, lacking.case, EventKind.ITEM_RECEIVED, {"words": item.words})
    if not lacking.open and lacking.case.status in OPEN:
        step = _write(ctx, session, lacking.case, EventKind.ALL_SUPPLIED, {})
        tell_staff(ctx, session, lacking.case, step, Occasion.STAFF_SUPPLIED)
    return True


def _write(
    ctx: Context, session: Session, case: Case, kind: EventKind, details: dict[str, str]
) -> CaseEvent:
    """A step that the person made."""
    step = beside(ctx, case, kind)
    step.person_id, step.details = case.person_id, details
    session.add(step)
    session.flush()
    return step


def arrived(ctx: Context, session: Session, paper: Attachment) -> None:
    """The worker has fetched a photo that belongs to no item: staff are told, once for several.

    What came with the application itself is no news.
    """
    if paper.item_id is not None:
        return
    case = session.scalars(
        select(Case).where(Case.bundle == paper.bundle).with_for_update(of=Case)
    ).one_or_none()
    if case is None or case.status not in OPEN or paper.created_at <= case.created_at:
        return
    told = select(CaseEvent.id).where(
        CaseEvent.case_id == case.id, CaseEvent.kind == EventKind.SUPPLIED,
        CaseEvent.at > ctx.now() - ONE_TELLING,
    )
    if session.scalar(told.limit(1)) is None:
        note_supplied(ctx, session, case)


def lost(ctx: Context, session: Session, paper: Attachment) -> None:
    """A photo that never came: its item is waited for again, unless another photo of it came."""
    if paper.item_id is None:
        return
    item = session.get(SupplementItem, paper.item_id, with_for_update=True)
    if item is not None and item.state == ItemState.RECEIVED and not _has_photo(session, item):
        item.state, item.changed_at = ItemState.WAITING, ctx.now()


def judged(ctx: Context, session: Session, paper: Attachment, *, clear: bool) -> None:
    """Staff looked at a photo of an item: unclear, it is to be taken again."""
    if paper.item_id is None:
        return
    item = session.get(SupplementItem, paper.item_id, with_for_update=True)
    if item is not None and item.state != ItemState.WAIVED:
        item.state = ItemState.RECEIVED if clear else ItemState.UNCLEAR
        item.changed_at = ctx.now()


def _fetching(session: Session, items: Sequence[SupplementItem]) -> bool:
    """Whether photos of these items are still on their way from the platform."""
    numbers = [item.id for item in items]
    query = select(Attachment.id).where(
        Attachment.item_id.in_(numbers), Attachment.state == "waiting"
    )
    return session.scalar(query.limit(1)) is not None


def _has_photo(session: Session, item: SupplementItem) -> bool:
    query = select(Attachment.id).where(
        Attachment.item_id == item.id, Attachment.state.in_(("waiting", "stored"))
    )
    return bool(item.reply) or session.scalar(query.limit(1)) is not None
