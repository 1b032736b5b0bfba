"""Finding by what is known: nobody in an address, pages, saved searches, what cannot be read."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from models import saving
from models.identitywork import record_id_number
from tests.webhooks.desk.test_queue import names
from tests.webhooks.desk.world import DAWAN, QIAOTOU, XIAOHE, XIAOHE_VILLAGE, World

NUMBER = "11010519491231002X"
NEXT = re.compile(r'rel="next" href="([^"]+)"')
SAVED = re.compile(r'chip-saved" href="([^"]+)"[^>]*>([^<]+)<')
AFTER = re.compile(r'name="after" value="([^"]+)"')


def found(world: World, who: str = "li", **form: str) -> list[str]:
    """The names that a search finds, wherever its answer stands."""
    answer = world.browser(who).post("/desk/search", follow=True, **form)
    assert answer.status_code == 200
    return names(answer.get_data(as_text=True))


def test_a_person_is_found_by_whole_name_telephone_and_id_number(world: World) -> None:
    case = world.case(name="欧阳菊英", phone="13912345678")
    world.case(name="别人", phone="13912345679")
    with world.ctx.db.begin() as db:
        record_id_number(world.ctx, db, world.staff["li"], case.receipt, NUMBER)
    browser = world.browser("li")
    for form in (
        {"name": "欧阳菊英"}, {"phone": "139 1234 5678"}, {"id_number": NUMBER.lower()},
        {"name": "欧阳菊英", "phone": "13912345678"},
    ):
        answer = browser.post("/desk/search", **form)
        # Shown at once: a redirect would carry it into an address.
        assert answer.status_code == 200
        assert names(answer.get_data(as_text=True)) == ["欧阳菊英"]
    assert names(browser.post("/desk/search", name="欧阳").get_data(as_text=True)) == []
    both = browser.post("/desk/search", name="欧阳菊英", phone="13912345679")
    assert names(both.get_data(as_text=True)) == []


def test_nobody_stands_in_an_address_or_on_the_log(world: World) -> None:
    world.case(name="欧阳菊英")
    browser = world.browser("li")
    page = browser.post("/desk/search", name="欧阳菊英", place=QIAOTOU).get_data(as_text=True)
    assert not re.search(r'(?:href|action)="[^"]*(?:欧阳|%E6%AC%A7)', page)
    entry = world.audited("search.read")[-1]
    assert '"named": ["name"]' in entry.detail
    assert "欧阳" not in entry.detail
    # Neither is anyone found who is put into an address.
    assert names(browser.text(f"/desk/search?name=欧阳菊英&place={DAWAN}")) == ["欧阳菊英"]
    assert names(browser.text(f"/desk/search?name=没有人&place={DAWAN}")) == ["欧阳菊英"]


def test_by_receipt_straight_to_the_case(world: World) -> None:
    case = world.case()
    browser = world.browser("li")
    answer = browser.post("/desk/search", receipt=case.receipt.replace("-", " "))
    assert answer.location.startswith(f"/desk/cases/{case.receipt}")
    wrong = browser.post("/desk/search", receipt="12345", name="留着的")
    assert wrong.status_code == 422
    assert "有一位不对" in wrong.get_data(as_text=True)
    assert 'value="留着的"' in wrong.get_data(as_text=True)


def test_by_place_scheme_group_and_days(world: World) -> None:
    old = world.case(name="旧")
    world.clock.at += timedelta(days=1)
    bridge = world.case(name="桥", village=QIAOTOU)
    world.register(bridge)
    world.move(bridge, "li", "accept", scheme="temporary")
    world.case(name="外", village=XIAOHE_VILLAGE)
    today = world.ctx.today().isoformat()
    assert found(world, place=QIAOTOU) == ["桥"]
    assert found(world, scheme="temporary") == ["桥"]
    assert found(world, scheme="dibao") == []
    assert found(world, group="register") == ["旧"]
    assert found(world, received_to=old.created_at.date().isoformat()) == ["旧"]
    assert found(world, received_from=today, received_to=today) == ["桥"]
    assert old.due_on is not None
    assert found(world, due_to=old.due_on.isoformat()) == ["旧"]
    assert found(world, due_from=(old.due_on + timedelta(days=90)).isoformat()) == []
    assert found(world, place=DAWAN, received_from=today, group="survey") == ["桥"]
    assert sorted(found(world, "county", received_from=today)) == ["外", "桥"]
    assert found(world, "county", place=XIAOHE) == ["外"]


@pytest.mark.parametrize(("form", "words"), [
    ({"due_from": "26.11."}, "日期要像"),
    ({"id_number": "123"}, "身份证号是 18 位"),
    ({"place": XIAOHE}, "没有这个地方"),
    ({}, "写一样知道的就能找"),
])
def test_what_cannot_be_read_is_said_at_its_field(
    world: World, form: dict[str, str], words: str
) -> None:
    answer = world.browser("li").post("/desk/search", **form)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_pages_of_an_answer_with_and_without_a_person(world: World) -> None:
    for place in range(31):
        world.case(name="同名" if place else "头一个", phone=f"1380000{place:04d}")
    browser = world.browser("li")
    first = browser.text(f"/desk/search?place={DAWAN}")
    follow = NEXT.search(first)
    assert follow is not None
    assert names(browser.text(html.unescape(follow[1]))) == ["头一个"]
    world.case(name="同名")
    page = browser.post("/desk/search", name="同名").get_data(as_text=True)
    after = AFTER.search(page)
    assert after is not None
    more = browser.post("/desk/search", name="同名", after=after[1]).get_data(as_text=True)
    assert (len(names(page)), len(names(more))) == (30, 1)
    assert browser.get(f"/desk/search?place={DAWAN}&after=x").status_code == 404


def test_a_search_is_kept_under_a_name_without_anybody(world: World) -> None:
    world.case(name="甲")
    browser = world.browser("li")
    browser.post("/desk/search/save", title="桥头的", place=QIAOTOU, name="欧阳菊英")
    browser.post("/desk/search/save", title="大湾的", place=DAWAN, group="register")
    chips = SAVED.findall(browser.text("/desk/"))
    assert [words for _, words in chips] == ["桥头的", "大湾的"]
    assert names(browser.text(chips[1][0])) == ["甲"]
    assert names(browser.text(chips[0][0])) == []
    with world.ctx.db.read() as db:
        kept = saving.of_staff(db, world.staff["li"])
        assert [search.criteria for search in kept] == [
            {"place": QIAOTOU}, {"place": DAWAN, "group": "register"},
        ]
        first = kept[0].id
    other = world.browser("zhao")
    assert SAVED.findall(other.text("/desk/")) == []
    assert other.get(f"/desk/search?saved={first}").status_code == 404
    other.post("/desk/search/drop", saved=str(first))
    assert len(SAVED.findall(browser.text("/desk/"))) == 2
    browser.post("/desk/search/drop", saved=str(first))
    assert [words for _, words in SAVED.findall(browser.text("/desk/"))] == ["大湾的"]


def test_a_search_without_a_name_or_for_a_person_is_not_kept(world: World) -> None:
    browser = world.browser("li")
    for form, words in (
        ({"place": DAWAN}, "起个名字"), ({"title": "她", "name": "欧阳菊英"}, "不能存"),
    ):
        answer = browser.post("/desk/search/save", follow=True, **form)
        assert words in answer.get_data(as_text=True)
    for place in range(saving.MOST + 1):
        answer = browser.post("/desk/search/save", True, title=f"第{place}", place=DAWAN)
    assert "先删掉一个" in answer.get_data(as_text=True)
