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


# --- recordings


def recording(world: World, data: bytes, kind: str, **values: object) -> tuple[str, int]:
    """A case with one recording: the receipt, and the recording's number."""
    case = world.case(what="", more={"what_voice": True})
    path = Storage(world.ctx.settings.storage_url, world.ctx.keys).put(data)
    given = {"kind": "voice", "content_type": kind, "path": path} | values
    return case.receipt, world.paper(case, **given)


def test_what_a_browser_plays_has_a_player_and_what_not_its_length(world: World) -> None:
    receipt, paper = recording(world, b"ID3" + b"x" * 500, "audio/mpeg")
    page = world.browser("li").text(f"/desk/cases/{receipt}")
    assert f'<audio controls preload="none" src="/desk/papers/{paper}"' in page
    assert "autoplay" not in page
    assert f'download="{receipt}-1.mp3"' in page
    receipt, paper = recording(world, b"#!AMR\n", "audio/amr", seconds=17)
    page = world.browser("li").text(f"/desk/cases/{receipt}")
    assert "<audio" not in page
    assert f'href="/desk/papers/{paper}" download="{receipt}-1.amr"' in page
    assert "17 秒" in page
    assert "浏览器放不了" in page


def test_a_recording_is_given_in_parts_and_each_reading_is_recorded(world: World) -> None:
    data = b"ID3" + bytes(range(256)) * 4
    _, paper = recording(world, data, "audio/mpeg")
    browser = world.browser("li")
    whole = browser.get(f"/desk/papers/{paper}")
    assert (whole.status_code, whole.data) == (200, data)
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = browser.get(f"/desk/papers/{paper}", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, data[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(data)}"
    assert len(world.audited("paper.read")) == 2


def test_what_was_heard_is_written_down_sealed(world: World) -> None:
    receipt, paper = recording(world, b"#!AMR\n", "audio/amr")
    browser = world.browser("li")
    at = f"/desk/cases/{receipt}/papers/{paper}"
    page = browser.post(at, quality="heard", words=" 他说米缸空了 ", follow=True)
    assert "同事听到的：“他说米缸空了”" in page.get_data(as_text=True)
    entry, = world.audited("paper.heard")
    assert (entry.staff_id, entry.target_id, entry.detail) == (world.staff["li"].id, paper, "{}")
    with world.ctx.db.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT heard FROM attachments").scalar_one()
    assert "米缸".encode() not in bytes(kept)
    for words in ("", "长" * 501):
        browser.post(at, quality="heard", words=words)
    assert "他说米缸空了" in browser.text(f"/desk/cases/{receipt}")


def test_a_recording_is_listened_to_and_never_photographed_again(world: World) -> None:
    receipt, paper = recording(world, b"#!AMR\n", "audio/amr")
    browser = world.browser("li")
    at = f"/desk/cases/{receipt}/papers/{paper}"
    page = browser.text(f"/desk/cases/{receipt}")
    assert "还没有人听过" in page
    assert "请重拍" not in page
    assert "不用重拍" in browser.post(
        at, quality="unclear", words="x", follow=True
    ).get_data(as_text=True)
    assert world.audited("paper.unclear") == []
    browser.post(at, quality="clear")
    assert "听过了" in browser.text(f"/desk/cases/{receipt}")


def test_a_photo_has_no_words_and_a_foreign_recording_does_not_exist(world: World) -> None:
    case = world.case()
    picture = world.paper(case)
    world.browser("li").post(
        f"/desk/cases/{case.receipt}/papers/{picture}", quality="heard", words="字"
    )
    receipt, paper = recording(world, b"#!AMR\n", "audio/amr")
    answer = world.browser("sun").post(
        f"/desk/cases/{receipt}/papers/{paper}", quality="heard", words="字"
    )
    assert answer.status_code == 404
    assert world.audited("paper.heard") == []
