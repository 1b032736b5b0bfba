"""Objections to a row of a public list and complaints (监督举报), as they are kept.

社会救助法 art. 68: anyone may report; who receives it checks and deals with it in time. Who raised
it, where they said so, lies apart and sealed (`Raiser`); of who did not, nothing is kept at all:
they come back with the number and a code of which only a keyed hash is here.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.people import Staff
from models.sealed import SealedJSON, SealedText
from models.settings import mark


class Kind(StrEnum):
    """What it is about. `row`: one line of a public list."""

    ROW = "row"
    LIST = "list"
    MONEY = "money"
    CONDUCT = "conduct"
    FRAUD = "fraud"
    OTHER = "other"


class About(StrEnum):
    """Whose doing it is about."""

    VILLAGE = "village"
    TOWNSHIP = "township"


class Stand(StrEnum):
    """Where it stands. `asked`: the office waits for an answer to its question."""

    OPEN = "open"
    ASKED = "asked"
    OVER = "over"


class Turn(StrEnum):
    """One entry of its file: by whoever raised it (`raised`, `more`), and by the office.

    `looked` stays in the office: what was looked into, and who was told to see to it.
    """

    RAISED = "raised"
    MORE = "more"
    ASKED = "asked"
    LOOKED = "looked"
    ANSWER = "answer"


class Outcome(StrEnum):
    """What it changed."""

    NOTHING = "nothing"
    VERSION = "version"
    ERASED = "erased"
    SURVEY = "survey"
    CONDUCT = "conduct"
    PASSED = "passed"


KIND_NAMES = {
    Kind.ROW: mark("公示上有一户不对"),
    Kind.LIST: mark("名单不对，或者没有公示"),
    Kind.MONEY: mark("有人要钱、要好处，或者扣了钱"),
    Kind.CONDUCT: mark("办事不公道、态度不好、拖着不办"),
    Kind.FRAUD: mark("有人弄虚作假、冒领"),
    Kind.OTHER: mark("别的"),
}
COMPLAINTS = tuple(kind for kind in Kind if kind is not Kind.ROW)
STAND_NAMES = {
    Stand.OPEN: mark("正在核实"), Stand.ASKED: mark("问了您一句，等您回"),
    Stand.OVER: mark("已经答复"),
}
OUTCOME_NAMES = {
    Outcome.NOTHING: mark("核实过了，没有改动"),
    Outcome.VERSION: mark("名单改了，换了新的一版"),
    Outcome.ERASED: mark("那一行抹掉了"),
    Outcome.SURVEY: mark("那一户重新调查"),
    Outcome.CONDUCT: mark("对有关的人作了处理"),
    Outcome.PASSED: mark("转给了管这件事的单位"),
}
# Whoever raised it never reads these.
INSIDE = frozenset({Turn.LOOKED})


class Concern(Base):
    """One objection or complaint. `area` is the place that it is about, `office` who handles it:
    a county or a township, never the one that it is about.

    `code_key` is the keyed hash of number and code; `bundle` names its photos and recordings.
    """

    __tablename__ = "concerns"
    __table_args__ = (
        Index(None, "office", "state", "due_on"), Index(None, "version_id", "state"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(12), unique=True)
    code_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    bundle: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(10))
    about: Mapped[str] = mapped_column(String(10))
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    office: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("notice_versions.id"))
    line: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default=Stand.OPEN)
    raised_at: Mapped[datetime]
    due_on: Mapped[date]
    due_basis: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(10), default="")
    # How far its office was reminded (`models/concernclock.py`).
    reminded: Mapped[int] = mapped_column(default=0)
    over_at: Mapped[datetime | None]


class Raiser(Base):
    """Who raised a concern, if they said so: name, telephone, person; `person_key` finds it again
    for themselves alone."""

    __tablename__ = "concern_raisers"
    __table_args__ = (Index(None, "person_key"),)

    concern_id: Mapped[int] = mapped_column(ForeignKey("concerns.id"), primary_key=True)
    who: Mapped[Any] = mapped_column(SealedJSON("concern_raisers.who"))
    person_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))


class Entry(Base):
    """One entry of a concern's file. `key` makes a form that is sent twice one entry."""

    __tablename__ = "concern_entries"
    __table_args__ = (Index(None, "concern_id"),)

    id: Mapped[Key]
    concern_id: Mapped[int] = mapped_column(ForeignKey("concerns.id"))
    key: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    at: Mapped[datetime]
    turn: Mapped[str] = mapped_column(String(10))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(SealedText("concern_entries.words"))

    staff: Mapped[Staff | None] = relationship(lazy="joined")
