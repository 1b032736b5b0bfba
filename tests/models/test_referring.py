"""Referrals on both databases: each with its own clock, and of two at once only one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest

from models import departments, referralwork
from models.cases import Case
from models.casework import make_move
from models.context import Context
from models.departments import Department
from models.people import Staff
from models.policy import StaffView
from models.referrals import Referral, State, of_case
from models.rules import Rule
from models.statuses import Role, Status
from models.steps import MoveRefused, Step
from tests.models.test_casework import DAWAN, make_context, new_case, officer_of, staff
from webhooks.demo.county import COUNTY


@pytest.fixture
def ctx(database: str, tmp_path: Path) -> Iterator[Context]:
    made = make_context(database, tmp_path)
    with made.db.begin() as session:
        departments.fill_in(made, session, COUNTY)
    unit = number(made, "教育局")
    with made.db.begin() as session:
        for name in ("甲", "乙"):
            session.add(
                Staff(
                    name=name, name_key=made.keys.lookup("name", name), role=Role.DEPARTMENT,
                    area=COUNTY, unit="教育局", department_id=unit,
                    created_at=made.now(),
                )
            )
    yield made
    made.db.close()


def number(ctx: Context, name: str) -> int:
    with ctx.db.read() as session:
        return session.query(Department).filter_by(area=COUNTY, name=name).one().id


def liaisons(ctx: Context) -> list[StaffView]:
    with ctx.db.read() as session:
        found = session.query(Staff).filter_by(role=Role.DEPARTMENT).order_by(Staff.id)
        return [
            StaffView(one.id, one.name, Role.DEPARTMENT, one.area, one.unit, None,
                      one.department_id)
            for one in found
        ]


def case_of(ctx: Context, receipt: str) -> Case:
    with ctx.db.read() as session:
        return session.query(Case).filter_by(receipt=receipt).one()


def referrals(ctx: Context, receipt: str) -> list[Referral]:
    with ctx.db.read() as session:
        return list(of_case(session, case_of(ctx, receipt).id))


def referred(ctx: Context, *names: str) -> str:
    """A registered case that was referred to these departments."""
    receipt = new_case(ctx)
    officer = staff(ctx, Role.OFFICER)
    for step in (
        Step("register", 1, unit="民政办", officer_id=officer_of(ctx, DAWAN)),
        Step("refer", 2, words="请办", departments=tuple(str(number(ctx, n)) for n in names)),
    ):
        with ctx.db.begin() as session:
            make_move(ctx, session, officer, receipt, step)
    return receipt


def test_the_directory_is_filled_in_once(ctx: Context) -> None:
    with ctx.db.begin() as session:
        assert departments.fill_in(ctx, session, COUNTY) == 0
    with ctx.db.read() as session:
        assert len(departments.of_county(session, COUNTY)) == len(departments.shipped())


def test_each_referral_runs_on_the_countys_length(ctx: Context) -> None:
    with ctx.db.begin() as session:
        session.add(
            Rule(
                area=COUNTY, key="deadlines.referral",
                value='{"days": 2, "unit": "working_days"}', basis="县里定的",
                from_=date(2026, 7, 1), created_at=ctx.now(),
            )
        )
    ctx.directory.forget()
    one, two = referrals(ctx, referred(ctx, "教育局", "住房城乡建设局"))
    # From Tuesday 24 November.
    assert [(row.due_on, row.basis) for row in (one, two)] == [(date(2026, 11, 26), "县里定的")] * 2


def test_the_words_are_sealed(ctx: Context) -> None:
    from sqlalchemy import text

    referred(ctx, "教育局")
    with ctx.db.read() as session:
        raw = session.execute(text("SELECT asked FROM referrals")).scalar_one()
    assert "请办".encode() not in bytes(raw)


def test_of_two_liaisons_at_once_one_settles_it(ctx: Context) -> None:
    receipt = referred(ctx, "教育局")
    one, = referrals(ctx, receipt)
    start, (first, second) = Barrier(2), liaisons(ctx)

    def answer() -> str:
        start.wait()
        with ctx.db.begin() as session:
            referralwork.answer(ctx, session, first, one.id, one.version, "免了")
        return "answered"

    def back() -> str:
        start.wait()
        with ctx.db.begin() as session:
            referralwork.hand_back(ctx, session, second, one.id, one.version, "不归我们")
        return "handed_back"

    made, refused = [], []
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(answer), pool.submit(back)]:
            try:
                made.append(future.result())
            except MoveRefused as late:
                refused.append(late.reason)
    now, = referrals(ctx, receipt)
    assert (made, refused) == ([now.state], [referralwork.MOVED_ON])
    assert (now.answer is None) == (now.state == State.HANDED_BACK)


def test_recalled_and_answered_at_once_only_one_happens(ctx: Context) -> None:
    receipt = referred(ctx, "教育局")
    one, = referrals(ctx, receipt)
    version = case_of(ctx, receipt).version
    start, liaison = Barrier(2), liaisons(ctx)[0]
    officer = staff(ctx, Role.OFFICER)

    def answer() -> None:
        start.wait()
        with ctx.db.begin() as session:
            referralwork.answer(ctx, session, liaison, one.id, one.version, "免了")

    def recall() -> None:
        start.wait()
        with ctx.db.begin() as session:
            referralwork.recall(ctx, session, officer, receipt, version, one.id)

    refused = 0
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(answer), pool.submit(recall)]:
            try:
                future.result()
            except (MoveRefused, LookupError):
                refused += 1
    now, = referrals(ctx, receipt)
    assert refused == 1
    assert now.state in (State.ANSWERED, State.CALLED_OFF)


def test_one_hands_back_one_answers_and_the_case_comes_back(ctx: Context) -> None:
    receipt = referred(ctx, "教育局", "住房城乡建设局")
    one, two = referrals(ctx, receipt)
    liaison = liaisons(ctx)[0]
    with pytest.raises(LookupError), ctx.db.begin() as session:
        referralwork.take(ctx, session, liaison, two.id, two.version)
    with ctx.db.begin() as session:
        referralwork.hand_back(ctx, session, liaison, one.id, one.version, "不归我们")
    officer = staff(ctx, Role.OFFICER)
    step = Step("register", case_of(ctx, receipt).version, unit="x", officer_id=officer.id)
    with pytest.raises(MoveRefused), ctx.db.begin() as session:
        make_move(ctx, session, officer, receipt, step)
    with ctx.db.begin() as session:
        referralwork.recall(ctx, session, officer, receipt, step.version, two.id)
    step = Step(
        "register", case_of(ctx, receipt).version, unit="民政办", officer_id=officer_of(ctx, DAWAN)
    )
    with ctx.db.begin() as session:
        make_move(ctx, session, officer, receipt, step)
    assert case_of(ctx, receipt).status == Status.REGISTERED


def test_a_liaison_reaches_no_case(ctx: Context) -> None:
    from models import casequeries
    from models.casework import locked_case

    receipt = referred(ctx, "教育局")
    liaison = liaisons(ctx)[0]
    with ctx.db.begin() as session:
        assert casequeries.find(session, liaison, receipt) is None
        with pytest.raises(LookupError):
            locked_case(session, liaison, receipt)
