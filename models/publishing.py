"""Public notices as they are kept: a list, its versions, and the rows that the village may see.

A row keeps only what is shown, sealed; nothing else of the spreadsheet is stored. What a version
says is fixed when the second person signs: from then on its hash holds it (`models/sealing.py`).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.people import Staff
from models.sealed import SealedBytes, SealedJSON
from models.settings import mark


class State(StrEnum):
    """Where a version is. `signed`: by both, and waits for its time."""

    DRAFT = "draft"
    SIGNING = "signing"
    SIGNED = "signed"
    LIVE = "live"
    ENDED = "ended"
    SUPERSEDED = "superseded"
    TAKEN_DOWN = "taken_down"


OPEN = (State.DRAFT, State.SIGNING, State.SIGNED)
OVER = (State.ENDED, State.SUPERSEDED, State.TAKEN_DOWN)
PUBLIC = (State.LIVE, *OVER)
STATE_NAMES = {
    State.DRAFT: mark("草稿"),
    State.SIGNING: mark("等另一位签字"),
    State.SIGNED: mark("签好了，到时候公示"),
    State.LIVE: mark("正在公示"),
    State.ENDED: mark("公示期满"),
    State.SUPERSEDED: mark("换成新的一版了"),
    State.TAKEN_DOWN: mark("撤下了"),
}


KIND_NAMES = {
    "appraisal": mark("民主评议结果"),
    "proposed": mark("拟给予救助"),
    "decision": mark("救助确认决定"),
    "standing": mark("长期公示"),
    "stopping": mark("拟停止救助"),
    "payment": mark("发放情况"),
}
# These hang for the days of the rules `deadlines.notice` and `deadlines.stopping`; the others until
# the next version.
PERIODIC = frozenset({"appraisal", "proposed", "stopping"})


class Notice(Base):
    """A list of one kind, scheme and place. `area`: a village, or a township with its villages."""

    __tablename__ = "notices"
    __table_args__ = (Index(None, "area", "kind"),)

    id: Mapped[Key]
    account: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    kind: Mapped[str] = mapped_column(String(10))
    scheme: Mapped[str] = mapped_column(String(20), default="")


class Version(Base):
    """One version of a list.

    `fields` are the names of the columns shown, parted by blanks; `first_day` to `last_day` is
    how long it hangs (no last day: until the next one). `place`, `before` and `hash` chain the
    signed versions of an account; `later_hash` holds what comes after the signature. `figures` are
    [households, people, yuan] by village. `reading` is how the spreadsheet was understood, for
    those who look it over, and gone once it is signed. `changes` is what is new against the
    version that hung before (`models/noticechanges.py`); None where none did. Nobody in
    `drafted_by`: the worker drew it from the register of help.
    """

    __tablename__ = "notice_versions"
    __table_args__ = (
        UniqueConstraint("notice_id", "number"),
        UniqueConstraint("account", "place"),
        Index(None, "state", "publish_at"),
    )

    id: Mapped[Key]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(200), default="")
    fields: Mapped[str] = mapped_column(String(300))
    basis: Mapped[str] = mapped_column(String(200))
    period_basis: Mapped[str] = mapped_column(String(200), default="")
    figures: Mapped[Any] = mapped_column(SealedJSON("notice_versions.figures"))
    changes: Mapped[Any] = mapped_column(SealedJSON("notice_versions.changes"), nullable=True)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    drafted_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    publish_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    signed_at: Mapped[datetime | None]
    account: Mapped[str | None] = mapped_column(String(40))
    place: Mapped[int | None]
    before: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    short: Mapped[str | None] = mapped_column(String(10), index=True)
    # What comes after the signature.
    state: Mapped[str] = mapped_column(String(10))
    published_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    over_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    over_reason: Mapped[str] = mapped_column(String(200), default="")
    # How many of its rows were erased since.
    erased: Mapped[int] = mapped_column(default=0)
    later_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    reading: Mapped[Any] = mapped_column(SealedJSON("notice_versions.reading"), nullable=True)

    notice: Mapped[Notice] = relationship(lazy="joined", innerjoin=True)
    drafted: Mapped[Staff | None] = relationship(foreign_keys=[drafted_by])
    signed: Mapped[Staff | None] = relationship(foreign_keys=[signed_by])


class Row(Base):
    """One line of a list: its shown values by field, sealed. An erased one keeps its leaf alone.

    `begin` is the keyed hash by which the beginning of the shown name is found in a village.
    `case_id` is the case that a drawn line stands for; of an uploaded list none is known.
    """

    __tablename__ = "notice_rows"
    __table_args__ = (Index(None, "version_id", "village", "begin"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("notice_versions.id"))
    line: Mapped[int]
    village: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    shown: Mapped[Any] = mapped_column(SealedJSON("notice_rows.shown"), nullable=True)
    salt: Mapped[bytes | None] = mapped_column(SealedBytes("notice_rows.salt"))
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32))
    begin: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)


class RenewalState(StrEnum):
    """`wanted`: to be drawn; `refused` by the gate; `dropped`: somebody threw the draft away;
    `missed`: the next month came first; `over`: nobody is helped there any more."""

    WANTED = "wanted"
    DRAFTED = "drafted"
    REFUSED = "refused"
    DROPPED = "dropped"
    DONE = "done"
    MISSED = "missed"
    OVER = "over"


class Renewal(Base):
    """That a standing list is to be drawn from the register in a month, and how far that is.

    `month` is its first day, `area` the village or, where it hangs one list for all, the township.
    `stage` is how far its lateness was told (`models/renewals.py`); `problems` are sentences that
    say why the gate refused.
    """

    __tablename__ = "notice_renewals"
    __table_args__ = (
        UniqueConstraint("account", "area", "scheme", "month"), Index(None, "state", "area"),
    )

    id: Mapped[Key]
    account: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    scheme: Mapped[str] = mapped_column(String(20))
    month: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))
    stage: Mapped[int] = mapped_column(default=0)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("notice_versions.id"), index=True)
    problems: Mapped[Any] = mapped_column(SealedJSON("notice_renewals.problems"), nullable=True)
    created_at: Mapped[datetime]
