"""The household of a report by others, on the desk: to be told, told, stopped, and looked at."""

from __future__ import annotations

from sqlalchemy import select

from models import informing, informwork
from models.cases import Attachment, Case
from models.statuses import Status
from models.tasks import Task, TaskKind
from tests.webhooks.desk.world import World


def reported(world: World, **answers: object) -> Case:
    case = world.case(
        on_behalf=True, name="黄阿婆", phone="13900000001",
        more={"whom": "other", "relation": "neighbour", "consent": "process", **answers},
    )
    informwork.sweep(world.ctx)
    return case


def page(world: World, case: Case, who: str = "li") -> str:
    return world.browser(who).text(f"/desk/cases/{case.receipt}")


def call(world: World, case: Case) -> Task:
    with world.ctx.db.read() as db:
        return db.query(Task).filter_by(case_id=case.id, kind=TaskKind.CALLBACK).one()


def refused(world: World) -> Case:
    """They said no on the telephone."""
    case = reported(world)
    task = call(world, case)
    browser = world.browser("li")
    screen = browser.text(f"/desk/tasks/{task.id}")
    assert "不要说是谁报的" in screen
    assert 'type="file"' not in screen
    answer = browser.post(
        f"/desk/tasks/{task.id}", version="1", on="2026-11-23", at="10:00", how="phone",
        whom="本人", said="declines", words="别人多事",
    )
    assert answer.status_code == 303
    return case


def test_the_call_stands_among_the_tasks_and_on_the_case(world: World) -> None:
    case = reported(world)
    assert "打电话或上门告诉这家" in world.browser("li").text("/desk/tasks")
    shown = page(world, case)
    assert "要打电话或者上门告诉这家" in shown
    assert "告诉这家人有人替他们说过" in shown, "its clock"


def test_a_no_stops_the_case_and_says_why(world: World) -> None:
    case = refused(world)
    shown = page(world, case)
    assert "这家人说不同意。先停着" in shown
    assert 'class="moves"' in shown
    assert "登记交办" not in shown
    browser = world.browser("li")
    answer = browser.post(
        f"/desk/cases/{case.receipt}/register", version=str(world.now(case).version),
        unit="民政办", officer=str(world.staff["li"].id),
    )
    assert answer.status_code == 409
    assert "这家人说不同意" in answer.get_data(as_text=True)
    assert world.now(case).status == Status.SUBMITTED


def test_an_officer_goes_on_with_a_note(world: World) -> None:
    case = refused(world)
    browser = world.browser("li")
    path = f"/desk/cases/{case.receipt}/household"
    version = str(world.now(case).version)
    assert "请写一句" in browser.post(
        path, follow=True, version=version, how="go_on", note=""
    ).get_data(as_text=True)
    after = browser.post(
        path, follow=True, version=version, how="go_on", note="上门问过，点头了"
    ).get_data(as_text=True)
    assert "可以接着办" in after
    assert "上门问过，点头了" in after
    assert "登记交办" in after


def test_or_ends_it_and_what_was_said_is_gone(world: World) -> None:
    case = refused(world)
    path = f"/desk/cases/{case.receipt}/household"
    browser = world.browser("li")
    browser.get(f"/desk/cases/{case.receipt}")
    after = browser.post(
        path, follow=True, version=str(world.now(case).version), how="stop", note="本人不要"
    ).get_data(as_text=True)
    assert "只留有过这件事" in after
    shown = page(world, case)
    for words in ("黄阿婆", "13900000001", "摔断了腿", "别人多事"):
        assert words not in shown, words
    assert "写下来的已经删掉" in shown
    assert world.now(case).status == Status.WITHDRAWN


def test_by_what_right_somebody_acts_is_shown(world: World) -> None:
    case = reported(world, authority="letter", aware="agrees")
    world.by_assistant(case)
    shown = page(world, case)
    assert "大湾村协理员韦秀兰替黄阿婆办：凭委托书代办" in shown
    assert "说有委托书，还没有拍来" in shown
    number = world.paper(case)
    shown = page(world, case)
    assert "还没有拍来" in shown, "any photo is no letter"
    assert "这张是委托书" in shown
    path = f"/desk/cases/{case.receipt}/papers/{number}"
    browser = world.browser("li")
    for lacks in (False, True):
        browser.get(f"/desk/cases/{case.receipt}")
        assert browser.post(path, quality="letter").status_code == 303
        assert ("还没有拍来" in page(world, case)) is lacks
    with world.ctx.db.read() as db:
        assert db.scalars(select(Attachment.quality)).one() == "unmarked"
    assert len(world.audited("paper.letter")) == 2
    other = reported(world)
    world.register(other)
    browser.get(f"/desk/cases/{other.receipt}")
    number = world.paper(other)
    path = f"/desk/cases/{other.receipt}/papers/{number}"
    assert "不用标" in browser.post(path, follow=True, quality="letter").get_data(as_text=True)


def test_the_county_looks_and_does_not_decide(world: World) -> None:
    case = refused(world)
    shown = page(world, case, "county")
    assert "这家人说不同意" in shown
    assert "就这样定" not in shown
    with world.ctx.db.read() as db:
        found = informing.of_case(db, case.id)
    assert found is not None
    assert found.how == "phone"
