"""/m/apply: the chat's own talk as pages, on the same draft."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from models.cases import Attachment, Case
from models.people import Identity
from models.talks import Talk
from tests.service import Phone, Service, running
from tests.webhooks.pages import Browser, photo
from tests.webhooks.test_main_job import ANSWERS, TOLD

PAGE_ANSWERS = (
    ("", "2"), ("大湾村",), ("", "1"), ("4口人，老人有病",), ("", "1", "2"), ("王秀英",),
    ("17000005678",),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all of these: every test has people of its own."""
    folder = tmp_path_factory.mktemp("apply")
    with running(f"sqlite:///{folder / 'yimen.sqlite3'}", folder) as made:
        yield made


@pytest.fixture
def phone(house: Service) -> Phone:
    return house.follower()


@pytest.fixture
def browser(house: Service, phone: Phone) -> Browser:
    return Browser(house, phone)


def person_of(phone: Phone) -> int:
    ctx = phone.service.ctx
    with ctx.db.read() as session:
        key = ctx.keys.lookup("openid", phone.openid)
        found = session.scalar(select(Identity.person_id).where(Identity.openid_key == key))
    assert found is not None
    return found


def cases_of(phone: Phone) -> list[Case]:
    with phone.service.ctx.db.read() as session:
        query = select(Case).where(Case.person_id == person_of(phone)).order_by(Case.id)
        return list(session.scalars(query))


def draft_of(phone: Phone) -> dict[str, Any]:
    with phone.service.ctx.db.read() as session:
        talk = session.get(Talk, person_of(phone))
        assert talk is not None
        found: dict[str, Any] = talk.state.get("draft") or {}
        return found


def papers_of(phone: Phone) -> list[Attachment]:
    with phone.service.ctx.db.read() as session:
        query = select(Attachment).where(Attachment.person_id == person_of(phone))
        return list(session.scalars(query))


def fill(browser: Browser) -> None:
    """From the beginning to the photos, on the page alone."""
    browser.open("/m/apply")
    browser.answer(TOLD)
    for words, *choice in PAGE_ANSWERS:
        browser.answer(words, *choice)


def test_everything_on_the_page(service_on_either: Service) -> None:
    phone = service_on_either.follower()
    browser = Browser(service_on_either, phone)
    fill(browser)
    assert "有没有照片" in browser.title
    browser.post("/m/apply/photos", files=[("a.jpg", photo()), ("b.jpg", photo("#112233"))])
    assert "已经收到 2 张" in browser.text
    browser.answer("完成")
    assert "也同意吗" in browser.title
    read_back = browser.answer("", "1")
    for line in (TOLD, "大湾镇大湾村", "王秀英", "照片 2 张"):
        assert line in read_back
    browser.post("/m/apply/hand-in")
    [case] = cases_of(phone)
    assert case.receipt in browser.title
    assert case.answers["what"] == TOLD
    assert case.answers["needs"] == ["living", "medical"]
    assert len(papers_of(phone)) == 2
    assert case.receipt in phone.say("进度")


def test_begun_in_chat_and_finished_on_the_page(service_on_either: Service) -> None:
    phone = service_on_either.follower()
    browser = Browser(service_on_either, phone)
    phone.talk(TOLD, *ANSWERS[:3])
    browser.open("/m/apply")
    assert "几口人" in browser.title
    for words, *choice in PAGE_ANSWERS[3:]:
        browser.answer(words, *choice)
    browser.answer("完成")
    browser.answer("", "1")
    browser.post("/m/apply/hand-in")
    [case] = cases_of(phone)
    assert (case.name, case.living_area) == ("王秀英", "450799101200")


def test_begun_on_the_page_and_finished_in_chat(service_on_either: Service) -> None:
    phone = service_on_either.follower()
    fill(Browser(service_on_either, phone))
    assert "照片" in phone.say("继续")
    assert "收到了，编号" in phone.talk("完成", "同意", "对")
    assert len(cases_of(phone)) == 1


def test_a_number_in_chat_does_not_answer_a_question_that_the_page_asked(
    phone: Phone, browser: Browser
) -> None:
    phone.say(TOLD)
    browser.open("/m/apply")
    browser.answer("", "2")
    before = draft_of(phone)["answers"]
    assert "在网页上往下填了" in phone.say("1")
    assert draft_of(phone)["answers"] == before
    assert "户口也在" in phone.say("大湾村")


def test_a_read_back_that_was_not_seen_is_not_handed_in(phone: Phone, browser: Browser) -> None:
    phone.talk(TOLD, *ANSWERS)
    browser.open("/m/apply")
    browser.post("/m/apply/fix/phone")
    browser.answer("17000005679")
    assert "17000005679" in phone.say("对")
    assert cases_of(phone) == []
    assert "收到了，编号" in phone.say("对")


STALE: dict[str, tuple[str, dict[str, str]]] = {
    "answer": ("/m/apply", {"words": "小湾村"}),
    "back": ("/m/apply/back", {}),
    "discard": ("/m/apply/discard", {}),
}


@pytest.mark.parametrize("what", STALE)
def test_a_page_left_open_while_the_chat_went_on_changes_nothing(
    phone: Phone, browser: Browser, what: str
) -> None:
    action, fields = STALE[what]
    phone.talk(TOLD, ANSWERS[0])
    browser.open("/m/apply")
    form = browser.form(action)
    phone.say("大湾村")
    before = draft_of(phone)
    browser.post(action, form=form, **fields)
    after = draft_of(phone)
    assert after["answers"] == before["answers"]
    assert after["trail"] == before["trail"]
    assert "户口也在" in browser.title
    assert "已经往下填了" in browser.text
    if fields:
        assert fields["words"] in after["said"]


def test_a_line_of_an_old_read_back_is_not_opened_again(phone: Phone, browser: Browser) -> None:
    phone.talk(TOLD, *ANSWERS)
    browser.open("/m/apply")
    form = browser.form("/fix/name")
    phone.talk("8", "17000005679")
    before = draft_of(phone)["answers"]
    browser.post("/fix/name", form=form)
    assert draft_of(phone)["answers"] == before


def test_a_skip_on_an_old_page_leaves_out_nothing_else(phone: Phone, browser: Browser) -> None:
    phone.talk(TOLD, *ANSWERS[:3])
    browser.open("/m/apply")
    form = browser.form("/m/apply/skip")
    phone.say("4口人")
    browser.post("/m/apply/skip", form=form)
    assert "needs" not in draft_of(phone)["answers"]


def test_handing_in_twice_is_one_case_and_begins_nothing(phone: Phone, browser: Browser) -> None:
    phone.talk(TOLD, *ANSWERS)
    browser.open("/m/apply")
    form = browser.form("/m/apply/hand-in")
    browser.post("/m/apply/hand-in", form=form)
    browser.post("/m/apply/hand-in", form=form)
    assert "我的事项" in browser.title
    assert len(cases_of(phone)) == 1
    assert draft_of(phone) == {}


def test_an_answer_that_is_not_understood_keeps_what_was_typed(
    phone: Phone, browser: Browser
) -> None:
    phone.talk(TOLD, *ANSWERS[:5], "王秀英")
    browser.open("/m/apply")
    browser.answer("1700000567")
    assert browser.status == 400
    assert 'value="1700000567"' in browser.text
    assert "少了几位" in browser.text
    browser.answer("17000005678")
    assert "照片" in browser.title


@pytest.mark.parametrize(
    "words",
    ["😀", "   ", "'; DROP TABLE cases;--", "<script>alert(1)</script>", "]]>", "难" * 5000],
)
def test_odd_words_are_kept_as_text_or_asked_again(
    phone: Phone, browser: Browser, words: str
) -> None:
    browser.open("/m/apply")
    browser.answer(words)
    assert browser.status in (200, 400)
    assert "<script>alert" not in browser.page.text
    kept = draft_of(phone)["answers"].get("what", "")
    assert kept in ("", words)
    assert bool(kept) is any(map(str.isalpha, words))


def test_back_skip_and_one_line_changed(phone: Phone, browser: Browser) -> None:
    fill(browser)
    for _ in range(4):
        browser.post("/m/apply/back")
    assert "几口人" in browser.title
    browser.post("/m/apply/skip")
    assert "最要紧" in browser.title
    browser.answer("", "1")
    browser.answer("王秀英 17000005678")
    browser.answer("完成")
    browser.answer("", "2")
    assert "家里几口人：没说" in browser.text
    browser.post("/fix/living")
    browser.answer("小湾村")
    assert "大湾镇小湾村" in browser.text
    assert "户口也在这里" in browser.text


def test_what_is_known_is_confirmed_with_one_tap(phone: Phone, browser: Browser) -> None:
    phone.talk(TOLD, *ANSWERS, "对")
    browser.open("/m/apply")
    assert "这次还是这样吗" in browser.title
    browser.post("/m/apply/known", same="1")
    browser.answer("房子漏雨了，上周的事")
    browser.answer("", "2")
    assert "最要紧" in browser.title


def test_for_somebody_else_while_ones_own_is_half_done(phone: Phone, browser: Browser) -> None:
    phone.say(TOLD)
    assert "填了一半" in browser.open("/m/apply?for=other")
    assert draft_of(phone)["answers"]["whom"] == "self"
    phone.say("还能撑几天")
    browser.open("/m/apply")
    browser.post("/m/apply/discard")
    assert draft_of(phone) == {}
    browser.open("/m/apply?for=other")
    assert draft_of(phone)["answers"]["whom"] == "other"


def at_papers(phone: Phone, browser: Browser) -> None:
    phone.talk(TOLD, *ANSWERS[:6])
    browser.open("/m/apply")


BAD_PHOTOS: dict[str, tuple[Callable[[], bytes], str]] = {
    "text": (lambda: b"no photo at all", "这不是照片"),
    "empty": (lambda: b"", "这张照片是空的"),
    "cut": (lambda: photo()[:200], "没有传完整"),
    "30 MB": (lambda: b"\xff\xd8\xff" + b"\0" * 30_000_000, "太大了"),
}


@pytest.mark.parametrize("bad", BAD_PHOTOS)
def test_what_is_no_photo_is_told_and_nothing_else_is_lost(
    phone: Phone, browser: Browser, bad: str
) -> None:
    data, expected = BAD_PHOTOS[bad]
    at_papers(phone, browser)
    before = draft_of(phone)["answers"]
    browser.post("/m/apply/photos", files=[("a.jpg", photo()), ("b.jpg", data())])
    assert browser.status == 400
    assert "第 2 张：" in browser.text
    assert expected in browser.text
    assert "已经收到 1 张" in browser.text
    assert draft_of(phone)["answers"] == before
    assert len(papers_of(phone)) == 1
    browser.answer("完成")
    assert "也同意吗" in browser.title


def test_several_large_photos_are_no_trouble(phone: Phone, browser: Browser) -> None:
    at_papers(phone, browser)
    large = photo() + b"\0" * 7_000_000
    browser.post("/m/apply/photos", files=[("a.jpg", large), ("b.jpg", large), ("c.jpg", large)])
    assert "已经收到 3 张" in browser.text


def test_far_too_much_at_once_is_told_with_a_way_back(phone: Phone, browser: Browser) -> None:
    at_papers(phone, browser)
    before = draft_of(phone)
    browser.post("/m/apply/photos", files=[("a.jpg", b"\0" * 81 * 1024 * 1024)])
    assert browser.status == 413
    assert "分几次交" in browser.text
    assert 'href="/m/apply"' in browser.text
    assert draft_of(phone) == before


def test_no_photo_chosen_is_told(phone: Phone, browser: Browser) -> None:
    at_papers(phone, browser)
    browser.post("/m/apply/photos", files=[("", b"")])
    assert browser.status == 400
    assert "请先选一张照片" in browser.text


def test_photos_of_the_page_and_of_the_chat_are_counted_together(
    phone: Phone, browser: Browser
) -> None:
    at_papers(phone, browser)
    phone.act(image=base64.b64encode(photo()).decode())
    browser.open("/m/apply")
    browser.post("/m/apply/photos", files=[("a.jpg", photo())])
    assert "已经收到 2 张" in browser.text
    # The question is the same still: 完成 in the chat answers it.
    assert "也同意吗" in phone.say("完成")


def test_a_form_without_its_token_is_refused(phone: Phone, browser: Browser) -> None:
    phone.say(TOLD)
    browser.open("/m/apply")
    form = browser.form("/m/apply") | {"csrf_token": "x"}
    browser.post("/m/apply", form=form, words="1")
    assert browser.status == 400
    assert "刷新" in browser.text
    assert "urgent" not in draft_of(phone)["answers"]


@pytest.mark.parametrize("left_open", [False, True])
def test_danger_on_the_page_is_answered_as_in_chat(
    phone: Phone, browser: Browser, left_open: bool
) -> None:
    phone.say(TOLD)
    browser.open("/m/apply")
    form = browser.form("/m/apply")
    if left_open:
        phone.say("还能撑几天")
    browser.post("/m/apply", form=form, words="我不想活了")
    assert "谢谢您告诉我" in browser.title
    assert 'href="tel:12356"' in browser.text
    [case] = cases_of(phone)
    assert case.urgent
    assert case.answers["what"] == "我不想活了"
    assert TOLD in case.answers["more"]
    assert "留个电话" in browser.text
    assert "在哪个村" in phone.say("17000005678")
    assert cases_of(phone)[0].phone == "17000005678"
