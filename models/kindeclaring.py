"""Declaring relatives, withdrawing that, and reading what was declared."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import audit
from models.areas import Level, Place, covers, prefix
from models.cases import Case
from models.context import Context
from models.idnumbers import read_id_number
from models.kinfinding import look
from models.kinship import RELATIONS, Kin
from models.people import Staff
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import CLOSED, DECIDERS, Role
from models.steps import MoveRefused

NAME_LIMIT = 30
NO_NAME = mark("请写上亲属的姓名，30个字以内。")
NO_RELATION = mark("请选是您的什么人。")
NO_CADRE = mark("请写上村干部的姓名，30个字以内。")
NO_VILLAGE = mark("请选是哪个村的干部。")
WRONG_NUMBER = mark("身份证号对不上。请照着证件再看一遍，一共18位。不知道可以不写。")
KNOWN_ALREADY = mark("这一位已经登记过了，不用再登记。")
NOT_FOR_OTHERS = mark("村干部的亲属，由乡镇负责人或县里登记。")


@dataclass(frozen=True)
class Said:
    """A relative as declared; with `cadre` and `village` it is a village cadre's."""

    name: str
    relation: str
    id_number: str = ""
    cadre: str = ""
    village: str = ""


def declare(
    ctx: Context, session: Session, staff: StaffView, said: Said, *, for_cadre: bool = False
) -> Kin:
    """Keep a relative, sealed, and look through the cases there are; MoveRefused, NotAllowed.

    Whoever declares does not hear whether a case was found.
    """
    if for_cadre and staff.role not in DECIDERS:
        raise NotAllowed(NOT_FOR_OTHERS)
    name, cadre = _name(said.name), _name(said.cadre)
    if for_cadre and not cadre:
        raise MoveRefused(NO_CADRE, "cadre")
    if for_cadre and said.village not in {place.code for place in villages(ctx, staff)}:
        raise MoveRefused(NO_VILLAGE, "village")
    if not name:
        raise MoveRefused(NO_NAME, "name")
    if said.relation not in RELATIONS:
        raise MoveRefused(NO_RELATION, "relation")
    number = read_id_number(said.id_number, ctx.today()) if said.id_number.strip() else None
    if said.id_number.strip() and number is None:
        raise MoveRefused(WRONG_NUMBER, "id_number")
    kin = Kin(
        staff_id=None if for_cadre else staff.id, cadre=cadre if for_cadre else None,
        area=said.village if for_cadre else staff.area, relation=said.relation,
        name=name, name_key=ctx.keys.lookup("name", name), id_number=number,
        id_key=ctx.keys.lookup("id_number", number) if number else None,
        declared_by=staff.id, declared_at=ctx.now(),
    )
    _must_be_new(session, staff, kin)
    session.add(kin)
    session.flush()
    audit.record(session, kin.declared_at, "kin.declared", "kin", kin.id, staff_id=staff.id)
    _look_through(ctx, session, kin)
    return kin


def villages(ctx: Context, staff: StaffView) -> Sequence[Place]:
    """The villages whose cadres this person declares for."""
    return ctx.directory.areas.within(staff.area, Level.VILLAGE)


def _name(text: str) -> str:
    """A name as cases have it, or nothing where it is none."""
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    return name if len(name) <= NAME_LIMIT else ""


def _must_be_new(session: Session, staff: StaffView, kin: Kin) -> None:
    same = select(Kin).where(
        Kin.name_key == kin.name_key, Kin.relation == kin.relation, Kin.area == kin.area,
        Kin.withdrawn_at.is_(None),
        Kin.staff_id == staff.id if kin.staff_id is not None else Kin.staff_id.is_(None),
    )
    for other in session.scalars(same):
        if (other.cadre, other.id_key) == (kin.cadre, kin.id_key):
            raise MoveRefused(KNOWN_ALREADY, "name")


def _look_through(ctx: Context, session: Session, kin: Kin) -> None:
    """Find this relative among the county's cases, by the keyed hashes."""
    same = Case.name_key == kin.name_key
    if kin.id_key is not None:
        same |= Case.id_key == kin.id_key
    query = select(Case).where(
        same, Case.county == prefix(kin.area)[:6] + "000000", Case.status.not_in(CLOSED)
    )
    for case in session.scalars(query).all():
        look(ctx, session, case)


def withdraw(ctx: Context, session: Session, staff: StaffView, kin_id: int) -> None:
    """End a declaration; raises LookupError. What it was found in stays, until settled."""
    kin = session.scalars(
        select(Kin).where(Kin.id == kin_id, Kin.withdrawn_at.is_(None))
        # What is found now points at this row: only another change of it has to wait.
        .with_for_update(of=Kin, key_share=True)
    ).one_or_none()
    if kin is None or not _is_theirs(session, staff, kin):
        raise LookupError(kin_id)
    # Nobody opens a case to themselves by withdrawing: what is open is found first.
    _look_through(ctx, session, kin)
    kin.withdrawn_at, kin.withdrawn_by = ctx.now(), staff.id
    audit.record(session, ctx.now(), "kin.withdrawn", "kin", kin.id, staff_id=staff.id)


def _is_theirs(session: Session, staff: StaffView, kin: Kin) -> bool:
    if kin.staff_id is None:
        return staff.role in DECIDERS and covers(staff.area, kin.area)
    return any(mine.id == kin.id for mine in own(session, staff))


def _live() -> Select[Kin]:
    return select(Kin).where(Kin.withdrawn_at.is_(None)).order_by(Kin.id)


def own(session: Session, staff: StaffView) -> Sequence[Kin]:
    """What this person has declared, in every post."""
    posts = select(Staff.id).where(Staff.person_id == staff.person_id)
    mine = Kin.staff_id == staff.id
    if staff.person_id is not None:
        mine |= Kin.staff_id.in_(posts)
    return session.scalars(_live().where(mine)).all()


def of_cadres(session: Session, staff: StaffView) -> Sequence[Kin]:
    """What was declared for the village cadres of the area; nothing for other roles."""
    if staff.role not in DECIDERS:
        return ()
    inside = Kin.area.startswith(prefix(staff.area))
    return session.scalars(_live().where(Kin.staff_id.is_(None), inside)).all()


@dataclass(frozen=True)
class Declared:
    """That a member of staff has declared, without names: how many, and the last day."""

    member: Staff
    count: int
    last: datetime | None


def by_member(session: Session, staff: StaffView) -> list[Declared]:
    """Who in the county has declared and who has not; nothing for other roles."""
    if staff.role is not Role.COUNTY:
        return []
    query = (
        select(Staff, func.count(Kin.id), func.max(Kin.declared_at))
        .outerjoin(Kin, (Kin.staff_id == Staff.id) & Kin.withdrawn_at.is_(None))
        .where(Staff.area.startswith(prefix(staff.area)), Staff.left_at.is_(None))
        .group_by(Staff.id).order_by(Staff.area, Staff.id)
    )
    return [Declared(*row) for row in session.execute(query)]


def read_of(
    ctx: Context, session: Session, staff: StaffView, member_id: int
) -> tuple[Staff, Sequence[Kin]]:
    """The county reads whom a member of staff has declared, and that is recorded; LookupError."""
    member = session.get(Staff, member_id)
    if staff.role is not Role.COUNTY or member is None or not covers(staff.area, member.area):
        raise LookupError(member_id)
    audit.record(session, ctx.now(), "kin.read", "staff", member.id, staff_id=staff.id)
    return member, session.scalars(_live().where(Kin.staff_id == member.id)).all()
