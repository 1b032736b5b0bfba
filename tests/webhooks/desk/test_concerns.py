"""An objection to a row: raised from the poster, answered by the county, read with number and code;
and nobody else who knows of it."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import text as sql

from models import concernclock, noticesigning
from models.concerns import Concern, Entry, Raiser
from models.publishing import State
from models.pushes import Push
from models.tables import METADATA
from tests.webhooks.desk.concerning import (
    CODE,
    ONCE,
    WORDS,
    board,
    complain,
    follow,
    form_of,
    hanging,
    object_to,
    shown,
    version_of,
)
from tests.webhooks.desk.world import DAWAN, DAWAN_VILLAGE, Browser, World

ANSWER = "查过不动产登记，两套房是同名同姓的另一个人的。"
FILE = re.compile(r"/desk/concerns/(\d+)")


def opened(desk: Browser) -> str:
    """The address of the only file in the queue."""
    found = FILE.search(desk.text("/desk/concerns"))
    assert found is not None
    return found[0]


def add(desk: Browser, path: str, turn: str, words: str, **more: str) -> int:
    once = ONCE.search(desk.text(path))
    assert once is not None
    return desk.post(
        path, turn=turn, once=once[1], **{f"words_{turn}": words, **more}
    ).status_code


def test_from_the_posters_row_to_an_answer_that_is_read_with_number_and_code(
    world: World,
) -> None:
    number = hanging(world)
    page = world.browser().text(f"/notices/{number}?b={board(world, number)}")
    assert f"/concerns/row/{number}/1?" in page
    receipt, code = object_to(world, number)
    assert "正在核实" in follow(world, receipt, code)

    county = world.browser("county")
    path = opened(county)
    file = unescape(county.text(path))
    assert WORDS in file
    assert "韦金凤" in file
    assert "没有留名" in file
    assert add(county, path, "asked", "您说的房子在哪条街？") == 303
    asked = follow(world, receipt, code)
    assert "您说的房子在哪条街？" in asked

    phone = world.browser()
    phone.get("/concerns/follow")
    once = ONCE.search(phone.post(
        "/concerns/follow", number=receipt, code=code
    ).get_data(as_text=True))
    assert once is not None
    said = phone.post("/concerns/more", number=receipt, code=code, once=once[1], words="人民街")
    # Once, as it was said: not in the box again.
    assert said.get_data(as_text=True).count("人民街") == 1
    assert "人民街" in unescape(county.text(path))

    assert add(county, path, "looked", "查了不动产登记中心") == 303
    assert add(county, path, "answer", ANSWER, outcome="nothing") == 303
    answered = follow(world, receipt, code)
    assert ANSWER in answered
    assert "核实过了，没有改动" in answered
    assert "不动产登记中心" not in answered
    assert "现在没有" in county.text("/desk/concerns")


def test_a_wrong_number_and_a_wrong_code_are_told_alike_and_guessing_is_slow(
    world: World,
) -> None:
    receipt, code = object_to(world, hanging(world))
    phone = world.browser()
    phone.get("/concerns/follow")
    wrong = "000 " + code[4:] if not code.startswith("000") else "999 " + code[4:]
    answers = [
        phone.post("/concerns/follow", number=given, code=tried)
        for given, tried in ((receipt, wrong), ("JD-0000-0000", code), ("王秀英", ""))
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert all("对不上" in answer.get_data(as_text=True) for answer in answers)
    statuses = [
        phone.post("/concerns/follow", number=receipt, code=wrong).status_code for _ in range(10)
    ]
    assert statuses[-1] == 429


def test_number_and_code_stand_in_no_address_and_no_page_is_kept(world: World) -> None:
    number = hanging(world)
    phone = world.browser()
    path = f"/concerns/row/{number}/1?b={board(world, number)}"
    answer = phone.post(path, once=form_of(phone, path), words=WORDS)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    receipt, code = shown(answer.get_data(as_text=True))
    for page in (answer, phone.post("/concerns/follow", number=receipt, code=code)):
        addresses = re.findall(r'(?:href|action|src)="([^"]*)"', page.get_data(as_text=True))
        assert not any(receipt in one or code.replace(" ", "") in one for one in addresses)


def test_the_same_form_sent_twice_is_one_and_shows_the_same_code(world: World) -> None:
    number = hanging(world)
    phone = world.browser()
    path = f"/concerns/row/{number}/1?b={board(world, number)}"
    once = form_of(phone, path)
    first, second = (
        shown(phone.post(path, once=once, words=WORDS).get_data(as_text=True)) for _ in range(2)
    )
    assert first == second
    with world.ctx.db.read() as db:
        assert db.query(Concern).count() == 1
        assert db.query(Entry).count() == 1


def test_the_database_holds_neither_the_words_nor_the_code_nor_who(world: World) -> None:
    number = hanging(world)
    _, code = object_to(world, number, named="yes", name="农福来", phone="13900001234")
    digits = code.replace(" ", "")
    with world.ctx.db.read() as db:
        kept = " ".join(
            repr(row) for table in METADATA.sorted_tables
            for row in db.execute(sql(f"SELECT * FROM {table.name}"))
        )
        assert db.query(Raiser).count() == 1
    for secret in (WORDS, code, digits, "农福来", "13900001234"):
        assert secret not in kept


def test_who_gives_no_name_leaves_none_also_where_they_are_signed_in(world: World) -> None:
    browser = world.browser("li")
    object_to(world, hanging(world), browser=browser, named="no", name="李明", phone="1")
    with world.ctx.db.read() as db:
        assert db.query(Raiser).count() == 0
        told = {entry.person_id for entry in world.audited("concern.raised")}
        staff = {entry.staff_id for entry in world.audited("concern.raised")}
        assert (told, staff) == ({None}, {None})


def test_who_gave_a_name_is_opened_by_a_click_that_is_recorded(world: World) -> None:
    object_to(world, hanging(world), named="yes", name="农福来", phone="13900001234")
    county = world.browser("county")
    path = opened(county)
    assert "农福来" not in unescape(county.text(path))
    assert world.audited("concern.raiser") == []
    page = county.post(f"{path}/who").get_data(as_text=True)
    assert "农福来" in page
    entry, = world.audited("concern.raiser")
    assert entry.staff_id == world.staff["county"].id
    assert world.audited("concern.read")


@pytest.mark.parametrize("who", ["li", "chen", "sun"])
def test_for_the_township_whose_list_it_is_there_is_nothing(world: World, who: str) -> None:
    object_to(world, hanging(world))
    path = opened(world.browser("county"))
    desk = world.browser(who)
    room = desk.get("/desk/concerns")
    # A head has a room of their own, for what is about villages; it is empty.
    assert room.status_code == (200 if who == "chen" else 404)
    assert "韦金凤" not in room.get_data(as_text=True)
    assert FILE.search(room.get_data(as_text=True)) is None
    assert desk.get(path).status_code == 404
    assert desk.post(path, turn="looked", words_looked="x", once="x").status_code == 404
    assert desk.post(f"{path}/who").status_code == 404
    with world.ctx.db.read() as db:
        pushes = db.query(Push).filter_by(occasion="staff_concern").all()
        assert {(push.township[6:], push.role) for push in pushes if push.township} == {
            ("000000", "county")
        }


def test_about_a_village_it_is_the_heads_and_about_a_township_the_countys(world: World) -> None:
    assert "陈建国" not in complain(world, "village", area=DAWAN_VILLAGE)
    complain(world, "village", area=DAWAN_VILLAGE, kind="fraud")
    complain(world, "village", area=DAWAN_VILLAGE, to="county")
    complain(world, "township", area=DAWAN)
    with world.ctx.db.read() as db:
        offices = [one.office for one in db.query(Concern).order_by(Concern.id)]
    county = DAWAN[:6] + "000000"
    assert offices == [DAWAN, county, county, county]
    head, officer = world.browser("chen"), world.browser("li")
    path = opened(head)
    assert WORDS in unescape(head.text(path))
    assert officer.get(path).status_code == 404
    # The county does not look over the township's shoulder either.
    assert world.browser("county").get(path).status_code == 404


def test_about_the_county_nothing_is_taken_in(world: World) -> None:
    phone = world.browser()
    page = unescape(phone.text("/concerns/county"))
    assert "12345" in page
    assert "纪委监委" in page
    assert "<form" not in page.split("<main", 1)[1].split("</main>", 1)[0]
    assert phone.get("/concerns/new/county").status_code == 404
    phone.get("/concerns/new/township")
    assert phone.post("/concerns/new/county", words="x").status_code == 404
    said = complain(world, "township", area=DAWAN[:6] + "000000")
    assert "请选是哪里的" in said
    with world.ctx.db.read() as db:
        assert db.query(Concern).count() == 0


def test_a_list_with_an_open_objection_does_not_end_but_waits(world: World) -> None:
    number = hanging(world)
    object_to(world, number)
    world.clock.at += timedelta(days=10)
    noticesigning.turn(world.ctx)
    assert version_of(world, number).state == State.LIVE
    assert "日子到了，还没有结束" in world.browser().text(f"/notices/{number}")
    county = world.browser("county")
    assert add(county, opened(county), "answer", ANSWER, outcome="nothing") == 303
    noticesigning.turn(world.ctx)
    assert version_of(world, number).state == State.ENDED


def test_a_row_that_one_may_not_see_cannot_be_objected_to(world: World) -> None:
    number = hanging(world)
    phone = world.browser()
    assert phone.get(f"/concerns/row/{number}/1").status_code == 404
    assert phone.get(f"/concerns/row/{number}/1?b=wrong").status_code == 404
    assert phone.get(f"/concerns/row/{number}/2?b={board(world, number)}").status_code == 404
    assert phone.get(f"/concerns/row/99/1?b={board(world, number)}").status_code == 404


def test_nothing_said_and_an_answer_without_what_it_changed_are_sent_back(world: World) -> None:
    number = hanging(world)
    phone = world.browser()
    path = f"/concerns/row/{number}/1?b={board(world, number)}"
    refused = phone.post(path, once=form_of(phone, path), words=" ")
    assert refused.status_code == 422
    assert CODE.search(refused.get_data(as_text=True)) is None
    object_to(world, number)
    county = world.browser("county")
    file = opened(county)
    assert add(county, file, "answer", ANSWER) == 422
    assert add(county, file, "answer", "", outcome="nothing") == 422
    assert add(county, file, "passed", "x") == 404


def test_photos_and_recordings_come_along_and_only_the_office_opens_them(world: World) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(picture, "PNG")
    voice = b"#!AMR\n" + bytes(40)
    object_to(
        world, hanging(world), words="", photos=(io.BytesIO(picture.getvalue()), "a.png"),
        voices=(io.BytesIO(voice), "b.amr"),
    )
    county = world.browser("county")
    path = opened(county)
    page = county.text(path)
    links = sorted(set(re.findall(rf"{path}/papers/\d+", page)))
    kinds = [county.get(link) for link in links]
    assert [one.content_type for one in kinds] == ["image/jpeg", "audio/amr"]
    assert kinds[1].data == voice
    assert [world.browser("chen").get(link).status_code for link in links] == [404, 404]
    number = links[0].rpartition("/")[2]
    assert world.browser("li").get(f"/desk/papers/{number}").status_code == 404
    assert county.get(f"/desk/papers/{number}").status_code == 404
    # Nor does its address open a paper of anything else.
    other = world.paper(world.case(), path="00/" + "0" * 30)
    assert county.get(f"{path}/papers/{other}").status_code == 404
    assert len(world.audited("concern.paper")) == 2


def test_what_is_no_recording_is_told_and_nothing_of_the_form_is_kept(world: World) -> None:
    number = hanging(world)
    phone = world.browser()
    path = f"/concerns/row/{number}/1?b={board(world, number)}"
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(picture, "PNG")
    answer = phone.post(
        path, once=form_of(phone, path), words=WORDS,
        photos=(io.BytesIO(picture.getvalue()), "a.png"),
        voices=(io.BytesIO(b"MZ not a recording"), "b.amr"),
    )
    assert answer.status_code == 422
    assert WORDS in unescape(answer.get_data(as_text=True))
    folder = Path(world.ctx.settings.storage_url.removeprefix("file://"))
    assert [one for one in folder.rglob("*") if one.is_file()] == []


def test_the_office_is_reminded_once_before_the_last_day_and_once_after(world: World) -> None:
    object_to(world, hanging(world))
    assert concernclock.remind(world.ctx) == 0
    for days, reminded in ((14, 1), (1, 0), (1, 1), (5, 0)):
        world.clock.at += timedelta(days=days)
        assert concernclock.remind(world.ctx) == reminded, days
    with world.ctx.db.read() as db:
        assert db.query(Push).filter_by(occasion="staff_concern").count() == 3
