"""What a case lacks: item by item, told to staff when all of it is here."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import itemwork, paperwork, supplementing, supplements
from models.cases import Attachment, Case, CaseEvent
from models.context import Context
from models.outgoing import Occasion
from models.policy import NotAllowed
from models.pushes import Push
from models.statuses import EventKind, Role, Status
from models.steps import MoveRefused
from models.supplements import ItemState, Lacking
from tests.models.test_casework import DAWAN, QINGSHI, new_case, officer_of
from tests.models.test_tasks import move, officer


def returned(ctx: Context, *missing: str) -> str:
    receipt = new_case(ctx)
    move(ctx, receipt, "register", unit="民政办", officer_id=officer_of(ctx, DAWAN))
    move(ctx, receipt, "return", missing=missing or ("户口本照片", "医院收费单"))
    return receipt


def lacking(ctx: Context, receipt: str) -> Lacking:
    with ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        return supplements.of_case(session, case)


def states(ctx: Context, receipt: str) -> list[str]:
    return [item.state for item in lacking(ctx, receipt).items]


def sent(ctx: Context, receipt: str, number: int, state: str = "stored") -> int:
    """The person sends a photo of an item by chat; the number of the photo."""
    with ctx.db.begin() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        found = supplements.of_case(session, case)
        item = found.item(number)
        assert item is not None
        paper = Attachment(
            bundle=case.bundle, person_id=case.person_id, account="county", kind="image",
            state=state, created_at=ctx.now(),
        )
        session.add(paper)
        supplementing.take_photo(ctx, item, paper)
        session.flush()
        return paper.id


def fetched(ctx: Context, paper_id: int, state: str = "stored") -> None:
    """The worker has been to the platform for it, and has told what is new."""
    with ctx.db.begin() as session:
        paper = session.get(Attachment, paper_id)
        assert paper is not None
        paper.state = state
        session.flush()
        (supplementing.arrived if state == "stored" else supplementing.lost)(ctx, session, paper)
    supplementing.tell_waiting(ctx)


def told(ctx: Context, receipt: str, occasion: Occasion) -> list[str]:
    """The kinds of steps that were pushed on this occasion."""
    with ctx.db.read() as session:
        rows = session.execute(
            select(CaseEvent.kind).join(Push, Push.event_id == CaseEvent.id)
            .join(Case, Case.id == CaseEvent.case_id)
            .where(Case.receipt == receipt, Push.occasion == occasion)
        )
        return [row[0] for row in rows]


def kinds(ctx: Context, receipt: str) -> list[str]:
    """The case's timeline."""
    with ctx.db.read() as session:
        return list(session.scalars(
            select(CaseEvent.kind).join(Case).where(Case.receipt == receipt).order_by(CaseEvent.id)
        ))


def unnamed(ctx: Context, receipt: str, created_at: datetime) -> None:
    """A photo of the case that belongs to no item, fetched just now."""
    with ctx.db.begin() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        paper = Attachment(
            bundle=case.bundle, person_id=case.person_id, account="county", kind="image",
            state="stored", created_at=created_at,
        )
        session.add(paper)
        session.flush()
        supplementing.arrived(ctx, session, paper)


def test_other_photos_are_told_once_and_those_of_the_application_never(ctx: Context) -> None:
    receipt = returned(ctx)
    unnamed(ctx, receipt, lacking(ctx, receipt).case.created_at)
    assert told(ctx, receipt, Occasion.STAFF_SUPPLIED) == []
    for _ in range(2):
        unnamed(ctx, receipt, ctx.now() + timedelta(seconds=1))
    assert told(ctx, receipt, Occasion.STAFF_SUPPLIED) == [EventKind.SUPPLIED]


def test_giving_back_makes_an_item_of_each(ctx: Context) -> None:
    found = lacking(ctx, returned(ctx))
    assert [(item.number, item.words, item.state) for item in found.items] == [
        (1, "户口本照片", "waiting"), (2, "医院收费单", "waiting"),
    ]
    assert [item.shows_numbers for item in found.items] == [True, False]


def test_a_second_round_asks_for_its_own_alone(ctx: Context) -> None:
    receipt = returned(ctx)
    move(ctx, receipt, "accept", scheme="temporary")
    move(ctx, receipt, "return", missing=("残疾人证",))
    assert [item.words for item in lacking(ctx, receipt).items] == ["残疾人证"]


def test_staff_are_told_once_when_all_has_come(ctx: Context) -> None:
    receipt = returned(ctx)
    first = sent(ctx, receipt, 1, "waiting")
    second = sent(ctx, receipt, 2, "waiting")
    assert states(ctx, receipt) == [ItemState.RECEIVED] * 2
    fetched(ctx, second)
    assert kinds(ctx, receipt).count(EventKind.ITEM_RECEIVED) == 0
    assert told(ctx, receipt, Occasion.STAFF_SUPPLIED) == []
    fetched(ctx, first)
    fetched(ctx, sent(ctx, receipt, 1, "waiting"))
    assert told(ctx, receipt, Occasion.STAFF_SUPPLIED) == [EventKind.ALL_SUPPLIED]
    assert kinds(ctx, receipt).count(EventKind.ITEM_RECEIVED) == 2
    # It is staff who move it on.
    assert lacking(ctx, receipt).case.status == Status.RETURNED


def test_a_photo_that_never_came_is_waited_for_again(ctx: Context) -> None:
    receipt = returned(ctx)
    fetched(ctx, sent(ctx, receipt, 2, "waiting"), "lost")
    assert states(ctx, receipt) == [ItemState.WAITING] * 2
    kept = sent(ctx, receipt, 2)
    fetched(ctx, sent(ctx, receipt, 2, "waiting"), "lost")
    fetched(ctx, kept)
    assert states(ctx, receipt) == [ItemState.WAITING, ItemState.RECEIVED]


def test_an_unclear_photo_opens_its_item_again(ctx: Context) -> None:
    receipt = returned(ctx)
    paper = sent(ctx, receipt, 1)
    for clear, state in ((False, ItemState.UNCLEAR), (True, ItemState.RECEIVED)):
        with ctx.db.begin() as session:
            paperwork.mark_paper(ctx, session, officer(ctx), receipt, paper, clear=clear)
        assert states(ctx, receipt)[0] == state


def test_at_the_counter_and_not_needed(ctx: Context) -> None:
    receipt = returned(ctx)
    one, two = (item.id for item in lacking(ctx, receipt).items)
    with ctx.db.begin() as session:
        for _ in range(2):
            itemwork.mark_received(ctx, session, officer(ctx), receipt, one)
    assert told(ctx, receipt, Occasion.CASE_MOVED).count(EventKind.ITEM_RECEIVED) == 0
    with ctx.db.begin() as session, pytest.raises(MoveRefused):
        itemwork.waive(ctx, session, officer(ctx), receipt, two, " ")
    with ctx.db.begin() as session:
        itemwork.waive(ctx, session, officer(ctx), receipt, two, "部门那边查得到")
    assert states(ctx, receipt) == [ItemState.RECEIVED, ItemState.WAIVED]
    # Told together, once.
    assert told(ctx, receipt, Occasion.CASE_MOVED)[-1] == EventKind.ALL_SUPPLIED
    assert kinds(ctx, receipt)[-3:] == [
        EventKind.ITEM_RECEIVED, EventKind.ITEM_WAIVED, EventKind.ALL_SUPPLIED,
    ]


def test_items_are_the_townships_own(ctx: Context) -> None:
    receipt, other = returned(ctx), returned(ctx)
    item, = {one.id for one in lacking(ctx, receipt).items if one.number == 1}
    with ctx.db.begin() as session:
        with pytest.raises(LookupError):
            itemwork.mark_received(ctx, session, officer(ctx, area=QINGSHI), receipt, item)
        with pytest.raises(LookupError):
            itemwork.mark_received(ctx, session, officer(ctx), other, item)
        with pytest.raises(NotAllowed):
            itemwork.mark_received(
                ctx, session, officer(ctx, Role.COUNTY, "450799000000"), receipt, item
            )
    move(ctx, receipt, "withdraw", reason="不办了")
    with ctx.db.begin() as session, pytest.raises(MoveRefused):
        itemwork.mark_received(ctx, session, officer(ctx), receipt, item)
