"""特困 help ends only after it hung in public that it will (43号 art. 26)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models import casework, hearingwork, tasks
from models.cases import Case
from models.guards import NOT_POSTED, POSTED_LATE
from models.statuses import Role, Status
from models.steps import Step
from models.tasks import TaskKind
from tests.models.helped import Ground, ground, money
from tests.models.visits import visit_for


@pytest.fixture
def here(database: str, tmp_path: Path) -> Iterator[Ground]:
    made = ground(database, tmp_path)
    yield made
    made.ctx.db.close()


def cared_for(here: Ground) -> str:
    """Someone who gets 特困 help and was heard about its end."""
    receipt, officer = here.registered(), here.staff(Role.OFFICER)
    here.cared_for(receipt)
    here.do(
        hearingwork.record, officer, receipt, here.case(receipt).version, move="stop",
        how="visit", words="我还没好，干不了重活",
    )
    return receipt


def put_forward(here: Ground, receipt: str) -> None:
    here.forward(receipt, here.staff(Role.OFFICER), "stop", words="去城里跟儿子过了")


def stop(here: Ground, receipt: str) -> str:
    step = Step("stop", here.case(receipt).version, words="去城里跟儿子过了")
    return here.refused(casework.make_move, here.county, receipt, step)


def papers(here: Ground, case: Case) -> list[str]:
    with here.ctx.db.read() as session:
        return [
            task.state for task in tasks.of_case(session, case.id)
            if task.kind == TaskKind.POSTING
        ]


def post(here: Ground, receipt: str) -> None:
    with here.ctx.db.begin() as session:
        visit_for(here.ctx, session, receipt, "conclude")


def test_the_paper_hangs_its_days_before_help_ends(here: Ground) -> None:
    receipt = cared_for(here)
    before = papers(here, here.case(receipt))
    put_forward(here, receipt)
    assert papers(here, here.case(receipt)) == [*before, "open"]
    with here.ctx.db.read() as session:
        paper = tasks.of_case(session, here.case(receipt).id)[-1]
    assert (paper.due_on, "第二十六条" in paper.due_basis) == (here.ctx.today(), True)
    assert stop(here, receipt) == NOT_POSTED
    post(here, receipt)
    for days in (0, 6, 1):
        here.later(days)
        assert stop(here, receipt) == POSTED_LATE
    here.later(1)
    here.move(receipt, here.county, "stop", words="去城里跟儿子过了")
    assert here.case(receipt).status == Status.ENDED


def test_what_is_sent_back_is_not_to_be_put_up_and_hangs_anew_next_time(here: Ground) -> None:
    receipt = cared_for(here)
    put_forward(here, receipt)
    here.do(
        casework.send_back_proposal, here.county, receipt, here.case(receipt).version, "再看看"
    )
    assert papers(here, here.case(receipt))[-1] == "dropped"
    put_forward(here, receipt)
    assert stop(here, receipt) == NOT_POSTED, "the old notice of the grant is another paper"


def test_another_proposal_takes_the_paper_back(here: Ground) -> None:
    receipt = cared_for(here)
    put_forward(here, receipt)
    here.forward(
        receipt, here.staff(Role.OFFICER), "adjust", grant=money("950.00"), words="又病了",
        from_on=here.ctx.today(),
    )
    assert papers(here, here.case(receipt))[-1] == "dropped"


def test_others_end_without_a_paper(here: Ground) -> None:
    receipt = here.helped()
    here.do(
        hearingwork.record, here.staff(Role.OFFICER), receipt, here.case(receipt).version,
        move="stop", how="visit", words="不用了",
    )
    put_forward(here, receipt)
    assert papers(here, here.case(receipt)) == []
    here.move(receipt, here.county, "stop", words="去城里跟儿子过了")


