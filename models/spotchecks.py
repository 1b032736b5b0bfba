"""Spot checks (抽查): the county draws a share at random but repeatably, visits, and records.

A draw is the first so many of the register's cases in the order of SHA-256(seed, receipt):
whoever has the seed and the same register draws the same again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import rules
from models.base import Base, Key
from models.casequeries import in_area
from models.cases import Case
from models.context import Context
from models.policy import StaffView
from models.sealed import SealedText
from models.settings import mark

FINDINGS = {
    "right": mark("和登记的一样"),
    "different": mark("和登记的不一样"),
    "not_found": mark("没有找到人"),
}


class SpotDraw(Base):
    """One draw. `share` is percent; `seed` is shown to everyone; `total` were drawn from.

    `register` is the start of the SHA-256 of all receipts that it was drawn from.
    """

    __tablename__ = "spot_draws"
    __table_args__ = (Index(None, "county", "drawn_at"),)

    id: Mapped[Key]
    county: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    scheme: Mapped[str] = mapped_column(String(20))
    share: Mapped[int]
    seed: Mapped[str] = mapped_column(String(20))
    register: Mapped[str] = mapped_column(String(16))
    total: Mapped[int]
    basis: Mapped[str] = mapped_column(String(200))
    drawn_at: Mapped[datetime]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class SpotCheck(Base):
    """One case of a draw; `finding` is empty until someone was there."""

    __tablename__ = "spot_checks"
    __table_args__ = (UniqueConstraint("draw_id", "case_id"), Index(None, "case_id"))

    id: Mapped[Key]
    draw_id: Mapped[int] = mapped_column(ForeignKey("spot_draws.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    place: Mapped[int]
    finding: Mapped[str] = mapped_column(String(10), default="")
    words: Mapped[str | None] = mapped_column(SealedText("spot_checks.words"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    found_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Share:
    """The least share in percent, with its clause."""

    percent: int
    basis: str


def least_share(ctx: Context, county: str, scheme: str) -> Share:
    """What the county must draw at least; a local rule `spot_check.<scheme>` goes first."""
    rule = rules.in_force(
        f"spot_check.{scheme}", county, ctx.today(), ctx.directory.rules, ctx.directory.areas
    )
    if rule is not None:
        return Share(int(rule.value), rule.basis)
    default = ctx.settings.spot_checks
    return Share(default.shares.get(scheme, default.share), default.basis)


def chosen(receipts: Sequence[str], seed: str, share: int) -> list[str]:
    """A share in percent of these receipts, at least one, the same for the same seed. Pure."""
    wanted = -(-len(receipts) * share // 100)
    return sorted(receipts, key=lambda receipt: _lot(seed, receipt))[:wanted]


def fingerprint(receipts: Sequence[str]) -> str:
    """Which register it was drawn from: 16 hexadecimal digits, whatever the order."""
    return hashlib.sha256("\n".join(sorted(receipts)).encode()).hexdigest()[:16]


def draws(session: Session, county: str) -> Sequence[SpotDraw]:
    """Every draw of a county, the newest first."""
    query = select(SpotDraw).where(SpotDraw.county == county)
    return session.scalars(query.order_by(SpotDraw.id.desc()).limit(50)).all()


def checks(
    session: Session, staff: StaffView, draw_id: int, *, seen_alone: bool
) -> list[tuple[SpotCheck, Case]]:
    """The cases of a draw in the staff's area, in the order drawn; or those visited alone.

    A township is not told beforehand who will be visited.
    """
    query = in_area(select(SpotCheck, Case).join(Case, Case.id == SpotCheck.case_id), staff)
    query = query.where(SpotCheck.draw_id == draw_id)
    if seen_alone:
        query = query.where(SpotCheck.finding != "")
    return [(one, case) for one, case in session.execute(query.order_by(SpotCheck.place))]


def of_case(session: Session, case_id: int) -> Sequence[SpotCheck]:
    """What spot checks found at this case, the newest first."""
    query = select(SpotCheck).where(SpotCheck.case_id == case_id, SpotCheck.finding != "")
    return session.scalars(query.order_by(SpotCheck.id.desc())).all()


def _lot(seed: str, receipt: str) -> str:
    return hashlib.sha256(f"{seed}:{receipt}".encode()).hexdigest()
