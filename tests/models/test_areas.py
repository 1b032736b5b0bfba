"""Places by their codes: what lies in what, and who answers the telephone there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.areas import Gazetteer, Level, Place, covers, prefix
from models.responsibility import AT_THE_INCIDENT, responsible_township
from webhooks.demo.county import AREAS, COUNTY

PLACES = [Place(*row) for row in AREAS]
ALL = Gazetteer.of(PLACES)
DAWAN, DAWAN_VILLAGE, QINGSHI = "450799101000", "450799101200", "450799102000"
CODES = [place.code for place in PLACES]


@pytest.mark.parametrize(("area", "code", "inside"), [
    (COUNTY, COUNTY, True), (COUNTY, DAWAN, True), (COUNTY, DAWAN_VILLAGE, True),
    (DAWAN, DAWAN_VILLAGE, True), (DAWAN, DAWAN, True), (DAWAN, COUNTY, False),
    (DAWAN, QINGSHI, False), (QINGSHI, DAWAN_VILLAGE, False), (DAWAN_VILLAGE, DAWAN, False),
    (DAWAN_VILLAGE, "450799101201", False), ("450798000000", DAWAN, False),
    # A village whose code ends in 000 would be taken for a township: none is let in.
    ("450799001000", "450799001001", True), ("450799001000", "450799010001", False),
])
def test_an_area_covers_what_lies_below_it(area: str, code: str, inside: bool) -> None:
    assert covers(area, code) is inside


@given(st.sampled_from(CODES), st.sampled_from(CODES))
def test_codes_and_parents_say_the_same(area: str, code: str) -> None:
    assert covers(area, code) == (area in [place.code for place in ALL.upward(code)])


@pytest.mark.parametrize(("area", "digits"), [(COUNTY, 6), (DAWAN, 9), (DAWAN_VILLAGE, 12)])
def test_the_digits_that_all_below_share(area: str, digits: int) -> None:
    assert prefix(area) == area[:digits]


def test_places_are_found_below_and_above() -> None:
    villages = [place.name for place in ALL.within(DAWAN, Level.VILLAGE)]
    assert villages == ["大湾村", "小湾村", "桥头村", "上屯村"]
    assert len(ALL.within(COUNTY, Level.TOWNSHIP)) == 4
    assert ALL.within(DAWAN_VILLAGE, Level.TOWNSHIP) == ()
    assert ALL.within("000000000000", Level.VILLAGE) == ()
    township = ALL.at(DAWAN_VILLAGE, Level.TOWNSHIP)
    assert township is not None
    assert township.code == DAWAN
    assert ALL.at(COUNTY, Level.TOWNSHIP) is None
    assert ALL.at(None, Level.COUNTY) is None


def test_names_and_telephones_come_from_the_nearest_above() -> None:
    assert ALL.name(DAWAN_VILLAGE) == "大湾镇大湾村"
    assert ALL.name(DAWAN_VILLAGE, "·") == "大湾镇·大湾村"
    assert ALL.name(COUNTY) == "云溪县"
    assert ALL.name("000000000000") == ""
    assert ALL.phone(DAWAN_VILLAGE) == "0777-000 0101"
    assert ALL.phone("000000000000") == ""


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert Gazetteer.of(PLACES[::-1]) == ALL


@pytest.mark.parametrize(("scheme", "urgent", "township"), [
    (None, False, "home"), ("dibao", False, "home"), ("tekun", False, "home"),
    (None, True, "incident"), ("temporary", False, "incident"), ("dibao", True, "incident"),
])
def test_the_scheme_says_which_place_is_responsible(
    scheme: str | None, urgent: bool, township: str
) -> None:
    places = {"home": "450799101200", "living": "450799102200", "incident": "450799201200"}
    found = responsible_township(scheme, urgent=urgent, areas=ALL, **places)
    assert found == places[township][:9] + "000"


@given(
    st.sampled_from([None, "dibao", *sorted(AT_THE_INCIDENT)]), st.booleans(),
    *[st.sampled_from([None, "999999101200", COUNTY, *CODES])] * 3,
)
def test_a_township_is_found_wherever_one_place_lies_in_the_county(
    scheme: str | None, urgent: bool, home: str | None, living: str | None, incident: str | None
) -> None:
    found = responsible_township(
        scheme, urgent=urgent, home=home, living=living, incident=incident, areas=ALL
    )
    townships = {p.code for c in (home, living, incident) if (p := ALL.at(c, Level.TOWNSHIP))}
    assert (found in townships) if townships else found is None
