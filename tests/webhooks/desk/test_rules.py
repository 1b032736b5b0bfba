"""Local rules: looked at by area, put by one of the county, signed by another, in force at once."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from models import clockwork, rulekeys
from models.approval import may_decide
from models.areas import Area, Level
from models.moves import Clocks
from models.paces import STABLE, interval
from models.people import Staff
from models.rulechanges import RuleChange
from models.rulekeys import KNOWN, Kind
from models.rules import Rule
from models.spotchecks import least_share
from tests.webhooks.desk.world import COUNTY, DAWAN, XIAOHE, Browser, World

ALL, CLOCK = "/desk/rules", "/desk/rules/deadlines.acceptance"
TODAY = date(2026, 11, 23)


def form(**more: str) -> dict[str, str]:
    return {
        "area": COUNTY, "days": "4", "unit": "working_days", "basis": "云岭县社会救助办法第八条",
        "first": TODAY.isoformat(), "last": "",
    } | more


def put(browser: Browser, path: str = CLOCK, **more: str) -> None:
    browser.text(ALL)
    answer = browser.post(path, **form(**more))
    assert answer.status_code == 303, answer.text


def change(world: World) -> RuleChange:
    with world.ctx.db.read() as db:
        return db.query(RuleChange).order_by(RuleChange.id.desc()).limit(1).one()


def sign(world: World, who: str = "other") -> None:
    browser = world.browser(who)
    assert browser.post(f"{ALL}/changes/{change(world).id}/sign").status_code == 303


def length(world: World, area: str, on: date | None = None) -> tuple[int, str]:
    found = clockwork.length_of(world.ctx, Clocks.ACCEPTANCE, area, None, on)
    return found.days, found.unit


def test_every_rule_says_its_value_its_clause_and_who_set_it(world: World) -> None:
    page = world.browser("county").text(ALL)
    for said in ("看能不能受理", "5 个工作日", "云岭县社会救助办理规程 第八条", "没有另定",
                 "特困人员供养：抽查多少", "至少 30%", "每户 2000 元以内镇里能定", "写到村",
                 "稳定的 12 个月，其余 6 个月"):
        assert said in page
    assert "抽查多少" not in world.browser("chen").text(ALL)


def test_one_puts_another_signs_and_only_then_it_holds(world: World) -> None:
    county = world.browser("county")
    put(county)
    assert length(world, DAWAN) == (5, "working_days")
    waiting = county.text(ALL)
    assert "要请另一位同事签字" in waiting
    assert "核对过了，签字" not in waiting
    answer = county.post(f"{ALL}/changes/{change(world).id}/sign", follow=True)
    assert "要请另一位同事核对签字" in answer.text
    assert length(world, DAWAN) == (5, "working_days")
    assert "核对过了，签字" in world.browser("other").text(ALL)
    sign(world)
    assert length(world, DAWAN) == (4, "working_days")
    page = county.text(f"{CLOCK}?area={DAWAN}")
    assert all(said in page for said in ("4 个工作日", "云岭县定的", "周华提，田秀兰"))
    assert [len(world.audited(f"rule.{what}")) for what in ("put", "signed")] == [1, 1]
    # Signed again it stays as it is.
    sign(world)
    with world.ctx.db.read() as db:
        assert db.query(Rule).count() == 1


def test_a_second_post_of_the_same_person_does_not_sign(world: World) -> None:
    with world.ctx.db.begin() as db:
        other = db.get_one(Staff, world.staff["other"].id)
        other.person_id = world.staff["county"].person_id
    put(world.browser("county"))
    sign(world)
    assert change(world).state == "open"
    assert "核对过了，签字" not in world.browser("other").text(ALL)


def test_the_township_goes_before_the_county_and_can_give_up_its_own(world: World) -> None:
    county = world.browser("county")
    put(county)
    sign(world)
    put(county, area=DAWAN, days="2")
    sign(world)
    assert (length(world, DAWAN)[0], length(world, XIAOHE)[0]) == (2, 4)
    put(county, area=DAWAN, give_up="1", days="")
    sign(world)
    assert (length(world, DAWAN)[0], length(world, XIAOHE)[0]) == (4, 4)
    answer = county.post(CLOCK, **form(area=DAWAN, give_up="1"))
    assert answer.status_code == 422
    assert "没有自己定的" in answer.text


def test_a_rule_of_some_weeks_ends_and_the_one_before_holds_again(world: World) -> None:
    county = world.browser("county")
    put(county)
    sign(world)
    later, end = TODAY + timedelta(days=10), TODAY + timedelta(days=20)
    put(county, days="1", first=later.isoformat(), last=end.isoformat())
    sign(world)
    assert "起改成：1 个工作日" in county.text(ALL)
    days = [TODAY, later, end, end + timedelta(days=1)]
    assert [length(world, DAWAN, day)[0] for day in days] == [4, 1, 1, 4]


def test_of_two_from_one_day_the_one_signed_last_holds(world: World) -> None:
    county = world.browser("county")
    for days in ("4", "3"):
        put(county, days=days)
        sign(world)
    assert length(world, DAWAN)[0] == 3


def test_signed_late_it_holds_from_that_day_and_not_before(world: World) -> None:
    put(world.browser("county"))
    world.clock.at += timedelta(days=2)
    sign(world)
    assert length(world, DAWAN, TODAY + timedelta(days=1))[0] == 5
    assert length(world, DAWAN, TODAY + timedelta(days=2))[0] == 4
    put(world.browser("county"), first="2026-11-25", last="2026-11-25", days="2")
    world.clock.at += timedelta(days=2)
    sign(world)
    assert change(world).state == "open"


def test_a_running_case_keeps_its_dates(world: World) -> None:
    case = world.case()
    world.register(case)
    before = world.now(case).due_on
    put(world.browser("county"), days="1")
    sign(world)
    assert world.now(case).due_on == before
    other = world.case(name="农桂花")
    world.register(other)
    assert world.now(other).due_on == date(2026, 11, 24) != before


def test_the_same_put_twice_waits_once_and_another_takes_its_place(world: World) -> None:
    county = world.browser("county")
    for days in ("4", "4", "3"):
        put(county, days=days)
    with world.ctx.db.read() as db:
        rows = db.query(RuleChange).order_by(RuleChange.id).all()
        assert [(json.loads(row.value)["days"], row.state) for row in rows] == [
            (4, "dropped"), (3, "open")
        ]
    county.post(f"{ALL}/changes/{change(world).id}/drop")
    assert change(world).state == "dropped"
    sign(world)
    assert length(world, DAWAN)[0] == 5


@pytest.mark.parametrize(("path", "more", "said"), [
    (CLOCK, {"days": "0"}, "1 到 366"),
    (CLOCK, {"days": "367"}, "1 到 366"),
    (CLOCK, {"days": "三"}, "1 到 366"),
    (CLOCK, {"unit": ""}, "请选工作日还是自然日"),
    (CLOCK, {"basis": " "}, "请写上依据哪一条"),
    (CLOCK, {"basis": "长" * 201}, "请写上依据哪一条"),
    (CLOCK, {"first": ""}, "请选从哪天起"),
    (CLOCK, {"first": "2026-11-22"}, "请选从哪天起"),
    (CLOCK, {"last": "2026-11-22"}, "不能早于开始那天"),
    (CLOCK, {"last": "x"}, "不能早于开始那天"),
    (f"{ALL}/deadlines.decision_extended", {"days": "46"}, "最多 45：2022年10月扩围通知"),
    (f"{ALL}/deadlines.survey", {"days": "4"}, "最多 3：民发〔2021〕57号第十五条"),
    (f"{ALL}/deadlines.survey", {"days": "3", "unit": "days"}, "请按工作日填"),
    (f"{ALL}/deadlines.notice", {"days": "6", "unit": "days"}, "至少 7：民发〔2021〕57号"),
    (f"{ALL}/approval.dibao", {"township": ""}, "请选一样"),
    (f"{ALL}/approval.dibao", {"township": "yes", "limit": "NaN"}, "请填钱数"),
    (f"{ALL}/approval.dibao", {"township": "yes", "limit": "1e9"}, "请填钱数"),
    (f"{ALL}/approval.dibao", {"township": "yes", "limit": "0.001"}, "请填钱数"),
    (f"{ALL}/recheck", {"stable": "13", "other": "6"}, "最多 12：民发〔2021〕57号第三十一条"),
    (f"{ALL}/recheck", {"stable": "12", "other": "7"}, "最多 6：民发〔2021〕57号第三十一条"),
    (f"{ALL}/spot_check.tekun", {"share": "29"}, "至少 30：民发〔2021〕43号"),
    (f"{ALL}/spot_check.dibao", {"share": "5", "area": DAWAN}, "这一条全县一样"),
    (f"{ALL}/notices.names", {"choice": "none"}, "请选一样"),
])
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    world: World, path: str, more: dict[str, str], said: str
) -> None:
    county = world.browser("county")
    county.text(ALL)
    answer = county.post(path, **form(**more))
    assert answer.status_code == 422
    assert said in answer.text
    with world.ctx.db.read() as db:
        assert db.query(RuleChange).count() == 0


def test_each_kind_is_asked_by_those_who_go_by_it(world: World) -> None:
    county, ctx = world.browser("county"), world.ctx
    for path, more in (
        ("approval.temporary", {"township": "yes", "limit": "3000.50"}),
        ("recheck.dibao", {"stable": "6", "other": "3"}),
        ("spot_check.dibao", {"share": "25"}),
        ("notices.names", {"choice": "masked"}),
    ):
        put(county, f"{ALL}/{path}", **more)
        sign(world)
    assert may_decide(ctx, DAWAN, "temporary", Decimal("3000.50")).within
    assert not may_decide(ctx, DAWAN, "temporary", Decimal("3000.51")).within
    assert interval(ctx, DAWAN, "dibao", STABLE).months == 6
    assert interval(ctx, DAWAN, "tekun", STABLE).months == 12
    assert least_share(ctx, COUNTY, "dibao").percent == 25
    page = county.text(ALL)
    assert all(words in page for words in ("3000.50 元以内", "至少 25%", "名字遮住中间"))


def test_the_list_holds_every_length_and_each_has_a_default(world: World) -> None:
    lengths = {one.key for one in KNOWN.values() if one.kind is Kind.LENGTH}
    assert {f"deadlines.{clock}" for clock in Clocks} < lengths
    for known in KNOWN.values():
        usual = rulekeys.default(world.ctx.settings, known)
        assert usual is not None or known.key.startswith("recheck.")


@pytest.mark.parametrize("who", ["li", "chen"])
def test_only_the_county_changes_and_an_officer_has_no_such_room(world: World, who: str) -> None:
    put(world.browser("county"))
    browser, number = world.browser(who), change(world).id
    assert browser.get(ALL).status_code == (404 if who == "li" else 200)
    assert browser.post(CLOCK, **form(area=DAWAN)).status_code == 404
    for act in ("sign", "drop"):
        assert browser.post(f"{ALL}/changes/{number}/{act}").status_code == 404
    assert change(world).state == "open"
    if who == "chen":
        page = browser.text(f"{CLOCK}?area={DAWAN}")
        assert "要改，请跟县里说" in page
        assert "<form method=\"post\" action=\"/desk/rules" not in page
        assert browser.get(f"{ALL}?area={XIAOHE}").status_code == 404
        assert browser.get(f"{CLOCK}?area={COUNTY}").status_code == 404


def test_outside_the_county_and_the_list_nothing_is_there(world: World) -> None:
    away = "530998000000"
    with world.ctx.db.begin() as db:
        db.add(Area(code=away, name="别县", level=Level.COUNTY))
        db.flush()
        row = RuleChange(
            area=away, key="deadlines.acceptance", value='{"days": 1, "unit": "days"}',
            basis="别县", from_=TODAY, put_by=world.staff["county"].id, put_at=world.ctx.now(),
        )
        db.add(row)
        db.flush()
        number = row.id
    world.ctx.directory.forget()
    county = world.browser("other")
    assert "别县" not in county.text(ALL)
    assert county.get(f"{ALL}?area={away}").status_code == 404
    assert county.post(CLOCK, **form(area=away)).status_code == 404
    assert county.post(f"{ALL}/changes/{number}/sign").status_code == 404
    assert county.get(f"{ALL}/deadlines.unknown").status_code == 404
    assert county.post(f"{ALL}/deadlines.unknown", **form()).status_code == 404
