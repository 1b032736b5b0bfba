"""Tasks of a case: opened and dropped by its moves, done with what the rules ask."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from models import findings, taskdoing, tasks, taskwork
from models.audit import AuditEntry
from models.cases import Attachment, Case, CaseEvent
from models.casework import STALE, make_move
from models.context import Context
from models.guards import NOT_SURVEYED, NOT_VERIFIED
from models.moves import MOVES
from models.policy import NotAllowed, StaffView
from models.statuses import EventKind, Role, Status
from models.steps import Grant, MoveRefused, Step
from models.tasks import Task, TaskKind
from tests.models.test_casework import (
    DAWAN,
    QINGSHI,
    new_case,
    officer_of,
)

SURVEY = {
    "on": "2026-11-24", "at": "14:30", "place": "大湾村家里", "others": "吴小兰",
    "lives": "他和老母亲", "opinion": "房子漏，要帮", "signed": "双方签了，原件在民政办",
}
ASKED = {"department": "人社局", "what": "有没有工资"}
ANSWERED = {"answered_on": "2026-11-24", "answer": "没有查到"}
numbers = itertools.count()


def officer(ctx: Context, role: Role = Role.OFFICER, area: str = DAWAN) -> StaffView:
    return StaffView(officer_of(ctx, DAWAN), "x", role, area, "", None)


def move(ctx: Context, receipt: str, name: str, **more: Any) -> Case:
    with ctx.db.begin() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        step = Step(name, case.version, **more)
        role = Role.OFFICER if Role.OFFICER in MOVES[name].roles else Role.HEAD
        return make_move(ctx, session, officer(ctx, role), receipt, step)


def investigated(ctx: Context, scheme: str = "dibao", consent: str = "both") -> str:
    """A case whose investigation has begun."""
    receipt = new_case(ctx, answers={"what": "房子漏了", "consent": consent})
    move(ctx, receipt, "register", unit="民政办", officer_id=officer_of(ctx, DAWAN))
    move(ctx, receipt, "accept", scheme=scheme)
    move(ctx, receipt, "investigate")
    return receipt


def of(ctx: Context, receipt: str) -> dict[str, Task]:
    """The case's tasks by kind, the newest of each."""
    with ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        return {task.kind: task for task in tasks.of_case(session, case.id)}


def do(ctx: Context, task: Task, given: dict[str, str], colleagues: tuple[int, ...] = ()) -> Task:
    with ctx.db.begin() as session:
        version = session.scalars(select(Task.version).where(Task.id == task.id)).one()
        return taskdoing.do(
            ctx, session, officer(ctx), task.id, version, given,
            colleagues or (officer_of(ctx, DAWAN),),
        )


def looked_into(ctx: Context, receipt: str) -> None:
    """The household was visited, and a department answered."""
    do(ctx, of(ctx, receipt)["survey"], SURVEY)
    for given in (ASKED, ANSWERED):
        do(ctx, of(ctx, receipt)["verification"], given)


def photo_of(ctx: Context, task: Task) -> None:
    with ctx.db.begin() as session:
        session.add(Attachment(
            bundle=task.bundle, person_id=None, account="county", kind="image", state="stored",
            created_at=ctx.now(),
        ))


def refused(ctx: Context, task: Task, given: dict[str, str]) -> str:
    """The field to mend."""
    with pytest.raises(MoveRefused) as wrong:
        do(ctx, task, given)
    return wrong.value.field


def test_the_investigation_opens_a_survey_and_a_check(ctx: Context) -> None:
    receipt = investigated(ctx)
    found = of(ctx, receipt)
    assert set(found) == {TaskKind.SURVEY, TaskKind.VERIFICATION}
    survey = found["survey"]
    assert survey.staff_id == officer_of(ctx, DAWAN)
    assert survey.due_on is not None
    assert "第十五条" in survey.due_basis
    assert found["verification"].due_basis


def test_a_scheme_without_a_survey_has_none(ctx: Context) -> None:
    assert of(ctx, investigated(ctx, "elderly")) == {}


def test_nothing_is_proposed_before_the_household_was_visited(ctx: Context) -> None:
    receipt = investigated(ctx)
    wanted: tuple[tuple[str, dict[str, Any]], ...] = (
        ("propose", {"grant": Grant("money")}), ("propose_refusal", {"words": "不合条件"}),
    )
    for name, more in wanted:
        with pytest.raises(MoveRefused) as wrong:
            move(ctx, receipt, name, **more)
        assert wrong.value.reason == NOT_SURVEYED
    do(ctx, of(ctx, receipt)["survey"], SURVEY)
    check = of(ctx, receipt)["verification"]
    for given in (None, ASKED, ANSWERED):
        if given:
            do(ctx, check, given)
        if given is not ANSWERED:
            for name, more in wanted:
                with pytest.raises(MoveRefused, match=NOT_VERIFIED):
                    move(ctx, receipt, name, **more)
    assert move(ctx, receipt, "propose_refusal", words="不合条件").status == Status.DECIDING


def test_who_was_helped_first_without_a_visit_may_go_on(ctx: Context) -> None:
    receipt = investigated(ctx, "temporary")
    with ctx.db.begin() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        assert not taskwork.surveyed(session, case)
        session.add(CaseEvent(
            case_id=case.id, at=ctx.now(), kind="grant_urgent", from_status=None,
            to_status="granted", details={"skipped": ["survey"]},
        ))
        session.flush()
        assert taskwork.surveyed(session, case)
        assert not taskwork.verified(session, case)


def test_a_survey_is_kept_sealed_and_stands_on_the_timeline(ctx: Context) -> None:
    task = do(ctx, of(ctx, investigated(ctx))["survey"], SURVEY)
    assert task.state == "done"
    assert task.place == "大湾村家里"
    assert task.findings["names"][1] == "吴小兰"
    with ctx.db.read() as session:
        kinds = session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == task.case_id))
        assert EventKind.TASK_DONE in set(kinds)
        entry = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action == "task.done", AuditEntry.target_id == task.id)
        ).one()
        assert entry.staff_id == officer(ctx).id
        column = Task.__table__.c.findings
        raw = session.connection().exec_driver_sql("SELECT findings FROM tasks").scalars().all()
        assert column.type.context == "tasks.findings"
        assert all("老母亲".encode() not in bytes(one) for one in raw)


@pytest.mark.parametrize(("change", "field"), [
    ({"others": ""}, "others"), ({"lives": ""}, "lives"), ({"opinion": " "}, "opinion"),
    ({"on": "2030-01-01"}, "on"), ({"on": "昨天"}, "on"), ({"signed": ""}, "photos"),
    ({"lives": "人" * 1001}, "lives"), ({"place": ""}, "place"),
])
def test_a_survey_lacks_something(ctx: Context, change: dict[str, str], field: str) -> None:
    task = of(ctx, investigated(ctx))["survey"]
    assert refused(ctx, task, SURVEY | change) == field


def test_a_photo_of_the_form_is_enough(ctx: Context) -> None:
    task = of(ctx, investigated(ctx))["survey"]
    photo_of(ctx, task)
    assert do(ctx, task, SURVEY | {"signed": ""}).state == "done"


def test_the_same_name_twice_is_one_person() -> None:
    assert findings.names(["李明"], "李明，李明") == ["李明"]
    assert findings.names(["李明"], "吴小兰、 马国平") == ["李明", "吴小兰", "马国平"]


def test_a_stale_page_and_a_second_click_change_nothing(ctx: Context) -> None:
    task = of(ctx, investigated(ctx))["survey"]
    with ctx.db.begin() as session, pytest.raises(MoveRefused, match=STALE):
        taskdoing.do(ctx, session, officer(ctx), task.id, task.version + 1, SURVEY, ())
    do(ctx, task, SURVEY)
    with pytest.raises(MoveRefused, match=taskdoing.DONE_ALREADY):
        do(ctx, task, SURVEY | {"lives": "别人"})
    assert of(ctx, session_receipt(ctx, task))["survey"].findings["lives"] == SURVEY["lives"]


def session_receipt(ctx: Context, task: Task) -> str:
    with ctx.db.read() as session:
        return session.scalars(select(Case.receipt).where(Case.id == task.case_id)).one()


def test_only_the_township_does_it(ctx: Context) -> None:
    task = of(ctx, investigated(ctx))["survey"]
    with ctx.db.begin() as session:
        away, above = officer(ctx, area=QINGSHI), officer(ctx, Role.COUNTY, "450799000000")
        with pytest.raises(LookupError):
            taskdoing.do(ctx, session, away, task.id, task.version, SURVEY)
        with pytest.raises(NotAllowed):
            taskdoing.do(ctx, session, above, task.id, task.version, SURVEY)


def test_a_check_asks_for_consent_first(ctx: Context) -> None:
    receipt = investigated(ctx, consent="process")
    task = of(ctx, receipt)["verification"]
    assert refused(ctx, task, {"department": "人社局", "what": "工资"}) == "agreed"
    do(ctx, task, {"agreed": "yes", "agreed_how": "当面签了授权书"})
    with ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        assert case.answers["consent"] == "both"
    do(ctx, task, {"department": "人社局", "what": "有没有工资"})
    found = of(ctx, receipt)["verification"]
    assert found.state == "open"
    assert found.findings["agreed_how"] == "当面签了授权书"


def test_without_consent_nothing_is_looked_into(ctx: Context) -> None:
    receipt = investigated(ctx, consent="process")
    do(ctx, of(ctx, receipt)["verification"], {"agreed": "no", "agreed_how": "打电话问的"})
    assert of(ctx, receipt)["verification"].state == "dropped"
    do(ctx, of(ctx, receipt)["survey"], SURVEY)
    assert move(ctx, receipt, "propose", grant=Grant("money", Decimal(500))).id


def test_a_check_is_asked_of_one_department_and_answered(ctx: Context) -> None:
    receipt = investigated(ctx)
    task = of(ctx, receipt)["verification"]
    asked = ASKED
    assert refused(ctx, task, asked | {"kin": "王小明"}) == "kin"
    do(ctx, task, asked | {"kin": "王小明", "kin_agreed": "1"})
    assert refused(ctx, task, {"answered_on": "2026-11-24"}) == "answer"
    do(ctx, task, ANSWERED)
    found = of(ctx, receipt)["verification"]
    assert found.state == "done"
    assert found.findings["consent"]
    with ctx.db.begin() as session:
        other = taskdoing.add(ctx, session, officer(ctx), receipt, TaskKind.VERIFICATION)
        again = taskdoing.add(ctx, session, officer(ctx), receipt, TaskKind.VERIFICATION)
        assert other.id == again.id != found.id


def test_votes_have_to_fit(ctx: Context) -> None:
    receipt = investigated(ctx)
    move(ctx, receipt, "appraise", reason="有人不同意")
    task = of(ctx, receipt)["appraisal"]
    given = {
        "on": "2026-11-24", "place": "村委会", "people": "村民代表十人", "came": "10", "for": "7",
        "against": "2", "abstain": "2", "result": "同意",
    }
    photo_of(ctx, task)
    assert refused(ctx, task, given) == "came"
    assert refused(ctx, task, given | {"for": "七"}) == "for"
    assert do(ctx, task, given | {"abstain": "1"}).findings["for"] == 7


def test_minutes_and_posting_need_their_photo(ctx: Context) -> None:
    receipt = investigated(ctx)
    looked_into(ctx, receipt)
    move(ctx, receipt, "propose", grant=Grant("goods", words="一袋米"))
    task = of(ctx, receipt)["posting"]
    assert task.due_on == ctx.today()
    given = {"place": "大湾村公示栏", "on": ctx.today().isoformat()}
    assert refused(ctx, task, given) == "photos"
    photo_of(ctx, task)
    assert do(ctx, task, given).state == "done"


def test_what_is_open_is_dropped_when_the_case_is_over(ctx: Context) -> None:
    receipt = investigated(ctx)
    move(ctx, receipt, "withdraw", reason="不办了")
    assert {task.state for task in of(ctx, receipt).values()} == {"dropped"}


def test_an_objection_calls_for_another_survey(ctx: Context) -> None:
    receipt = investigated(ctx)
    looked_into(ctx, receipt)
    grant = Grant("money", Decimal(500))
    move(ctx, receipt, "propose", grant=grant)
    case = move(ctx, receipt, "uphold", reason="有人提了")
    found = of(ctx, receipt)
    # It is due with the case, not with the acceptance of long ago; the notice is over.
    assert (found["survey"].state, found["survey"].due_on) == ("open", case.due_on)
    assert found["posting"].state == "dropped"
    # What was seen before the objection does not count.
    with pytest.raises(MoveRefused, match=NOT_SURVEYED):
        move(ctx, receipt, "propose", grant=grant)
    do(ctx, found["survey"], SURVEY)
    assert move(ctx, receipt, "propose", grant=grant).status == Status.PROPOSED


def test_my_open_tasks_are_listed_due_first(ctx: Context) -> None:
    first, second = investigated(ctx), investigated(ctx)
    with ctx.db.begin() as session:
        session.execute(
            update(Task).where(Task.id == of(ctx, second)["survey"].id)
            .values(due_on=date(2026, 1, 1))
        )
    with ctx.db.read() as session:
        found, _ = tasks.open_for(session, officer(ctx))
        mine = [case.receipt for _, case in found]
        away, _ = tasks.open_for(session, officer(ctx, area=QINGSHI), everyone=True)
    assert mine[0] == second
    assert first in mine
    assert list(away) == []
