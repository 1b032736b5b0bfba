"""/track: by the receipt and the telephone's last four digits, and nothing more than that."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from models.settings import Limits
from tests.service import Service, running
from tests.webhooks.pages import Browser, moved
from tests.webhooks.test_main_job import ANSWERS, TOLD

ANSWER = "您爱人的腿病可以办临时救助，一千二百元，请带低保证来。"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service without limits of rate, with one answered case."""
    folder = tmp_path_factory.mktemp("track")
    limits = Limits(track="10000 per minute")
    with running(f"sqlite:///{folder / 'yimen.sqlite3'}", folder, limits=limits) as made:
        yield made


@pytest.fixture(scope="module")
def receipt(house: Service) -> str:
    phone = house.follower()
    found = re.search(r"\d{4}-\d{6}-\d{2}", phone.talk(TOLD, *ANSWERS, "对"))
    assert found
    moved(house, found[0], "register")
    moved(house, found[0], "return", missing=("医院的诊断书",))
    phone.say("我老伴也有高血压，天天吃药")
    phone.say("1")
    return found[0]


def look(house: Service, receipt: str, tail: str) -> Browser:
    browser = Browser(house)
    browser.open("/track")
    browser.post("", receipt=receipt, tail=tail)
    return browser


@pytest.mark.parametrize("as_typed", [
    str, lambda r: r.replace("-", ""), lambda r: r.replace("-", " "),
    lambda r: r.translate(str.maketrans("0123456789-", "０１２３４５６７８９－")),
])
def test_it_shows_where_the_case_stands(house: Service, receipt: str, as_typed: object) -> None:
    assert callable(as_typed)
    browser = look(house, str(as_typed(receipt)), "5678")
    assert browser.status == 200
    assert receipt in browser.title
    assert "待补材料" in browser.text
    assert "还差材料，已经告诉本人" in browser.text
    assert "0777-000 0101" in browser.text


def test_it_shows_no_name_nothing_said_and_nothing_that_staff_wrote(
    house: Service, receipt: str
) -> None:
    phone = house.follower()
    found = re.search(r"\d{4}-\d{6}-\d{2}", phone.talk(TOLD, *ANSWERS, "对"))
    assert found
    moved(house, found[0], "answer", words=ANSWER)
    for shown in (look(house, receipt, "5678").text, look(house, found[0], "5678").text):
        for word in (
            "王秀英", "17000005678", "5678", "腿", "高血压", "诊断书", "陈志强", "低保", "一千二",
            "救助", "大湾村",
        ):
            assert word not in shown, word
    assert "已答复" in look(house, found[0], "5678").text


@pytest.mark.parametrize("tail", ["5679", "0000"])
def test_a_wrong_tail_and_an_unknown_receipt_look_the_same(
    house: Service, receipt: str, tail: str
) -> None:
    wrong, unknown = look(house, receipt, tail), look(house, "2611-483705-72", tail)
    assert wrong.status == unknown.status == 404
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", wrong.page.text) == strip.sub("", unknown.page.text)
    assert "对不上" in wrong.text


@pytest.mark.parametrize(
    ("receipt", "tail", "words"),
    [
        ("2611-483705-73", "5678", "有一位不对"), ("hello", "5678", "12 位数字"),
        ("", "", "12 位数字"), ("2611-483705-72", "56", "最后 4 位"),
        ("2611-483705-72", "abcd", "最后 4 位"), ("<script>", "' OR 1", "12 位数字"),
    ],
)
def test_what_was_mistyped_is_told_beside_its_field(
    house: Service, receipt: str, tail: str, words: str
) -> None:
    browser = look(house, receipt, tail)
    assert browser.status == 400
    assert words in browser.text
    assert "<script>" not in browser.page.text


def test_a_case_without_a_telephone_opens_to_no_tail(house: Service) -> None:
    phone = house.follower()
    phone.talk(TOLD, *ANSWERS[:5], "王秀英", "没有", "没有", "同意")
    found = re.search(r"\d{4}-\d{6}-\d{2}", phone.say("对"))
    assert found
    assert look(house, found[0], "0000").status == 404


def test_guessing_is_slow(service: Service) -> None:
    browser = Browser(service)
    browser.open("/track")
    form = browser.form("")
    for _ in range(10):
        browser.post("", form=form, receipt="2611-483705-72", tail="0000")
        assert browser.status == 404
    browser.post("", form=form, receipt="2611-483705-72", tail="0000")
    assert browser.status == 429
    assert "歇一分钟" in browser.text
    # Looking at the form, and everything else, goes on.
    browser.open("/track")
    assert browser.status == 200


def test_the_home_page_says_how_and_whom_to_call(house: Service) -> None:
    browser = Browser(house)
    page = browser.open("/")
    for words in ("怎么求助", "查我的事办到哪了", "0777-000 0101", "打开手机"):
        assert words in page
