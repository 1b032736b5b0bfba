"""An identity number on the desk: checked, sealed, shown in part, recorded."""

from __future__ import annotations

from tests.webhooks.desk.world import XIAOHE_VILLAGE, World

SAMPLE = "11010519491231002X"


def keep(world: World, receipt: str, number: str, who: str = "li") -> int:
    browser = world.browser(who)
    return browser.post(f"/desk/cases/{receipt}/id-number", id_number=number).status_code


def test_a_number_is_kept_and_shown_in_part(world: World) -> None:
    case = world.case()
    assert keep(world, case.receipt, "110105 19491231 002x") == 303
    assert world.now(case).id_number == SAMPLE
    page = world.browser("li").text(f"/desk/cases/{case.receipt}")
    assert "1101**********002X" in page
    assert SAMPLE not in page
    entry, = world.audited("case.id_number")
    assert SAMPLE not in entry.detail


def test_a_number_that_does_not_fit_is_told_and_not_kept(world: World) -> None:
    case = world.case()
    browser = world.browser("li")
    answer = browser.post(
        f"/desk/cases/{case.receipt}/id-number", id_number="110105194912310021", follow=True
    )
    assert "身份证号对不上" in answer.text
    assert "110105194912310021" not in answer.text
    assert world.now(case).id_number is None


def test_the_county_and_a_foreign_officer_cannot(world: World) -> None:
    case = world.case(village=XIAOHE_VILLAGE)
    assert keep(world, case.receipt, SAMPLE) == 404
    assert keep(world, case.receipt, SAMPLE, "county") in (403, 404)
    assert world.now(case).id_number is None
