"""What goes wrong outside, from the issue's list: nothing lost, nobody told twice something else.

Beside this: every error code and 500 in test_codes.py, HTML and nothing in test_platform.py, two
workers with one row in test_claims.py, killed workers in test_killed.py.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from models.outgoing import Occasion
from models.pushes import PushState
from notices import claims
from notices.channel import CODES
from notices.draining import drain
from notices.occasions import spoken
from notices.reach import reach_of
from notices.recording import Recorder
from notices.sender import deal_with
from tests.notices.house import House
from tests.notices.turns import drained, in_talk

CUSTOM, TEMPLATE = "message/custom/send", "message/template/send"


def test_a_template_id_that_does_not_exist(house: House) -> None:
    """Not sent again; it waits for the person, and the desk reads what to put right."""
    wang = house.follow()
    accounts = tuple(
        replace(one, templates={"case_progress": "TPL-NONE", "staff_task": "TPL-NONE"})
        for one in house.ctx.settings.accounts
    )
    ctx = replace(house.ctx, settings=replace(house.ctx.settings, accounts=accounts))
    push = house.push(wang)
    drained(ctx)
    assert house.state(push)[0] == PushState.HELD
    assert house.row(push).reason == CODES[40037].words
    assert [code for _, _, code in house.tries(push)] == [40037]
    house.clock.move(hours=1)
    drained(ctx)
    assert len(house.calls(TEMPLATE)) == 1
    assert house.held(wang)


def test_a_field_that_is_too_long_is_cut_and_what_is_refused_is_not_sent_again(
    house: House,
) -> None:
    wang = house.follow()
    said = spoken(
        house.ctx, Occasion.CASE_MOVED, {"kind": "accept", "receipt": "2611-483705-72",
                                         "township": "451299101000"}, "", "",
    )
    assert len(said.fields["thing1"]) <= 20
    assert len(said.fields["thing4"]) <= 20
    # However long what it is filled with, the card fits; the sandbox checks as the platform does.
    long = house.push(wang, details={"receipt": "2611-483705-72" * 5})
    drained(house.ctx)
    assert house.state(long)[0] == PushState.SENT
    house.fault(TEMPLATE, errcode=47003, times=1)
    push = house.push(wang)
    drained(house.ctx)
    assert house.state(push)[0] == PushState.HELD
    assert house.row(push).reason == CODES[47003].words
    assert len(house.calls(TEMPLATE)) == 2


@pytest.mark.parametrize("occasion", [
    kind for kind in Occasion if kind not in (Occasion.LATE_REPLY, Occasion.CASE_MOVED)
])
def test_a_placeholder_that_nobody_fills_is_never_sent_as_it_is(
    house: House, occasion: Occasion
) -> None:
    """Without any detail a text may say less, but shows nobody a {name}; or it goes to nobody."""
    [wang] = in_talk(house)
    push = house.push(wang, occasion)
    with house.ctx.db.begin() as session:
        row = session.get_one(type(house.row(push)), push)
        row.details = {}
    for _ in range(6):
        drained(house.ctx)
        house.clock.move(hours=1)
    assert not [text for text in house.texts(wang) if re.search(r"[{}]", text)]
    assert house.state(push)[0] in (PushState.DELIVERED, PushState.FAILED)


def test_an_unwordable_push_is_ended_as_our_fault_and_holds_up_nobody(house: House) -> None:
    wang, li = in_talk(house, 2)
    wrong = house.push(wang, details={"due_on": "no day"})
    other, after = house.push(li), house.push(wang)
    for _ in range(6):
        drained(house.ctx)
        house.clock.move(hours=1)
    drained(house.ctx)
    assert house.state(wrong)[0] == PushState.FAILED
    assert house.state(other)[0] == house.state(after)[0] == PushState.DELIVERED


def test_the_clock_put_back_an_hour(either: House) -> None:
    """What waits goes when its time has come again; each once, in order, with its outcome."""
    house = either
    wang, li = in_talk(house, 2)
    before = house.push(wang, details={"receipt": "first"})
    with house.ctx.db.begin() as session:
        [claimed] = claims.claim(house.ctx, session, 1)
    house.clock.move(hours=-1)
    after = house.push(wang, details={"receipt": "second"})
    other = house.push(li)
    drained(house.ctx)
    assert claimed.id == before
    assert house.state(other)[0] in (PushState.DELIVERED, PushState.SENT)
    house.clock.move(hours=1, minutes=2)
    house.write(wang)
    drained(house.ctx)
    assert house.state(before)[0] == house.state(after)[0] == PushState.DELIVERED
    found = [re.search(r"first|second", text) for text in house.texts(wang)]
    assert [one[0] for one in found if one] == ["first", "second"]


def test_what_waited_behind_a_slow_platform_past_its_lease_is_left_to_others(
    house: House,
) -> None:
    [wang] = in_talk(house)
    push = house.push(wang)
    with house.ctx.db.begin() as session:
        [claimed] = claims.claim(house.ctx, session, 1)
    with house.ctx.db.read() as session:
        reach = reach_of(house.ctx, session, [claimed])[push]
    house.clock.move(seconds=61)
    deal_with(house.ctx, claimed, reach, Recorder(house.ctx))
    assert house.calls(CUSTOM) == []
    assert house.state(push)[0] == PushState.PENDING
    assert house.row(push).tries == 0, "it was never tried"
    drain(house.ctx)
    assert len(house.texts(wang)) == 1
