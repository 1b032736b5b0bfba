"""What became of the notices: numbers that open their people, and the list of doors to knock at."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import doors, knocking, pushreport
from models.cases import Case, CaseEvent
from models.doors import Door, How
from models.errands import Errand
from models.outgoing import Occasion, enqueue
from models.people import Staff
from models.pushes import Push, PushState
from models.pushreport import Fate, Tally
from tests.webhooks.desk.test_kin import declare
from tests.webhooks.desk.world import QIAOTOU, XIAOHE, XIAOHE_VILLAGE, World

GONE = "本人已经取消关注。"


def told(
    world: World, case: Case, state: PushState = PushState.UNFOLLOWED, reason: str = GONE,
    occasion: Occasion = Occasion.CASE_MOVED, person: int | None = None,
) -> int:
    """A push about a case that has come to this."""
    ctx = world.ctx
    with ctx.db.begin() as db:
        key = f"test:{db.query(Push).count()}"
        enqueue(
            db, ctx.now(), 7, occasion, key, person_id=person or case.person_id,
            account="yunling", case_id=case.id, details={"receipt": case.receipt},
        )
        db.flush()
        push = db.scalars(select(Push).where(Push.key == key)).one()
        push.state, push.reason = state, reason
        if state not in (PushState.PENDING, PushState.HELD, PushState.SENT):
            push.ended_at = ctx.now()
        return push.id


def only(world: World) -> None:
    """No push but those that the test makes."""
    with world.ctx.db.begin() as db:
        db.query(Push).delete()


def tallies(world: World, who: str = "li", span: str = "7") -> dict[Fate, Tally]:
    with world.ctx.db.read() as db:
        found = pushreport.tallies(
            db, world.staff[who], pushreport.span_of(world.ctx, span)
        )
    return {one.fate: one for one in found}


def listed(world: World, who: str = "li") -> list[Door]:
    with world.ctx.db.read() as db:
        return doors.doors(db, world.staff[who], pushreport.span_of(world.ctx, "30"))


def test_people_pushes_and_reasons_by_outcome(world: World) -> None:
    one, two = world.case(), world.case(name="李桂兰", village=QIAOTOU)
    only(world)
    told(world, one)
    told(world, one)
    told(world, two)
    told(world, two, PushState.DELIVERED, "")
    told(world, two, PushState.HELD, "没有别的办法送到，等本人来消息时再说。")
    told(world, two, PushState.PENDING, "")
    told(world, two, PushState.EXPANDED, "")
    found = tallies(world)
    assert {fate: (one.people, one.pushes) for fate, one in found.items()} == {
        Fate.UNFOLLOWED: (2, 3), Fate.DELIVERED: (1, 1), Fate.HELD: (1, 1), Fate.WAITING: (1, 1),
    }
    assert found[Fate.UNFOLLOWED].reasons == ((GONE, 3),)
    page = world.browser("li").text("/desk/pushes")
    for words in ("一共要告诉 2 个人，6 条通知", "2 个人，3 条", f"{GONE}（3 条）",
                  "6 条，送到 1，没送到 3", "等本人来消息"):
        assert words in page, words
    assert "王秀英" not in page, "numbers alone"


def test_what_goes_to_staff_or_to_who_objects_is_in_no_report(world: World) -> None:
    case = world.case()
    only(world)
    for occasion in (Occasion.STAFF_NEW_CASE, Occasion.ERRAND, Occasion.CONCERN_WORD,
                     Occasion.SIGNED_IN, Occasion.LATE_REPLY):
        told(world, case, occasion=occasion)
    assert tallies(world) == {}
    assert "这段时间没有通知" in world.browser("county").text("/desk/pushes")


def test_a_number_opens_its_people_and_that_is_recorded(world: World) -> None:
    case, far = world.case(), world.case(name="何小河", village=XIAOHE_VILLAGE)
    only(world)
    told(world, case)
    told(world, far)
    reporter = world.staff["helper"].person_id
    assert reporter is not None
    told(world, case, person=reporter)
    browser = world.browser("li")
    page = browser.text("/desk/pushes")
    link = re.search(r'href="(/desk/pushes/unfollowed[^"]*)"', page)
    assert link is not None
    people = browser.text(link[1])
    for words in ("王秀英", "替 王秀英 说的人", "大湾镇大湾村", GONE, case.receipt):
        assert words in people, words
    assert "何小河" not in people
    assert str(case.id) in world.audited("pushes.read")[-1].detail
    county = world.browser("county")
    assert "何小河" in county.text("/desk/pushes/unfollowed")
    narrow = county.text(f"/desk/pushes/unfollowed?township={XIAOHE}")
    assert "何小河" in narrow
    assert "王秀英" not in narrow
    assert browser.get(f"/desk/pushes?township={XIAOHE}").status_code == 404
    assert browser.get("/desk/pushes/none").status_code == 404


def test_a_declared_relatives_pushes_are_kept_from_staff(world: World) -> None:
    """The same scope as the case itself: what is kept from an officer is not counted for them."""
    case = world.case()
    only(world)
    told(world, case)
    assert Fate.UNFOLLOWED in tallies(world)
    declare(world)
    assert tallies(world) == {}
    assert listed(world) == []
    assert Fate.UNFOLLOWED in tallies(world, "zhao")


@pytest.mark.parametrize(("span", "days", "seen"), [
    ("7", 6, True), ("7", 7, False), ("30", 29, True), ("30", 30, False),
    ("2026-11", 7, True), ("2026-12", 8, True),
])
def test_by_period(world: World, span: str, days: int, seen: bool) -> None:
    case = world.case()
    only(world)
    told(world, case)
    world.clock.at += timedelta(days=days)
    if span.startswith("2026"):
        with world.ctx.db.begin() as db:
            for push in db.scalars(select(Push)):
                push.created_at = world.ctx.now()
    assert bool(tallies(world, span=span)) is seen


@pytest.mark.parametrize("span", ["8", "x", "2026-13", "2099-01"])
def test_a_span_that_is_none(world: World, span: str) -> None:
    assert world.browser("li").get(f"/desk/pushes?span={span}").status_code == 404


def test_the_list_of_doors_one_line_a_household(world: World) -> None:
    one, two = world.case(), world.case(name="李桂兰", village=QIAOTOU)
    far = world.case(name="何小河", village=XIAOHE_VILLAGE)
    only(world)
    for case in (one, one, two, far):
        told(world, case)
    page = world.browser("li").text("/desk/doors")
    for words in ("有 2 家还没有通知到", "大湾镇大湾村", "大湾镇桥头村", "王秀英", "李桂兰",
                  "13800005678", GONE, "还没有人去"):
        assert words in page, words
    assert "何小河" not in page
    for secret in ("摔断了腿", "低保", "王秀英</a></th>" * 2):
        assert secret not in page, "nothing of the matter, and one line a household"
    assert str(one.id) in world.audited("doors.read")[-1].detail
    alone = world.browser("li").text(f"/desk/doors?village={QIAOTOU}")
    assert "李桂兰" in alone
    assert "王秀英" not in alone
    assert world.browser("li").get(f"/desk/doors?village={XIAOHE_VILLAGE}").status_code == 404


def test_the_rest_is_asked_of_the_assistants_in_one_press(world: World) -> None:
    one, two = world.case(), world.case(name="李桂兰", village=QIAOTOU)
    only(world)
    told(world, one)
    told(world, two)
    browser = world.browser("li")
    browser.get("/desk/doors")
    page = browser.post("/desk/doors/errands", follow=True).get_data(as_text=True)
    assert "请协理员去 1 家" in page
    assert "还有 1 家的村里没有能去的协理员" in page
    assert "请了吴村医去" in page
    again = browser.post("/desk/doors/errands", follow=True).get_data(as_text=True)
    assert "请协理员去 1 家" not in again
    with world.ctx.db.read() as db:
        errands = db.scalars(select(Errand)).all()
    assert [(one.kind, one.asked_by) for one in errands] == [("knock", world.staff["li"].id)]
    assert knocking.knock(world.ctx) == 0, "the worker asks nobody twice"
    county = world.browser("county")
    county.get("/desk/doors")
    assert county.post("/desk/doors/errands").status_code == 404


@pytest.mark.parametrize(("how", "closed"), [("phone", How.PHONE), ("door", How.DOOR)])
def test_what_the_township_says_closes_the_line(world: World, how: str, closed: How) -> None:
    case = world.case()
    only(world)
    told(world, case)
    browser = world.browser("li")
    browser.get("/desk/doors")
    for _ in range(2):
        browser.post(f"/desk/doors/{case.receipt}/told", how=how)
    [door] = listed(world)
    assert door.closed is closed
    with world.ctx.db.read() as db:
        steps = db.scalars(select(CaseEvent).where(CaseEvent.kind == doors.SAID[closed])).all()
    assert len(steps) == 1, "said twice it stands once"
    assert "说过了" in browser.text(f"/desk/cases/{case.receipt}")
    assert knocking.knock(world.ctx) == 0, "nobody is sent to who has been told"
    world.clock.at += timedelta(hours=1)
    told(world, case)
    assert listed(world)[0].closed is None, "what is lost later opens it again"
    assert browser.post(f"/desk/doors/{case.receipt}/told", how="x").status_code == 404
    other = world.browser("sun")
    other.get("/desk/doors")
    assert other.post(f"/desk/doors/{case.receipt}/told", how="phone").status_code == 404


def test_a_notice_that_arrives_later_closes_it(world: World) -> None:
    case = world.case()
    only(world)
    told(world, case)
    assert listed(world)[0].closed is None
    told(world, case, PushState.DELIVERED, "")
    [door] = listed(world)
    assert door.closed is How.ARRIVED
    assert "后来的通知送到了" in world.browser("li").text("/desk/doors")


def test_who_has_left_the_list(world: World) -> None:
    """Withdrawn, or told by somebody who lives elsewhere."""
    gone, behalf = world.case(), world.case(on_behalf=True, more={"whom": "other"})
    only(world)
    told(world, behalf)
    told(world, gone)
    assert [door.case.id for door in listed(world)] == [gone.id]
    with world.ctx.db.begin() as db:
        db.get_one(Case, gone.id).status = "withdrawn"
    assert listed(world) == []


def test_an_assistant_who_cannot_go_is_said(world: World) -> None:
    case = world.case()
    only(world)
    told(world, case)
    browser = world.browser("li")
    browser.get("/desk/doors")
    browser.post("/desk/doors/errands")
    with world.ctx.db.begin() as db:
        db.scalars(select(Errand)).one().state = "back"
        assert db.get_one(Staff, world.staff["helper"].id).left_at is None
    assert "吴村医去不了，要换人" in browser.text("/desk/doors")


def test_a_month_is_its_own_days_where_the_people_are(world: World) -> None:
    span = pushreport.span_of(world.ctx, "2026-11")
    assert (span.since.isoformat(), span.until.isoformat()) == (
        "2026-11-01T00:00:00+08:00", "2026-12-01T00:00:00+08:00",
    )
