"""What nobody means to send: numbers and days that no row has. A sentence or 404, never a fault."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from models.numbers import LARGEST, read_number
from models.statuses import Role
from models.tasks import Task, TaskKind
from tests.webhooks.desk.test_kin import declare, settle
from tests.webhooks.desk.ways import FOUND, INVESTIGATING, ready, take
from tests.webhooks.desk.world import COUNTY, World
from webhooks import access

HUGE = (str(2**53), "9" * 40)
FAR_DAYS = ("0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31")


@pytest.mark.parametrize("text", ["", "-1", "1.5", "１２", "1_0", "²", *HUGE])
def test_no_such_number_is_read(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        read_number(text)


def test_numbers_up_to_the_largest_are_read() -> None:
    assert [read_number(text) for text in ("0", " 12 ", str(LARGEST))] == [0, 12, LARGEST]


@pytest.mark.parametrize("number", HUGE)
def test_no_address_breaks_at_a_number_that_no_row_has(world: World, number: str) -> None:
    case = world.case()
    browsers = {role: world.browser(who) for role, who in (
        (Role.OFFICER, "li"), (Role.HEAD, "chen"), (Role.COUNTY, "county"),
    )}
    walked = 0
    for route in access.listed(world.app):
        if "<int:" not in route["path"] or route["audience"] != "desk":
            continue
        path = re.sub(r"<int:[^>]+>", number, route["path"]).replace("<receipt>", case.receipt)
        for role in set(route["roles"]) & set(browsers):
            browser = browsers[Role(role)]
            send = browser.get if "GET" in route["methods"] else browser.post
            assert send(path).status_code in (404, 405), path
            walked += 1
    assert walked >= 20


@pytest.mark.parametrize("number", HUGE)
def test_no_list_breaks_at_a_key_that_no_row_has(world: World, number: str) -> None:
    county = world.browser("county")
    for path in ("/desk/?", "/desk/search?scheme=dibao&", "/desk/search?group=done&"):
        for key in (f"{number}.1", f"-{number}.1", f"1.{number}", "1.-1", "x"):
            assert county.get(f"{path}after={key}").status_code == 404, (path, key)
    # The largest that is read is answered too: it is the end of the list, or its beginning.
    for key in (f"{LARGEST}.{LARGEST}", f"-{LARGEST}.{LARGEST}"):
        assert county.get(f"/desk/search?scheme=dibao&after={key}").status_code == 200
    assert county.get(f"/desk/register?page={number}").status_code == 200
    assert county.get(f"/desk/search?saved={number}").status_code == 200
    assert county.post("/desk/search/drop", saved=number).status_code == 303


@pytest.mark.parametrize("number", HUGE)
def test_no_form_breaks_at_a_number_that_no_row_has(world: World, number: str) -> None:
    case, form = ready(world, "register")
    at = f"/desk/cases/{case.receipt}"
    li = world.browser("li")
    li.text(f"{at}/register")
    answer = li.post(f"{at}/register", **form | {"version": str(case.version), "officer": number})
    assert answer.status_code == 422
    assert li.post(f"{at}/register", **form | {"version": number}).status_code == 409
    assert li.post(f"{at}/extend", version=number, days=number, words="等回信").status_code < 500
    county = world.browser("county")
    assert county.post("/desk/spotchecks", scheme="child", share=number).status_code == 422


@pytest.mark.parametrize("day", FAR_DAYS)
def test_a_day_that_nobody_means_gets_a_sentence(world: World, day: str) -> None:
    case, form = ready(world, "assist")
    li = world.browser("li")
    for field in ("due_from", "due_to", "received_from", "received_to"):
        answer = li.get(f"/desk/search?{field}={day}")
        assert (answer.status_code, "日期要像" in answer.text) == (422, True), field
    at, version = f"/desk/cases/{case.receipt}", str(case.version)
    answer = li.post(f"{at}/assist", **form | {"version": version, "from_on": day})
    assert (answer.status_code, "请选一个日子。" in answer.text) == (422, True)
    looked_into = world.case(name="李大勇")
    for who, move, given in INVESTIGATING[:-1]:
        take(world, looked_into, who, move, given)
    with world.ctx.db.read() as db:
        survey = db.query(Task).filter_by(case_id=looked_into.id, kind=TaskKind.SURVEY).one()
    answer = li.post(f"/desk/tasks/{survey.id}", version="1", **FOUND | {"on": day})
    assert (answer.status_code, FOUND["lives"] in answer.text) == (422, True)


def test_help_begins_within_the_year(world: World) -> None:
    case, form = ready(world, "assist")
    li, at = world.browser("li"), f"/desk/cases/{case.receipt}/assist"
    li.text(at)
    last = world.ctx.today() + timedelta(days=366)
    sent = form | {"version": str(case.version), "internal": "等银行卡办好"}
    answer = li.post(at, **sent | {"from_on": (last + timedelta(days=1)).isoformat()})
    assert answer.status_code == 422
    assert "请选一年以内的日子" in answer.text
    assert "等银行卡办好" in answer.text
    assert li.post(at, **sent | {"from_on": last.isoformat()}).status_code == 303


@pytest.mark.parametrize("day", FAR_DAYS)
def test_the_countys_visit_was_on_a_day(world: World, day: str) -> None:
    case = world.case()
    declare(world)
    settle(world, case, "zhao", "yes")
    county, at = world.browser("county"), f"/desk/cases/{case.receipt}/kin/visit"
    form = {"visitors": "周华、马丽", "findings": "情况属实"}
    answer = county.post(at, version=str(world.now(case).version), on=day, **form)
    assert (answer.status_code, "周华、马丽" in answer.text) == (422, True)


WRONG = (
    ("amount", "八百", "金额请用数字写"), ("amount", "-5", "金额要大于 0 元"),
    ("persons", "-3", "请写上几口人"), ("persons", "三", "请写上几口人"),
)


@pytest.mark.parametrize(("name", "text", "sentence"), WRONG)
def test_a_field_that_cannot_be_read_loses_no_other(
    world: World, name: str, text: str, sentence: str
) -> None:
    case, form = ready(world, "propose")
    li, at = world.browser("li"), f"/desk/cases/{case.receipt}/propose"
    li.text(at)
    sent = form | {
        "version": str(case.version), "amount": "512", "persons": "7", "goods": "两床棉被",
        "internal": "房子漏得厉害", "monthly": "0", name: text,
    }
    answer = li.post(at, **sent)
    assert answer.status_code == 422
    for words in (sentence, *(sent[key] for key in ("amount", "persons", "internal"))):
        assert words in answer.text, words
    assert re.search(r'name="monthly" value="0"[^>]* checked', answer.text)
    assert world.now(case).version == case.version


def test_a_foreign_case_is_not_there_whatever_is_typed(world: World) -> None:
    case, form = ready(world, "propose")
    sun = world.browser("sun")
    for move, more in (
        ("propose", {"amount": "八百"}), ("assist", {"from_on": "9999-12-31"}),
        ("settle_death", {"died_on": "昨天"}), ("referred_also", {"from_on": "昨天"}),
    ):
        at = f"/desk/cases/{case.receipt}/{move}"
        answer = sun.post(at, **form | {"version": str(case.version)} | more)
        assert answer.status_code == 404, move
        assert case.receipt not in answer.text


def test_asking_also_with_a_day_that_is_none_says_so(world: World) -> None:
    case, _ = ready(world, "propose")
    li, at = world.browser("li"), f"/desk/cases/{case.receipt}/referred_also"
    answer = li.post(at, version=str(case.version), from_on="昨天", words="请看看学费能不能减")
    assert (answer.status_code, "请看看学费能不能减" in answer.text) == (422, True)


@pytest.mark.parametrize("day", FAR_DAYS)
def test_leave_and_rules_have_days_too(world: World, day: str) -> None:
    chen, path = world.browser("chen"), f"/desk/staff/{world.staff['li'].id}"
    chen.text(path)
    for asked in ({"from": day, "until": "2026-12-01"}, {"from": "2026-12-01", "until": day}):
        assert chen.post(f"{path}/leave", **asked).status_code == 422, asked
    county = world.browser("county")
    rule = {"area": COUNTY, "days": "4", "unit": "working_days", "basis": "规程第八条", "last": ""}
    for field in ("first", "last"):
        sent = rule | {"first": "2026-12-01"} | {field: day}
        answer = county.post("/desk/rules/deadlines.acceptance", **sent)
        assert (answer.status_code, "规程第八条" in answer.text) == (422, True), field


def test_nobody_of_a_number_that_no_row_has_takes_cases_over(world: World) -> None:
    chen, path = world.browser("chen"), f"/desk/staff/{world.staff['li'].id}/hand-over"
    for number in HUGE:
        assert chen.post(path, which="all", officer=number).status_code == 422
