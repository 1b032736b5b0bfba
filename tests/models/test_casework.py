"""What people do with a case: by the table alone, whoever asks and in whatever order."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, update

from models import residentwork
from models.audit import AuditEntry
from models.cases import Case, CaseEvent
from models.casework import OUT_OF_ORDER, STALE, make_move
from models.context import Context
from models.moves import MOVES, Clocks
from models.outgoing import Occasion
from models.people import Staff
from models.policy import NotAllowed, StaffView
from models.pushes import Push
from models.receipts import ReceiptKind, read_receipt
from models.speaking import known_person
from models.statuses import Role, Status
from models.steps import Grant, MoveRefused, Step
from models.submitting import Application, submit
from tests.models.county import county
from tests.service import Clock
from webhooks.demo.county import COUNTY

DAWAN, VILLAGE, QINGSHI = "450799101000", "450799101200", "450799102000"
numbers = itertools.count()


def make_context(url: str, folder: Path) -> Context:
    return county(url, folder)[0]


@pytest.fixture(scope="module")
def ctx() -> Iterator[Context]:
    """One county on SQLite for the whole file; every test makes its own cases."""
    with tempfile.TemporaryDirectory() as folder:
        made = make_context(f"sqlite:///{folder}/x.sqlite3", Path(folder))
        yield made
        made.db.close()


@pytest.fixture
def either(database: str, tmp_path: Path) -> Iterator[Context]:
    made = make_context(database, tmp_path)
    yield made
    made.db.close()


def application(ctx: Context, person_id: int, **changes: Any) -> Application:
    made = Application(
        account="county", person_id=person_id, bundle=f"{next(numbers):032x}", name="王秀英",
        phone="17000005678", urgent=False, living=VILLAGE, home=VILLAGE, incident=None,
        on_behalf=False, scheme=None, consent_version="1:both", answers={"what": "房子漏了"},
    )
    return replace(made, **changes)


def new_case(ctx: Context, **changes: Any) -> str:
    with ctx.db.begin() as session:
        person_id = known_person(ctx, session, "county", "o-test")
        return submit(ctx, session, application(ctx, person_id, **changes)).receipt


def staff(ctx: Context, role: Role, area: str = DAWAN) -> StaffView:
    """Someone of this role whose area covers the case, real enough to be written down."""
    with ctx.db.read() as session:
        known = session.scalars(select(Staff.id).order_by(Staff.id)).first()
    assert known is not None
    return StaffView(known, "x", role, area, "", None)


def officer_of(ctx: Context, area: str, role: Role = Role.OFFICER) -> int:
    with ctx.db.read() as session:
        found = session.scalars(select(Staff.id).where(Staff.area == area, Staff.role == role))
        number = found.first()
    assert number is not None
    return number


def step(ctx: Context, move: str, version: int, **changes: Any) -> Step:
    """A step with everything that any move needs."""
    made = Step(
        move, version, unit="民政办", officer_id=officer_of(ctx, DAWAN), missing=("户口本",),
        words="请找学校", reason="不办了", scheme="dibao",
    )
    return replace(made, **changes)


def standing(ctx: Context, receipt: str) -> tuple[str, int, int, int]:
    """Status, version, how many events and how many pushes."""
    with ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        events = session.scalar(
            select(func.count()).select_from(CaseEvent).where(CaseEvent.case_id == case.id)
        )
        pushes = session.scalar(
            select(func.count()).select_from(Push).where(Push.case_id == case.id)
        )
        return case.status, case.version, events or 0, pushes or 0


def put(ctx: Context, receipt: str, status: Status) -> None:
    with ctx.db.begin() as session:
        session.execute(update(Case).where(Case.receipt == receipt).values(status=status))


def try_move(ctx: Context, who: StaffView, receipt: str, made: Step) -> str:
    """What came of it: ok, or why not."""
    try:
        with ctx.db.begin() as session:
            make_move(ctx, session, who, receipt, made)
    except MoveRefused as refused:
        return {STALE: "stale", OUT_OF_ORDER: "out of order"}.get(refused.reason, refused.field)
    except NotAllowed:
        return "not allowed"
    except LookupError:
        return "unknown"
    return "ok"


def test_no_role_makes_a_move_of_another_and_none_from_elsewhere(ctx: Context) -> None:
    receipt, people = new_case(ctx), {role: staff(ctx, role) for role in Role}
    for status in Status:
        put(ctx, receipt, status)
        before = standing(ctx, receipt)
        for move, role in itertools.product([*MOVES, "no such"], Role):
            line = MOVES.get(move)
            if line is not None and role in line.roles and status in line.from_:
                continue  # whether it then may be made: tests/models/test_walk.py
            came = try_move(ctx, people[role], receipt, step(ctx, move, before[1]))
            wrong = line is None or role not in line.roles
            if role is Role.DEPARTMENT:
                assert came == "unknown", "for a liaison there are no cases"
            else:
                assert came == ("not allowed" if wrong else "out of order")
            assert standing(ctx, receipt) == before, (move, status, role)


@pytest.mark.parametrize(("move", "status", "missing"), [
    ("register", Status.SUBMITTED, "unit"), ("register", Status.SUBMITTED, "officer_id"),
    ("return", Status.REGISTERED, "missing"), ("answer", Status.SUBMITTED, "words"),
    ("withdraw", Status.SUBMITTED, "reason"),
])
def test_a_move_without_what_it_needs_is_refused(
    ctx: Context, move: str, status: Status, missing: str
) -> None:
    receipt = new_case(ctx)
    put(ctx, receipt, status)
    empty: dict[str, Any] = {"officer_id": None, "missing": (" ", "")}
    made = step(ctx, move, 1, **{missing: empty.get(missing, "  ")})
    before = standing(ctx, receipt)
    came = try_move(ctx, staff(ctx, Role.OFFICER), receipt, made)
    assert came == missing.removesuffix("_id")
    assert standing(ctx, receipt) == before


@pytest.mark.parametrize("who", ["of another township", "head", "county", "nobody", "gone"])
def test_the_responsible_person_works_in_the_township(ctx: Context, who: str) -> None:
    receipt = new_case(ctx)
    chosen = {
        "of another township": lambda: officer_of(ctx, QINGSHI),
        "head": lambda: officer_of(ctx, DAWAN, Role.HEAD),
        "county": lambda: officer_of(ctx, COUNTY, Role.COUNTY),
        "nobody": lambda: 99_999,
        "gone": lambda: officer_of(ctx, DAWAN),
    }[who]()
    if who == "gone":
        with ctx.db.begin() as session:
            session.execute(update(Staff).where(Staff.id == chosen).values(left_at=ctx.now()))
    made = step(ctx, "register", 1, officer_id=chosen)
    came = try_move(ctx, staff(ctx, Role.HEAD), receipt, made)
    with ctx.db.begin() as session:
        session.execute(update(Staff).values(left_at=None))
    assert came == ("ok" if who == "head" else "officer")


@pytest.mark.parametrize(("move", "status", "field", "value"), [
    ("answer", Status.SUBMITTED, "words", "字" * 501),
    ("withdraw", Status.SUBMITTED, "reason", "字" * 501),
    ("return", Status.REGISTERED, "missing", ("字" * 501,)),
    ("register", Status.SUBMITTED, "unit", "字" * 61),
    ("register", Status.SUBMITTED, "internal", "字" * 5001),
])
def test_words_too_long_are_refused_not_lost(
    either: Context, move: str, status: Status, field: str, value: object
) -> None:
    receipt = new_case(either)
    put(either, receipt, status)
    made = step(either, move, 1, **{field: value})
    before = standing(either, receipt)
    assert try_move(either, staff(either, Role.OFFICER), receipt, made) == field
    assert standing(either, receipt) == before


def test_words_that_a_move_does_not_need_do_no_harm(ctx: Context) -> None:
    receipt = new_case(ctx)
    put(ctx, receipt, Status.REGISTERED)
    made = step(ctx, "accept", 1, words="字" * 501)
    assert try_move(ctx, staff(ctx, Role.OFFICER), receipt, made) in ("ok", "words")


def test_each_move_starts_its_clock_with_its_clause(ctx: Context) -> None:
    receipt = new_case(ctx)
    who = staff(ctx, Role.OFFICER)

    def clock() -> tuple[str | None, date | None, str]:
        with ctx.db.read() as session:
            case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
            return case.clock, case.due_on, case.due_basis

    def promised() -> tuple[date | None, str]:
        with ctx.db.read() as session:
            case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
            return case.answer_on, case.answer_basis

    visit = "民发〔2021〕57号第十五条：受理后3个工作日内启动调查"
    # From Tuesday, 24 November 2026: 3, 5 and 20 working days.
    assert clock() == (Clocks.REGISTRATION, date(2026, 11, 27), "test")
    assert try_move(ctx, who, receipt, step(ctx, "register", 1)) == "ok"
    assert clock() == (Clocks.ACCEPTANCE, date(2026, 12, 1), "test")
    assert try_move(ctx, who, receipt, step(ctx, "return", 2)) == "ok"
    assert clock() == (None, None, "")
    assert try_move(ctx, who, receipt, step(ctx, "accept", 3)) == "ok"
    # The visit comes first; the person is promised the decision.
    assert clock() == (Clocks.SURVEY, date(2026, 11, 27), visit)
    assert promised() == (date(2026, 12, 22), "民发〔2021〕57号")
    assert try_move(ctx, who, receipt, step(ctx, "withdraw", 4)) == "ok"
    assert clock() == (None, None, "")


def test_what_cannot_wait_has_a_shorter_clock_where_it_happened(ctx: Context) -> None:
    receipt = new_case(ctx, urgent=True, home=VILLAGE, incident="450799102200", living=None)
    with ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        assert (case.township, case.county) == (QINGSHI, COUNTY)
        assert (case.clock, case.due_on) == (Clocks.URGENT_REGISTRATION, date(2026, 11, 25))


def test_a_report_without_a_place_is_not_dropped(ctx: Context) -> None:
    receipt = new_case(ctx, living=None, home=None)
    with ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        assert case.county == COUNTY
        assert case.township


def test_a_receipt_that_is_taken_is_drawn_again(either: Context) -> None:
    drawn = iter([7, 7, 7, 8, 8, 9])
    stuck = replace(either, random_below=lambda _: next(drawn))
    receipts = [new_case(stuck) for _ in range(3)]
    assert len(set(receipts)) == 3
    assert [receipt[5:11] for receipt in receipts] == ["000007", "000008", "000009"]
    assert all(read_receipt(r).kind is ReceiptKind.VALID for r in receipts)


def test_many_at_once_have_receipts_of_their_own(either: Context) -> None:
    drawn = itertools.cycle(range(12))
    narrow = replace(either, random_below=lambda _: next(drawn))
    with either.db.begin() as session:
        known_person(either, session, "county", "o-test")
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda _: new_case(narrow), range(12)))
    assert len(set(receipts)) == 12


@pytest.mark.postgres
def test_a_new_openid_is_one_person_also_when_two_pages_come_at_once(
    postgres: Callable[[], str], tmp_path: Path
) -> None:
    made = make_context(postgres(), tmp_path)
    both = Barrier(2)

    def work(_: int) -> int:
        with made.db.begin() as session:
            session.execute(select(1))
            both.wait(10)
            return known_person(made, session, "county", "o-new")

    try:
        with ThreadPoolExecutor(2) as pool:
            assert len(set(pool.map(work, range(2)))) == 1
    finally:
        made.db.close()


def test_a_bundle_handed_in_twice_is_one_case(ctx: Context) -> None:
    bundle = f"{next(numbers):032x}"
    assert new_case(ctx, bundle=bundle) == new_case(ctx, bundle=bundle)


def test_of_two_officers_at_once_one_wins_and_the_other_is_told(either: Context) -> None:
    receipt = new_case(either)

    def work(move: str) -> str:
        return try_move(either, staff(either, Role.OFFICER), receipt, step(either, move, 1))

    with ThreadPoolExecutor(2) as pool:
        came = list(pool.map(work, ["register", "answer"]))
    assert sorted(came) == ["ok", "stale"]
    status, version, events, _ = standing(either, receipt)
    assert (version, events) == (2, 2)
    assert status in (Status.REGISTERED, Status.ANSWERED)


def test_a_move_tells_the_applicant_in_the_same_transaction(ctx: Context) -> None:
    receipt = new_case(ctx)
    who = staff(ctx, Role.OFFICER)

    class Broken(Exception):
        pass

    before = standing(ctx, receipt)
    def broken_off() -> None:
        with ctx.db.begin() as session:
            make_move(ctx, session, who, receipt, step(ctx, "register", 1))
            session.flush()
            raise Broken

    with pytest.raises(Broken):
        broken_off()
    assert standing(ctx, receipt) == before, "nothing of it happened"
    assert try_move(ctx, who, receipt, step(ctx, "register", 1, internal="只给同事看")) == "ok"
    with ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        event = session.scalars(
            select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == "register")
        ).one()
        push = session.scalars(select(Push).where(Push.event_id == event.id)).one()
        assert (push.occasion, push.person_id) == (Occasion.CASE_MOVED, case.person_id)
        assert "只给同事看" not in str(push.details)
        assert event.internal == "只给同事看"
        assert (case.unit, case.officer_id) == ("民政办", officer_of(ctx, DAWAN))
        logged = session.scalars(
            select(AuditEntry).where(
                AuditEntry.action == "case.register", AuditEntry.target_id == case.id
            )
        ).one()
        assert logged.staff_id == who.id


def test_a_resident_asks_for_their_own_open_case_back(ctx: Context) -> None:
    receipt = new_case(ctx)
    with ctx.db.begin() as session:
        owner = known_person(ctx, session, "county", "o-test")
        other = known_person(ctx, session, "county", "o-other")
        assert not residentwork.ask_withdrawal(ctx, session, other, receipt)
        assert residentwork.ask_withdrawal(ctx, session, owner, receipt)
        assert not residentwork.ask_withdrawal(ctx, session, owner, "2611-000000-00")
    assert standing(ctx, receipt)[0] == Status.SUBMITTED, "staff withdraw it, not the wish"
    put(ctx, receipt, Status.WITHDRAWN)
    with ctx.db.begin() as session:
        assert not residentwork.ask_withdrawal(ctx, session, owner, receipt)


def test_a_receipt_carries_the_month_of_the_county_s_clock(ctx: Context) -> None:
    clock = ctx.clock
    assert isinstance(clock, Clock)
    before = clock.at
    try:
        # Half past four in the afternoon of 31 December in London is 1 January in Shanghai.
        clock.at = before.replace(month=12, day=31, hour=16, minute=30)
        assert new_case(ctx).startswith("2701-")
        clock.at -= timedelta(hours=1)
        assert new_case(ctx).startswith("2612-")
    finally:
        clock.at = before


@pytest.mark.parametrize(("move", "scheme"), [("forward", "child"), ("grant_urgent", "temporary")])
def test_a_scheme_that_is_only_named_opens_no_other_way(
    ctx: Context, move: str, scheme: str
) -> None:
    """A form that says `child` does not get a case of 低保 past its public notice."""
    receipt = new_case(ctx, urgent=True, scheme="dibao")
    who = staff(ctx, Role.HEAD)
    assert try_move(ctx, who, receipt, step(ctx, "register", 1)) == "ok"
    assert try_move(ctx, who, receipt, step(ctx, "accept", 2)) == "ok"
    if move == "forward":
        assert try_move(ctx, who, receipt, step(ctx, "investigate", 3)) == "ok"
    version = standing(ctx, receipt)[1]
    grant = Grant("money", Decimal("300.00"))
    asked = step(ctx, move, version, scheme=scheme, grant=grant, skipped=("survey",))
    assert try_move(ctx, who, receipt, asked) == "out of order"


def test_help_at_once_names_its_scheme_where_there_is_none(ctx: Context) -> None:
    receipt = new_case(ctx, urgent=True)
    who = staff(ctx, Role.HEAD)
    assert try_move(ctx, who, receipt, step(ctx, "register", 1)) == "ok"
    grant = Grant("money", Decimal("2000.01"))
    asked = step(ctx, "grant_urgent", 2, scheme="temporary", grant=grant, skipped=("survey",))
    assert try_move(ctx, who, receipt, asked) == "not allowed", "above the township's limit"
    asked = replace(asked, grant=Grant("money", Decimal("2000.00")))
    assert try_move(ctx, who, receipt, asked) == "ok"
    with ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        assert (case.status, case.scheme) == (Status.GRANTED, "temporary")
