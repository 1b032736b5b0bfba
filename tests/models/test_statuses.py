"""The table of moves: whole, and nothing in it that leads nowhere."""

from __future__ import annotations

import re

import pytest

from models.moves import EVENT_TOLD, MOVES, Clocks, moves_from
from models.policy import StaffView, may_move
from models.statuses import (
    CLOSED,
    OPEN,
    ROLE_NAMES,
    STATUS_NAMES,
    STATUS_NEXT,
    EventKind,
    Role,
    Status,
)
from models.steps import NEEDS

# design.md §4, the rows that this version has: who moves what from where to where.
TABLE = {
    "register": ({"submitted"}, "registered"),
    "return": ({"registered", "accepted"}, "returned"),
    "accept": ({"registered", "returned"}, "accepted"),
    "answer": ({"submitted", "registered"}, "answered"),
    "withdraw": ({"submitted", "registered", "returned", "accepted"}, "withdrawn"),
}


def test_the_table_is_the_design_s() -> None:
    assert {m.name: ({str(s) for s in m.from_}, str(m.to)) for m in MOVES.values()} == TABLE


def test_only_the_township_moves_cases() -> None:
    for move in MOVES.values():
        assert move.roles == {Role.OFFICER, Role.HEAD}


def test_every_status_is_open_or_closed_and_has_its_words() -> None:
    assert set(Status) == OPEN | CLOSED
    assert not OPEN & CLOSED
    assert set(STATUS_NAMES) == set(STATUS_NEXT) == set(Status)
    assert set(ROLE_NAMES) == set(Role)
    assert set(EVENT_TOLD) == {*EventKind, *MOVES}


def test_every_open_case_can_reach_an_end_and_a_closed_one_stays() -> None:
    for status in OPEN:
        seen, edge = set(), {status}
        while edge:
            seen |= edge
            edge = {m.to for s in edge for m in MOVES.values() if s in m.from_} - seen
        assert seen & CLOSED, status
    assert not [m for m in MOVES.values() if m.from_ & CLOSED]


def test_every_status_is_reached_from_the_first() -> None:
    assert {m.to for m in MOVES.values()} | {Status.SUBMITTED} == set(Status)


def test_what_a_sentence_is_filled_with_the_move_asks_for() -> None:
    for move in MOVES.values():
        assert set(re.findall(r"{(\w+)}", move.told)) <= set(move.needs), move.name
        assert set(move.needs) <= set(NEEDS)


def test_a_clock_runs_exactly_where_the_township_must_act_next() -> None:
    clocks = {move.to: move.clock for move in MOVES.values()}
    assert clocks == {
        Status.REGISTERED: Clocks.ACCEPTANCE, Status.ACCEPTED: Clocks.DECISION,
        Status.RETURNED: None, Status.ANSWERED: None, Status.WITHDRAWN: None,
    }


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("status", Status)
def test_what_is_offered_is_what_may_be_done(status: Status, role: Role) -> None:
    staff = StaffView(1, "x", role, "450799101000", "", None)
    offered = {move.name for move in moves_from(status, role)}
    assert offered == {name for name in [*MOVES, "no such"] if may_move(staff, name, status)}
