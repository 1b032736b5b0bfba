"""Every address × every role × one's own and a foreign area, from what `yimen routes` prints.

What lies outside one's area, and a room that is not one's role's, does not exist: 404. Whoever
has no desk is asked to sign in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.webhooks.every_page import VARIABLE, path_of
from tests.webhooks.route_county import ELSEWHERE, OWN, TOLD, WITHOUT, RouteCounty, build
from tests.webhooks.route_table import DESK, OTHERS, SAID, Line
from webhooks.access import listed

RECEIPT = "<receipt>"
# A case of their own, one of somebody else that stands alike, and what they say.
RESIDENTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "POST /m/cases/<receipt>/word": ("helped", "others", {"words": "还要吃药"}),
    "POST /m/cases/<receipt>/change": ("helped", "others", {"change": "儿子回来了"}),
    "POST /m/cases/<receipt>/withdraw": ("registered", "submitted", {}),
    "POST /m/told/<receipt>": ("helped", "others", {"said": "agrees"}),
}
ROLES = {"O": "officer", "H": "head", "C": "county", "D": "department"}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RouteCounty]:
    made = build(tmp_path_factory.mktemp("routes"))
    yield made
    made.ctx.db.close()


def names_something(address: str, line: Line) -> bool:
    """Whether it names something that lies in an area."""
    named = set(VARIABLE.findall(address)) - set(SAID)
    return bool(named or "area" in line.form or "?area=" in address)


def test_every_route_stands_in_the_table_and_nothing_else_does(county: RouteCounty) -> None:
    printed = {
        f"{method} {row['path']}": row
        for row in listed(county.world.app) for method in row["methods"]
    }
    table = {address.partition("?")[0] for address in DESK} | set(OTHERS)
    assert set(printed) - table == set(), "a new route: say in route_table.py who gets what of it"
    assert table - set(printed) == set(), "no such route any more"
    for address, row in printed.items():
        assert row["audience"] == OTHERS.get(address, "desk"), address
    for address, line in DESK.items():
        roles = printed[address.partition("?")[0]]["roles"]
        assert roles == sorted(ROLES[letter] for letter in line.roles), address


@pytest.mark.parametrize("address", DESK)
def test_each_role_gets_its_own_and_nothing_of_others(county: RouteCounty, address: str) -> None:
    line, method = DESK[address], address.partition(" ")[0]
    path, form = path_of(county, address, line), dict(line.form)
    for role in OWN:
        own = county.ask(OWN[role], method, path, form)
        other = county.ask(ELSEWHERE[role], method, path, form)
        if role not in line.roles:
            # The front door leads a liaison on to the referrals.
            wrong = 302 if address == "GET /desk/" else 404
            assert (own.status, other.status) == (wrong, wrong), role
            assert not own.changed, role
            assert not other.changed, role
            continue
        assert own.status == line.expected(role), role
        foreign = names_something(address, line) and role not in line.alike
        assert other.status == (404 if foreign else line.expected(role)), role
        if foreign:
            assert not other.changed, role
        assert not any(words in other.text for words in told_of(county)), role


SILENT = [address for address in DESK if not re.search("GET /desk/concerns|^POST", address)]


@pytest.mark.parametrize("address", SILENT)
def test_of_an_objection_nobody_at_a_desk_finds_anything_outside_its_file(
    county: RouteCounty, address: str
) -> None:
    secret = (*TOLD.values(), county.things["told_number"])
    path = path_of(county, address, DESK[address])
    for role in OWN.values():
        said = county.ask(role, "GET", path, {}).text
        assert not any(words in said for words in secret), role


OPEN_PAGES = [
    address.removeprefix("GET ") for address in OTHERS
    if address.startswith("GET ") and "<" not in address
]


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_nor_does_anybody_on_any_other_page(county: RouteCounty, path: str) -> None:
    secret = (*TOLD.values(), county.things["told_number"])
    for who in ("resident", "helper", "li", "chen", "stranger"):
        said = county.ask(who, "GET", path, {}).text
        assert not any(words in said for words in secret), who


def test_nor_does_a_search_for_it_or_a_list_that_is_taken_away(county: RouteCounty) -> None:
    secret = (*TOLD.values(), county.things["told_number"])
    for wanted in secret:
        for role in OWN.values():
            for path, field in (("/desk/find", "q"), ("/desk/search", "name")):
                said = county.ask(role, "POST", path, {field: wanted})
                assert county.things["concern"] not in said.to.split("/"), role
                assert not any(
                    words in said.text for words in secret if words != wanted
                ), (role, path)


def told_of(county: RouteCounty) -> list[str]:
    """What no list elsewhere may show: the receipts, who asked, and who works on it."""
    return [*(value for value in county.things.values() if value.count("-") == 2),
            "王秀英", "李明", "赵敏"]


@pytest.mark.parametrize("address", DESK)
def test_whoever_has_no_desk_is_asked_to_sign_in(county: RouteCounty, address: str) -> None:
    line, method = DESK[address], address.partition(" ")[0]
    path = path_of(county, address, line)
    for who in WITHOUT:
        answer = county.ask(who, method, path, dict(line.form))
        assert answer.status == (302 if method == "GET" else 401), who
        assert not answer.changed, who
        if method == "GET":
            assert urlsplit(answer.to).path == "/desk/sign-in", who


@pytest.mark.parametrize("address", [a for a, who in OTHERS.items() if who == "resident"])
def test_a_residents_page_is_nobody_elses(county: RouteCounty, address: str) -> None:
    method, _, path = address.partition(" ")
    own, foreign, form = RESIDENTS.get(address, ("helped", "others", {}))
    path = path.replace("<key>", "what").replace("<int:number>/<village>", "1/450799101200")
    answer = county.ask("stranger", method, path.replace(RECEIPT, county.things[own]), {})
    assert answer.status == (302 if method == "GET" else 401)
    assert not answer.changed
    if RECEIPT in path:
        mine = path.replace(RECEIPT, county.things[own])
        assert county.ask("resident", method, mine, form).status in (200, 302, 303, 400)
        # Nor is it staff's, whose desk is another door.
        for who in ("resident", "li", "county"):
            answer = county.ask(who, method, path.replace(RECEIPT, county.things[foreign]), form)
            assert (answer.status, answer.changed) == (404, False), who
