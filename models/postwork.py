"""The villages of an assistant: changed while they stay bound, with what was before on record.

One post is one village (`models/assistants.py`), and what was done under it stays there. A village
more is one post more, bound to the same chat at once; a village less ends that post alone, and
what is open of it goes to who looks after the village now.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, errandwork, staffing
from models.areas import Level, Place, covers
from models.audit import AuditEntry
from models.context import Context
from models.people import Staff
from models.policy import StaffView
from models.settings import mark
from models.statuses import Role
from models.steps import MoveRefused

CHANGED = "staff.villages"
NOT_BOUND = mark("还没有绑定微信，绑定了再改。现在就要换村的，停掉重新请一次。")
NO_VILLAGE = mark("请至少留一个村。一个也不管了，用下面的“停掉”。")
NOT_HERE = mark("请选这里的村。")


@dataclass(frozen=True)
class Change:
    """One change of villages, by whom and when; area codes."""

    at: datetime
    by: str
    added: tuple[str, ...]
    ended: tuple[str, ...]


def posts_beside(session: Session, staff: StaffView, member: Staff) -> Sequence[Staff]:
    """Every post of the same assistant that `staff` looks after, by village."""
    query = select(Staff).where(
        Staff.role == Role.ASSISTANT, Staff.left_at.is_(None),
        Staff.person_id == member.person_id if member.person_id else Staff.id == member.id,
    )
    found = session.scalars(query.order_by(Staff.area, Staff.id)).all()
    return [post for post in found if covers(staff.area, post.area)]


def villages(ctx: Context, staff: StaffView) -> tuple[Place, ...]:
    """What can be chosen from."""
    return ctx.directory.areas.within(staff.area, Level.VILLAGE)


def set_villages(
    ctx: Context, session: Session, staff: StaffView, number: int, wanted: Collection[str]
) -> Staff:
    """From now on these villages, of those that `staff` looks after; a post that goes on.

    Raises LookupError, MoveRefused.
    """
    member = staffing.find(session, staff, number, lock=True)
    if member.role != Role.ASSISTANT or member.left_at is not None:
        raise LookupError(number)
    if member.person_id is None:
        raise MoveRefused(NOT_BOUND, "villages")
    if not wanted:
        raise MoveRefused(NO_VILLAGE, "villages")
    if not set(wanted) <= {place.code for place in villages(ctx, staff)}:
        raise MoveRefused(NOT_HERE, "villages")
    held = {post.area: post for post in posts_beside(session, staff, member)}
    added, ended = sorted(set(wanted) - set(held)), sorted(set(held) - set(wanted))
    for village in added:
        held[village] = _again(ctx, member, village)
        session.add(held[village])
    session.flush()
    for village in ended:
        held[village].left_at = ctx.now()
        session.flush()
        errandwork.pass_on(ctx, session, held[village])
    stays = held[member.area] if member.area in wanted else held[min(wanted)]
    if added or ended:
        for post in {member.id: member, stays.id: stays}.values():
            audit.record(
                session, ctx.now(), CHANGED, "staff", post.id, staff_id=staff.id,
                added=added[:12], ended=ended[:12],
            )
    return stays


def _again(ctx: Context, member: Staff, village: str) -> Staff:
    return Staff(
        name=member.name, name_key=member.name_key, role=member.role, area=village,
        unit=member.unit, person_id=member.person_id, created_at=ctx.now(),
        away_from=member.away_from, away_until=member.away_until,
    )


def history(session: Session, staff: StaffView, member: Staff) -> list[Change]:
    """What was changed, the newest first; from the audit log, which nobody can rewrite."""
    posts = select(Staff.id).where(
        Staff.person_id == member.person_id if member.person_id else Staff.id == member.id
    )
    rows = session.execute(
        select(AuditEntry.at, AuditEntry.detail, Staff.name)
        .outerjoin(Staff, Staff.id == AuditEntry.staff_id)
        .where(
            AuditEntry.action == CHANGED, AuditEntry.target == "staff",
            AuditEntry.target_id.in_(posts),
        )
        .order_by(AuditEntry.id.desc()).limit(50)
    )
    found: dict[tuple[datetime, str], Change] = {}
    for at, detail, by in rows:
        said = json.loads(detail)
        named = [*said["added"], *said["ended"]]
        # What another township changed is not shown here.
        if any(covers(staff.area, village) for village in named):
            found[(at, detail)] = Change(at, by or "", tuple(said["added"]), tuple(said["ended"]))
    return list(found.values())
