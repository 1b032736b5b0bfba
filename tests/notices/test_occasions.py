"""What pushes say: in which order, and what a locked screen shows of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clockwords import ASKED, STANDS_IN
from models.moves import MOVES
from models.outgoing import Occasion
from notices.occasions import OCCASIONS, spoken
from notices.pieces import LIMIT, pieces, size
from notices.staffwords import CLOCKS
from notices.taps import STAFF_TASK
from tests.notices.ground import COUNTY, NEXT_TOWN, RECEIPT, TOWN
from tests.notices.house import House

# What no first line and no card may name.
TELLING = ("低保", "特困", "救助", "补助", "钱", "元", "病", "残疾", "医疗", "临时", "困难", "难处")
DETAILS: dict[str, Any] = {
    "receipt": RECEIPT, "township": TOWN, "due_on": "2026-12-04", "unit": "民政办",
    "officer": "李文", "missing": ["户口本", "残疾证"], "words": "您家的低保下个月发，800元。",
    "reason": "本人要求", "text": "我不想活了", "place": "Windows 电脑",
}


def say(house: House, occasion: str, **details: Any) -> str:
    return spoken(house.ctx, occasion, DETAILS | details, "", "").texts[0]


@pytest.mark.parametrize("kind", [*MOVES, "paper_clear", "paper_unclear", "never heard of"])
def test_residents_first_line_and_card_tell_nothing(house: House, kind: str) -> None:
    for occasion in (Occasion.CASE_MOVED, Occasion.PAPER_UNCLEAR, Occasion.PAPER_LOST):
        said = spoken(house.ctx, occasion, DETAILS | {"kind": kind}, "", "")
        first = said.texts[0].splitlines()[0]
        shown = " ".join([first, *said.fields.values()])
        assert first == said.title
        assert 4 <= len(first) <= 20
        assert not [word for word in TELLING if word in shown], shown
        assert said.texts[0].endswith(f"编号 {RECEIPT}。有事打大湾镇电话 0777-6210001。")


def test_what_happened_what_next_by_when_whom_to_call(house: House) -> None:
    assert say(house, Occasion.CASE_MOVED, kind="register").splitlines() == [
        "您在镇上办的事有新进展",
        "已经登记，交给民政办的李文办。",
        "接下来：经办人会看您说的情况，定下能不能受理，或者告诉您还缺什么。",
        "12月4日前给您回话（还剩 8 个工作日）。",
        "编号 2611-483705-72。有事打大湾镇电话 0777-6210001。",
    ]


def test_what_is_missing_is_listed_whole(house: House) -> None:
    text = say(house, Occasion.CASE_MOVED, kind="return", due_on="")
    assert "一次给您说全：\n1 户口本\n2 残疾证\n接下来：等您把缺的补上" in text
    assert "工作日" not in text


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-24", "今天给您回话。"), ("2026-11-23", "说好11月23日给您回话"),
        ("2026-11-25", "11月25日前给您回话（还剩 1 个工作日）。"),
    ],
)
def test_deadlines(house: House, day: str, said: str) -> None:
    assert said in say(house, Occasion.CASE_MOVED, kind="accept", due_on=day)


def test_without_a_telephone_a_human_is_offered(house: House) -> None:
    text = say(house, Occasion.CASE_MOVED, kind="accept", township="")
    assert text.endswith(f"编号 {RECEIPT}。想找人说话，回“人工”。")
    # A township without a number of its own gives the county's.
    assert "0777-6210000" in say(house, Occasion.CASE_MOVED, kind="accept", township=NEXT_TOWN)


def test_most_fit_on_an_old_phone(house: House) -> None:
    for kind in ("register", "accept", "withdraw", "paper_unclear", "paper_clear"):
        assert len(say(house, Occasion.CASE_MOVED, kind=kind)) <= 140, kind


def test_what_was_typed_is_not_taken_for_a_placeholder(house: House) -> None:
    words = "请带{户口本}和{0}，<a href='x'>]]>"
    assert words in say(house, Occasion.CASE_MOVED, kind="answer", words=words)


def test_half_characters_do_not_break_the_sending(house: House) -> None:
    say(house, Occasion.CASE_MOVED, kind="answer", words="好\ud800的").encode()


def test_staff_are_told_plainly_and_urgent_first(house: House) -> None:
    assert say(house, Occasion.STAFF_NEW_CASE) == (
        f"有一件新的求助等您登记\n编号 {RECEIPT}，请到工作台登记。"
    )
    assert say(house, Occasion.STAFF_NEW_CASE, urgent=True).startswith("急：")
    assert say(house, Occasion.STAFF_ALARM).startswith("急：")
    assert "Windows 电脑" in say(house, Occasion.SIGNED_IN)
    for occasion in (Occasion.STAFF_SUPPLIED, Occasion.STAFF_WITHDRAW_ASKED):
        assert RECEIPT in say(house, occasion)


def test_a_late_reply_is_said_as_it_is(house: House) -> None:
    said = spoken(house.ctx, Occasion.LATE_REPLY, {"text": "您住在哪个村？"}, "", "")
    assert (said.texts, said.template) == (("您住在哪个村？",), "")


def test_every_occasion_has_words(house: House) -> None:
    assert set(OCCASIONS) == set(Occasion)
    for occasion in Occasion:
        assert spoken(house.ctx, occasion, {"text": "x"}, COUNTY, "").texts[0]


@pytest.mark.parametrize("occasion", [o for o, (_, group) in OCCASIONS.items() if group])
def test_a_card_carries_four_fields_of_the_right_length(house: House, occasion: str) -> None:
    details = DETAILS | {"kind": "accept", "referral": "7", "alarm": "8"}
    said = spoken(house.ctx, occasion, details, "", "")
    assert list(said.fields) == ["thing1", "character_string2", "date3", "thing4"]
    assert all(said.fields.values())
    assert len(said.fields["thing1"]) <= 20
    assert len(said.fields["thing4"]) <= 20
    assert said.fields["character_string2"] == RECEIPT
    assert said.fields["date3"] == "2026年11月24日"
    assert said.fields["thing4"] == "大湾镇 0777-6210001"
    place = "desk" if said.template == STAFF_TASK else "m"
    own = {
        Occasion.STAFF_REFERRAL: "/desk/referrals/7", Occasion.STAFF_HARM: "/desk/alarms/8",
        Occasion.STAFF_CONCERN: "/desk/concerns", Occasion.ERRAND: "/m/village/",
        Occasion.STAFF_RENEWAL: "/desk/notices",
        # The case is another one's: the household has a page of its own.
        Occasion.HOUSEHOLD_TOLD: f"/m/told/{RECEIPT}",
        Occasion.HOUSEHOLD_ERASED: f"/m/told/{RECEIPT}",
    }
    assert said.page == own.get(Occasion(occasion), f"/{place}/cases/{RECEIPT}")
    # No card without the number that it is about.
    assert spoken(house.ctx, occasion, {"kind": "accept"}, TOWN, "").template == ""


def test_what_fits_is_one_message() -> None:
    assert pieces("题", "正文") == ("题\n正文",)
    assert pieces("", "正文") == ("正文",)


@given(
    body=st.text(st.characters(exclude_categories=("Cs",)), max_size=4000),
    title=st.text("您在镇上办的事", max_size=20), limit=st.integers(200, 2048),
)
def test_nothing_is_lost_and_nothing_is_too_long(body: str, title: str, limit: int) -> None:
    parts = pieces(title, body, limit)
    assert all(size(part) <= limit for part in parts)
    if len(parts) > 1:
        assert all(part.startswith(f"{title}（{n}/{len(parts)}）\n") for n, part in
                   enumerate(parts, start=1))
        joined = "".join(part.partition("\n")[2] for part in parts)
        assert "".join(joined.split()) == "".join(body.split())


def test_a_long_answer_is_parted_between_sentences() -> None:
    parts = pieces("您在镇上问的事有答复了", "请您带上户口本来一趟。" * 200)
    assert len(parts) >= 3
    assert all(part.endswith("。") and size(part) <= LIMIT for part in parts)


def test_what_a_clock_asks_is_on_the_timeline_as_it_is_in_the_push() -> None:
    assert set(CLOCKS) - {"late"} == set(ASKED) == set(STANDS_IN)
