"""The county's directory: filled in, added to, changed, retired; its liaisons come and go."""

from __future__ import annotations

import re

import pytest

from models.departments import Department, of_county, shipped
from models.people import Code, Staff
from models.statuses import Role
from tests.webhooks.desk.referral_world import with_departments
from tests.webhooks.desk.world import COUNTY, World

ALL = "/desk/departments"


def names(world: World, *, retired: bool = False) -> list[str]:
    with world.ctx.db.read() as db:
        return [one.name for one in of_county(db, COUNTY, retired=retired)]


def one(world: World, name: str) -> Department:
    with world.ctx.db.read() as db:
        return db.query(Department).filter_by(area=COUNTY, name=name).one()


def test_what_is_shipped_has_its_duties_and_their_place() -> None:
    rows = shipped()
    assert {"教育局", "住房城乡建设局", "人力资源和社会保障局"} <= {row["name"] for row in rows}
    assert all(row["duties"] and row["entry"] and row["line"] > 0 for row in rows)


def test_an_empty_directory_says_what_to_do_and_is_filled_in_once(world: World) -> None:
    county = world.browser("county")
    assert "还没有列出部门" in county.text(ALL)
    assert "照赤水的职责填好" in county.text(ALL)
    county.post(f"{ALL}/fill")
    county.post(f"{ALL}/fill")
    assert names(world) == [row["name"] for row in shipped()]
    page = county.text(f"{ALL}/{one(world, '教育局').id}")
    assert "赤水市社会救助联席会议制度（2014）四（七）市教育局，原文第105行" in page


def test_one_is_added_changed_retired_and_restored(world: World) -> None:
    county = world.browser("county")
    answer = county.post(
        ALL, name=" 医疗保障局 ", duties="医疗救助", phone="0777-700 0099",
        schemes=["medical", "nothing"],
    )
    assert answer.status_code == 303
    made = one(world, "医疗保障局")
    assert (made.schemes, made.phone) == ("medical", "0777-700 0099")
    path = f"{ALL}/{made.id}"
    county.post(path, name="医保局", duties="医疗救助", phone="", schemes=["medical"])
    assert names(world) == ["医保局"]
    county.post(f"{path}/retire")
    assert (names(world), names(world, retired=True)) == ([], ["医保局"])
    county.post(f"{path}/retire", back="1")
    assert names(world) == ["医保局"]
    done = [f"department.{what}" for what in ("kept", "retired", "restored")]
    assert [len(world.audited(what)) for what in done] == [2, 1, 1]


def test_the_countys_own_words_no_longer_claim_the_shipped_source(world: World) -> None:
    with_departments(world)
    county, made = world.browser("county"), one(world, "教育局")
    county.text(ALL)
    county.post(f"{ALL}/{made.id}", name="教育体育局", duties=made.duties)
    assert one(world, "教育体育局").source
    county.post(f"{ALL}/{made.id}", name="教育体育局", duties="管学校")
    assert one(world, "教育体育局").source == ""


@pytest.mark.parametrize(("form", "said"), [
    ({"name": " "}, "请写上部门的名字"),
    ({"name": "长" * 31}, "请写上部门的名字"),
    ({"name": "教育局"}, "已经有一个部门叫这个名字了"),
    ({"name": "医保局", "duties": "长" * 501}, "职责写得太长了"),
    ({"name": "医保局", "phone": "1" * 31}, "电话太长了"),
])
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    world: World, form: dict[str, str], said: str
) -> None:
    with_departments(world)
    county = world.browser("county")
    before = names(world)
    for path in (ALL, f"{ALL}/{one(world, '公安局').id}"):
        answer = county.post(path, **{"duties": "管这个", **form})
        assert answer.status_code == 422
        assert said in answer.text
        assert form.get("duties", "管这个") in answer.text
    assert names(world) == before


def test_a_retired_one_is_offered_no_more(world: World) -> None:
    place = with_departments(world)
    case = place.accepted()
    county, officer = world.browser("county"), world.browser("li")
    county.text(ALL)
    path = f"/desk/cases/{case.receipt}/refer"
    assert 'data-name="教育局"' in officer.text(path)
    county.post(f"{ALL}/{place.number['教育局']}/retire")
    assert 'data-name="教育局"' not in officer.text(path)


def test_a_liaison_is_invited_and_let_go(world: World) -> None:
    place = with_departments(world)
    county, number = world.browser("county"), place.number["教育局"]
    county.text(ALL)
    answer = county.post(f"{ALL}/{number}/liaisons", follow=True, name="农老师")
    found = re.search(r"绑定 (\d{8})", answer.text)
    assert found is not None
    with world.ctx.db.read() as db:
        made = db.query(Staff).order_by(Staff.id.desc()).first()
        assert made is not None
        code = db.query(Code).filter_by(staff_id=made.id).one()
    assert (made.name, made.role, made.area, made.unit, made.department_id) == (
        "农老师", Role.DEPARTMENT, COUNTY, "教育局", number
    )
    assert code.code_key == world.ctx.keys.lookup("code", found[1])
    assert found[1] not in county.text(f"{ALL}/{number}")
    liaison = world.browser("jiao")
    assert liaison.get("/desk/referrals").status_code == 200
    path = f"{ALL}/{place.number['住房城乡建设局']}/liaisons/{world.staff['jiao'].id}/leave"
    assert county.post(path).status_code == 404
    county.post(f"{ALL}/{number}/liaisons/{world.staff['jiao'].id}/leave")
    assert liaison.get("/desk/referrals").status_code == 302


def test_another_countys_department_is_not_there(world: World) -> None:
    with_departments(world)
    with world.ctx.db.begin() as db:
        other = Department(area="530999101000", name="别处", created_at=world.ctx.now())
        db.add(other)
        db.flush()
        number = other.id
    county = world.browser("county")
    county.text(ALL)
    assert county.get(f"{ALL}/{number}").status_code == 404
    assert county.post(f"{ALL}/{number}", name="x").status_code == 404
    assert county.post(f"{ALL}/{number}/retire").status_code == 404
    assert county.post(f"{ALL}/{number}/liaisons", name="x").status_code == 404


@pytest.mark.parametrize("who", ["li", "chen"])
def test_the_directory_is_the_countys(world: World, who: str) -> None:
    browser = world.browser(who)
    assert browser.get(ALL).status_code == 404
    assert browser.post(f"{ALL}/fill").status_code == 404
    assert names(world) == []
