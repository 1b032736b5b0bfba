"""Declared relatives on both databases: whose case is kept from whom, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from models import casequeries, deskqueries, kindeclaring, kinsettling
from models.cases import Case
from models.casework import locked_case, make_move
from models.context import Context
from models.deskqueries import Sight
from models.identitywork import record_id_number
from models.kindeclaring import Said
from models.kinfinding import look, of_case
from models.kinguard import ANOTHER_OFFICER, COUNTY_DECIDES, OWN_RELATIVE, SETTLE_FIRST, VISIT_FIRST
from models.kinship import CLEARED, CONFIRMED, POSSIBLE
from models.outgoing import Occasion
from models.people import Staff, view_of
from models.policy import NotAllowed, StaffView
from models.pushes import Push, PushState
from models.statuses import Role, Status
from models.steps import Grant, MoveRefused, Step
from notices.claims import expand
from tests.models.test_casework import DAWAN, make_context, new_case, put
from tests.models.visits import visit_for
from webhooks.demo.county import COUNTY

NUMBER, OTHER = "11010519491231002X", "450799194803121028"
GRANT = Grant("money", Decimal("300.00"), "", True, 1)


@pytest.fixture
def ctx(database: str, tmp_path: Path) -> Iterator[Context]:
    made = make_context(database, tmp_path)
    yield made
    made.db.close()


def people(ctx: Context, area: str, role: Role) -> list[StaffView]:
    with ctx.db.read() as session:
        query = select(Staff).where(Staff.area == area, Staff.role == role).order_by(Staff.id)
        return [view_of(member) for member in session.scalars(query)]


def declare(ctx: Context, who: StaffView, name: str = "王秀英", number: str = "") -> int:
    with ctx.db.begin() as session:
        return kindeclaring.declare(ctx, session, who, Said(name, "parent", number)).id


def seen(ctx: Context, who: StaffView, receipt: str) -> set[str]:
    """By which ways the case is seen: find, queue, counts, name, lock."""
    with ctx.db.begin() as session:
        found = set()
        if casequeries.find(session, who, receipt):
            found.add("find")
        rows, _ = deskqueries.rows(session, who, Sight(), ctx.today())
        if receipt in [case.receipt for case in rows]:
            found.add("queue")
        if deskqueries.counts(session, who, "", ctx.today()).open:
            found.add("counts")
        if deskqueries.named(session, who, ctx.keys, "王秀英"):
            found.add("name")
        try:
            locked_case(session, who, receipt)
            found.add("lock")
        except LookupError:
            pass
    return found


ALL = {"find", "queue", "counts", "name", "lock"}


def certainties(ctx: Context, receipt: str) -> list[str]:
    with ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        return [match.certainty for match in of_case(session, case.id)]


def settle(ctx: Context, who: StaffView, receipt: str, *, related: bool) -> None:
    with ctx.db.begin() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        match = of_case(session, case.id)[0]
        kinsettling.settle(
            ctx, session, who, receipt, match.id, case.version, "看过户口本", related=related
        )


def why(ctx: Context, who: StaffView, receipt: str, move: str, **given: object) -> str:
    """Why a move is not made; empty where it is."""
    with ctx.db.begin() as session:
        visit_for(ctx, session, receipt, move)
    try:
        with ctx.db.begin() as session:
            case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
            make_move(ctx, session, who, receipt, Step(move, case.version, **given))
    except (MoveRefused, NotAllowed) as refused:
        return refused.reason
    return ""


def test_a_relatives_case_does_not_exist_for_who_declared_until_a_person_clears_it(
    ctx: Context,
) -> None:
    first, second = people(ctx, DAWAN, Role.OFFICER)
    receipt = new_case(ctx)
    assert seen(ctx, first, receipt) == ALL
    declare(ctx, first)
    assert seen(ctx, first, receipt) == set()
    assert seen(ctx, second, receipt) == ALL
    assert certainties(ctx, receipt) == [POSSIBLE]
    with pytest.raises(LookupError):
        settle(ctx, first, receipt, related=False)
    settle(ctx, second, receipt, related=False)
    assert certainties(ctx, receipt) == [CLEARED]
    assert seen(ctx, first, receipt) == ALL


def test_the_number_confirms_even_what_was_cleared_and_tells_people_of_one_name_apart(
    ctx: Context,
) -> None:
    first, second = people(ctx, DAWAN, Role.OFFICER)
    receipt, other = new_case(ctx), new_case(ctx)
    declare(ctx, first, number=NUMBER)
    settle(ctx, second, receipt, related=False)
    for one, number in ((receipt, NUMBER), (other, OTHER)):
        with ctx.db.begin() as session:
            record_id_number(ctx, session, second, one, number)
    assert certainties(ctx, receipt) == [CONFIRMED]
    assert seen(ctx, first, receipt) == {"counts", "name"} & seen(ctx, first, receipt)
    # The other was possible by name when it was declared: a person still has to say so.
    assert certainties(ctx, other) == [POSSIBLE]
    third = new_case(ctx)
    with ctx.db.begin() as session:
        case = session.scalars(select(Case).where(Case.receipt == third)).one()
        case.id_number, case.id_key = OTHER, ctx.keys.lookup("id_number", OTHER)
        look(ctx, session, case)
    assert certainties(ctx, third) == []
    assert "find" in seen(ctx, first, third)


def test_withdrawing_opens_no_case_that_is_not_settled(ctx: Context) -> None:
    first, second = people(ctx, DAWAN, Role.OFFICER)
    kin = declare(ctx, first)
    receipt = new_case(ctx)
    with ctx.db.begin() as session, pytest.raises(LookupError):
        kindeclaring.withdraw(ctx, session, second, kin)
    with ctx.db.begin() as session:
        kindeclaring.withdraw(ctx, session, first, kin)
    assert seen(ctx, first, receipt) == set()
    settle(ctx, second, receipt, related=False)
    assert seen(ctx, first, receipt) == ALL


def test_a_relatives_case_waits_for_another_officer_the_visit_and_the_county(
    ctx: Context,
) -> None:
    first, second = people(ctx, DAWAN, Role.OFFICER)
    head, county = people(ctx, DAWAN, Role.HEAD)[0], people(ctx, COUNTY, Role.COUNTY)[0]
    receipt = new_case(ctx)
    assert why(ctx, second, receipt, "register", unit="民政办", officer_id=first.id) == ""
    assert why(ctx, second, receipt, "accept", scheme="dibao") == ""
    assert why(ctx, second, receipt, "investigate") == ""
    declare(ctx, first)
    assert why(ctx, second, receipt, "propose", grant=GRANT) == SETTLE_FIRST
    settle(ctx, second, receipt, related=True)
    assert why(ctx, second, receipt, "propose", grant=GRANT) == ANOTHER_OFFICER
    with ctx.db.begin() as session:
        case = locked_case(session, second, receipt)
        for wrong in (first.id, None):
            with pytest.raises(MoveRefused):
                kinsettling.hand_over(ctx, session, second, receipt, case.version, wrong)
        kinsettling.hand_over(ctx, session, second, receipt, case.version, second.id)
    assert why(ctx, second, receipt, "propose", grant=GRANT) == ""
    put(ctx, receipt, Status.DECIDING)
    assert why(ctx, head, receipt, "grant") == COUNTY_DECIDES
    assert why(ctx, county, receipt, "grant") == VISIT_FIRST
    visit = kinsettling.Visit(ctx.today(), "县民政局两个人", "家里情况属实")
    with ctx.db.begin() as session:
        case = locked_case(session, county, receipt)
        with pytest.raises(NotAllowed):
            kinsettling.record_visit(ctx, session, head, receipt, case.version, visit)
        kinsettling.record_visit(ctx, session, county, receipt, case.version, visit)
    assert why(ctx, county, receipt, "grant") == ""


def test_the_one_concerned_cannot_be_named_as_the_officer(ctx: Context) -> None:
    first, second = people(ctx, DAWAN, Role.OFFICER)
    declare(ctx, first)
    receipt = new_case(ctx)
    named = {"unit": "民政办", "officer_id": first.id}
    assert why(ctx, second, receipt, "register", **named) == OWN_RELATIVE
    assert why(ctx, second, receipt, "register", **named | {"officer_id": second.id}) == ""


def test_a_village_cadres_relative_is_marked_and_kept_from_nobody(ctx: Context) -> None:
    officer, head = people(ctx, DAWAN, Role.OFFICER)[0], people(ctx, DAWAN, Role.HEAD)[0]
    receipt = new_case(ctx)
    said = Said("王秀英", "spouse", "", "蒙支书", "450799101200")
    with ctx.db.begin() as session, pytest.raises(NotAllowed):
        kindeclaring.declare(ctx, session, officer, said, for_cadre=True)
    with ctx.db.begin() as session:
        kindeclaring.declare(ctx, session, head, said, for_cadre=True)
    assert certainties(ctx, receipt) == [POSSIBLE]
    assert seen(ctx, officer, receipt) == ALL


def test_a_new_case_rings_at_everyone_but_the_one_concerned(ctx: Context) -> None:
    first = people(ctx, DAWAN, Role.OFFICER)[0]
    declare(ctx, first)
    new_case(ctx)
    with ctx.db.begin() as session:
        session.add(
            Push(
                key="danger", occasion=Occasion.STAFF_ALARM, township=DAWAN, details={},
                case_id=session.scalars(select(Case.id)).first(), state=PushState.PENDING,
                next_try_at=ctx.now(), created_at=ctx.now(), expires_at=ctx.now(),
            )
        )
        session.flush()
        expand(ctx, session, 10)
    with ctx.db.read() as session:
        told = session.execute(
            select(Push.person_id, Push.occasion).where(Push.person_id.is_not(None))
        ).all()
    new = [person for person, occasion in told if occasion == Occasion.STAFF_NEW_CASE]
    assert len(new) == 2
    assert first.person_id not in new
    assert (first.person_id, Occasion.STAFF_ALARM) in told


def test_where_nobody_else_serves_the_county_is_told(ctx: Context) -> None:
    county = people(ctx, COUNTY, Role.COUNTY)[0]
    for role in (Role.OFFICER, Role.HEAD):
        for member in people(ctx, DAWAN, role):
            declare(ctx, member)
    new_case(ctx)
    with ctx.db.begin() as session:
        expand(ctx, session, 10)
    with ctx.db.read() as session:
        query = select(Push.person_id).where(Push.occasion == Occasion.STAFF_NEW_CASE)
        bound = {one.person_id for one in people(ctx, COUNTY, Role.COUNTY)}
        assert {*session.scalars(query)} == {None, *bound}
        assert county.person_id in bound
