"""People, the chats that they are known by, staff, and how both sign in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.policy import StaffView
from models.sealed import SealedText
from models.statuses import Role


class Person(Base):
    """Someone who talks to us, by any number of (account, openid) pairs."""

    __tablename__ = "people"

    id: Mapped[Key]
    created_at: Mapped[datetime]
    locale: Mapped[str] = mapped_column(String(20), default="")
    big_type: Mapped[bool] = mapped_column(default=False)
    # Where two people turned out to be one: everything of this one is with the other now.
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Identity(Base):
    """One (account, openid) pair. `openid_key` is its keyed hash."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("account", "openid_key"),)

    id: Mapped[Key]
    account: Mapped[str] = mapped_column(String(40))
    openid: Mapped[str] = mapped_column(SealedText("identities.openid"))
    openid_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    followed: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Staff(Base):
    """A member of staff: one role in one area; signs in as the person it is bound to."""

    __tablename__ = "staff"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(SealedText("staff.name"))
    name_key: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    role: Mapped[str] = mapped_column(String(20))
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    unit: Mapped[str] = mapped_column(String(60), default="")
    # Of a liaison (`Role.DEPARTMENT`): whose referrals they work.
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    # On leave, both days included (`models/leave.py`).
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]


class Code(Base):
    """A code for one use: `join` two chats, `bind` staff to a chat, `sign_in` at the desk."""

    __tablename__ = "codes"

    id: Mapped[Key]
    code_key: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    purpose: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Base):
    """A browser at the desk that waits to be let in by someone's chat.

    The chat finds it by the QR's scene (`token_key`) or by six digits (`code_key`), for
    accounts that cannot make QR codes. `state`: waiting, scanned, confirmed, refused, used.
    """

    __tablename__ = "sign_ins"

    id: Mapped[Key]
    token_key: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    code_key: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    digits: Mapped[str] = mapped_column(String(2))
    place: Mapped[str] = mapped_column(SealedText("sign_ins.place"))
    state: Mapped[str] = mapped_column(String(10))
    wrong: Mapped[int] = mapped_column(default=0)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class WebSession(Base):
    """A signed-in browser. Ended here, it is ended everywhere at once."""

    __tablename__ = "web_sessions"

    id: Mapped[Key]
    token_key: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    account: Mapped[str] = mapped_column(String(40), default="")
    way: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    staff: Mapped[Staff | None] = relationship(lazy="joined", innerjoin=False)


class UsedLink(Base):
    """A one-time link from chat that has been opened: it opens nothing again."""

    __tablename__ = "used_links"

    nonce: Mapped[str] = mapped_column(String(32), primary_key=True)
    used_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    __table_args__ = (Index(None, "expires_at"),)


def view_of(member: Staff) -> StaffView:
    """A member of staff as a value."""
    return StaffView(
        member.id, member.name, Role(member.role), member.area, member.unit, member.person_id,
        member.department_id,
    )
