"""Asking the village's assistant on the desk: from the task's own screen to what was handed in."""

from __future__ import annotations

import re

from models import errands, errandwork, taskwork
from models.cases import Case
from models.deadlines import last_day
from models.errands import Errand
from models.errandwork import Handed
from models.kinship import Kin
from models.tasks import Task, TaskKind
from tests.webhooks.desk.test_tasks import investigated, of
from tests.webhooks.desk.world import DAWAN, QIAOTOU, World

DUE = "2026-11-27"


def asked(world: World, case: Case, kind: str = "survey", **given: str) -> int:
    """An officer asks on the page; the answer's status."""
    browser = world.browser("li")
    path = f"/desk/cases/{case.receipt}/errands/{kind}"
    browser.get(path)
    helper = str(world.staff["helper"].id)
    return browser.post(path, **{"helper": helper, "due": DUE, **given}).status_code


def all_of(world: World, case: Case) -> list[Errand]:
    with world.ctx.db.read() as db:
        return list(errands.of_case(db, case.id))


def test_from_the_tasks_own_screen_to_what_was_handed_in(world: World) -> None:
    case, browser = investigated(world), world.browser("li")
    task = of(world, case, "survey")
    path = f"/desk/cases/{case.receipt}/errands/survey"
    assert path in browser.text(f"/desk/tasks/{task.id}")
    assert "吴村医" in browser.text(path)
    assert asked(world, case, words="带个路") == 303
    assert asked(world, case, words="带个路") == 303
    [one] = all_of(world, case)
    assert (one.task_id, one.words, one.due_on and one.due_on.isoformat()) == (
        task.id, "带个路", DUE
    )
    page = browser.text(f"/desk/cases/{case.receipt}")
    assert "请协理员帮的" in page
    assert "还没办" in page
    person = world.staff["helper"].person_id
    assert person is not None
    with world.ctx.db.begin() as db:
        given = {"on": "2026-11-23", "who": "本人", "seen": "屋顶漏了一个洞"}
        errandwork.hand_in(world.ctx, db, person, one.key, Handed(given, {}))
    page = browser.text(f"/desk/cases/{case.receipt}")
    assert "屋顶漏了一个洞" in page
    assert re.search("吴村医 .*交来", page)
    assert of(world, case, "survey").state == "open"
    assert "协理员办好了" in browser.text("/desk/")


def test_what_is_to_be_mended_is_said_beside_it(world: World) -> None:
    case = investigated(world)
    far = world.case(name="远的", village=QIAOTOU)
    world.register(far)
    for given in ({"helper": "999999"}, {"due": "2026-11-01"}, {"due": "x"}, {"words": "长" * 101}):
        assert asked(world, case, **given) == 422, given
    assert asked(world, case, "recheck") == 409
    assert asked(world, case, "knock") == 404
    assert all_of(world, case) == []
    page = world.browser("li").text(f"/desk/cases/{far.receipt}/errands/survey")
    assert "眼下没有能请的协理员" in page


def test_the_form_proposes_a_day_and_says_what_has_to_be_filled_in(world: World) -> None:
    """Three working days on, and never after the task itself is due."""
    case = investigated(world)
    page = world.browser("li").text(f"/desk/cases/{case.receipt}/errands/survey")
    task = of(world, case, "survey")
    assert task.due_on is not None
    three = last_day(world.ctx.today(), 3, "working_days", world.ctx.is_working)
    assert f'value="{min(three, task.due_on).isoformat()}"' in page
    for words in ("必选", "哪天前（必填）", "可以不写"):
        assert words in page, words
    with world.ctx.db.begin() as db:
        db.get_one(Task, task.id).due_on = world.ctx.today()
    page = world.browser("li").text(f"/desk/cases/{case.receipt}/errands/survey")
    assert f'value="{world.ctx.today().isoformat()}"' in page


def test_it_is_taken_back(world: World) -> None:
    case, browser = investigated(world), world.browser("li")
    asked(world, case)
    [one] = all_of(world, case)
    browser.get(f"/desk/cases/{case.receipt}")
    assert browser.post(f"/desk/errands/{one.id}/take-back").status_code == 303
    assert [found.state for found in all_of(world, case)] == ["dropped"]
    stranger = world.browser("sun")
    stranger.get("/desk/")
    assert stranger.post(f"/desk/errands/{one.id}/take-back").status_code == 404


def test_the_posting_number_stands_on_the_screen(world: World) -> None:
    """Six digits, another for every posting, that the assistant compares."""
    case = investigated(world)
    with world.ctx.db.begin() as db:
        now = db.get_one(Case, case.id)
        taskwork.open_task(world.ctx, db, now, TaskKind.POSTING, world.ctx.today(), "")
    task = of(world, case, "posting")
    code = errands.posting_code(world.ctx, task)
    assert re.fullmatch("[0-9]{6}", code)
    assert f"张贴号 {code}" in world.browser("li").text(f"/desk/tasks/{task.id}")


def test_nobody_is_asked_about_a_relative_or_themselves(world: World) -> None:
    case, own = investigated(world, name="李远方"), investigated(world, name="吴村医")
    helper = world.staff["helper"]
    with world.ctx.db.begin() as db:
        assert [one.id for one in errands.helpers(world.ctx, db, case)] == [helper.id]
        # Who reported it for them may well be asked; not who asked for themselves.
        mine = db.get_one(Case, own.id)
        mine.person_id, mine.on_behalf = helper.person_id, True
        assert [one.id for one in errands.helpers(world.ctx, db, mine)] == [helper.id]
        mine.on_behalf = False
        db.add(Kin(
            staff_id=helper.id, area=DAWAN, relation="parent", name="李远方",
            name_key=world.ctx.keys.lookup("name", "李远方"), declared_by=helper.id,
            declared_at=world.ctx.now(),
        ))
    for one in (case, own):
        with world.ctx.db.read() as db:
            assert list(errands.helpers(world.ctx, db, db.get_one(Case, one.id))) == []
