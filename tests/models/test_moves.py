"""The table of moves: whole, and nothing in it that leads nowhere."""

from __future__ import annotations

import re

import pytest

from models.guards import GUARDS
from models.moves import EVENT_TOLD, LIVES, MOVES, RESTS, Clocks
from models.paths import PATHS, path_of
from models.statuses import (
    CLOSED,
    HELPED,
    NOTE_TOLD,
    OPEN,
    ROLE_NAMES,
    STATUS_NAMES,
    STATUS_NEXT,
    EventKind,
    Role,
    Status,
)
from models.steps import NEEDS

# design.md §4, read the other way: from where a status is reached.
REACHED = {
    "registered": {"submitted", "referred"},
    "returned": {"registered", "accepted", "investigating"},
    "declined": {"submitted", "registered", "returned"},
    "accepted": {"registered", "returned"},
    "investigating": {
        "registered", "accepted", "returned", "proposed", "refused", "granted", "deciding",
    },
    "appraising": {"investigating"},
    "proposed": {"investigating", "appraising"},
    "deciding": {"proposed", "investigating", "appraising"},
    "granted": {"deciding", "registered", "accepted"},
    "assisted": {"granted", "assisted", "tapering"},
    "tapering": {"assisted"},
    "refused": {"deciding"},
    "referred": {"registered", "accepted", "investigating"},
    "answered": {"submitted", "registered", "referred"},
    "ended": {"granted", "assisted", "tapering"},
    "withdrawn": {str(status) for status in OPEN},
    "merged": {str(status) for status in OPEN},
}
# What a sentence is filled with besides what the move needs.
GIVEN = {"granted", "remedies"}


def test_the_table_is_the_design_s() -> None:
    found: dict[str, set[str]] = {}
    for move in MOVES.values():
        found.setdefault(str(move.to), set()).update(str(status) for status in move.from_)
    assert found == REACHED


def test_who_decides_is_a_head_or_the_county() -> None:
    for move in MOVES.values():
        if move.to in (Status.GRANTED, Status.REFUSED, Status.TAPERING, Status.DECLINED):
            assert move.roles <= {Role.HEAD, Role.COUNTY}, move.name
            assert move.second or "not_own" in move.guards or move.name == "grant_urgent"


def test_every_status_is_open_or_helped_or_closed_and_has_its_words() -> None:
    assert set(Status) == OPEN | HELPED | CLOSED
    assert len(OPEN) + len(HELPED) + len(CLOSED) == len(Status)
    assert set(STATUS_NAMES) == set(STATUS_NEXT) == set(Status)
    assert set(ROLE_NAMES) == set(Role)
    assert set(EVENT_TOLD) == {*NOTE_TOLD, *MOVES}
    assert set(NOTE_TOLD) <= set(EventKind)
    assert not set(MOVES) & set(EventKind), "a step's name says which of the two it is"


@pytest.mark.parametrize("scheme", [*PATHS, None])
def test_every_scheme_reaches_an_end_from_every_status_that_it_can_have(
    scheme: str | None,
) -> None:
    path = path_of(scheme)
    lines = [move for move in MOVES.values() if move.fits(path)]

    def reached(first: Status) -> set[Status]:
        seen, edge = set[Status](), {first}
        while edge:
            seen |= edge
            edge = {m.to for status in edge for m in lines if status in m.from_} - seen
        return seen

    for status in reached(Status.SUBMITTED):
        assert reached(status) & CLOSED, (scheme, status)


@pytest.mark.parametrize("scheme", PATHS)
def test_a_scheme_goes_its_own_way(scheme: str) -> None:
    path = PATHS[scheme]
    names = {move.name for move in MOVES.values() if move.fits(path)}
    assert ("propose" in names) == (path.here and path.noticed)
    assert ("forward" in names) == (path.here and not path.noticed)
    assert ("assist" in names) == (path.here and path.regular)
    assert ("finish" in names) == (path.here and not path.regular)
    assert path.basis


def test_children_are_never_published_and_one_off_help_ends() -> None:
    assert not PATHS["child"].noticed
    assert not PATHS["temporary"].regular
    assert PATHS["temporary"].urgent


def test_every_status_is_reached_from_the_first() -> None:
    assert {m.to for m in MOVES.values()} | {Status.SUBMITTED} == set(Status)


def test_what_a_sentence_is_filled_with_the_move_asks_for() -> None:
    for move in MOVES.values():
        assert set(re.findall(r"{(\w+)}", move.told)) <= {*move.needs, *GIVEN}, move.name
        assert set(move.needs) <= set(NEEDS)
        assert set(move.guards) <= set(GUARDS)


def test_a_clock_lives_where_it_is_started() -> None:
    for move in MOVES.values():
        for clock in move.starts:
            assert move.to in LIVES[clock], (move.name, clock)
    assert set(LIVES) == set(Clocks)
    for clock, statuses in RESTS.items():
        assert not statuses & LIVES[clock]
