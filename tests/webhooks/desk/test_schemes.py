"""The county's own words of schemes at the desk: put by one, signed by another, each kept."""

from __future__ import annotations

import json

import pytest

from models import schemework
from models.areas import Area, Level
from models.audit import AuditEntry
from models.localschemes import LocalScheme
from models.people import Staff
from tests.webhooks.desk.world import COUNTY, DAWAN, Browser, World

ALL = "/desk/schemes"
DIBAO = f"{ALL}/dibao"
NEW = {"standard": "城里每人每月700元", "from": "2026-07-01", "place": "县政务大厅3号窗口"}


def put(browser: Browser, path: str = DIBAO, **said: str) -> None:
    """As the page does: look first, then put what was looked at."""
    given = said or NEW
    browser.text(path)
    looked = browser.post(path, **given)
    assert looked.status_code == 200, looked.text
    seen = json.dumps(given, ensure_ascii=False, sort_keys=True)
    answer = browser.post(path, **given, seen=seen, put="1")
    assert answer.status_code == 303, answer.text


def last(world: World) -> int:
    with world.ctx.db.read() as db:
        return db.query(LocalScheme).order_by(LocalScheme.id.desc()).limit(1).one().id


def settle(world: World, who: str = "other", act: str = "sign") -> str:
    browser = world.browser(who)
    return browser.post(f"{ALL}/versions/{last(world)}/{act}", follow=True).text


def rows(world: World) -> list[tuple[dict[str, str], str]]:
    with world.ctx.db.read() as db:
        return [(one.fields, one.state) for one in db.query(LocalScheme).order_by(LocalScheme.id)]


def public(world: World, scheme: str = "dibao") -> str:
    text: str = world.app.test_client().get(f"/policies/{scheme}").get_data(as_text=True)
    return text


def test_one_puts_another_signs_and_only_then_it_is_public(world: World) -> None:
    put(world.browser("county"))
    assert "700元" not in public(world)
    assert "700元" in world.browser("other").text(ALL)
    settle(world)
    page = public(world)
    assert "城里每人每月700元" in page
    assert "从 2026-07-01 起" in page
    assert "县政务大厅3号窗口" in page
    assert rows(world) == [(NEW, "signed")]


def test_nobody_signs_their_own(world: World) -> None:
    put(world.browser("county"))
    assert "要请另一位同事核对签字" in settle(world, "county")
    assert rows(world) == [(NEW, "open")]


def test_it_is_seen_whole_before_it_is_put(world: World) -> None:
    county = world.browser("county")
    county.text(DIBAO)
    looked = county.post(DIBAO, **NEW).text
    assert "签了以后，居民看到的样子" in looked
    assert "700元" in looked
    # Put without having been looked at, or with other words than those: looked at first.
    assert county.post(DIBAO, **NEW, put="1").status_code == 200
    assert county.post(DIBAO, **NEW, put="1", seen="{}").status_code == 200
    assert rows(world) == []


@pytest.mark.parametrize(("said", "reason"), [
    ({"standard": "700元"}, "标准和从哪天起，要一起填"),
    ({"from": "2026-07-01"}, "标准和从哪天起，要一起填"),
    ({"standard": "700元", "from": "7月1日"}, "日期请写成年-月-日"),
    ({"place": "见 http://example.com"}, "这里不放网址"),
    ({"phone": "找老王"}, "电话只写数字"),
    ({"more": "好" * 301}, "太长了，最多 300 个字"),
    ({}, "和现在的一样"),
])
def test_what_cannot_be_kept_is_said(world: World, said: dict[str, str], reason: str) -> None:
    county = world.browser("county")
    county.text(DIBAO)
    answer = county.post(DIBAO, **said)
    assert answer.status_code == 422
    assert reason in answer.text
    assert rows(world) == []


def test_the_same_twice_is_one_and_another_takes_its_place(world: World) -> None:
    county = world.browser("county")
    put(county)
    put(county)
    put(county, **NEW | {"place": "县政务大厅5号窗口"})
    assert [state for _, state in rows(world)] == ["dropped", "open"]


def test_back_to_what_all_have_and_every_version_stays(world: World) -> None:
    put(world.browser("county"))
    settle(world)
    county = world.browser("other")
    county.text(DIBAO)
    assert county.post(DIBAO).status_code == 200
    assert county.post(DIBAO, seen="{}", put="1").status_code == 303
    settle(world, "county")
    assert "700元" not in public(world)
    assert rows(world) == [(NEW, "signed"), ({}, "signed")]
    page = county.text(DIBAO)
    assert "城里每人每月700元" in page
    assert "县里不再另写" in page


def test_what_is_dropped_never_holds(world: World) -> None:
    put(world.browser("county"))
    settle(world, act="drop")
    assert "700元" not in public(world)
    assert settle(world).count("刚才有人动过了") == 1


def test_the_list_says_what_is_still_lacking(world: World) -> None:
    county = COUNTY
    before = sum(map(len, schemework.lacking(world.ctx, county).values()))
    assert f"还有 {before} 处要县里填" in world.browser("li").text(ALL)
    put(world.browser("county"), conditions="存款每人不超过2万", **NEW)
    settle(world)
    assert "dibao" not in schemework.lacking(world.ctx, county)
    assert sum(map(len, schemework.lacking(world.ctx, county).values())) == before - 2


def test_townships_look_and_do_not_write(world: World) -> None:
    page = world.browser("li").text(DIBAO)
    assert "要改，请跟县里说" in page
    assert "<textarea" not in page
    assert schemework.county_of(world.ctx, DAWAN) == COUNTY


def test_another_countys_stay_theirs(world: World) -> None:
    with world.ctx.db.begin() as db:
        db.add(Area(code="459999000000", name="别县", level=Level.COUNTY))
        db.flush()
        member = db.query(Staff).first()
        assert member is not None
        db.add(LocalScheme(
            area="459999000000", scheme="dibao", said=json.dumps(NEW), state="open",
            put_by=member.id, put_at=world.ctx.now(),
        ))
    other = world.browser("other")
    assert other.post(f"{ALL}/versions/{last(world)}/sign").status_code == 404
    assert "700元" not in other.text(ALL)


def test_who_put_and_who_signed_is_on_the_log(world: World) -> None:
    put(world.browser("county"))
    settle(world)
    with world.ctx.db.read() as db:
        kept = [
            (one.action, json.loads(one.detail)["scheme"]) for one in db.query(AuditEntry)
            if one.action.startswith("scheme.")
        ]
    assert kept == [("scheme.put", "dibao"), ("scheme.signed", "dibao")]
