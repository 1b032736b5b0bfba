"""Random moves by random people: whatever they try, nothing that is forbidden comes to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models import hearingwork
from models.assistance import Assistance
from models.cases import Case
from models.casework import make_move, put_forward
from models.context import Context
from models.departments import Department, fill_in
from models.moves import MOVES
from models.paths import PATHS
from models.people import Staff
from models.policy import NotAllowed, StaffView
from models.statuses import CLOSED, Role, Status
from models.steps import Grant, MoveRefused, Step
from tests.models.test_casework import DAWAN, Clock, make_context, new_case
from tests.models.visits import visit_for
from webhooks.demo.county import COUNTY

ROLES = (Role.OFFICER, Role.OFFICER, Role.HEAD, Role.HEAD, Role.COUNTY, Role.DEPARTMENT)
AMOUNTS = ("0.01", "800.00", "2000.00", "2000.01", "90000.00")
SCHEMES = ("temporary", "dibao", "child", "education")
Try = tuple[int, int, str, bool, int]
tries = st.tuples(
    st.integers(0, len(ROLES) - 1), st.integers(0, 99_999), st.sampled_from(AMOUNTS),
    st.booleans(), st.integers(0, 9),
)


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    folder: Path = tmp_path_factory.mktemp("walk")
    made = make_context(f"sqlite:///{folder}/walk.sqlite3", folder)
    yield made
    made.db.close()


@dataclass
class Seen:
    """What the test itself keeps of the walk, to judge by."""

    proposer: int | None = None
    pending: str = ""
    amount: Decimal | None = None
    published: int = 0
    heard: set[str] = field(default_factory=set)


def people(ctx: Context) -> list[StaffView]:
    """Two officers, two heads, a county and a department, each somebody of their own."""
    with ctx.db.begin() as session:
        area = {Role.COUNTY: "450799000000"}
        found = []
        for number, role in enumerate(ROLES):
            name = f"walker {number}"
            member = session.scalars(
                select(Staff).where(Staff.name_key == ctx.keys.lookup("name", name))
            ).one_or_none()
            if member is None:
                member = Staff(
                    name=name, name_key=ctx.keys.lookup("name", name), role=role,
                    area=area.get(role, DAWAN), unit="", created_at=ctx.now(),
                )
                session.add(member)
                session.flush()
            found.append(StaffView(member.id, name, role, member.area, "", None))
    return found


def test_no_walk_does_what_is_forbidden_though_most_moves_are_made_in_some(ctx: Context) -> None:
    made: set[str] = set()

    @given(
        walk=st.lists(tries, min_size=30, max_size=70), urgent=st.booleans(),
        scheme=st.sampled_from(SCHEMES),
    )
    @settings(
        max_examples=14, deadline=None, derandomize=True, database=None,
        # A walk is read as it was walked.
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    def walks(walk: list[Try], urgent: bool, scheme: str) -> None:
        made.update(_walk(ctx, walk, urgent, scheme))

    walks()
    # Each by itself, with what it needs: tests/webhooks/desk/test_moves.py.
    assert len(made) >= len(MOVES) * 2 // 3, sorted(set(MOVES) - made)


def _walk(ctx: Context, walk: list[Try], urgent: bool, scheme: str) -> set[str]:
    """Walk; which moves were made."""
    staff, seen, made = people(ctx), Seen(), set()
    receipt, other = new_case(ctx, urgent=urgent, scheme=scheme), new_case(ctx)
    for who, wish, amount, forward, days in walk:
        clock = ctx.clock
        assert isinstance(clock, Clock)
        clock.at += timedelta(days=days)
        move = _wished(ctx, receipt, scheme, wish)
        person = staff[who]
        if wish % 3:
            # As people who know their work would; every third is anybody with anything.
            able = [one for one in staff if one.role in MOVES[move].roles] or staff
            person = next((one for one in able if one.id != seen.proposer), able[0])
            forward, amount = seen.pending != move, "800.00"
        if (days == 9 or wish % 3) and _hear(ctx, person, receipt, move):
            seen.heard.add(move)
        if _try(ctx, person, receipt, move, Decimal(amount), forward, seen, scheme, urgent, other):
            made.add(move)
    return made


def _wished(ctx: Context, receipt: str, scheme: str, wish: int) -> str:
    """Mostly a move that leads from here, and now and then any; merging seldom, for it ends it."""
    if wish % 13 == 0:
        return [*MOVES][wish // 300 % len(MOVES)]
    with ctx.db.read() as session:
        status = session.scalars(select(Case.status).where(Case.receipt == receipt)).one()
    ends = {"merge", "withdraw", "answer", "decline", "return", "refer"}
    near = [
        line.name for line in MOVES.values()
        if Status(status) in line.from_ and line.fits(PATHS[scheme])
        and (line.name not in ends or wish % 11 == 0)
    ]
    return near[wish // 300 % len(near)] if near else [*MOVES][wish // 300 % len(MOVES)]


def _hear(ctx: Context, staff: StaffView, receipt: str, move: str) -> bool:
    try:
        with ctx.db.begin() as session:
            version = session.scalars(select(Case.version).where(Case.receipt == receipt)).one()
            hearingwork.record(
                ctx, session, staff, receipt, version, move=move, how="visit", words="听说了",
            )
    except (MoveRefused, LookupError):
        return False
    return True


def _try(
    ctx: Context, staff: StaffView, receipt: str, move: str, amount: Decimal, forward: bool,
    seen: Seen, scheme: str, urgent: bool, other: str,
) -> bool:
    if amount != Decimal("90000.00"):
        with ctx.db.begin() as session:
            visit_for(ctx, session, receipt, move)
    with ctx.db.read() as session:
        before = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        status, version = Status(before.status), before.version
    step = Step(
        move, version, unit="民政办", officer_id=_officer(ctx), missing=("户口本",), words="缘由",
        reason="原因", scheme=scheme, grant=Grant("money", amount, "", True, 2),
        skipped=("survey",), from_on=ctx.today(), died_on=ctx.today(),
        departments=_departments(ctx), ground="facts", into=other,
    )
    put = forward and MOVES[move].second
    try:
        with ctx.db.begin() as session:
            (put_forward if put else make_move)(ctx, session, staff, receipt, step)
    except (MoveRefused, NotAllowed, LookupError):
        with ctx.db.read() as session:
            after = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        assert (after.status, after.version) == (status, version), "a refusal changes nothing"
        return False
    _judge(ctx, staff, status, move, put, amount, seen, scheme, urgent, receipt)
    return not put


def _judge(
    ctx: Context, staff: StaffView, before: Status, move: str, put: bool, amount: Decimal,
    seen: Seen, scheme: str, urgent: bool, receipt: str,
) -> None:
    """design.md §4 in the test's own words, of a move that was made."""
    line, path = MOVES[move], PATHS[scheme]
    assert before in line.from_
    assert before not in CLOSED or move == "reopen"
    assert staff.role is not Role.DEPARTMENT
    if put or move in ("propose", "forward", "propose_refusal"):
        seen.proposer, seen.pending = staff.id, move if put else ""
        seen.amount = amount if move in ("propose", "forward", "adjust") else None
    if move == "propose":
        assert path.noticed
        seen.published = 1
    if put:
        return
    if move in ("grant", "refuse", "decline", "adjust", "taper", "stop"):
        assert staff.role in (Role.HEAD, Role.COUNTY)
        assert staff.id != seen.proposer, "nobody decides what they put forward"
    if move == "grant":
        assert seen.published or not path.noticed
    if move in ("grant", "adjust") and staff.role is Role.HEAD:
        assert scheme != "child", "not delegated"
        assert scheme != "temporary" or (seen.amount or 0) <= Decimal("2000.00")
    if move == "grant_urgent":
        assert urgent
        assert scheme == "temporary"
        assert amount <= Decimal("2000.00")
    if move in ("taper", "stop"):
        assert move in seen.heard, "heard before help is reduced or stopped"
    if move in ("assist", "adjust", "taper", "stop", "grant", "grant_urgent"):
        seen.heard.clear()
    if move in ("assist", "finish"):
        assert path.regular == (move == "assist")
    with ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        given = session.scalars(select(Assistance).where(Assistance.case_id == case.id)).first()
        if Status(case.status) in (Status.GRANTED, Status.ASSISTED, Status.TAPERING):
            assert given is not None
            assert given.state in ("granted", "running", "tapering")
        elif Status(case.status) is Status.ENDED:
            assert given is not None
            assert given.state == "ended"


def _departments(ctx: Context) -> tuple[str, ...]:
    with ctx.db.begin() as session:
        fill_in(ctx, session, COUNTY)
        return (str(session.scalars(select(Department.id).order_by(Department.id)).first()),)


def _officer(ctx: Context) -> int:
    with ctx.db.read() as session:
        found = session.scalars(
            select(Staff.id).where(Staff.area == DAWAN, Staff.role == Role.OFFICER)
        ).first()
    assert found is not None
    return found
