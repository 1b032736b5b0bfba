"""What is put forward goes on a list drawn from its cases, and waits until that has hung."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models import casework, concernwork, listed, noticedrafts, noticesigning, passing, raising
from models.concerns import About, Concern, Kind, Outcome, Turn
from models.publishing import Row, State, Version
from models.raising import Concerned
from models.statuses import Role, Status
from models.steps import MoveRefused, Step
from notices import proposing
from tests.models.helped import DAWAN, QINGSHI, VILLAGES, Ground, ground, money
from tests.models.visits import visit_for

DAWAN_VILLAGE = VILLAGES[DAWAN]


@pytest.fixture
def here(database: str, tmp_path: Path) -> Iterator[Ground]:
    made = ground(database, tmp_path)
    yield made
    made.ctx.db.close()


def waiting(here: Ground, area: str = DAWAN) -> list[tuple[str, str, int]]:
    with here.ctx.db.read() as session:
        found = listed.unlisted(session, here.staff(Role.OFFICER, area))
    return [(one.area, one.scheme, one.count) for one in found]


def drawn(here: Ground, scheme: str = "dibao", **more: Any) -> Any:
    wanted = proposing.wanted_of(DAWAN_VILLAGE, "proposed", scheme)
    return here.do(proposing.draw, more.get("staff", here.staff(Role.OFFICER)), wanted)


def published(here: Ground) -> Version:
    version, *_ = drawn(here)
    here.do(noticedrafts.ask, here.staff(Role.OFFICER), version.id)
    signed: Version = here.do(noticesigning.sign, here.staff(Role.HEAD), version.id)
    return signed


def posted(here: Ground, *receipts: str) -> None:
    for receipt in receipts:
        with here.ctx.db.begin() as session:
            visit_for(here.ctx, session, receipt, "conclude")


def statuses(here: Ground, *receipts: str) -> list[str]:
    return [here.case(receipt).status for receipt in receipts]


def a_day(here: Ground, days: int = 1) -> None:
    """The worker's round on each of the days."""
    for _ in range(days):
        here.later(1)
        noticesigning.turn(here.ctx)
        passing.pass_time(here.ctx)


def test_a_list_is_drawn_and_its_cases_go_on_when_it_has_hung(here: Ground) -> None:
    first, second = here.proposed("王秀英"), here.proposed("李桂花", "820.00")
    posted(here, first, second)
    assert waiting(here) == [(DAWAN_VILLAGE, "dibao", 2)]
    # The list goes up three days after the paper, and the cases wait for it.
    a_day(here, 3)
    version = published(here)
    assert waiting(here) == []
    assert version.title == "大湾镇大湾村最低生活保障拟给予救助公示"
    with here.ctx.db.read() as session:
        query = select(Row).where(Row.version_id == version.id).order_by(Row.line)
        rows = session.scalars(query).all()
        assert [(row.shown["name"], row.shown["amount"], row.shown["members"]) for row in rows] == [
            ("王秀英", "410", "2"), ("李桂花", "820", "2"),
        ]
    assert version.last_day is not None
    days = (version.last_day - here.ctx.today()).days
    a_day(here, days)
    assert statuses(here, first, second) == [Status.PROPOSED] * 2
    officer = here.staff(Role.OFFICER)
    step = Step("conclude", here.case(first).version)
    assert here.refused(casework.make_move, officer, first, step) == listed.HANGS
    a_day(here)
    assert statuses(here, first, second) == [Status.DECIDING] * 2
    with here.ctx.db.read() as session:
        assert session.get_one(Version, version.id).state == State.ENDED


def test_only_the_household_objected_to_waits(here: Ground) -> None:
    first, second = here.proposed("王秀英"), here.proposed("李桂花")
    posted(here, first, second)
    version = published(here)
    objection = Concerned(
        Kind.ROW, About.TOWNSHIP, DAWAN_VILLAGE, "他家有楼房", once=raising.new_once(),
        version_id=version.id, line=1,
    )
    here.do(raising.raise_, objection)
    a_day(here, 12)
    assert statuses(here, first, second) == [Status.PROPOSED, Status.DECIDING]
    officer, step = here.staff(Role.OFFICER), Step("conclude", here.case(first).version)
    assert here.refused(casework.make_move, officer, first, step) == listed.OBJECTED
    with here.ctx.db.read() as session:
        assert session.get_one(Version, version.id).state == State.LIVE
        number = session.scalars(select(Concern.id)).one()
    here.do(
        concernwork.add, here.county, number, Turn.ANSWER, "核实过了，房子是亲戚的",
        raising.new_once(), Outcome.NOTHING,
    )
    a_day(here)
    assert statuses(here, first) == [Status.DECIDING]


def test_without_a_list_the_paper_is_enough_as_before(here: Ground) -> None:
    receipt = here.proposed()
    posted(here, receipt)
    a_day(here, 12)
    assert statuses(here, receipt) == [Status.DECIDING]
    assert waiting(here) == []


def test_a_draft_holds_nobody_up_and_is_on_the_way(here: Ground) -> None:
    receipt = here.proposed()
    posted(here, receipt)
    version, *_ = drawn(here)
    assert waiting(here) == []
    a_day(here, 12)
    assert statuses(here, receipt) == [Status.DECIDING]
    here.do(noticedrafts.drop, here.staff(Role.OFFICER), version.id)


def test_what_is_put_forward_anew_needs_a_new_list(here: Ground) -> None:
    receipt, officer = here.proposed(), here.staff(Role.OFFICER)
    posted(here, receipt)
    published(here)
    here.move(receipt, officer, "uphold", reason="房子的事要再看")
    assert waiting(here) == []
    here.clock.advance(timedelta(hours=1))
    here.move(receipt, officer, "propose", grant=money("300.00"))
    assert waiting(here) == [(DAWAN_VILLAGE, "dibao", 1)]


def test_each_sees_their_own_area_and_nobody_draws_what_is_not_there(here: Ground) -> None:
    here.proposed()
    assert waiting(here, QINGSHI) == []
    with pytest.raises(MoveRefused):
        drawn(here, staff=here.staff(Role.OFFICER, QINGSHI))
    with pytest.raises(MoveRefused):
        drawn(here, "tekun")


def test_what_may_not_be_shown_is_said_and_nothing_is_kept(here: Ground) -> None:
    here.proposed("王秀英17000005678")
    version, drawing, _ = drawn(here)
    assert version is None
    assert drawing.problems
    assert "17000005678" not in "".join(drawing.problems)
    with here.ctx.db.read() as session:
        assert session.scalars(select(Version)).all() == []
    assert waiting(here) == [(DAWAN_VILLAGE, "dibao", 1)]
