"""What a case still lacks, item by item, each told at once with all others and each by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Key
from models.cases import Case
from models.onbehalf import may_bring
from models.sealed import SealedText
from models.settings import mark
from models.statuses import OPEN, Status

# Photos of papers that show numbers are asked for on the page, not in chat (design §7).
SHOWS_NUMBERS = ("身份证", "户口", "银行卡", "存折", "残疾人证", "社保卡", "低保证")


class ItemState:
    """Where one item stands."""

    WAITING, RECEIVED, UNCLEAR, WAIVED = "waiting", "received", "unclear", "waived"


ITEM_STATES = {
    ItemState.WAITING: mark("待交"),
    ItemState.RECEIVED: mark("已收到"),
    ItemState.UNCLEAR: mark("不清晰，需重拍"),
    ItemState.WAIVED: mark("免交"),
}


class SupplementItem(Base):
    """One thing that was asked for; its photos carry its number (`Attachment.item_id`).

    `round` counts how often the case was given back; only the last round is asked for, and
    `number` is the item's place in it, from 1. `reply` is what the person said instead of a
    photo, `note` why it is waived. `told_at`: since when it stands on the timeline that it was
    received; the worker writes that, for a message in chat has few statements to spend.
    """

    __tablename__ = "supplement_items"
    __table_args__ = (
        UniqueConstraint("case_id", "round", "number"), Index(None, "state", "told_at"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    round: Mapped[int]
    number: Mapped[int]
    words: Mapped[str] = mapped_column(SealedText("supplement_items.words"))
    state: Mapped[str] = mapped_column(String(10), default=ItemState.WAITING)
    reply: Mapped[str | None] = mapped_column(SealedText("supplement_items.reply"))
    note: Mapped[str | None] = mapped_column(SealedText("supplement_items.note"))
    changed_at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be sent."""
        return self.state in (ItemState.WAITING, ItemState.UNCLEAR)

    @property
    def shows_numbers(self) -> bool:
        """Whether such a paper shows an ID number or an account, and goes by the page."""
        return any(sign in self.words for sign in SHOWS_NUMBERS)


@dataclass(frozen=True)
class Lacking:
    """A case with the items of its last round, in their order."""

    case: Case
    items: list[SupplementItem] = field(default_factory=list)

    @property
    def open(self) -> list[SupplementItem]:
        return [item for item in self.items if item.is_open]

    @property
    def waits(self) -> bool:
        """Whether something is asked of the person."""
        return self.case.status == Status.RETURNED or bool(self.open)

    def item(self, number: int | None) -> SupplementItem | None:
        """The item of this place, from 1."""
        return next((item for item in self.items if item.number == number), None)


def of_case(session: Session, case: Case) -> Lacking:
    """What this case was last asked for."""
    query = select(SupplementItem).where(SupplementItem.case_id == case.id)
    rows = session.scalars(query.order_by(SupplementItem.round, SupplementItem.number)).all()
    return Lacking(case, _last_round(rows))


def of_person(session: Session, person_id: int) -> list[Lacking]:
    """The person's open cases with what each was asked for, newest first; one statement."""
    query = (
        select(Case, SupplementItem)
        .outerjoin(SupplementItem, SupplementItem.case_id == Case.id)
        .where(Case.person_id == person_id, Case.status.in_(OPEN))
        .order_by(Case.id.desc(), SupplementItem.round, SupplementItem.number)
    )
    items: dict[int, list[SupplementItem]] = defaultdict(list)
    cases: dict[int, Case] = {}
    for row in session.execute(query):
        cases[row[0].id] = row[0]
        if row[1] is not None:
            items[row[0].id].append(row[1])
    return [
        Lacking(case, _last_round(items[number] if may_bring(case) else ()))
        for number, case in cases.items()
    ]


def _last_round(rows: Sequence[SupplementItem]) -> list[SupplementItem]:
    last = max((row.round for row in rows), default=0)
    return [row for row in rows if row.round == last]
