"""Harm on the desk: the red line, each department, the call, and a liaison's page."""

from __future__ import annotations

import pytest

from models import informwork
from models.alarms import Alarm
from models.cases import Case
from models.outgoing import Occasion
from notices.occasions import spoken
from tests.webhooks.desk.referral_world import Referring, with_departments
from tests.webhooks.desk.world import World

SAID = "孩子手上有烟头烫的印，我是他家邻居，夜里总听见哭，韦秀兰也听见了"


@pytest.fixture
def place(world: World) -> Referring:
    return with_departments(world)


def hurt(world: World, **answers: object) -> Case:
    case = world.case(
        on_behalf=True, name="覃小宝", phone="13900000002", what=SAID,
        more={"whom": "other", "harm": "child", "spot": "三组，桥头第二家", **answers},
    )
    return world.by_assistant(case)


def rows(world: World, case: Case) -> list[Alarm]:
    with world.ctx.db.read() as db:
        return list(db.query(Alarm).filter_by(case_id=case.id).order_by(Alarm.id))


@pytest.mark.parametrize("who", ["li", "chen", "county"])
def test_the_red_line_and_each_department(place: Referring, who: str) -> None:
    world = place.world
    case = hurt(world)
    page = world.browser(who).text(f"/desk/cases/{case.receipt}")
    assert "孩子可能受到伤害：公安局、教育局还没有接手" in page
    assert 'href="tel:110"' in page
    assert "没有绑微信的联络员，请打电话" in page, "公安局"
    assert "发到联络员微信上了，还没有接" in page, "教育局"
    assert "未成年人保护法第十一条" in page


def test_the_call_is_recorded_with_who_and_when(place: Referring) -> None:
    world = place.world
    case = hurt(world)
    police = rows(world, case)[0]
    browser = world.browser("chen")
    browser.get(f"/desk/cases/{case.receipt}")
    path = f"/desk/cases/{case.receipt}/alarms/{police.id}"
    empty = browser.post(path, follow=True).get_data(as_text=True)
    assert "请写上跟谁说的" in empty
    form = {f"words-{police.id}": "110，接警员说马上出警"}
    page = browser.post(path, follow=True, **form).get_data(as_text=True)
    assert "陈建国 11月23日" in page
    assert "打电话告诉的" in page
    assert "110，接警员说马上出警" in page
    assert "：教育局还没有接手" in page
    # Whose case it is not records nothing of it.
    assert world.browser("sun").post(path, **form).status_code == 404


def test_a_liaison_gets_what_they_must_act_on_and_never_who_said_it(place: Referring) -> None:
    world = place.world
    case = hurt(world)
    school = rows(world, case)[1]
    [first, *_] = place.pushes(Occasion.STAFF_HARM)
    words = spoken(world.ctx, first.occasion, first.details, case.township, "")
    text = " ".join(words.texts)
    assert words.page == f"/desk/alarms/{school.id}"
    for secret in ("覃小宝", "烟头", "大湾村", case.receipt):
        assert secret not in text
    assert "大湾镇" in text
    assert "0777-700 0001" in text
    browser = world.browser("jiao")
    assert f"/desk/alarms/{school.id}" in browser.text("/desk/referrals")
    page = browser.text(f"/desk/alarms/{school.id}")
    for shown in ("覃小宝", "大湾村", "桥头第二家", "孩子手上有烟头烫的印", "夜里总听见哭"):
        assert shown in page, shown
    for secret in ("韦秀兰", "邻居", "13900000002", case.receipt):
        assert secret not in page, secret
    assert world.audited("alarm.read")
    page = browser.post(f"/desk/alarms/{school.id}", follow=True).get_data(as_text=True)
    assert "接下了" in page
    assert f"/desk/alarms/{school.id}" not in browser.text("/desk/referrals")
    assert "何老师 11月23日" in world.browser("li").text(f"/desk/cases/{case.receipt}")


def test_what_was_only_recognised_says_so(place: Referring) -> None:
    world = place.world
    case = hurt(world, harm="", danger="child")
    page = world.browser("li").text(f"/desk/cases/{case.receipt}")
    assert "从话里听出来的，先打电话核实" in page


def test_the_household_is_not_told_meanwhile(place: Referring) -> None:
    world = place.world
    case = hurt(world)
    informwork.sweep(world.ctx)
    browser = world.browser("li")
    page = browser.text(f"/desk/cases/{case.receipt}")
    assert "先不告诉这家人" in page
    browser.post(
        f"/desk/cases/{case.receipt}/household/tell", version=str(world.now(case).version)
    )
    assert "要打电话或者上门告诉这家" in browser.text(f"/desk/cases/{case.receipt}")
