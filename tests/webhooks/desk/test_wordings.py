"""The words of notices at the desk: put by one of the county, signed by another, each kept."""

from __future__ import annotations

import pytest

from models.areas import Area, Level
from models.context import Context
from models.moves import MOVES
from models.outgoing import Occasion
from models.people import Staff
from models.wordings import Wording
from notices.occasions import MOVED, spoken
from notices.wordinglist import BY_SOURCE
from tests.webhooks.desk.world import DAWAN, Browser, World

ALL = "/desk/wordings"
TITLE = f"{ALL}/{BY_SOURCE[MOVED].key}"
REGISTER = MOVES["register"].told
TOLD = f"{ALL}/{BY_SOURCE[REGISTER].key}"
REFER = f"{ALL}/{BY_SOURCE[MOVES['refer'].told].key}"
NEW, KEPT = "登记好了，{单位}{经办人}接手。", "登记好了，{unit}{officer}接手。"


def put(browser: Browser, words: str = NEW, path: str = TOLD, seen: str | None = None) -> None:
    """As the page does: look first, then put what was looked at."""
    browser.text(path)
    looked = browser.post(path, words=words)
    assert looked.status_code == 200, looked.text
    kept = BY_SOURCE[REGISTER if path == TOLD else MOVED].known.kept(words)
    if seen is None:
        seen = "" if kept in (REGISTER, MOVED) else kept
    answer = browser.post(path, words=words, seen=seen, put="1")
    assert answer.status_code == 303, answer.text


def rows(world: World) -> list[tuple[str, str]]:
    with world.ctx.db.read() as db:
        return [(one.words, one.state) for one in db.query(Wording).order_by(Wording.id)]


def last(world: World) -> int:
    with world.ctx.db.read() as db:
        return db.query(Wording).order_by(Wording.id.desc()).limit(1).one().id


def settle(world: World, who: str = "other", act: str = "sign") -> str:
    browser = world.browser(who)
    return browser.post(f"{ALL}/versions/{last(world)}/{act}", follow=True).text


def said(ctx: Context, locale: str = "") -> str:
    details = {"kind": "register", "unit": "民政办", "officer": "李明"}
    return spoken(ctx, Occasion.CASE_MOVED, details, DAWAN, locale).body.splitlines()[0]


def test_one_puts_another_signs_and_only_then_it_is_said(world: World) -> None:
    county, before = world.browser("county"), said(world.ctx)
    english = said(world.ctx, "en")
    put(county)
    world.ctx.directory.forget()
    assert said(world.ctx) == before
    waiting = county.text(ALL)
    assert "登记好了，民政办李文接手。" in waiting, "the whole push is shown to who signs"
    assert "要请另一位同事签字" in waiting
    assert "核对过了，签字" not in waiting
    assert "要请另一位同事核对签字" in settle(world, "county")
    assert said(world.ctx) == before
    assert "核对过了，签字" in world.browser("other").text(ALL)
    assert "从现在起照这样说" in settle(world)
    assert said(world.ctx) == "登记好了，民政办李明接手。"
    assert said(world.ctx, "en") == english
    page = county.text(TOLD)
    assert all(words in page for words in (
        NEW, "县里自己的说法", "已经登记，交给{单位}的{经办人}办。", "周华提，田秀兰",
    ))
    assert [len(world.audited(f"wording.{what}")) for what in ("put", "signed")] == [1, 1]
    assert "刚才有人动过了" in settle(world)


def test_back_to_the_standard_is_signed_too_and_every_version_stays(world: World) -> None:
    county, before = world.browser("county"), said(world.ctx)
    put(county)
    settle(world)
    put(county, "登记了，{单位}来办。")
    settle(world, act="drop")
    county.text(TOLD)
    looked = county.post(TOLD, standard="1")
    assert looked.status_code == 200
    assert "已经登记，交给民政办的李文办。" in looked.text
    put(county, "已经登记，交给{单位}的{经办人}办。")
    assert said(world.ctx) != before
    settle(world)
    assert said(world.ctx) == before
    assert rows(world) == [(KEPT, "signed"), ("登记了，{unit}来办。", "dropped"), ("", "signed")]
    page = county.text(TOLD)
    assert page.count("回到标准的说法。") == 1
    assert all(words in page for words in (NEW, "登记了，{单位}来办。", "没有用"))


def test_a_second_post_of_the_same_person_does_not_sign(world: World) -> None:
    with world.ctx.db.begin() as db:
        other = db.get_one(Staff, world.staff["other"].id)
        other.person_id = world.staff["county"].person_id
    put(world.browser("county"))
    settle(world)
    assert rows(world) == [(KEPT, "open")]


def test_what_was_not_looked_at_is_shown_first(world: World) -> None:
    county = world.browser("county")
    county.text(TOLD)
    for form in ({"put": "1"}, {"put": "1", "seen": "别的话"}):
        answer = county.post(TOLD, False, words=NEW, **form)
        assert answer.status_code == 200
        assert "登记好了，民政办李文接手。" in answer.text
    assert rows(world) == []


def test_lines_come_back_from_a_form_and_the_same_put_twice_is_one(world: World) -> None:
    county = world.browser("county")
    typed, kept = "登记好了。\r\n{单位}来办。", "登记好了。\n{unit}来办。"
    put(county, typed, seen=kept.replace("\n", "\r\n"))
    put(county, typed, seen=kept)
    assert rows(world) == [(kept, "open")]
    put(county)
    assert rows(world) == [(kept, "dropped"), (KEPT, "open")]


@pytest.mark.parametrize(("path", "typed", "told"), [
    (TOLD, " \r\n ", "请写上要说的话"),
    (TOLD, "办了。", "少了{单位}"),
    (TOLD, "{单位}办，{电话}", "没有{电话}可填"),
    (TOLD, "{单位}办，{unit.x}", "没有{unit.x}可填"),
    (TOLD, "{单位!r}办", "没有{单位!r}可填"),
    (TOLD, "{单位}办，{}", "没有{}可填"),
    (TOLD, "{单位}办{", "有半个花括号"),
    (TOLD, "{{单位}}办", "有半个花括号"),
    (TOLD, "{单位}办，看 www.example.com", "请不要放网址"),
    (TOLD, "{单位}<a href=x>办</a>", "请不要放网址"),
    (TOLD, "{单位}" + "办" * 147, "最多150个字"),
    (REFER, "{部门}" * 37, "最多150个字"),
    (TOLD, "已经登记，交给｛单位｝的{ 经办人 }办。", "不用改"),
    (TITLE, "", "请写第一行"),
    (TITLE, "长" * 21, "最多20个字"),
    (TITLE, "您的低保批了", "锁屏时旁边的人也看得到"),
    (TITLE, "您的事{单位}办了", "没有{单位}可填"),
])
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    world: World, path: str, typed: str, told: str
) -> None:
    county = world.browser("county")
    county.text(path)
    for more in ({"put": ""}, {"put": "1", "seen": typed}):
        answer = county.post(path, False, words=typed, **more)
        assert answer.status_code == 422
        assert told in answer.text
        kept = answer.text.replace("&lt;", "<").replace("&gt;", ">").replace("\n", "\r\n")
        assert typed.strip() in kept
    assert rows(world) == []


@pytest.mark.parametrize("who", ["li", "chen"])
def test_a_township_looks_and_changes_nothing(world: World, who: str) -> None:
    put(world.browser("county"))
    browser, number = world.browser(who), last(world)
    for path in (ALL, TOLD):
        page = browser.text(path)
        assert NEW in page
        assert 'action="/desk/wordings' not in page
    assert browser.post(TOLD, words="{单位}办", seen="{unit}办", put="1").status_code == 404
    for act in ("sign", "drop"):
        assert browser.post(f"{ALL}/versions/{number}/{act}").status_code == 404
    assert rows(world) == [(KEPT, "open")]


def test_outside_the_county_and_the_list_nothing_is_there(world: World) -> None:
    away = "530998000000"
    with world.ctx.db.begin() as db:
        db.add(Area(code=away, name="别县", level=Level.COUNTY))
        db.flush()
        db.add(Wording(
            area=away, source=REGISTER, words="别县的话{unit}", put_at=world.ctx.now(),
            put_by=world.staff["other"].id,
        ))
    county = world.browser("county")
    assert "别县的话" not in county.text(ALL) + county.text(TOLD)
    assert county.post(f"{ALL}/versions/{last(world)}/sign").status_code == 404
    assert county.get(f"{ALL}/000000000000").status_code == 404
    assert county.post(f"{ALL}/000000000000", words="办").status_code == 404
