"""After granting: heard before less or nothing is given, looked at again, changes told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from models import casework, changes, clockwork, explaining, hearings, hearingwork, rechecks
from models.casework import STALE
from models.guards import HEARD_OTHER, NOT_HEARD
from models.hearingwork import NOT_OVER, WHY
from models.moves import Clocks
from models.outgoing import Occasion
from models.rules import Rule
from models.statuses import EventKind, Role, Status
from models.steps import NEEDS, Grant, Step
from models.telling import told
from tests.models.helped import DAWAN, QINGSHI, Ground, ground, money
from webhooks.demo.county import COUNTY


@pytest.fixture
def here(database: str, tmp_path: Path) -> Iterator[Ground]:
    made = ground(database, tmp_path)
    yield made
    made.ctx.db.close()


def record(here: Ground, receipt: str, move: str = "stop", **more: str) -> None:
    values = {"how": "visit", "words": "我还没好，干不了重活"} | more
    here.do(
        hearingwork.record, here.staff(Role.OFFICER), receipt, here.case(receipt).version,
        move=move, **values,
    )


def heard(here: Ground, receipt: str) -> set[str]:
    with here.ctx.db.read() as session:
        return hearings.heard_about(session, here.case(receipt).id)


def forward(here: Ground, receipt: str, move: str, **more: object) -> str:
    step = Step(move, here.case(receipt).version, words="两个月查到在厂里上班", **more)
    return here.refused(casework.put_forward, here.staff(Role.OFFICER), receipt, step)


def test_nobody_is_stopped_unheard_and_what_was_said_is_kept_word_for_word(here: Ground) -> None:
    receipt = here.helped()
    for move in ("stop", "taper"):
        assert forward(here, receipt, move) == NOT_HEARD
    assert forward(
        here, receipt, "adjust", grant=money("200.00"), from_on=here.ctx.today()
    ) == NOT_HEARD
    record(here, receipt)
    with here.ctx.db.read() as session:
        heard, = hearings.of_case(session, here.case(receipt).id)
    assert (heard.move, heard.how, heard.words) == ("stop", "visit", "我还没好，干不了重活")
    here.forward(receipt, here.staff(Role.OFFICER), "stop", words="查到在厂里上班")
    here.move(receipt, here.county, "stop", words="查到在厂里上班")
    assert here.case(receipt).status == Status.ENDED
    assert here.given(receipt).state == "ended"


def test_what_was_heard_about_one_thing_does_not_serve_for_another(here: Ground) -> None:
    receipt = here.helped()
    record(here, receipt, "taper")
    assert forward(here, receipt, "stop") == HEARD_OTHER
    record(here, receipt, "stop")
    here.forward(receipt, here.staff(Role.OFFICER), "stop", words="查到在厂里上班")


def test_after_a_change_the_person_is_heard_anew(here: Ground) -> None:
    receipt = here.helped()
    record(here, receipt, "adjust")
    here.later(1)
    step = {"grant": money("200.00"), "from_on": here.ctx.today(), "words": "收入多了"}
    here.forward(receipt, here.staff(Role.OFFICER), "adjust", **step)
    here.move(receipt, here.county, "adjust", words="收入多了")
    assert here.given(receipt).amount == 200
    assert forward(
        here, receipt, "adjust", grant=money("100.00"), from_on=here.ctx.today()
    ) == NOT_HEARD
    record(here, receipt, "stop")
    assert forward(
        here, receipt, "adjust", grant=money("100.00"), from_on=here.ctx.today()
    ) == HEARD_OTHER


def test_more_may_be_given_unheard(here: Ground) -> None:
    receipt = here.helped()
    here.forward(
        receipt, here.staff(Role.OFFICER), "adjust", grant=money("400.00"),
        from_on=here.ctx.today(), words="又病了一个",
    )


def test_the_written_reasons_and_the_remedies_reach_the_person(here: Ground) -> None:
    receipt = here.helped()
    record(here, receipt)
    here.forward(receipt, here.staff(Role.OFFICER), "stop", words="查到在厂里上班")
    here.move(receipt, here.county, "stop", words="查到在厂里上班")
    push = here.pushes(Occasion.CASE_MOVED)[-1]
    said = told(here.ctx.speak("zh_Hans_CN"), "stop", push.details)
    assert "查到在厂里上班" in said
    assert "60日内可以申请行政复议" in said
    assert "6个月内可以到法院起诉" in said


def ask(here: Ground, receipt: str, **more: object) -> None:
    here.do(
        hearingwork.ask, here.staff(Role.OFFICER), receipt, here.case(receipt).version,
        **({"move": "stop", "why": "查到有人在厂里上班"} | more),
    )


def test_asked_in_chat_the_person_answers_in_their_own_words(here: Ground) -> None:
    receipt = here.helped()
    ask(here, receipt)
    push = here.pushes(Occasion.CASE_MOVED)[-1]
    said = told(here.ctx.speak("zh_Hans_CN"), EventKind.HEARING_ASKED, push.details)
    assert "停止您家的救助，还没有定" in said
    assert "查到有人在厂里上班" in said
    assert "11月29日前" in said
    assert forward(here, receipt, "stop") == NOT_HEARD
    before = here.case(receipt).version
    assert here.do(hearingwork.say, here.person(), receipt, "那是我表哥，不是我家的")
    assert len(here.pushes(Occasion.STAFF_HEARD)) == 1
    # Whoever had the case open must read these words before they decide.
    assert here.case(receipt).version > before
    stale = Step("stop", before, words="不符合")
    assert here.refused(casework.put_forward, here.staff(Role.OFFICER), receipt, stale) == STALE
    here.forward(receipt, here.staff(Role.OFFICER), "stop", words="查到在厂里上班")


def test_nobody_else_and_nobody_unasked_is_heard(here: Ground) -> None:
    receipt = here.helped()
    assert not here.do(hearingwork.say, here.person(), receipt, "我有话说")
    ask(here, receipt)
    assert not here.do(hearingwork.say, here.person("o-other"), receipt, "停了吧")
    here.later(6)
    assert not here.do(hearingwork.say, here.person(), receipt, "晚了")
    assert not heard(here, receipt)


def test_silence_counts_only_after_the_time_that_was_given(here: Ground) -> None:
    receipt = here.helped()
    values = {"move": "stop", "how": "silent", "words": "打过三次电话没人接"}
    officer = here.staff(Role.OFFICER)

    def silent() -> str:
        version = here.case(receipt).version
        return here.refused(hearingwork.record, officer, receipt, version, **values)

    assert silent() == NOT_OVER
    ask(here, receipt)
    assert silent() == NOT_OVER
    here.later(6)
    record(here, receipt, **{key: values[key] for key in ("how", "words")})
    assert heard(here, receipt) == {"stop"}


def test_a_hearing_needs_its_words_and_lies_in_the_area(here: Ground) -> None:
    receipt = here.helped()
    version = here.case(receipt).version
    officer, other = here.staff(Role.OFFICER), here.staff(Role.OFFICER, QINGSHI)
    assert here.refused(
        hearingwork.ask, officer, receipt, version, move="stop", why=" "
    ) == WHY
    with pytest.raises(LookupError):
        here.do(hearingwork.record, other, receipt, version, move="stop", how="visit", words="x")
    assert here.refused(
        hearingwork.record, officer, receipt, version - 1, move="stop", how="visit", words="x"
    ) == STALE


# --- looking again


def test_what_is_not_said_to_be_stable_is_looked_at_each_half_year(here: Ground) -> None:
    first, second = here.helped(), here.helped(recheck="stable", recheck_why="孩子父母都不在")
    assert here.given(first).recheck_on == date(2027, 5, 24)
    assert here.given(second).recheck_on == date(2027, 11, 24)


def test_a_year_needs_its_reason(here: Ground) -> None:
    receipt = here.helped()
    refused = here.refused(
        rechecks.record, here.staff(Role.OFFICER), receipt, here.case(receipt).version,
        found="same", words="照旧", pace="stable", why="",
    )
    assert refused == NEEDS["recheck_why"]


def test_a_county_sets_its_own_months(here: Ground) -> None:
    with here.ctx.db.begin() as session:
        session.add(
            Rule(
                area=COUNTY, key="recheck", value='{"stable": 9, "other": 3}', basis="县办法",
                from_=date(2026, 1, 1), created_at=here.ctx.now(),
            )
        )
    here.ctx.directory.forget()
    assert here.given(here.helped()).recheck_on == date(2027, 2, 24)


def test_officers_are_told_once_of_what_is_due_and_a_recheck_sets_the_next_day(
    here: Ground,
) -> None:
    receipt, _second, far = here.helped(), here.helped(), here.helped(QINGSHI)
    with here.ctx.db.begin() as session:
        assert rechecks.tell_due(here.ctx, session) == 0
    today = here.later(200)
    for expected in (3, 0):
        with here.ctx.db.begin() as session:
            assert rechecks.tell_due(here.ctx, session) == expected
    counts = {push.township: push.details["count"] for push in here.pushes("staff_recheck")}
    assert counts == {DAWAN: 2, here.case(far).township: 1}
    here.do(
        rechecks.record, here.staff(Role.OFFICER), receipt, here.case(receipt).version,
        found="same", words="和上次一样", pace="other", why="",
    )
    next_on = here.given(receipt).recheck_on
    assert next_on is not None
    assert next_on > today
    made = here.events(receipt)[-1]
    assert (made.kind, made.internal, made.details["found"]) == (
        EventKind.RECHECKED, "和上次一样", "same",
    )
    here.later(200)
    with here.ctx.db.begin() as session:
        assert rechecks.tell_due(here.ctx, session) == 1


# --- changes told


def test_what_changed_is_kept_in_their_own_words_and_told_to_staff(here: Ground) -> None:
    receipt = here.helped()
    for _ in range(2):
        assert here.do(changes.tell, here.person(), receipt, "儿子找到活了")
    with here.ctx.db.read() as session:
        found, = changes.told(session, here.case(receipt).id)
        assert changes.not_looked_at(session, [found.case_id]) == {found.case_id}
    assert found.details["said"] == "儿子找到活了"
    assert len(here.pushes(Occasion.STAFF_CHANGE)) == 1
    assert not here.do(changes.tell, here.person("o-other"), receipt, "别人说的")
    here.do(
        rechecks.record, here.staff(Role.OFFICER), receipt, here.case(receipt).version,
        found="same", words="工资不多", pace="other", why="",
    )
    with here.ctx.db.read() as session:
        assert changes.not_looked_at(session, [found.case_id]) == set()


def test_who_is_not_helped_tells_no_change(here: Ground) -> None:
    assert not here.do(changes.tell, here.person(), here.registered(), "多了一口人")


# --- the paperwork of urgent help


def urgent(here: Ground) -> str:
    receipt = here.registered(urgent=True)
    head = here.staff(Role.HEAD)
    here.move(receipt, here.staff(Role.OFFICER), "accept", scheme="temporary")
    once = replace(money("800.00"), monthly=False)
    here.move(receipt, head, "grant_urgent", grant=once, skipped=("survey", "notice"))
    return receipt


def clocks(here: Ground, receipt: str) -> set[str]:
    with here.ctx.db.read() as session:
        return {row.kind for row in clockwork.alive(session, here.case(receipt))}


def test_paperwork_done_ends_its_clock_also_after_the_case(here: Ground) -> None:
    receipt = urgent(here)
    here.move(receipt, here.staff(Role.OFFICER), "finish")
    assert here.case(receipt).clock == Clocks.PAPERWORK
    with here.ctx.db.read() as session:
        assert explaining.skipped(session, here.case(receipt)) == ("survey", "notice")
    before = len(here.pushes(Occasion.CASE_MOVED))
    here.do(
        explaining.record, here.staff(Role.OFFICER), receipt, here.case(receipt).version,
        "本人签字，村里盖章",
    )
    assert clocks(here, receipt) == set()
    assert here.case(receipt).due_on is None
    assert here.events(receipt)[-1].kind == EventKind.PAPERWORK
    assert len(here.pushes(Occasion.CASE_MOVED)) == before, "it stays among staff"
    assert here.refused(
        explaining.record, here.staff(Role.OFFICER), receipt, here.case(receipt).version, "再来"
    ) == explaining.NOTHING_OWED


def test_paperwork_says_what_was_signed(here: Ground) -> None:
    receipt = urgent(here)
    assert here.refused(
        explaining.record, here.staff(Role.OFFICER), receipt, here.case(receipt).version, " "
    ) == explaining.WHAT_SIGNED
    assert Clocks.PAPERWORK in clocks(here, receipt)
    assert Clocks.DELIVERY in clocks(here, receipt)


def test_goods_are_granted_too(here: Ground) -> None:
    receipt = here.registered(urgent=True)
    here.move(receipt, here.staff(Role.OFFICER), "accept", scheme="temporary")
    here.move(
        receipt, here.staff(Role.HEAD), "grant_urgent", grant=Grant("goods", None, "棉被两床"),
        skipped=("survey",),
    )
    assert here.given(receipt).words == "棉被两床"


def told_to(here: Ground, receipt: str, occasion: Occasion) -> list[tuple[str, str]]:
    """Which desk was told, and whom there."""
    return [
        (push.township or "", push.role) for push in here.pushes(occasion)
        if push.details["receipt"] == receipt
    ]


def test_what_is_put_forward_is_told_to_who_decides_and_what_comes_back_to_who_proposed(
    here: Ground,
) -> None:
    receipt, head = here.helped(), here.staff(Role.HEAD)
    record(here, receipt)
    before = told_to(here, receipt, Occasion.STAFF_DECIDE)
    here.forward(receipt, here.staff(Role.OFFICER), "stop", words="查到在厂里上班")
    assert told_to(here, receipt, Occasion.STAFF_DECIDE)[len(before):] == [(DAWAN, "head")]
    here.do(
        casework.send_back_proposal, head, receipt, here.case(receipt).version, "再去看一次"
    )
    assert told_to(here, receipt, Occasion.STAFF_DECIDE)[len(before):] == [(DAWAN, "head")]
    back, = here.pushes(Occasion.STAFF_SENT_BACK)
    assert back.person_id == here.staff(Role.OFFICER).person_id
    # What the township may not decide goes to the county.
    here.forward(
        receipt, here.staff(Role.OFFICER), "adjust", grant=money("400.00"), words="又病了一个",
        from_on=here.ctx.today(),
    )
    assert told_to(here, receipt, Occasion.STAFF_DECIDE)[-1] == (COUNTY, "")


def test_a_change_that_is_decided_late_begins_when_it_is_decided(here: Ground) -> None:
    receipt, today = here.helped(), here.ctx.today()
    more = {"grant": money("400.00"), "from_on": today + timedelta(days=3), "words": "又病了一个"}
    here.forward(receipt, here.staff(Role.OFFICER), "adjust", **more)
    decided = here.later(10)
    here.move(receipt, here.county, "adjust", words="又病了一个")
    assert here.events(receipt)[-1].details["from_on"] in (decided, decided.isoformat())
