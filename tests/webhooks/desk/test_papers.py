"""The bytes of papers: to whom, how, and what is recorded."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select

from models.pictures import clean_picture
from models.pushes import Push
from models.storage import Storage
from tests.webhooks.desk.world import XIAOHE_VILLAGE, World


def photo(world: World) -> tuple[str, bytes]:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "white").save(out, "JPEG")
    data = clean_picture(out.getvalue()).data
    return Storage(world.ctx.settings.storage_url, world.ctx.keys).put(data), data


def test_an_officer_sees_the_photo_and_that_is_recorded(world: World) -> None:
    path, data = photo(world)
    paper = world.paper(world.case(), path=path)
    answer = world.browser("li").get(f"/desk/papers/{paper}")
    assert answer.status_code == 200
    assert answer.data == data
    assert answer.content_type == "image/jpeg"
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    entry, = world.audited("paper.read")
    assert (entry.staff_id, entry.target_id) == (world.staff["li"].id, paper)


def test_a_small_picture_for_the_list(world: World) -> None:
    path, data = photo(world)
    paper = world.paper(world.case(), path=path)
    small = world.browser("li").get(f"/desk/papers/{paper}?small=1").data
    assert len(small) < len(data)
    assert max(Image.open(io.BytesIO(small)).size) == 480


def test_a_foreign_paper_does_not_exist(world: World) -> None:
    path, _ = photo(world)
    paper = world.paper(world.case(village=XIAOHE_VILLAGE), path=path)
    assert world.browser("li").get(f"/desk/papers/{paper}").status_code == 404
    assert world.audited("paper.read") == []
    assert world.browser("sun").get(f"/desk/papers/{paper}").status_code == 200
    assert world.browser("county").get(f"/desk/papers/{paper}").status_code == 200


@pytest.mark.parametrize(
    "values",
    [{"state": "waiting"}, {"state": "lost"}, {"content_type": "text/html"}, {"path": ""},
     {"path": "../../../etc/passwd"}, {"path": "ab/" + "0" * 30}],
)
def test_what_is_not_there_is_not_found(world: World, values: dict[str, str]) -> None:
    path, _ = photo(world)
    paper = world.paper(world.case(), **{"path": path} | values)
    assert world.browser("li").get(f"/desk/papers/{paper}").status_code == 404


def test_whoever_is_not_signed_in_sees_nothing(world: World) -> None:
    path, _ = photo(world)
    paper = world.paper(world.case(), path=path)
    assert world.browser().get(f"/desk/papers/{paper}").status_code == 302


def test_clear_papers_are_told_together_when_the_last_is_seen(world: World) -> None:
    case = world.case()
    papers = [world.paper(case), world.paper(case)]
    browser = world.browser("li")
    told = []
    for paper in papers:
        browser.post(f"/desk/cases/{case.receipt}/papers/{paper}", quality="clear")
        with world.ctx.db.read() as db:
            told.append(len(db.scalars(select(Push).where(Push.occasion == "case_moved")).all()))
    assert told == [0, 1]


def test_papers_of_a_closed_case_are_not_asked_for_again(world: World) -> None:
    case = world.case()
    paper = world.paper(case)
    world.move(case, "li", "answer", words="已经说清楚了")
    answer = world.browser("li").post(
        f"/desk/cases/{case.receipt}/papers/{paper}", quality="unclear", follow=True
    )
    assert "已经办完了" in answer.text
    assert world.audited("paper.unclear") == []
