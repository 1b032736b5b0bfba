"""Telling a household that somebody spoke for it, and what it says to that.

个人信息保护法 art. 17: whose data is kept is told so; within the county's limit (`Clocks.INFORM`),
never who spoke. Declined, the case stands still until an officer has looked.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Key
from models.cases import Case
from models.people import Identity
from models.sealed import SealedText
from models.settings import mark
from models.statuses import OPEN
from models.steps import MoveRefused

STOPPED = mark("这家人说不同意。请先在“告诉这家人”那里看过、写一句，才能往下走。")


class Stand(StrEnum):
    """Where the telling stands.

    `family`: its own family spoke, nobody needs telling. `held`: somebody may be harmed, and a
    call could warn who does it; an officer says when. `pushed`: it waits in the household's own
    chat. `calling`: an officer is to call or go there. `said`: it agrees, or thinks it over.
    """

    FAMILY = "family"
    HELD = "held"
    PUSHED = "pushed"
    CALLING = "calling"
    SAID = "said"
    DECLINED = "declined"
    CLEARED = "cleared"
    ERASED = "erased"


STAND_NAMES = {
    Stand.HELD: mark("可能有人受伤害，先不告诉这家人"),
    Stand.PUSHED: mark("已经发到本人微信，等他回"),
    Stand.CALLING: mark("要打电话或者上门告诉这家"),
    Stand.SAID: mark("告诉过了"),
    Stand.DECLINED: mark("这家人说不同意，先停着"),
    Stand.CLEARED: mark("说过不同意，看过以后接着办"),
    Stand.ERASED: mark("照这家人的意思不办了，写下来的已经删掉"),
}
SAYINGS = {
    "agrees": mark("同意"), "declines": mark("不同意"), "thinks": mark("再想想"),
}
HOW_NAMES = {
    "chat": mark("在微信上"), "page": mark("在微信的网页上"), "phone": mark("打电话"),
    "door": mark("上门"),
}
# The household can still say something there, or say it anew.
ASKED = (Stand.PUSHED, Stand.CALLING, Stand.SAID, Stand.CLEARED)


class Informing(Base):
    """Of one case that somebody else brought: how its household hears of it.

    `person_id` is whose chat it was told in, where that is surely theirs; `said` one of `SAYINGS`
    and `how` one of `HOW_NAMES`, as far as they said anything. `note` is what an officer wrote
    after a refusal.
    """

    __tablename__ = "informings"
    __table_args__ = (Index(None, "person_id", "state"), Index(None, "state"))

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(String(10))
    said: Mapped[str] = mapped_column(String(10), default="")
    how: Mapped[str] = mapped_column(String(10), default="")
    said_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(SealedText("informings.note"))
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    settled_at: Mapped[datetime | None]
    began_at: Mapped[datetime]


def of_case(session: Session, case_id: int) -> Informing | None:
    """How the household of a case hears of it; None for what people brought for themselves."""
    return session.scalars(select(Informing).where(Informing.case_id == case_id)).one_or_none()


def is_stopped(session: Session, case: Case) -> bool:
    """Whether the household declined, and nobody has looked yet."""
    if not case.on_behalf:
        return False
    found = of_case(session, case.id)
    return found is not None and found.state == Stand.DECLINED and case.status in OPEN


def check(session: Session, case: Case) -> None:
    """Raise MoveRefused where the household's refusal stops the case."""
    if is_stopped(session, case):
        raise MoveRefused(STOPPED)


def waiting(session: Session, person_id: int) -> list[tuple[Case, Informing]]:
    """What was said for this person's household by others, the newest first."""
    query = (
        select(Case, Informing).join(Informing, Informing.case_id == Case.id)
        .where(Informing.person_id == person_id, Informing.state.in_(ASKED))
    )
    rows = session.execute(query.order_by(Case.id.desc()))
    return [(row[0], row[1]) for row in rows]


def confirmed(session: Session, case: Case) -> int | None:
    """The person whose household this surely is: the one who, in an application of their own that
    the township has accepted, goes by this very name and telephone, and follows this account.

    The number alone is none: whoever reports may have left their own, or a wrong one.
    """
    if not case.name or not case.phone:
        return None
    follows = exists().where(
        Identity.person_id == Case.person_id, Identity.account == case.account,
        Identity.followed.is_(True),
    )
    query = select(Case.person_id).distinct().where(
        Case.account == case.account, Case.on_behalf.is_(False), Case.person_id.is_not(None),
        Case.phone_key == case.phone_key, Case.name_key == case.name_key,
        Case.accepted_on.is_not(None), follows,
    )
    found = session.scalars(query).all()
    return found[0] if len(found) == 1 and found[0] != case.person_id else None
