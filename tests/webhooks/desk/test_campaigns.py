"""A message to many, at the desk: written, seen as people get it, signed by another, held up."""

from __future__ import annotations

import io
import re

import pytest

from models.campaigns import Campaign, State
from models.pushes import Push
from notices import campaign as running
from tests.webhooks.desk.world import COUNTY, DAWAN, DAWAN_VILLAGE, XIAOHE, Browser, World

GOOD = {
    "area": DAWAN, "role": "residents", "title": "镇上有件事告诉您", "when": "now",
    "text": "这个月25号，{单位}在大湾村开会，讲怎么申请。",
}


def write(browser: Browser, **more: str) -> str:
    """A draft's address."""
    answer = browser.post("/desk/campaigns/new", **(GOOD | more))
    assert answer.status_code == 303, answer.text
    return answer.location


def kept(world: World) -> list[Campaign]:
    with world.ctx.db.read() as db:
        return db.query(Campaign).order_by(Campaign.id).all()


def pushes(world: World) -> list[Push]:
    with world.ctx.db.read() as db:
        return db.query(Push).filter(Push.campaign_id.is_not(None)).all()


def test_from_the_form_to_the_outbox_and_back(world: World) -> None:
    first = world.case()
    world.case(name="李大勇")
    li = world.browser("li")
    at = write(li)
    page = li.text(at)
    assert "一共 2 人" in page
    assert "大湾镇的找过我们的居民" in page
    assert "这个月25号，大湾镇在大湾村开会" in page
    assert "0777-700 0001" in page
    assert pushes(world) == []
    assert "好，到时候就发" in li.post(f"{at}/send", follow=True).text
    running.advance(world.ctx)
    assert {push.person_id for push in pushes(world)} >= {first.person_id}
    assert len(pushes(world)) == 2
    page = li.text(at)
    assert "发到哪里了" in page
    assert "2 人" in page
    assert "停住了" in li.post(f"{at}/pause", follow=True).text
    running.advance(world.ctx)
    assert {push.state for push in pushes(world)} == {"paused"}
    assert "停着没发" in li.text(at)
    number = at.rsplit("/", 1)[1]
    report = li.text(f"/desk/pushes?campaign={number}")
    assert "群发先停一停，还没发" in report
    assert "上门名单" not in report
    assert "上门名单" in li.text("/desk/pushes")
    assert "王秀英" in li.text(f"/desk/pushes/paused?campaign={number}")
    assert "这里没有人" in world.browser("sun").text(f"/desk/pushes/paused?campaign={number}")
    assert "接着发了" in li.post(f"{at}/resume", follow=True).text
    assert "不发了" in li.post(f"{at}/stop", follow=True).text
    running.advance(world.ctx)
    assert {push.state for push in pushes(world)} == {"stopped"}
    assert "停了，不再发" in li.text("/desk/campaigns")


@pytest.mark.parametrize(("more", "said"), [
    ({"title": ""}, "请写第一行"),
    ({"title": "低保要变了"}, "请不要写救助项目"),
    ({"text": ""}, "请写上要说的话"),
    ({"text": "点 http://example.com 看"}, "请不要放网址"),
    ({"text": "您好{姓名}"}, "花括号里只能写"),
    ({"text": "字" * 301}, "最多300个字"),
    ({"when": "at", "at": "明天"}, "请写哪天几点"),
    ({"when": "at", "at": "2020-01-01T09:00"}, "请选今天以后"),
    ({"when": "month", "month_day": "31", "month_hour": "9"}, "请写每月几号"),
    ({"scheme": "tekun"}, "一个人也没有"),
])
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    world: World, more: dict[str, str], said: str
) -> None:
    world.case()
    answer = world.browser("li").post("/desk/campaigns/new", **(GOOD | more))
    assert answer.status_code == 422
    assert said in answer.text
    for value in ({**GOOD, **more}["text"], {**GOOD, **more}["title"]):
        assert value in answer.text
    assert kept(world) == []


def test_to_many_another_head_signs(world: World) -> None:
    for number in range(31):
        world.case(name=f"王秀{'一二三四五六七八九十'[number % 10]}")
    li, chen = world.browser("li"), world.browser("chen")
    at = write(li)
    assert "超过 30 人" in li.post(f"{at}/send", follow=True).text
    assert li.post(f"{at}/sign").status_code == 404
    running.advance(world.ctx)
    assert pushes(world) == []
    assert "等另一位签字" in chen.text("/desk/campaigns")
    assert "签好了" in chen.post(f"{at}/sign", follow=True).text
    running.advance(world.ctx)
    assert len(pushes(world)) == 31
    own = write(chen)
    chen.post(f"{own}/send")
    assert "要请另一位负责人签字" in chen.text(own)
    assert "这条是您写的" in chen.post(f"{own}/sign", follow=True).text


def test_it_is_tried_on_oneself_and_on_nobody_else(world: World) -> None:
    world.case()
    li = world.browser("li")
    at = write(li)
    assert "发给您自己了" in li.post(f"{at}/try", follow=True).text
    with world.ctx.db.read() as db:
        (push,) = db.query(Push).filter(Push.occasion == "campaign").all()
    assert push.person_id == world.staff["li"].person_id
    assert kept(world)[0].state == State.DRAFT


def test_a_list_names_people_and_what_it_does_not_know_is_said_by_row(world: World) -> None:
    case = world.case()
    world.case(name="李大勇", phone="13800009999")
    li = world.browser("li")
    rows = f"编号或电话\n{case.receipt}\n13800009999\n13911112222\n".encode()

    def put(**more: str) -> str:
        file = (io.BytesIO(rows), "list.csv")
        return li.post("/desk/campaigns/new", follow=True, **GOOD, **more, file=file).text

    refused = put()
    assert "第 4 行" in refused
    assert "没有这个编号或电话" in refused
    assert "13911112222" not in refused
    assert kept(world) == []
    assert "一共 2 人" in put(rest="1")
    assert "放上来的名单里的" in li.text("/desk/campaigns")


def test_each_area_has_its_own(world: World) -> None:
    world.case()
    at = write(world.browser("li"))
    sun = world.browser("sun")
    assert sun.get(at).status_code == 404
    assert sun.post(f"{at}/send").status_code == 404
    assert "镇上有件事" not in sun.text("/desk/campaigns")
    for area in (XIAOHE, COUNTY, "nowhere"):
        answer = world.browser("li").post("/desk/campaigns/new", **(GOOD | {"area": area}))
        assert answer.status_code == 404
    assert "一共 1 人" in world.browser("li").text(
        write(world.browser("li"), area=DAWAN_VILLAGE)
    )


def test_another_like_it_is_filled_in(world: World) -> None:
    world.case()
    li = world.browser("li")
    number = re.findall(r"\d+$", write(li))[0]
    form = li.text(f"/desk/campaigns/new?from={number}")
    assert GOOD["title"] in form
    assert GOOD["text"] in form
    assert li.get("/desk/campaigns/new?from=999").status_code == 404
