"""Cases (事项), their timeline, and the papers that belong to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, ForeignKey, Index, LargeBinary, String, event, update
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from models.base import Base, Key
from models.groups import CALLING, NOTED, OUTSIDE, placed
from models.people import Staff
from models.sealed import SealedJSON, SealedText


class Case(Base):
    """One report of hardship and what became of it.

    Three places that are never mixed: `home_area` (户籍), `living_area`, `incident_area`;
    the responsible `township` follows from the scheme (`models/responsibility.py`).
    `answers` keeps everything as it was said. `bundle` joins the case with its papers.
    `clock` and `due_on` are what the desk must do next (`models/clocks.py` has all clocks),
    `answer_on` is the day by which the person was promised to hear. `queue`, `to_do` and
    `turn` are its place in the desk's queue (`models/groups.py`), written with every change;
    `call` is what its person did that no staff has answered yet (an EventKind), or empty.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index(None, "township", "status", "due_on"),
        Index(None, "county", "status", "due_on"),
        Index(None, "person_id", "created_at"),
        Index(None, "officer_id", "to_do", "turn", "id"),
        # What the queue and the search walk along, for a township and for a county.
        *(
            Index(None, area, *columns)
            for area in ("township", "county")
            for columns in (
                ("queue", "turn", "id"), ("to_do", "turn", "id"), ("urgent", "to_do", "turn", "id"),
                ("call", "turn", "id"), ("created_at", "id"), ("scheme", "created_at", "id"),
                ("living_area", "created_at", "id"),
            )
        ),
    )

    id: Mapped[Key]
    receipt: Mapped[str] = mapped_column(String(14), unique=True)
    bundle: Mapped[str] = mapped_column(String(32), unique=True)
    account: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    status: Mapped[str] = mapped_column(String(20))
    urgent: Mapped[bool] = mapped_column(default=False)
    scheme: Mapped[str | None] = mapped_column(String(20))

    county: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    township: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    home_area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    living_area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    incident_area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))

    answers: Mapped[dict[str, Any]] = mapped_column(SealedJSON("cases.answers"))
    name: Mapped[str] = mapped_column(SealedText("cases.name"))
    name_key: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    phone: Mapped[str] = mapped_column(SealedText("cases.phone"))
    phone_key: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    id_number: Mapped[str | None] = mapped_column(SealedText("cases.id_number"))
    id_key: Mapped[bytes | None] = mapped_column(LargeBinary(16), index=True)
    on_behalf: Mapped[bool] = mapped_column(default=False)
    # The assistant's post by which it was discovered (`models/discovering.py`).
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    consent_version: Mapped[str] = mapped_column(String(20))
    consented_at: Mapped[datetime]

    unit: Mapped[str] = mapped_column(String(60), default="")
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    clock: Mapped[str | None] = mapped_column(String(30))
    clock_from: Mapped[date | None]
    due_on: Mapped[date | None]
    due_basis: Mapped[str] = mapped_column(String(200), default="")
    answer_on: Mapped[date | None]
    answer_basis: Mapped[str] = mapped_column(String(200), default="")
    accepted_on: Mapped[date | None]
    queue: Mapped[str] = mapped_column(String(12))
    to_do: Mapped[bool]
    turn: Mapped[int] = mapped_column(BigInteger)
    call: Mapped[str] = mapped_column(String(20), default="")

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    officer: Mapped[Staff | None] = relationship(
        lazy="joined", innerjoin=False, foreign_keys=officer_id
    )
    reporter: Mapped[Staff | None] = relationship(foreign_keys=reporter_id)
    events: Mapped[list[CaseEvent]] = relationship(order_by="CaseEvent.id")


class CaseEvent(Base):
    """One step on the timeline: who, when, why, what the resident reads and what staff alone do.

    `details` fill the sentence of the step (`models/statuses.EVENT_TOLD`); `words` are those
    that staff wrote to the resident, `internal` those that stay among staff.
    """

    __tablename__ = "case_events"
    __table_args__ = (Index(None, "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    from_status: Mapped[str | None] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    details: Mapped[dict[str, Any]] = mapped_column(SealedJSON("case_events.details"))
    internal: Mapped[str | None] = mapped_column(SealedText("case_events.internal"))
    due_on: Mapped[date | None]
    due_basis: Mapped[str] = mapped_column(String(200), default="")

    staff: Mapped[Staff | None] = relationship(lazy="joined", innerjoin=False)


@event.listens_for(Case, "before_insert")
@event.listens_for(Case, "before_update")
def _place(_mapper: Mapper[Case], _connection: Connection, case: Case) -> None:
    for column, value in placed(case.status, case.urgent, case.due_on, case.updated_at).items():
        setattr(case, column, value)


@event.listens_for(CaseEvent, "after_insert")
def _call(_mapper: Mapper[CaseEvent], connection: Connection, step: CaseEvent) -> None:
    """What a resident does calls, until staff do something; time alone answers nobody."""
    if step.kind in CALLING or (step.staff_id is not None and step.kind not in NOTED):
        calls = step.kind in CALLING and (step.staff_id is None or step.kind in OUTSIDE)
        call = step.kind if calls else ""
        connection.execute(
            update(Case).where(Case.id == step.case_id, Case.call != call).values(call=call)
        )


class Attachment(Base):
    """A photo or a recording, known by its `bundle` before there is a case and after.

    `state`: `waiting` (to be fetched from the platform), `stored`, `refused` (no photo, too
    large) or `lost` (the platform no longer has it). `quality`: `unmarked`, `clear`, `unclear`.
    `proof`: `letter` for the photo of a letter of authority (`models/onbehalf.py`), else empty.
    `spoken`: what the platform recognised in a recording; `heard`: what staff wrote down of it;
    `seconds`: how long it is, 0 where that is not known (`models/recordings.py`).
    `item_id`: what it was sent for (`models/supplements.py`). Staff who photograph a form are no
    `person_id`.
    """

    __tablename__ = "attachments"
    __table_args__ = (Index(None, "bundle"), Index(None, "state", "next_try_at"))

    id: Mapped[Key]
    bundle: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    account: Mapped[str] = mapped_column(String(40))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("supplement_items.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    proof: Mapped[str] = mapped_column(String(10), default="")
    media_id: Mapped[str | None] = mapped_column(SealedText("attachments.media_id"))
    spoken: Mapped[str | None] = mapped_column(SealedText("attachments.spoken"))
    heard: Mapped[str | None] = mapped_column(SealedText("attachments.heard"))
    state: Mapped[str] = mapped_column(String(10))
    quality: Mapped[str] = mapped_column(String(10), default="unmarked")
    content_type: Mapped[str] = mapped_column(String(40), default="")
    size: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    path: Mapped[str] = mapped_column(String(80), default="")
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
