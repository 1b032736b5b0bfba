"""Tasks and items on the desk: the list, the screens, the photos, and what is refused."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from models import supplements, tasks
from models.cases import Attachment, Case
from models.tasks import Task
from tests.webhooks.desk.world import XIAOHE_VILLAGE, Browser, World
from tests.webhooks.pages import photo

SURVEY = {
    "on": "2026-11-23", "at": "09:30", "place": "大湾村", "others": "吴小兰",
    "lives": "四口人", "opinion": "要帮一把", "signed": "",
}


def investigated(
    world: World, consent: str = "both", who: str = "li", **said: Any
) -> Case:
    case = world.case(more={"consent": consent}, **said)
    world.register(case, who)
    world.move(case, who, "accept", scheme="temporary")
    world.move(case, who, "investigate")
    return case


def of(world: World, case: Case, kind: str) -> Task:
    with world.ctx.db.read() as db:
        return next(task for task in tasks.of_case(db, case.id) if task.kind == kind)


def send(browser: Browser, task: Task, *names: str, **given: Any) -> TestResponse:
    """Fill in the screen of a task, with photos of these names."""
    browser.get(f"/desk/tasks/{task.id}")
    files = [
        (io.BytesIO(photo() if name.endswith("jpg") else b"none"), name) for name in names
    ]
    return browser.post(f"/desk/tasks/{task.id}", photos=files, **given)


def test_a_survey_from_the_list_to_the_case(world: World) -> None:
    case = investigated(world)
    task, browser = of(world, case, "survey"), world.browser("li")
    page = browser.text("/desk/tasks")
    assert "入户调查" in page
    assert f"/desk/tasks/{task.id}" in page
    screen = browser.text(f"/desk/tasks/{task.id}")
    assert 'enctype="multipart/form-data"' in screen
    assert "赵敏" in screen
    answer = send(
        browser, task, "a.jpg", version="1", went=[str(world.staff["li"].id)], **SURVEY
    )
    assert answer.status_code == 303
    page = browser.text(f"/desk/cases/{case.receipt}")
    assert "李明、吴小兰" in page
    assert "入户调查做完了" in page
    kept, = stored(world, task)
    assert kept.person_id is None
    assert browser.get(f"/desk/papers/{kept.id}").status_code == 200
    assert world.browser("sun").get(f"/desk/papers/{kept.id}").status_code == 404
    assert f"/desk/tasks/{task.id}" not in browser.text("/desk/tasks")


def stored(world: World, task: Task) -> list[Attachment]:
    with world.ctx.db.read() as db:
        return list(db.scalars(select(Attachment).where(Attachment.bundle == task.bundle)))


def test_a_refusal_keeps_the_photo_and_what_was_typed(world: World) -> None:
    task, browser = of(world, investigated(world), "survey"), world.browser("li")
    alone = SURVEY | {"others": ""}
    answer = send(browser, task, "a.jpg", version="1", went=[str(world.staff["li"].id)], **alone)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "上门要有两个人" in page
    assert "四口人" in page
    assert "已经存了 1 张照片" in page
    assert len(stored(world, task)) == 1
    answer = send(
        browser, task, version="1",
        went=[str(world.staff["li"].id), str(world.staff["zhao"].id)], **alone,
    )
    assert answer.status_code == 303


def test_what_is_no_photo_is_said(world: World) -> None:
    task, browser = of(world, investigated(world), "survey"), world.browser("li")
    answer = send(browser, task, "a.txt", version="1", **SURVEY)
    assert answer.status_code == 422
    assert "这不是照片" in answer.text
    assert stored(world, task) == []


def test_a_second_click_and_a_stale_page(world: World) -> None:
    task, browser = of(world, investigated(world), "survey"), world.browser("li")
    given = SURVEY | {"signed": "都签了", "went": [str(world.staff["li"].id)]}
    stale = send(browser, task, version="7", **given)
    assert stale.status_code == 409
    assert "四口人" in stale.text
    for _ in range(2):
        assert send(browser, task, version="1", **given).status_code == 303
    assert len(world.audited("task.done")) == 1


def test_a_task_elsewhere_does_not_exist(world: World) -> None:
    task = of(world, investigated(world, village=XIAOHE_VILLAGE, who="sun"), "survey")
    browser = world.browser("li")
    assert browser.get(f"/desk/tasks/{task.id}").status_code == 404
    assert browser.post(f"/desk/tasks/{task.id}", version="1").status_code == 404
    assert f"/desk/tasks/{task.id}" not in browser.text("/desk/tasks?all=1")


def test_the_county_looks_and_does_not_do(world: World) -> None:
    case = investigated(world)
    task, browser = of(world, case, "survey"), world.browser("county")
    assert "入户调查" in browser.text("/desk/tasks")
    page = browser.text(f"/desk/cases/{case.receipt}")
    assert "要做的几样" in page
    assert "去做：" not in page
    # A role that may not do it is told nothing of it.
    assert browser.post(f"/desk/tasks/{task.id}", version="1").status_code == 404


def test_a_check_of_one_department_after_another(world: World) -> None:
    case = investigated(world, consent="process")
    task, browser = of(world, case, "verification"), world.browser("li")
    assert "先问本人同不同意核对" in browser.text(f"/desk/cases/{case.receipt}")
    assert "本人还没有同意" in browser.text(f"/desk/tasks/{task.id}")
    send(browser, task, version="1", agreed="yes", agreed_how="当面签了授权书")
    wrong = send(browser, task, version="2", department="人社局", what="工资", kin="王小明")
    assert "他们自己同意了才能查" in wrong.text
    send(browser, task, version="2", department="人社局", what="工资")
    assert "等人社局回" in browser.text(f"/desk/cases/{case.receipt}")
    send(browser, task, version="3", answered_on="2026-11-23", answer="没有查到")
    page = browser.text(f"/desk/cases/{case.receipt}")
    assert "没有查到" in page
    assert "本人同意核对：当面签了授权书" in page
    added = browser.post(f"/desk/cases/{case.receipt}/tasks/verification", follow=True)
    assert "请他们核对" in added.text
    assert browser.post(f"/desk/cases/{case.receipt}/tasks/posting", follow=True).text.count(
        "现在不用再加"
    ) == 1
    assert browser.post(f"/desk/cases/{case.receipt}/tasks/nothing").status_code == 404


def test_the_proposal_is_offered_after_the_survey_and_the_check(world: World) -> None:
    case, browser = investigated(world), world.browser("li")
    assert f"/desk/cases/{case.receipt}/propose\"" not in browser.text(
        f"/desk/cases/{case.receipt}"
    )
    refused = browser.post(
        f"/desk/cases/{case.receipt}/propose", version=str(world.now(case).version),
        form="money", amount="300", monthly="0", persons="4",
    )
    assert refused.status_code == 409
    assert "还没有上门看过" in refused.text
    send(
        browser, of(world, case, "survey"), "a.jpg", version="1",
        went=[str(world.staff["li"].id)], **SURVEY,
    )
    check = of(world, case, "verification")
    browser.post(f"/desk/tasks/{check.id}", version="1", department="人社局", what="工资")
    assert f"/desk/cases/{case.receipt}/propose\"" not in browser.text(
        f"/desk/cases/{case.receipt}"
    )
    browser.post(
        f"/desk/tasks/{check.id}", version="2", answered_on=world.ctx.today().isoformat(),
        answer="没有回",
    )
    assert f"/desk/cases/{case.receipt}/propose\"" in browser.text(f"/desk/cases/{case.receipt}")


def test_items_are_received_and_waived_on_the_case(world: World) -> None:
    case, browser = world.case(), world.browser("li")
    world.register(case)
    world.move(case, "li", "return", missing=("户口本照片", "工资条"))
    with world.ctx.db.read() as db:
        one, two = supplements.of_case(db, case).items
    page = browser.text(f"/desk/cases/{case.receipt}")
    assert "还差 2 样" in page
    base = f"/desk/cases/{case.receipt}/items"
    assert "已收到" in browser.post(f"{base}/{one.id}/received", follow=True).text
    assert "请写上原因" in browser.post(f"{base}/{two.id}/waived", reason="", follow=True).text
    page = browser.post(f"{base}/{two.id}/waived", reason="系统里查得到", follow=True).text
    assert "都齐了" in page
    assert "系统里查得到" in page
    assert browser.post(f"{base}/9999/received").status_code == 404
    assert world.browser("sun").post(f"{base}/{one.id}/received").status_code in (400, 404)
    assert world.now(case).status == "returned"
    assert [len(world.audited(f"item.{state}")) for state in ("received", "waived")] == [1, 1]


@pytest.mark.parametrize("path", ["/desk/tasks", "/desk/tasks/1"])
def test_nobody_comes_in_without_signing_in(world: World, path: str) -> None:
    assert world.browser().get(path).status_code == 302
