"""The people of an area: invited, on leave, handing over, leaving; who may do it to whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import casequeries, escalation, joining
from models.cases import Case, CaseEvent
from models.kinship import Kin
from models.outgoing import Occasion
from models.people import Code, Person, Staff, WebSession
from models.pushes import Push
from models.statuses import Role
from models.steps import MoveRefused
from models.tasks import Task
from notices import claims
from tests.webhooks.desk.world import COUNTY, DAWAN, DAWAN_VILLAGE, XIAOHE, Browser, World

ALL, NEW = "/desk/staff", "/desk/staff/invite"
CODE = re.compile(r"绑定 (\d{8})")


def at(world: World, who: str) -> str:
    return f"{ALL}/{world.staff[who].id}"


def stored(world: World, number: int) -> Staff:
    with world.ctx.db.read() as db:
        return db.get_one(Staff, number)


def invited(browser: Browser, **form: str) -> str:
    values = {"name": "韦小兰", "role": "officer", "area": DAWAN, "unit": "民政办"} | form
    answer = browser.post(NEW, **values)
    assert answer.status_code == 200, answer.text
    found = CODE.search(answer.text)
    assert found is not None
    assert "no-store" in answer.headers["Cache-Control"]
    return found[1]


def bind(world: World, code: str) -> Staff | None:
    with world.ctx.db.begin() as db:
        person = Person(created_at=world.ctx.now())
        db.add(person)
        db.flush()
        return joining.bind_staff(world.ctx, db, person.id, code)


def leave(world: World, who: str, browser: Browser, days: int = 3) -> None:
    today = world.ctx.today()
    answer = browser.post(
        f"{at(world, who)}/leave", **{"from": today.isoformat()},
        until=(today + timedelta(days=days)).isoformat(),
    )
    assert answer.status_code == 303


def test_a_head_sees_the_township_and_the_county_everyone(world: World) -> None:
    world.register(world.case())
    head = world.browser("chen").text(ALL)
    assert all(name in head for name in ("李明", "赵敏", "吴村医", "名下 1 件"))
    assert not any(name in head for name in ("孙丽", "周华"))
    county = world.browser("county").text(ALL)
    assert all(name in county for name in ("李明", "陈建国", "孙丽", "田秀兰"))


@pytest.mark.parametrize("who", ["li", "sun"])
def test_an_officer_looks_after_assistants_and_nobody_else(world: World, who: str) -> None:
    browser = world.browser(who)
    assert not any(name in browser.text(ALL) for name in ("赵敏", "陈建国", "田秀兰"))
    assert ("吴村医" in browser.text(ALL)) is (who == "li")
    for other in ("zhao", "chen", "county"):
        assert browser.get(at(world, other)).status_code == 404
        for act in ("code", "leave", "hand-over", "remove"):
            assert browser.post(f"{at(world, other)}/{act}", back="1").status_code == 404
    answer = browser.post(NEW, name="假人", role="officer", area=DAWAN, unit="民政办")
    assert (answer.status_code, "请选一个岗位" in answer.text) == (422, True)


def test_an_officer_invites_an_assistant_from_the_page_of_the_villages(world: World) -> None:
    officer = world.browser("li")
    form = officer.text(f"{NEW}?role=assistant&area={DAWAN_VILLAGE}")
    assert f'value="{DAWAN_VILLAGE}" selected' in form
    assert f'value="{DAWAN}"' not in form
    assert f"{NEW}?role=assistant" in officer.text("/desk/villages")
    code = invited(officer, role="assistant", area=DAWAN_VILLAGE, unit="")
    made = bind(world, code)
    assert made is not None
    assert (made.role, made.area) == (Role.ASSISTANT, DAWAN_VILLAGE)


def test_the_form_takes_no_place_for_granted(world: World) -> None:
    """The township stood there while 协理员 was chosen, and was refused."""
    assert "selected" not in world.browser("chen").text(NEW).split('id="area"')[1].split(
        "</select>")[0].replace('<option value="" selected>', "")


def test_outside_the_area_and_above_nobody_is_there(world: World) -> None:
    head = world.browser("chen")
    for who in ("sun", "county", "chen"):
        assert head.get(at(world, who)).status_code == 404
        for act in ("code", "leave", "hand-over", "remove"):
            assert head.post(f"{at(world, who)}/{act}", back="1").status_code == 404
    assert stored(world, world.staff["sun"].id).left_at is None


def test_someone_is_invited_and_bound(world: World) -> None:
    head = world.browser("chen")
    code = invited(head)
    made = bind(world, code)
    assert made is not None
    assert (made.name, made.role, made.area, made.unit) == (
        "韦小兰", Role.OFFICER, DAWAN, "民政办"
    )
    assert code not in head.text(f"{ALL}/{made.id}")
    assert [entry.staff_id for entry in world.audited("staff.invited")] == [
        world.staff["chen"].id
    ]
    again = head.post(NEW, name="韦小兰", role="officer", area=DAWAN, unit="民政办")
    assert again.status_code == 422
    assert "已经有一位叫这个名字的" in again.text


def test_clicked_twice_it_is_one_person_and_only_the_last_code_opens(world: World) -> None:
    head = world.browser("chen")
    first, second = invited(head), invited(head)
    with world.ctx.db.read() as db:
        assert db.query(Staff).filter_by(unit="民政办", area=DAWAN, person_id=None).count() == 1
    assert bind(world, first) is None
    assert bind(world, second) is not None


@pytest.mark.parametrize(("form", "said"), [
    ({"name": " "}, "请写上名字"),
    ({"name": "长" * 31}, "请写上名字"),
    ({"role": "head"}, "请选一个岗位"),
    ({"role": "county"}, "请选一个岗位"),
    ({"role": "admin"}, "请选一个岗位"),
    ({"area": XIAOHE}, "请选在哪里"),
    ({"area": COUNTY}, "请选在哪里"),
    ({"area": DAWAN_VILLAGE}, "请选乡镇"),
    ({"role": "assistant"}, "请选村或社区"),
    ({"unit": ""}, "请写上单位"),
])
def test_what_cannot_be_is_said_by_its_field(
    world: World, form: dict[str, str], said: str
) -> None:
    head = world.browser("chen")
    head.text(NEW)
    values = {"name": "韦小兰", "role": "officer", "area": DAWAN, "unit": "民政办"} | form
    answer = head.post(NEW, **values)
    assert answer.status_code == 422
    assert said in answer.text
    assert world.audited("staff.invited") == []


def test_nobody_makes_a_second_county_or_takes_a_colleagues_place(world: World) -> None:
    county = world.browser("county")
    assert 'value="county"' not in county.text(NEW)
    answer = county.post(NEW, name="假人", role="county", area=COUNTY, unit="县民政局")
    assert answer.status_code == 422
    answer = county.post(f"{at(world, 'other')}/code", follow=True)
    assert "请管理员来给" in answer.text
    assert not CODE.search(answer.text)
    invited(county, role="head", area=XIAOHE, unit="乡政府")


def test_a_new_telephone_puts_the_old_one_out(world: World) -> None:
    head, old = world.browser("chen"), world.browser("li")
    answer = head.post(f"{at(world, 'li')}/code")
    found = CODE.search(answer.text)
    assert found is not None
    assert old.get("/desk/").status_code == 200
    assert bind(world, found[1]) is not None
    assert old.get("/desk/").status_code == 302


def test_leave_keeps_new_cases_away_and_tells_the_head(world: World) -> None:
    first, second = world.case(), world.case(name="农桂花")
    world.register(first)
    head = world.browser("chen")
    leave(world, "li", head)
    assert "请假到" in head.text(ALL)
    with world.ctx.db.read() as db:
        here = casequeries.officers(db, DAWAN, second.id, world.ctx.today())
    assert world.staff["li"].id not in {one.id for one in here}
    page = world.browser("zhao").text(f"/desk/cases/{second.receipt}/register")
    assert "赵敏" in page
    assert "李明" not in page
    with pytest.raises(MoveRefused, match="请假了"):
        world.register(second)
    world.clock.at += timedelta(days=14)
    head = world.browser("chen")
    leave(world, "li", head, 30)
    escalation.escalate(world.ctx)
    with world.ctx.db.read() as db:
        told = db.scalars(select(Push).where(
            Push.case_id == first.id, Push.occasion == Occasion.STAFF_CLOCK
        )).all()
        assert {push.role for push in told} == {Role.HEAD, Role.COUNTY}
    head.post(f"{at(world, 'li')}/leave", back="1")
    assert stored(world, world.staff["li"].id).away_until is None
    assert len(world.audited("staff.leave")) == 3


def test_who_is_away_hears_of_no_new_case_but_of_danger(world: World) -> None:
    def told(occasion: Occasion) -> set[int | None]:
        with world.ctx.db.begin() as db:
            parent = Push(
                key=f"t:{occasion}", occasion=occasion, township=DAWAN, role="officer",
                account="", details={}, state="pending", next_try_at=world.ctx.now(),
                created_at=world.ctx.now(), expires_at=world.ctx.now() + timedelta(days=1),
            )
            db.add(parent)
            db.flush()
            return set(claims._told(world.ctx, db, parent))

    li, zhao = (world.staff[who].person_id for who in ("li", "zhao"))
    head = world.browser("chen")
    leave(world, "li", head)
    assert told(Occasion.STAFF_NEW_CASE) == {zhao}
    assert told(Occasion.STAFF_ALARM) == {li, zhao}
    leave(world, "zhao", head)
    assert told(Occasion.STAFF_SUPPLIED) == {li, zhao}


@pytest.mark.parametrize(("first", "last"), [
    ("", ""), ("2026-11-23", ""), ("2026-11-25", "2026-11-24"), ("2026-11-01", "2026-11-20"),
    ("2026-11-23", "2028-01-01"), ("x", "2026-11-24"),
])
def test_leave_has_two_days_in_order(world: World, first: str, last: str) -> None:
    head = world.browser("chen")
    answer = head.post(f"{at(world, 'li')}/leave", **{"from": first}, until=last)
    assert answer.status_code == 422
    assert "请选从哪天到哪天" in answer.text
    assert stored(world, world.staff["li"].id).away_from is None


def test_all_cases_go_to_a_colleague_with_their_tasks(world: World) -> None:
    cases = [world.case(), world.case(name="农桂花")]
    for case in cases:
        world.register(case)
    world.move(cases[0], "li", "accept", scheme="dibao")
    world.move(cases[0], "li", "investigate")
    head = world.browser("chen")
    page = head.text(f"{at(world, 'li')}/hand-over")
    assert all(case.receipt in page for case in cases)
    zhao = str(world.staff["zhao"].id)
    for _ in range(2):
        answer = head.post(f"{at(world, 'li')}/hand-over", officer=zhao, which="all")
        assert answer.status_code == 303
    assert {world.now(case).officer_id for case in cases} == {int(zhao)}
    with world.ctx.db.read() as db:
        tasks = db.scalars(select(Task).where(Task.case_id == cases[0].id)).all()
        assert tasks
        assert {task.staff_id for task in tasks} == {int(zhao)}
        for case in cases:
            steps = db.scalars(select(CaseEvent).where(
                CaseEvent.case_id == case.id, CaseEvent.kind == "handed_over"
            )).all()
            assert [step.details["officer"] for step in steps] == ["赵敏"]
            told = select(Push).where(Push.event_id == steps[0].id)
            assert len(db.scalars(told).all()) == 1
    assert len(world.audited("case.handed_over")) == 2


def test_only_what_was_chosen_goes(world: World) -> None:
    cases = [world.case(), world.case(name="农桂花"), world.case(village="530999102201")]
    for case in cases[:2]:
        world.register(case)
    world.register(cases[2], "sun")
    head, zhao = world.browser("chen"), world.staff["zhao"].id
    path = f"{at(world, 'li')}/hand-over"
    for form in ({}, {"officer": str(world.staff["sun"].id)}, {"officer": str(zhao)}):
        assert head.post(path, which="some", **form).status_code == 422
    # One of another township among them changes nothing.
    head.post(path, which="some", officer=str(zhao), case=[c.receipt for c in cases[1:]])
    owners = [world.now(case).officer_id for case in cases]
    assert owners == [world.staff["li"].id, zhao, world.staff["sun"].id]


def test_what_the_colleague_must_keep_out_of_stays_and_is_named(world: World) -> None:
    mine, other = world.case(name="赵大山"), world.case(name="农桂花")
    for case in (mine, other):
        world.register(case)
    with world.ctx.db.begin() as db:
        db.add(Kin(
            staff_id=world.staff["zhao"].id, area=DAWAN, relation="parent", name="赵大山",
            name_key=world.ctx.keys.lookup("name", "赵大山"), declared_by=world.staff["zhao"].id,
            declared_at=world.ctx.now(),
        ))
    head = world.browser("chen")
    answer = head.post(
        f"{at(world, 'li')}/hand-over", follow=True, which="all",
        officer=str(world.staff["zhao"].id),
    )
    assert f"没有交：{mine.receipt}" in answer.text
    assert world.now(mine).officer_id == world.staff["li"].id
    assert world.now(other).officer_id == world.staff["zhao"].id


def test_a_heads_own_relative_is_neither_shown_nor_counted_nor_handed_over(world: World) -> None:
    case = world.case(name="陈小山")
    world.register(case)
    with world.ctx.db.begin() as db:
        db.add(Kin(
            staff_id=world.staff["chen"].id, area=DAWAN, relation="child", name="陈小山",
            name_key=world.ctx.keys.lookup("name", "陈小山"), declared_by=world.staff["chen"].id,
            declared_at=world.ctx.now(),
        ))
    head, path = world.browser("chen"), f"{at(world, 'li')}/hand-over"
    assert case.receipt not in head.text(path)
    assert "名下" not in head.text(ALL)
    head.post(path, which="some", officer=str(world.staff["zhao"].id), case=case.receipt)
    assert world.now(case).officer_id == world.staff["li"].id
    # The county sees what the one who left has left behind.
    assert head.post(f"{at(world, 'li')}/remove").status_code == 303
    county = world.browser("county")
    assert "已不在岗" in county.text(ALL)
    county.post(path, which="all", officer=str(world.staff["zhao"].id))
    assert world.now(case).officer_id == world.staff["zhao"].id
    assert "李明" not in county.text(ALL)


def test_leaving_ends_every_session_at_once(world: World) -> None:
    case = world.case()
    world.register(case)
    head, two = world.browser("chen"), (world.browser("li"), world.browser("li"))
    with world.ctx.db.begin() as db:
        db.add(Code(
            code_key=world.ctx.keys.lookup("code", "12345678"), purpose="sign_in",
            staff_id=world.staff["li"].id, created_at=world.ctx.now(),
            expires_at=world.ctx.now() + timedelta(days=1),
        ))
    answer = head.post(f"{at(world, 'li')}/remove", follow=True)
    assert "名下还有 1 件事，先交给别人" in answer.text
    assert two[0].get("/desk/").status_code == 200
    head.post(f"{at(world, 'li')}/hand-over", which="all", officer=str(world.staff["zhao"].id))
    for _ in range(2):
        assert head.post(f"{at(world, 'li')}/remove").status_code == 303
    for browser in two:
        assert browser.get("/desk/").status_code == 302
        assert browser.get(f"/desk/cases/{case.receipt}").status_code == 302
    stranger = world.browser()
    stranger.get("/desk/sign-in")
    assert stranger.post("/desk/sign-in/code", code="12345678").status_code == 422
    with world.ctx.db.read() as db:
        mine = db.scalars(select(WebSession).where(
            WebSession.staff_id == world.staff["li"].id
        )).all()
        assert mine
        assert all(row.ended_at is not None for row in mine)
    assert len(world.audited("staff.left")) == 1
    assert "李明" not in head.text(ALL)


def test_nobody_stops_themselves(world: World) -> None:
    county = world.browser("county")
    assert "停掉" not in county.text(at(world, "county"))
    answer = county.post(f"{at(world, 'county')}/remove", follow=True)
    assert "不能把自己停掉" in answer.text
    assert stored(world, world.staff["county"].id).left_at is None
    county.post(f"{at(world, 'other')}/remove")
    assert stored(world, world.staff["other"].id).left_at is not None


def test_registering_with_someone_on_leave_is_refused_by_the_field(world: World) -> None:
    case, head = world.case(), world.browser("chen")
    leave(world, "li", head)
    answer = world.browser("zhao").post(
        f"/desk/cases/{case.receipt}/register", version="1", unit="民政办",
        officer=str(world.staff["li"].id),
    )
    assert answer.status_code == 422
    assert "这位请假了" in answer.text
    with world.ctx.db.read() as db:
        assert db.get_one(Case, case.id).officer_id is None
