"""Public notices at the desk: a spreadsheet, the gate, the draft, the second person, the end."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from werkzeug.test import TestResponse

from models import noticesigning
from models.publishing import Notice, Row, State, Version
from models.settings import Paper
from tests.webhooks.desk.world import DAWAN, DAWAN_VILLAGE, XIAOHE, Browser, World

ALL, NEW = "/desk/notices", "/desk/notices/new"
PEOPLE = (("王秀英", 3, 1230, "新增"), ("李桂花", 1, 410, "续保"), ("覃月娥", 4, 1640, "调整"))
HEADINGS = ("姓名", "人数", "金额", "备注")


def spreadsheet(
    people: Sequence[Sequence[Any]] = PEOPLE, headings: Sequence[str] = HEADINGS
) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *people])
    return text.getvalue().encode("utf-8-sig")


def upload(browser: Browser, data: bytes | None = None, **more: str) -> TestResponse:
    form: dict[str, Any] = {
        "kind": "standing", "scheme": "dibao", "area": DAWAN_VILLAGE,
        "file": (io.BytesIO(data if data is not None else spreadsheet()), "名单.csv"),
    } | more
    browser.text(NEW)
    return browser.post(NEW, **form)


def drafted(browser: Browser, data: bytes | None = None, **more: str) -> str:
    """A draft's page."""
    answer = upload(browser, data, **more)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def live(world: World, **more: str) -> str:
    """The page of a list that the village sees."""
    at = drafted(world.browser("li"), **more)
    assert world.browser("li").post(f"{at}/ask", when="now").status_code == 303
    assert world.browser("chen").post(f"{at}/sign").status_code == 303
    return at


def one(world: World) -> Version:
    with world.ctx.db.read() as db:
        return db.query(Version).order_by(Version.id.desc()).limit(1).one()


def test_from_the_spreadsheet_to_the_village(world: World) -> None:
    li, chen = world.browser("li"), world.browser("chen")
    at = drafted(li)
    page = li.text(at)
    title = "大湾镇大湾村最低生活保障长期公示"
    for said in (title, "3 户，8 人，共 3,280 元", "王秀英", "B2", "A 姓名"):
        assert said in page
    assert "从头看过了，签字" not in chen.text(at)
    assert li.post(f"{at}/ask", when="now").status_code == 303
    assert "签字的要是乡镇负责人" in li.text(at)
    assert "等另一位签字" in li.text(ALL)
    assert "从头看过了，签字" in chen.text(at)
    assert "已经公示" in chen.post(f"{at}/sign", follow=True).text
    assert one(world).state == State.LIVE
    audited = [len(world.audited(f"notice.{what}")) for what in ("draft", "ask", "sign")]
    assert audited == [1, 1, 1]


@pytest.mark.parametrize(("people", "said", "cell"), [
    ([("王秀英", 3, 1230, "电话13800005678")], "电话号码", "D2"),
    ([*PEOPLE, ("赵敏", 3, 1230, "患尿毒症")], "病情", "D5"),
    ([("王秀英", 3, 1230, "530999196001011234")], "身份证号码", "D2"),
])
def test_what_may_not_be_published_is_told_by_its_cell_and_nothing_is_stored(
    world: World, people: Sequence[Sequence[Any]], said: str, cell: str
) -> None:
    answer = upload(world.browser("li"), spreadsheet(people))
    assert answer.status_code == 422
    assert said in answer.text
    assert cell in answer.text
    for hidden in ("13800005678", "尿毒症", "530999196001011234"):
        assert hidden not in answer.text
    with world.ctx.db.read() as db:
        assert [db.query(table).count() for table in (Notice, Version, Row)] == [0, 0, 0]


def test_what_is_odd_has_to_be_looked_at_first(world: World) -> None:
    li = world.browser("li")
    at = drafted(li, spreadsheet([*PEOPLE, PEOPLE[0]]))
    assert "重复了" in li.text(at)
    answer = li.post(f"{at}/ask", when="now")
    assert answer.status_code == 422
    assert "请先把提醒看一遍" in answer.text
    assert one(world).state == State.DRAFT
    assert li.post(f"{at}/ask", when="now", looked="1").status_code == 303
    assert one(world).state == State.SIGNING


def test_what_is_missing_is_said_beside_its_field(world: World) -> None:
    li = world.browser("li")
    for more, said in (
        ({"kind": ""}, "请选是哪一种公示"), ({"scheme": "child"}, "请选是哪一类救助"),
        ({"area": ""}, "请选是哪个乡镇"), ({"file": ""}, "请选一份表格"),
        ({"title": "李小明在外打工，请大家监督"}, "提到了某一个人"),
    ):
        answer = upload(li, **more)
        assert answer.status_code == 422, more
        assert said in answer.text


def test_nobody_publishes_for_another_township(world: World) -> None:
    assert upload(world.browser("li"), area=XIAOHE).status_code == 404
    at = live(world)
    for path in (at, f"{at}/preview?as=paper", f"{NEW}?list=1"):
        assert world.browser("sun").get(path).status_code == 404
    assert world.browser("sun").post(f"{at}/take-down", reason="x").status_code == 404
    assert "大湾村" not in world.browser("sun").text(ALL)
    assert one(world).state == State.LIVE


def test_it_is_published_at_its_time_and_not_before(world: World) -> None:
    li = world.browser("li")
    at = drafted(li)
    wrong = li.post(f"{at}/ask", when="later", at="2026-11-01T09:00")
    assert wrong.status_code == 422
    assert "定的时间已经过了" in wrong.text
    assert li.post(f"{at}/ask", when="later", at="").status_code == 422
    assert li.post(f"{at}/ask", when="later", at="2026-11-25T09:00").status_code == 303
    world.browser("chen").post(f"{at}/sign")
    assert one(world).state == State.SIGNED
    world.clock.at += timedelta(days=2, hours=-1)
    noticesigning.turn(world.ctx)
    assert one(world).state == State.SIGNED
    world.clock.at += timedelta(hours=1)
    noticesigning.turn(world.ctx)
    assert one(world).state == State.LIVE


def test_a_correction_is_a_new_version_with_its_reason(world: World) -> None:
    at = live(world)
    li = world.browser("li")
    number = one(world).notice_id
    answer = upload(li, list=str(number))
    assert answer.status_code == 422
    assert "请写上为什么" in answer.text
    next_ = drafted(li, list=str(number), reason="按月更新")
    assert "第 2 版" in li.text(next_)
    li.post(f"{next_}/ask", when="now")
    world.browser("chen").post(f"{next_}/sign")
    assert "换成新的一版了" in li.text(at)
    assert "按月更新" in li.text(at)


def test_it_is_taken_down_at_once_with_a_reason_that_names_nobody(world: World) -> None:
    at = live(world)
    li = world.browser("li")
    for reason, said in (("", "请写上为什么"), ("李小明在外打工", "提到了某一个人")):
        answer = li.post(f"{at}/take-down", reason=reason)
        assert answer.status_code == 422
        assert said in answer.text
    assert "撤下了" in li.post(f"{at}/take-down", reason="有一户写错了", follow=True).text
    assert one(world).state == State.TAKEN_DOWN


def test_one_row_is_erased_for_good(world: World) -> None:
    at = live(world)
    li = world.browser("li")
    for line in ("", "9", "x"):
        assert li.post(f"{at}/erase", line=line).status_code == 422
    assert "抹掉了" in li.post(f"{at}/erase", line="2", follow=True).text
    page = li.text(at)
    assert "王秀英" in page
    assert "李桂花" not in page


def test_what_was_not_right_is_gone(world: World) -> None:
    li = world.browser("li")
    at = drafted(li)
    assert li.post(f"{at}/drop").status_code == 303
    assert li.get(at).status_code == 404
    with world.ctx.db.read() as db:
        assert db.query(Row).count() == 0


def test_the_paper_says_that_it_is_not_signed_until_it_is(world: World) -> None:
    li = world.browser("li")
    at = drafted(li)
    paper = li.text(f"{at}/preview?as=paper&village={DAWAN_VILLAGE}")
    assert "还没有签字，不要贴出去" in paper
    assert "<svg" not in paper
    li.post(f"{at}/ask", when="now")
    world.browser("chen").post(f"{at}/sign")
    paper = li.text(f"{at}/preview?as=paper")
    assert "还没有签字" not in paper
    assert paper.count("<svg") == 2
    made = one(world)
    assert made.short is not None
    assert f"{made.short[:5]}-{made.short[5:]}" in paper
    for said in ("12345", "0777-700 0001", "王秀英", "起，换新的一版为止"):
        assert said in paper
    assert li.get(f"{at}/preview?as=board").status_code == 404


def test_of_a_township_each_village_has_a_sheet_of_its_own(world: World) -> None:
    people = [("大湾村", *p) for p in PEOPLE] + [("桥头村", "韦金凤", 1, 410, "新增")]
    li = world.browser("li")
    data = spreadsheet(people, ("村", *HEADINGS))
    at = drafted(li, data, area=DAWAN)
    paper = li.text(f"{at}/preview?as=paper&village={DAWAN_VILLAGE}")
    assert "王秀英" in paper
    assert "韦金凤" not in paper


def pages_of(answer: TestResponse) -> str:
    found = PdfReader(io.BytesIO(answer.data)).pages
    return "\n".join(page.extract_text() for page in found)


def test_the_paper_is_a_file_too_with_words_that_copy_out(world: World) -> None:
    li = world.browser("li")
    at = drafted(li)
    assert "还没有签字，不要贴出去" in pages_of(li.get(f"{at}/paper.pdf"))
    li.post(f"{at}/ask", when="now")
    world.browser("chen").post(f"{at}/sign")
    answer = li.get(f"{at}/paper.pdf?village={DAWAN_VILLAGE}")
    assert answer.headers["Content-Type"] == "application/pdf"
    # The name is Chinese, and a header is not.
    assert answer.headers["Content-Disposition"].isascii()
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    said, made = pages_of(answer), one(world)
    assert made.short is not None
    for words in ("王秀英", "0777-700 0001", "起，换新的一版为止", made.title, "12345",
                  f"校验码 {made.short[:5]}-{made.short[5:]}"):
        assert words in said, words
    assert "还没有签字" not in said
    assert li.get(f"{at}/paper.pdf?village=1").status_code == 404


def test_a_name_that_cannot_be_printed_is_named(world: World) -> None:
    people = [PEOPLE[0], ("王\U00020003", *PEOPLE[1][1:])]
    li = world.browser("li")
    at = drafted(li, spreadsheet(people, HEADINGS))
    answer = li.get(f"{at}/paper.pdf")
    assert answer.status_code == 422
    assert "这几个字：\U00020003。" in answer.text


def test_without_a_font_the_page_is_to_be_printed(world: World) -> None:
    at = drafted(world.browser("li"))
    # Settings do not change while a service runs; here another machine is meant.
    object.__setattr__(world.ctx.settings, "paper", Paper(font="/nowhere/none.ttc"))
    answer = world.browser("li").get(f"{at}/paper.pdf")
    assert (answer.status_code, "没有印名单的字体" in answer.text) == (503, True)
