"""A household hears that somebody spoke for it, says what it thinks, and is taken at its word."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from models import (
    declining,
    erasing,
    escalation,
    informing,
    informwork,
    joining,
    passing,
    signin,
    taskdoing,
    tasks,
)
from models.cases import Attachment, Case, CaseEvent
from models.errands import Errand
from models.informing import Informing, Stand
from models.merges import Merge
from models.onbehalf import unsigned
from models.outgoing import Occasion
from models.people import Identity
from models.policy import NotAllowed
from models.pushes import Push, PushState
from models.speaking import known_person
from models.statuses import EventKind, Status
from models.steps import MoveRefused
from models.storage import Storage
from models.tasks import Task, TaskKind
from tests.models.clockhouse import VILLAGE, House

PHONE, NAME = "17000009999", "黄阿婆"
SAID = "她米缸空了，我是隔壁老李，灶台是冷的"


def person(house: House, openid: str) -> int:
    with house.ctx.db.begin() as session:
        found = known_person(house.ctx, session, "county", openid)
        session.execute(
            update(Identity).where(Identity.person_id == found).values(followed=True)
        )
        return found


def reported(house: House, relation: str = "neighbour", **more: Any) -> str:
    answers = {"what": SAID, "whom": "other", "relation": relation, **more.pop("answers", {})}
    return house.case(
        person_id=person(house, "o-neighbour"), on_behalf=True, name=NAME, phone=PHONE,
        answers=answers, **more,
    )


def known_chat(house: House, name: str = NAME, *, accepted: bool = True) -> int:
    """Somebody of this name and number, in whose own application the township has been."""
    one = person(house, "o-huang")
    receipt = house.case(person_id=one, name=name, phone=PHONE)
    if accepted:
        house.move(receipt, "register")
        house.move(receipt, "accept")
    return one


def swept(house: House) -> int:
    return informwork.sweep(house.ctx)


def row(house: House, receipt: str) -> Informing:
    with house.ctx.db.read() as session:
        found = informing.of_case(session, house.of(receipt).id)
        assert found is not None
        return found


def calls(house: House, receipt: str) -> list[Task]:
    with house.ctx.db.read() as session:
        found = tasks.of_case(session, house.of(receipt).id)
        return [task for task in found if task.kind == TaskKind.CALLBACK]


def say(house: House, receipt: str, said: str, who: int | None = None) -> bool:
    with house.ctx.db.begin() as session:
        one = who or row(house, receipt).person_id or 0
        return informwork.answer(house.ctx, session, one, receipt, said, "page")


def settle(
    house: House, receipt: str, how: str, note: str = "打电话问过", who: str = "officer"
) -> None:
    with house.ctx.db.begin() as session:
        version = house.of(receipt).version
        declining.settle(house.ctx, session, house.staff[who], receipt, version, how, note)


def test_where_no_chat_is_theirs_the_officer_is_to_call(house: House) -> None:
    """A task within the county's limit, which escalates like every other clock."""
    receipt = reported(house)
    assert swept(house) == 1
    assert swept(house) == 0, "begun once"
    [task] = calls(house, receipt)
    assert (task.state, task.due_on) == ("open", date(2026, 11, 27))
    assert "inform" in house.clocks(receipt)
    assert house.pushes(receipt, Occasion.HOUSEHOLD_TOLD) == []
    house.move(receipt, "register")
    assert calls(house, receipt)[0].staff_id == house.staff["officer"].id
    house.go_to(date(2026, 11, 30))
    escalation.escalate(house.ctx)
    told = [step.details for step in house.events(receipt, EventKind.ESCALATED)]
    assert {"clock": "inform", "to": "officer", "ask": "late"} in told


def test_what_they_said_on_the_telephone_is_recorded(house: House) -> None:
    receipt = reported(house)
    swept(house)
    [task] = calls(house, receipt)
    given = {"on": "2026-11-24", "at": "10:00", "how": "phone", "whom": "本人", "said": "agrees"}
    with house.ctx.db.begin() as session, pytest.raises(MoveRefused, match="怎么说"):
        taskdoing.do(house.ctx, session, house.staff["officer"], task.id, 1, {**given, "said": ""})
    with house.ctx.db.begin() as session:
        taskdoing.do(house.ctx, session, house.staff["officer"], task.id, 1, given)
    found = row(house, receipt)
    assert (found.state, found.said, found.how) == (Stand.SAID, "agrees", "phone")
    assert "inform" not in house.clocks(receipt)
    house.move(receipt, "register")


def test_a_chat_that_is_surely_theirs_is_told_and_never_who(house: House) -> None:
    one = known_chat(house)
    receipt = reported(house)
    swept(house)
    [push] = house.pushes(receipt, Occasion.HOUSEHOLD_TOLD)
    assert push.person_id == one
    assert calls(house, receipt) == []
    assert "老李" not in str(push.details)
    assert NAME not in str(push.details)
    assert say(house, receipt, "agrees")
    assert row(house, receipt).state == Stand.SAID
    assert "inform" not in house.clocks(receipt)


@pytest.mark.parametrize("why", ["another name", "not accepted", "the reporter", "left", "two"])
def test_a_number_alone_is_nobodys_chat(house: House, why: str) -> None:
    """Whoever reports may have left their own number, or a wrong one."""
    if why == "the reporter":
        own = house.case(person_id=person(house, "o-neighbour"), name=NAME, phone=PHONE)
        house.move(own, "register")
        house.move(own, "accept")
    else:
        known_chat(house, "王秀英" if why == "another name" else NAME,
                   accepted=why != "not accepted")
    if why == "two":
        other = house.case(person_id=person(house, "o-third"), name=NAME, phone=PHONE)
        house.move(other, "register")
        house.move(other, "accept")
    if why == "left":
        with house.ctx.db.begin() as session:
            session.execute(update(Identity).values(followed=False))
    receipt = reported(house)
    swept(house)
    assert house.pushes(receipt, Occasion.HOUSEHOLD_TOLD) == []
    assert len(calls(house, receipt)) == 1


@pytest.mark.parametrize("relation", ["parent", "child", "kin"])
def test_their_own_family_is_their_ear(house: House, relation: str) -> None:
    receipt = reported(house, relation)
    assert swept(house) == 0
    assert row(house, receipt).state == Stand.FAMILY
    assert calls(house, receipt) == []


@pytest.mark.parametrize("end", ["failed", "silent"])
def test_a_push_without_an_answer_becomes_a_call(house: House, end: str) -> None:
    known_chat(house)
    receipt = reported(house)
    swept(house)
    assert swept(house) == 0, "it waits for an answer"
    if end == "failed":
        with house.ctx.db.begin() as session:
            session.execute(
                update(Push).where(Push.occasion == Occasion.HOUSEHOLD_TOLD)
                .values(state=PushState.UNFOLLOWED)
            )
    else:
        house.go_to(date(2026, 11, 26))
    assert swept(house) == 1
    assert len(calls(house, receipt)) == 1
    # Who answers after all spares the officer the call.
    assert say(house, receipt, "agrees")
    assert [task.state for task in calls(house, receipt)] == ["dropped"]


def declined(house: House) -> str:
    known_chat(house)
    receipt = reported(house)
    house.move(receipt, "register")
    swept(house)
    assert say(house, receipt, "declines")
    return receipt


def test_who_declines_stops_every_move(house: House) -> None:
    receipt = declined(house)
    assert house.of(receipt).call == EventKind.HOUSEHOLD_DECLINED
    [push] = house.pushes(receipt, Occasion.STAFF_DECLINED)
    assert push.person_id == house.staff["officer"].person_id
    for move in ("accept", "return", "refer", "answer", "withdraw"):
        with pytest.raises(MoveRefused, match="不同意"):
            house.move(receipt, move)
    with pytest.raises(MoveRefused, match="写一句"):
        settle(house, receipt, "go_on", " ")
    with pytest.raises(NotAllowed):
        settle(house, receipt, "go_on", who="county")
    settle(house, receipt, "go_on", "上门看过，老人点头了")
    assert house.events(receipt, EventKind.HOUSEHOLD_CLEARED)[0].internal == "上门看过，老人点头了"
    house.move(receipt, "accept")
    # It may be said anew, and stops anew.
    assert say(house, receipt, "declines")
    with pytest.raises(MoveRefused, match="不同意"):
        house.move(receipt, "investigate")


def test_nor_does_time_move_it_on(house: House) -> None:
    known_chat(house)
    receipt = reported(house)
    house.move(receipt, "register")
    house.move(receipt, "accept", scheme="dibao")
    house.move(receipt, "investigate")
    house.move(receipt, "propose")
    swept(house)
    with house.ctx.db.begin() as session:
        # Posted as long as the notice runs.
        found = session.scalars(select(Task).where(Task.kind == TaskKind.POSTING)).one()
        found.state, found.findings = "done", {"place": "村公示栏", "on": "2026-11-24"}
    assert say(house, receipt, "declines")
    house.go_to(date(2026, 12, 20))
    passing.pass_time(house.ctx)
    assert house.of(receipt).status == Status.PROPOSED
    settle(house, receipt, "go_on")
    passing.pass_time(house.ctx)
    assert house.of(receipt).status == Status.DECIDING


def test_it_goes_with_whoever_joins_another_chat_of_theirs(house: House) -> None:
    one, kept = known_chat(house), person(house, "o-other-chat")
    receipt = reported(house)
    swept(house)
    with house.ctx.db.begin() as session:
        code = signin.new_code(house.ctx, session, "join", person_id=kept)
    with house.ctx.db.begin() as session:
        assert joining.join(house.ctx, session, one, code) == kept
    assert say(house, receipt, "declines", kept)


def test_nobody_elses_word_stops_it(house: House) -> None:
    receipt = reported(house)
    swept(house)
    assert not say(house, receipt, "declines", person(house, "o-neighbour"))
    assert not say(house, receipt, "declines", person(house, "o-stranger"))
    assert row(house, receipt).state == Stand.CALLING


def test_what_they_decline_is_deleted_and_that_there_was_one_stays(house: House) -> None:
    """Answers, photos, name and number go; when, from where and how it ended stay; they are told,
    and the one who reported hears that it is over."""
    receipt = declined(house)
    before = house.of(receipt)
    store = Storage(house.ctx.settings.storage_url, house.ctx.keys)
    path = store.put(b"a photo")
    with house.ctx.db.begin() as session:
        session.add(Attachment(
            bundle=before.bundle, account="county", kind="image", state="stored", path=path,
            created_at=house.ctx.now(), spoken="她说难",
        ))
        step = session.scalars(
            select(CaseEvent).where(CaseEvent.case_id == before.id, CaseEvent.kind == "register")
        ).one()
        step.internal = f"{NAME}家穷"
    settle(house, receipt, "stop", "本人打电话说不要")
    now = house.of(receipt)
    assert (now.status, now.name, now.phone, now.id_number) == (Status.WITHDRAWN, "", "", None)
    assert now.answers == {"whom": "other"}
    assert now.name_key != before.name_key
    assert now.phone_key != before.phone_key
    assert (now.living_area, now.created_at) == (before.living_area, before.created_at)
    with house.ctx.db.read() as session:
        steps = session.scalars(select(CaseEvent).where(CaseEvent.case_id == now.id)).all()
        told = str([(step.details, step.internal) for step in steps])
        assert NAME not in told
        assert "register" in {step.kind for step in steps}
        [photo] = session.scalars(select(Attachment)).all()
        assert (photo.bundle, photo.spoken) == (erasing.ERASED, None)
    assert store.get(path) == b"a photo"
    assert erasing.sweep(house.ctx, store) == 1
    with pytest.raises(LookupError):
        store.get(path)
    [push] = house.pushes(receipt, Occasion.HOUSEHOLD_ERASED)
    assert push.person_id == row(house, receipt).person_id
    heard = [
        push.details for push in house.pushes(receipt, Occasion.CASE_MOVED)
        if push.person_id == before.person_id
    ]
    assert {tuple(sorted(one)) for one in heard} == {("kind", "receipt", "status", "township")}
    assert heard[-1]["status"] == Status.WITHDRAWN
    with pytest.raises(MoveRefused):
        settle(house, receipt, "stop")


def test_harm_is_not_told_to_the_house_before_an_officer_says_so(house: House) -> None:
    """A call could warn whoever does it."""
    receipt = reported(house, answers={"harm": "adult"})
    assert swept(house) == 0
    assert row(house, receipt).state == Stand.HELD
    assert "inform" not in house.clocks(receipt)
    with house.ctx.db.begin() as session:
        version = house.of(receipt).version
        declining.tell_now(house.ctx, session, house.staff["officer"], receipt, version)
    assert row(house, receipt).state == Stand.CALLING
    assert "inform" in house.clocks(receipt)


def test_the_call_is_owed_wherever_the_case_goes_but_not_where_it_was_taken_back(
    house: House
) -> None:
    answered, withdrawn = reported(house), reported(house)
    swept(house)
    for receipt, move in ((answered, "answer"), (withdrawn, "withdraw")):
        house.move(receipt, "register")
        house.move(receipt, move)
    assert [task.state for task in calls(house, answered)] == ["open"]
    assert [task.state for task in calls(house, withdrawn)] == ["dropped"]
    assert "inform" in house.clocks(answered)
    assert "inform" not in house.clocks(withdrawn)
    [task] = calls(house, answered)
    given = {"on": "2026-11-24", "how": "door", "whom": "本人", "said": "thinks"}
    with house.ctx.db.begin() as session:
        taskdoing.do(house.ctx, session, house.staff["officer"], task.id, 1, given)
    assert row(house, answered).said == "thinks"


@pytest.mark.parametrize(("said", "kept"), [
    (SAID, "她米缸空了，灶台是冷的"),
    ("老人一个人住。我天天给她送饭", "老人一个人住"),
    ("韦秀兰看到的，屋顶漏了", "屋顶漏了"),
    ("打 13800005678 问，锅里没米", "锅里没米"),
    ("我是她邻居", ""),
])
def test_words_lose_whatever_tells_who_said_them(said: str, kept: str) -> None:
    assert unsigned(said, ("韦秀兰",)) == kept


def test_what_assistants_saw_and_others_reported_of_it_goes_too(house: House) -> None:
    receipt, other = declined(house), reported(house)
    case, beside = house.of(receipt), house.of(other)
    with house.ctx.db.begin() as session:
        session.add(Errand(
            key="e" * 32, kind="survey", state="done", case_id=case.id, village=VILLAGE,
            staff_id=house.staff["officer"].id, words=f"带路去{NAME}家", due_on=None,
            said=[{"staff": 1, "name": "韦秀兰", "found": {"seen": SAID}, "items": {}}], papers=[7],
            created_at=house.ctx.now(), given_at=house.ctx.now(),
        ))
        session.add(Merge(
            case_id=beside.id, into_id=case.id, top_id=case.id, was="submitted",
            at=house.ctx.now(),
        ))
        session.get_one(Case, beside.id).status = Status.MERGED
    settle(house, receipt, "stop", "本人打电话说不要")
    with house.ctx.db.read() as session:
        errand = session.scalars(select(Errand)).one()
        assert (errand.words, errand.papers) == ("", [])
        assert [one["found"] for one in errand.said] == [{}]
    assert (house.of(other).name, house.of(other).answers) == ("", {"whom": "other"})
