"""One case on the desk: what is shown, to whom, and that its reading is recorded."""

from __future__ import annotations

import html
import re

import pytest

from models.moves import MOVES
from models.navigating import navigator
from models.paperwork import mark_paper
from models.residentwork import ask_withdrawal
from tests.webhooks.desk.world import QIAOTOU, XIAOHE_VILLAGE, World

EVIL = """<script>alert(1)</script>'"; DROP TABLE cases;-- <a href="x">]]>{name}{{7*7}}%s"""


def test_everything_that_was_said_is_there(world: World) -> None:
    case = world.case(
        name="陈秀兰", phone="13912345678", what="第一句\n第二句", on_behalf=True, urgent=True,
        more={
            "whom": "other", "relation": "other", "relation_words": "老同学", "home": QIAOTOU,
            "home_same": None, "living_at": [26.1234, 109.5678], "needs": ["other"],
            "needs_words": "想有人帮着收谷子", "consent": "process",
        },
    )
    page = world.browser("li").text(f"/desk/cases/{case.receipt}")
    for words in (
        "陈秀兰", 'href="tel:13912345678"', "第一句\n第二句", "别人替他说的", "老同学", "上个月",
        "家里 4 口人", "大湾镇大湾村", "26.1234, 109.5678", "想有人帮着收谷子", "还没有同意核对",
        case.receipt,
        '<span class="urgent">急</span>',
    ):
        assert words in page, words


def test_who_has_no_known_name_can_be_opened_all_the_same(world: World) -> None:
    case = world.case(name="", phone="", what="", on_behalf=True, more={"what_voice": True})
    browser = world.browser("li")
    assert "不知道名字" in browser.text("/desk/")
    page = browser.text(f"/desk/cases/{case.receipt}")
    for words in ("不知道名字", "没有留电话", "用语音说的"):
        assert words in page
    assert "登记交办 · 不知道名字" in browser.text(f"/desk/cases/{case.receipt}/register")


def test_an_answer_of_an_older_flow_does_not_keep_the_case_shut(world: World) -> None:
    case = world.case(more={"relation": "cousin", "whom": "other", "needs": 7, "household": "四"})
    assert "cousin" in world.browser("li").text(f"/desk/cases/{case.receipt}")


def test_what_was_written_is_never_executed(world: World) -> None:
    case = world.case(name=EVIL, what=EVIL, more={"needs": ["other"], "needs_words": EVIL})
    world.register(case)
    world.move(case, "li", "return", missing=(EVIL, "户口本"), internal=EVIL)
    browser = world.browser("li")
    for path in ("/desk/", f"/desk/cases/{case.receipt}", f"/desk/cases/{case.receipt}/accept"):
        page = browser.text(path)
        assert "<script>alert" not in page
        assert html.escape("<script>alert(1)</script>") in page
        assert '<a href="x">' not in page
    page = browser.text(f"/desk/cases/{case.receipt}")
    assert html.unescape(page).count(EVIL) >= 4


def test_the_timeline_parts_public_words_from_internal_ones(world: World) -> None:
    case = world.case()
    world.register(case)
    world.move(case, "li", "return", missing=("身份证", "户口本"), internal="家里有两套房，要问清")
    page = world.browser("zhao").text(f"/desk/cases/{case.receipt}")
    assert "还差下面几样，一次给您说全：\n1 身份证\n2 户口本" in page
    inside = re.findall(r'<p class="inside">(.*?)</p>', page, re.DOTALL)
    assert ["家里有两套房" in words for words in inside] == [True]
    assert "只有同事看得到" in inside[0]
    assert "已经登记，交给民政办的李明办。" in page
    assert "云岭县社会救助办理规程 第八条" in page


def test_the_moves_offered_follow_the_table(world: World) -> None:
    case = world.case()
    path = f"/desk/cases/{case.receipt}"
    browser = world.browser("li")

    def offered() -> list[str]:
        found = re.findall(rf'href="{path}/(\w+)"', browser.text(path))
        return [name for name in found if name in MOVES]

    assert offered() == ["register", "answer", "decline", "withdraw", "merge"]
    world.register(case)
    assert offered() == ["accept", "return", "refer", "answer", "decline", "withdraw", "merge"]
    world.move(case, "li", "accept", scheme="dibao")
    assert offered() == ["investigate", "return", "refer", "withdraw", "merge"]
    world.move(case, "li", "return", missing=("户口本",))
    assert offered() == ["investigate", "withdraw", "merge"]
    world.move(case, "li", "withdraw", reason="好了")
    assert offered() == []
    assert "已经办完" in browser.text(path)


def test_the_county_reads_and_is_offered_nothing(world: World) -> None:
    case = world.case()
    page = world.browser("county").text(f"/desk/cases/{case.receipt}")
    assert f"/desk/cases/{case.receipt}/register" not in page
    assert "县里在这里只看" in page


def test_a_case_of_another_township_does_not_exist(world: World) -> None:
    case = world.case(village=XIAOHE_VILLAGE)
    browser = world.browser("li")
    for path in ("", "/register", "/nothing"):
        assert browser.get(f"/desk/cases/{case.receipt}{path}").status_code == 404
    assert browser.post(f"/desk/cases/{case.receipt}/register", version="1").status_code == 404
    assert world.audited("case.read") == []
    assert world.browser("sun").get(f"/desk/cases/{case.receipt}").status_code == 200


def test_only_the_canonical_receipt_is_an_address(world: World) -> None:
    case = world.case()
    browser = world.browser("li")
    for receipt in (case.receipt.replace("-", ""), f"{case.receipt}%20", "2611-000000-00", "x"):
        assert browser.get(f"/desk/cases/{receipt}").status_code == 404


def test_reading_is_recorded_in_the_same_transaction(world: World) -> None:
    case = world.case()
    browser = world.browser("county")
    browser.text(f"/desk/cases/{case.receipt}")
    entry, = world.audited("case.read")
    assert (entry.staff_id, entry.target_id) == (world.staff["county"].id, case.id)
    assert entry.detail == "{}"


def test_who_asked_to_withdraw_is_seen_at_the_top(world: World) -> None:
    case = world.case()
    assert case.person_id is not None
    with world.ctx.db.begin() as db:
        ask_withdrawal(world.ctx, db, case.person_id, case.receipt)
    assert "本人说想撤回这件事" in world.browser("li").text(f"/desk/cases/{case.receipt}")


def test_papers_are_shown_by_what_became_of_them(world: World) -> None:
    case = world.case()
    stored = world.paper(case)
    sound = world.paper(case, kind="voice", content_type="audio/amr", spoken="你们快来")
    world.paper(case, state="waiting", content_type="")
    world.paper(case, state="lost", content_type="")
    world.paper(case, state="refused", content_type="")
    page = world.browser("li").text(f"/desk/cases/{case.receipt}")
    assert f'src="/desk/papers/{stored}?small=1"' in page
    assert f'href="/desk/papers/{sound}" download="{case.receipt}-2.amr"' in page
    for words in ("你们快来", "还在从微信取过来", "取不到了", "没有收下", "材料 5 份"):
        assert words in page


def test_the_queue_stands_beside_the_case(world: World) -> None:
    first, second = world.case(name="甲"), world.case(name="乙")
    browser = world.browser("li")
    browser.text("/desk/")
    page = browser.text(f"/desk/cases/{first.receipt}")
    assert f'row-here" href="/desk/cases/{first.receipt}" aria-current="page"' in page
    assert f'href="/desk/cases/{second.receipt}"' in page


def test_the_column_keeps_the_look_that_was_chosen(world: World) -> None:
    mine, other = world.case(name="甲"), world.case(name="乙", phone="13900001234")
    world.register(mine)
    browser = world.browser("li")
    browser.text("/desk/?at=accept")
    page = browser.text(f"/desk/cases/{mine.receipt}")
    assert 'href="/desk/?at=accept" data-up' in page
    assert other.receipt not in page


@pytest.mark.parametrize("who", ["li", "chen"])
def test_marking_papers(world: World, who: str) -> None:
    case = world.case()
    paper = world.paper(case)
    browser = world.browser(who)
    browser.text(f"/desk/cases/{case.receipt}")
    path = f"/desk/cases/{case.receipt}/papers/{paper}"
    fault = "反光了，请换个角度拍。"
    answer = browser.post(path, quality="unclear", fault=fault, words="第三行看不见")
    assert (answer.status_code, answer.location) == (
        303, f"/desk/cases/{case.receipt}#paper-{paper}"
    )
    page = browser.text(f"/desk/cases/{case.receipt}")
    assert "不清晰，已请重拍" in page
    assert "请您再拍一次。反光了，请换个角度拍。第三行看不见" in page
    assert [entry.target_id for entry in world.audited("paper.unclear")] == [paper]
    browser.post(path, quality="clear")
    browser.post(path, quality="clear")
    assert "✓ 清晰" in browser.text(f"/desk/cases/{case.receipt}")
    assert len(world.audited("paper.clear")) == 1


def test_papers_of_others_cannot_be_marked(world: World) -> None:
    mine, foreign = world.case(), world.case(village=XIAOHE_VILLAGE)
    paper = world.paper(foreign)
    browser = world.browser("li")
    browser.text("/desk/")
    for receipt in (mine.receipt, foreign.receipt):
        path = f"/desk/cases/{receipt}/papers/{paper}"
        assert browser.post(path, quality="clear").status_code == 404
    county = world.browser("county")
    path = f"/desk/cases/{foreign.receipt}/papers/{paper}"
    assert county.post(path, quality="clear").status_code == 404
    assert world.audited("paper.clear") == []


def test_the_words_of_a_mark_are_never_executed(world: World) -> None:
    case = world.case()
    paper = world.paper(case)
    with world.ctx.db.begin() as db:
        mark_paper(world.ctx, db, world.staff["li"], case.receipt, paper, clear=False, words=EVIL)
    page = world.browser("li").text(f"/desk/cases/{case.receipt}")
    assert "<script>alert" not in page


def test_what_they_saw_before_applying_is_explained(world: World) -> None:
    rules = navigator()
    record = rules.record({"trouble": ("ill", "poor"), "status": ("dibao",), "urgent": ()})
    case = world.case(more={"navigator": record})
    page = world.browser("li").text(f"/desk/cases/{case.receipt}")
    assert "从“看看有什么帮助”来的：看到 2 样" in page
    for words in (
        "家里碰上什么难处了？", "有人生病、不够过日子", "医疗救助（很可能）", "medical-helped",
        "统筹做好最低生活保障与医疗、教育、住房等其它社会救助政策", "不是认定",
    ):
        assert words in page, words
    # What was left out is not there, and a case that began otherwise has no such part.
    assert "这几天还过得去吗" not in page
    other = world.case(name="黄桂花", phone="13912345679")
    assert "看看有什么帮助" not in world.browser("li").text(f"/desk/cases/{other.receipt}")
