"""What people have said yes to: how many subscription messages (订阅通知) they still take.

Kept from what happened alone: the platform's events say yes and no, our sends use one up, and its
answer 43101 says that none is left. Nothing is guessed from the page on which somebody was asked.
What led here is in the messages and the attempts at pushes; a row is what stands now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, UniqueConstraint, case, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.among import among
from models.base import Base, Key
from models.upsert import insert_or_skip

# template id → how many messages may still be sent; None: as many as there are (长期订阅).
Grants = Mapping[str, int | None]


class Grant(Base):
    """What one (account, openid) has agreed to for one template.

    `left` one-time messages; `lasting` is a long-term grant, which sending does not use up.
    `refused_at` is when the person last said no, in the prompt or in WeChat's own settings.
    """

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("identity_id", "template"),)

    id: Mapped[Key]
    identity_id: Mapped[int] = mapped_column(ForeignKey("identities.id"))
    template: Mapped[str] = mapped_column(String(64))
    left: Mapped[int] = mapped_column(default=0)
    lasting: Mapped[bool] = mapped_column(default=False)
    refused_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


def accept(
    session: Session, now: datetime, identity_id: int, template: str, *, lasting: bool
) -> None:
    """They pressed 允许: one more message, or any number of them."""
    more = {"lasting": True} if lasting else {"left": Grant.left + 1}
    _change(session, now, identity_id, template, {**more, "refused_at": None})


def decline(session: Session, now: datetime, identity_id: int, template: str) -> None:
    """They pressed 取消 in the prompt: what they allowed before still stands."""
    _change(session, now, identity_id, template, {"refused_at": now})


def revoke(session: Session, now: datetime, identity_id: int, template: str) -> None:
    """They refuse it in WeChat's settings: nothing stands any more."""
    nothing = {"left": 0, "lasting": False, "refused_at": now}
    _change(session, now, identity_id, template, nothing)


def use(session: Session, now: datetime, identity_id: int, template: str) -> None:
    """One was sent; a long-term grant is not used up by it."""
    left = case((Grant.lasting | (Grant.left < 1), Grant.left), else_=Grant.left - 1)
    _change(session, now, identity_id, template, {"left": left})


def run_out(session: Session, now: datetime, identity_id: int, template: str) -> None:
    """The platform says that none is left; whether they refused, it does not say."""
    _change(session, now, identity_id, template, {"left": 0, "lasting": False})


def grants_of(session: Session, identities: Iterable[int]) -> dict[int, dict[str, int | None]]:
    """What may still be sent to these, by identity: one statement for any number of them."""
    found: dict[int, dict[str, int | None]] = {}
    rows = session.execute(
        select(Grant.identity_id, Grant.template, Grant.left, Grant.lasting)
        .where(among(Grant.identity_id, identities), Grant.lasting | (Grant.left > 0))
    )
    for row in rows:
        of_one = found.setdefault(row.identity_id, {})
        of_one[row.template] = None if row.lasting else row.left
    return found


def may_ask(
    session: Session, now: datetime, identity_id: int, template: str, again_days: int
) -> bool:
    """Whether asking is polite: there is nothing left to send with, and no fresh refusal."""
    found = session.execute(
        select(Grant.left, Grant.lasting, Grant.refused_at)
        .where(Grant.identity_id == identity_id, Grant.template == template)
    ).one_or_none()
    if found is None:
        return True
    if found.lasting or found.left > 0:
        return False
    return found.refused_at is None or found.refused_at + timedelta(days=again_days) <= now


def _change(
    session: Session, now: datetime, identity_id: int, template: str, values: dict[str, object]
) -> None:
    row = {"identity_id": identity_id, "template": template, "left": 0, "lasting": False,
           "changed_at": now}
    insert_or_skip(session, Grant, row, ("identity_id", "template"))
    session.execute(
        update(Grant)
        .where(Grant.identity_id == identity_id, Grant.template == template)
        .values(**values, changed_at=now)
        .execution_options(synchronize_session=False)
    )
