"""Long lists go on to the next page, and everyone whose name was read on them is recorded."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from models.departments import Department
from models.referrals import Referral, State
from models.tasks import Task, TaskKind
from tests.webhooks.desk.referral_world import with_departments
from tests.webhooks.desk.ways import ready
from tests.webhooks.desk.world import World

MANY = 65


def read_numbers(world: World, action: str, kind: str) -> list[int]:
    """Every number that was recorded as read, in the order of reading."""
    entries = world.audited(action)
    assert all(len(entry.detail) <= 500 for entry in entries)
    return [number for entry in entries for number in json.loads(entry.detail).get(kind, [])]


def test_every_open_task_is_on_one_of_the_pages_and_recorded(world: World) -> None:
    case = world.case()
    with world.ctx.db.begin() as db:
        db.add_all(
            Task(
                case_id=case.id, kind=TaskKind.SURVEY, staff_id=world.staff["li"].id,
                due_on=world.ctx.today() + timedelta(days=number), findings={},
                bundle=f"task{number:0>28}", created_at=world.ctx.now(),
            )
            for number in range(MANY)
        )
    li, pages = world.browser("li"), []
    for page in (1, 2, 3):
        text = li.text(f"/desk/tasks?page={page}")
        pages.append(re.findall(r'href="/desk/tasks/(\d+)"', text))
        assert ("下一页" in text) == (page < 3)
        assert ("上一页" in text) == (page > 1)
    assert [len(page) for page in pages] == [30, 30, 5]
    shown = [int(number) for page in pages for number in page]
    assert shown == sorted(shown)
    assert len(set(shown)) == MANY
    assert read_numbers(world, "tasks.read", "tasks") == shown
    assert 'href="/desk/tasks?page=2&amp;all=1"' in li.text("/desk/tasks?all=1")


def test_every_referral_is_on_one_of_the_pages(world: World) -> None:
    place = with_departments(world)
    case = world.case()
    with world.ctx.db.begin() as db:
        one = db.get(Department, place.number["教育局"])
        assert one is not None
        db.add_all(
            Referral(
                case_id=case.id, department_id=one.id, asked=f"第{number}件", papers=[],
                state=State.SENT if number < 35 else State.ANSWERED,
                sent_by=world.staff["li"].id, sent_at=world.ctx.now(), basis="规程",
                due_on=world.ctx.today(), settled_at=None if number < 35 else world.ctx.now(),
            )
            for number in range(MANY)
        )
    department = f"/desk/departments/{place.number['教育局']}"
    for who, path in (("jiao", "/desk/referrals"), ("li", "/desk/referrals"),
                      ("county", department)):
        browser, seen = world.browser(who), []
        for page in (1, 2, 3):
            text = browser.text(f"{path}?page={page}")
            seen += re.findall(r"第(\d+)件", text)
            assert ("下一页" in text) == (page < 3)
            assert ("没有等着" in text) is False
        assert sorted(map(int, seen)) == list(range(MANY)), who
    assert len(read_numbers(world, "referrals.read", "referrals")) == 3 * MANY
    assert "等着回话的 35 件" in world.browser("county").text(f"{department}?page=2")


def test_opening_the_screen_of_an_extension_is_reading_the_case(world: World) -> None:
    case, _ = ready(world, "propose")
    before = len(world.audited("case.read"))
    assert "延长" in world.browser("li").text(f"/desk/cases/{case.receipt}/extend")
    assert len(world.audited("case.read")) == before + 1


def test_every_relative_on_the_list_is_recorded_as_read(world: World) -> None:
    li = world.browser("li")
    li.text("/desk/kin/new")
    for number in range(33):
        said = {"name": f"吴{chr(0x4E00 + number)}", "relation": "parent", "id_number": ""}
        assert li.post("/desk/kin/new", **said).status_code == 303
    assert read_numbers(world, "kin.listed", "kin") == []
    li.text("/desk/kin")
    assert len(set(read_numbers(world, "kin.listed", "kin"))) == 33
