"""Lists that leave the system as a file: who took which, why, and how many rows.

社会救助法第七十条: what is not needed for the work is not looked at, and nothing of it is
passed on. So a list needs a reason, has few columns, and is written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import audit, register
from models.base import Base, Key
from models.cases import Case
from models.context import Context
from models.deskqueries import Sight, Wide, asked
from models.policy import NotAllowed, StaffView
from models.sealed import SealedText
from models.searching import Criteria, narrowed, ordered
from models.settings import mark
from models.statuses import DECIDERS, Role

EXPORTERS = DECIDERS
REASON_LIMIT = 200
NOT_YOURS = mark("导出名单要由乡镇负责人或县里来做。")
COUNTY_ONLY = mark("发放名册要由县里来导。")
WHY = mark("请写一句为什么要导出，比如“十一月回访用”。")
TOO_MANY = mark("一次最多导出 {limit} 件，这里不止。请把条件收窄一点。")


class ExportRefused(ValueError):
    """A list that may not leave like this: a message for whoever asked, and the most rows."""


class Export(Base):
    """One list that left: its reason as it was written; the criteria are on the audit log."""

    __tablename__ = "exports"

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    what: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(SealedText("exports.reason"))
    rows: Mapped[int]
    at: Mapped[datetime]


def take(
    ctx: Context, session: Session, staff: StaffView, wanted: Criteria | Sight, reason: str,
    *, phones: bool,
) -> Sequence[Case]:
    """The cases of a search or of the queue, recorded as taken. Raises ExportRefused, NotAllowed.

    `phones`: the telephone numbers are taken, too.
    """
    if staff.role not in EXPORTERS:
        raise NotAllowed(NOT_YOURS)
    most = ctx.settings.limits.export_rows + 1
    cases = session.scalars(_query(ctx, staff, wanted).limit(most)).all()
    _check(ctx, reason, len(cases))
    criteria = wanted.query() if isinstance(wanted, Sight) else wanted.kept()
    record(
        ctx, session, staff, "queue" if isinstance(wanted, Sight) else "search", reason,
        len(cases), criteria=criteria, phones=phones,
        named=[] if isinstance(wanted, Sight) else wanted.named(),
    )
    return cases


def take_payments(
    ctx: Context, session: Session, staff: StaffView, month: date, reason: str
) -> tuple[register.Entry, ...]:
    """Who is paid in a month: those who are helped month by month on its first day, with the
    amount of that day. The county's alone, for it has nobody left out. As `take` otherwise."""
    if staff.role is not Role.COUNTY:
        raise NotAllowed(COUNTY_ONLY)
    found = register.payable(session, staff.area, month.replace(day=1))
    _check(ctx, reason, len(found))
    record(
        ctx, session, staff, "payments", reason, len(found), month=month.isoformat()[:7],
        sum=str(sum((one.amount or 0 for one in found), Decimal("0.00"))),
    )
    return found


def _check(ctx: Context, reason: str, rows: int) -> None:
    if not reason.strip():
        raise ExportRefused(WHY)
    if rows > ctx.settings.limits.export_rows:
        raise ExportRefused(TOO_MANY)


def _query(ctx: Context, staff: StaffView, wanted: Criteria | Sight) -> Wide:
    if isinstance(wanted, Sight):
        return asked(select(Case), staff, wanted, ctx.today()).order_by(Case.turn, Case.id)
    return ordered(narrowed(ctx, select(Case), staff, wanted), wanted)


def record(
    ctx: Context, session: Session, staff: StaffView, what: str, reason: str, rows: int,
    **detail: Any,
) -> None:
    """Write down that a list left."""
    made = Export(
        staff_id=staff.id, what=what, reason=reason.strip()[:REASON_LIMIT], rows=rows, at=ctx.now()
    )
    session.add(made)
    session.flush()
    audit.record(
        session, made.at, f"export.{what}", "export", made.id, staff_id=staff.id, rows=rows,
        **detail,
    )
