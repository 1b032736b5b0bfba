"""Relatives that staff and village cadres declare (近亲属备案), and the cases that touch one.

民发〔2021〕57号 第十一条 (registered and kept apart), 第二十条 (the county visits).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.people import Staff
from models.sealed import SealedText
from models.settings import mark

# 最低生活保障审核审批办法（试行）(2012) 第十四条; later rules speak of 近亲属 without a list.
RELATIONS = {
    "spouse": mark("丈夫或妻子"),
    "parent": mark("父亲或母亲"),
    "child": mark("儿子或女儿"),
    "sibling": mark("兄弟姐妹"),
    "grandparent": mark("爷爷奶奶或外公外婆"),
    "grandchild": mark("孙子女或外孙子女"),
}
POSSIBLE, CONFIRMED, CLEARED = "possible", "confirmed", "cleared"


class Kin(Base):
    """One declared relative: of a member of staff (`staff_id`), or of a village cadre (`cadre`).

    `area` is where the member of staff serves, or the cadre's village. `withdrawn_at` ends the
    declaration; what it was found in before stays as it is.
    """

    __tablename__ = "kin"
    __table_args__ = (Index(None, "name_key"), Index(None, "id_key"))

    id: Mapped[Key]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    cadre: Mapped[str | None] = mapped_column(SealedText("kin.cadre"))
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    name: Mapped[str] = mapped_column(SealedText("kin.name"))
    name_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    id_number: Mapped[str | None] = mapped_column(SealedText("kin.id_number"))
    id_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    relation: Mapped[str] = mapped_column(String(20))
    declared_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    declared_at: Mapped[datetime]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    withdrawn_at: Mapped[datetime | None]

    staff: Mapped[Staff | None] = relationship(foreign_keys=[staff_id], lazy="joined")

    @property
    def whose(self) -> str:
        """Whose relative it is, by name."""
        return self.staff.name if self.staff else self.cadre or ""


class KinMatch(Base):
    """A case that touches a declared relative: `possible` by name alone until a person settles
    it as `confirmed` or `cleared`; the same identity number confirms it at once."""

    __tablename__ = "kin_matches"
    __table_args__ = (UniqueConstraint("case_id", "kin_id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kin_id: Mapped[int] = mapped_column(ForeignKey("kin.id"), index=True)
    certainty: Mapped[str] = mapped_column(String(10))
    found_at: Mapped[datetime]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    settled_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(SealedText("kin_matches.note"))

    kin: Mapped[Kin] = relationship(lazy="joined")
    settler: Mapped[Staff | None] = relationship(foreign_keys=[settled_by], lazy="joined")


class KinVisit(Base):
    """The county's visit to a household that is a relative's (57号 第二十条)."""

    __tablename__ = "kin_visits"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    visited_on: Mapped[date]
    visitors: Mapped[str] = mapped_column(SealedText("kin_visits.visitors"))
    findings: Mapped[str] = mapped_column(SealedText("kin_visits.findings"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]

    recorder: Mapped[Staff] = relationship(lazy="joined")
