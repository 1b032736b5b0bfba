"""Keeping the directory of departments: the county adds, changes and retires."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, signin
from models.areas import Area
from models.context import Context
from models.departments import DUTIES_LIMIT, NAME_LIMIT, PHONE_LIMIT, Department, find
from models.paths import PATHS
from models.people import Staff
from models.policy import StaffView
from models.settings import mark
from models.statuses import Role
from models.steps import MoveRefused

NO_NAME = mark("请写上部门的名字，30个字以内。")
NAME_TAKEN = mark("县里已经有一个部门叫这个名字了。停用的在下面，可以重新用起来。")
DUTIES_TOO_LONG = mark("职责写得太长了，请缩到500字以内。")
PHONE_TOO_LONG = mark("电话太长了，请写一个号码，30个字以内。")
PERSON_LIMIT = 30
NO_PERSON = mark("请写上联络员的名字，30个字以内。")


def keep(
    ctx: Context, session: Session, staff: StaffView, number: int | None, *,
    name: str, duties: str, phone: str, schemes: Iterable[str],
) -> Department:
    """Add a department, or change one (`number`). Raises LookupError, MoveRefused."""
    name, duties, phone = name.strip(), duties.strip(), phone.strip()
    _check(name, duties, phone)
    # Of two who add the same name at once the second reads the first one's row.
    session.get(Area, staff.area, with_for_update=True)
    found = find(session, staff.area, number) if number is not None else None
    same = select(Department).where(Department.area == staff.area, Department.name == name)
    if (other := session.scalars(same).one_or_none()) is not None and other is not found:
        raise MoveRefused(NAME_TAKEN, "name")
    if found is None:
        found = Department(area=staff.area, created_at=ctx.now())
        session.add(found)
    if found.duties != duties:
        # The county's own words no longer stand where the shipped ones did.
        found.source = ""
    found.name, found.duties, found.phone = name, duties, phone
    found.schemes = " ".join(scheme for scheme in PATHS if scheme in set(schemes))
    session.flush()
    _record(ctx, session, staff, "kept", found)
    return found


def _check(name: str, duties: str, phone: str) -> None:
    if not name or len(name) > NAME_LIMIT:
        raise MoveRefused(NO_NAME, "name")
    if len(duties) > DUTIES_LIMIT:
        raise MoveRefused(DUTIES_TOO_LONG, "duties")
    if len(phone) > PHONE_LIMIT:
        raise MoveRefused(PHONE_TOO_LONG, "phone")


def retire(ctx: Context, session: Session, staff: StaffView, number: int, *, back: bool) -> None:
    """Take a department out of use, or with `back` into use again; its rows stay."""
    found = find(session, staff.area, number)
    found.retired_at = None if back else ctx.now()
    _record(ctx, session, staff, "restored" if back else "retired", found)


def _record(
    ctx: Context, session: Session, staff: StaffView, what: str, found: Department
) -> None:
    audit.record(
        session, ctx.now(), f"department.{what}", "department", found.id, staff_id=staff.id
    )


def invite(ctx: Context, session: Session, staff: StaffView, number: int, name: str) -> str:
    """A new liaison of a department; the code by which they bind their chat."""
    found = find(session, staff.area, number)
    if not name or len(name) > PERSON_LIMIT:
        raise MoveRefused(NO_PERSON, "liaison")
    liaison = Staff(
        name=name, name_key=ctx.keys.lookup("name", name), role=Role.DEPARTMENT,
        area=staff.area, unit=found.name, department_id=found.id, created_at=ctx.now(),
    )
    session.add(liaison)
    session.flush()
    audit.record(
        session, ctx.now(), "liaison.invited", "staff", liaison.id, staff_id=staff.id,
        department=found.id,
    )
    return signin.new_code(ctx, session, "bind", staff_id=liaison.id)


def let_go(
    ctx: Context, session: Session, staff: StaffView, number: int, liaison_id: int
) -> None:
    """A liaison leaves: their sessions end with the next page that they ask for."""
    found = find(session, staff.area, number)
    liaison = session.get(Staff, liaison_id)
    if liaison is None or liaison.department_id != found.id:
        raise LookupError(liaison_id)
    liaison.left_at = liaison.left_at or ctx.now()
    signin.shut_out(ctx, session, liaison.id)
    audit.record(session, ctx.now(), "liaison.left", "staff", liaison.id, staff_id=staff.id)
