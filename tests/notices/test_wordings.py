"""A county's own words in pushes: what may be changed is said in them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import wordingwork
from models.areas import Area
from models.campaignwords import TITLE_LIMIT
from models.context import Context
from models.countersigning import GONE
from models.moves import MOVES
from models.outgoing import Occasion
from models.people import Staff, view_of
from models.policy import NotAllowed, StaffView
from models.sms import Sms
from models.statuses import Role
from models.steps import MoveRefused
from models.wordings import Wording
from models.wordingwords import LIMIT, Known
from notices.householdwords import ANSWERED
from notices.occasions import MOVED, spoken
from notices.staffwords import PLAIN
from notices.wordinglist import BY_SOURCE, MESSAGES
from notices.wordingsamples import body, preview
from tests.notices.ground import COUNTY, RECEIPT, TOWN
from tests.notices.house import House, built
from tests.notices.test_texting import gateway, villager
from tests.notices.turns import drained

OURS = "您的事，镇上往前办了一步"
ACCEPT = MOVES["accept"].told
DETAILS = {"receipt": RECEIPT, "township": TOWN, "kind": "accept", "due_on": "2026-12-04"}


def colleague(house: House) -> int:
    return house.staff(None, Role.COUNTY, COUNTY)


def hold(house: House, source: str, typed: str) -> None:
    """Two of the county put and sign these words, as the desk does."""
    numbers = [colleague(house), colleague(house)]
    with house.ctx.db.begin() as session:
        first, second = (view_of(session.get_one(Staff, number)) for number in numbers)
        made = wordingwork.put(house.ctx, session, first, BY_SOURCE[source].known, typed)
        wordingwork.sign(house.ctx, session, second, made.id)
    house.ctx.directory.forget()


def test_every_message_is_said_in_its_sample(house: House) -> None:
    for message in MESSAGES.values():
        said = preview(house.ctx, COUNTY, message, "在这里" + message.known.source)
        assert "在这里" in (said.title if message.known.is_title else said.body)
        assert not re.search(r"[{}<>]", f"{said.title}\n{body(said)}"), message
        assert RECEIPT not in said.body


@pytest.mark.parametrize("known", [one.known for one in MESSAGES.values()])
def test_the_standard_itself_would_pass_with_chinese_names(known: Known) -> None:
    shown = known.shown(known.source)
    assert not re.search(r"{[a-z_]", shown)
    assert known.kept(shown) == known.source
    assert len(known.names) == len(set(re.findall(r"{(\w+)}", known.source)))
    assert len(known.source) <= (TITLE_LIMIT if known.is_title else LIMIT)


def test_nothing_of_staff_or_complaints_may_be_changed() -> None:
    assert not {words for pair in PLAIN.values() for words in pair} & set(BY_SOURCE)
    assert not set(ANSWERED) & set(BY_SOURCE)
    assert len(MESSAGES) == len(BY_SOURCE) > 60


def test_what_two_signed_is_said_in_chat_on_the_card_and_in_the_text(either: House) -> None:
    hold(either, MOVED, OURS)
    hold(either, ACCEPT, "收下了，我们这就去办。")
    aunt = either.follow()
    either.write(aunt)
    push = either.push(aunt)
    drained(either.ctx)
    assert either.state(push)[0] == "delivered"
    got = either.texts(aunt)[-1]
    assert got.startswith(f"{OURS}\n收下了，我们这就去办。\n接下来：")
    said = spoken(either.ctx, Occasion.CASE_MOVED, DETAILS, TOWN, "")
    assert said.fields["thing1"] == OURS
    assert said.brief.startswith(f"{either.ctx.settings.sms.sign}{OURS}。编号 {RECEIPT}")


def test_of_two_who_sign_at_once_one_does(either: House) -> None:
    numbers, outcomes = [colleague(either) for _ in range(3)], list[str]()
    with either.ctx.db.begin() as session:
        staff = [view_of(session.get_one(Staff, number)) for number in numbers]
        known = BY_SOURCE[MOVED].known
        made = wordingwork.put(either.ctx, session, staff[0], known, OURS).id

    def sign(ctx: Context, who: StaffView) -> None:
        try:
            with ctx.db.begin() as session:
                wordingwork.sign(ctx, session, who, made)
            outcomes.append("signed")
        except MoveRefused as refused:
            outcomes.append(refused.reason)

    threads = [
        threading.Thread(target=sign, args=(ctx, who))
        for ctx, who in ((either.ctx, staff[1]), (either.other(), staff[2]))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted(["signed", GONE])
    either.ctx.directory.forget()
    assert either.ctx.directory.wordings == {COUNTY: {MOVED: OURS}}


def test_who_is_not_of_the_county_puts_and_signs_nothing(house: House) -> None:
    head, county = house.staff(None, Role.HEAD, TOWN), colleague(house)
    known = BY_SOURCE[MOVED].known
    with house.ctx.db.begin() as session:
        away, own = (view_of(session.get_one(Staff, one)) for one in (head, county))
        with pytest.raises(NotAllowed):
            wordingwork.put(house.ctx, session, away, known, OURS)
        made = wordingwork.put(house.ctx, session, own, known, OURS).id
        for act in (wordingwork.sign, wordingwork.drop):
            with pytest.raises(NotAllowed):
                act(house.ctx, session, away, made)
        with pytest.raises(NotAllowed):
            wordingwork.sign(house.ctx, session, own, made)


def test_a_text_message_begins_with_the_countys_own_title(tmp_path: Path) -> None:
    with gateway() as sent, built(
        f"sqlite:///{tmp_path / 'x.db'}", sms_token="secret",
        sms=Sms("gateway", url=sent.url, sign="【清水】", after_hours=0),
    ) as house:
        hold(house, MOVED, OURS)
        aunt = villager(house)
        house.write(aunt, unfollow=True)
        house.push(aunt)
        drained(house.ctx)
        assert sent.got[0]["text"].startswith(f"【清水】{OURS}。编号 {RECEIPT}")


def test_other_languages_other_counties_and_staff_hear_what_they_heard(house: House) -> None:
    def said(occasion: str, place: str, locale: str) -> str:
        return spoken(house.ctx, occasion, DETAILS | {"township": place}, place, locale).texts[0]

    away = "451298000000"
    with house.ctx.db.begin() as session:
        session.add(Area(code=away, name="别县", level="county", phone="0777-6290000"))
    house.ctx.directory.forget()
    asked = [
        (Occasion.CASE_MOVED, TOWN, "en"), (Occasion.CASE_MOVED, away, ""),
        (Occasion.STAFF_NEW_CASE, TOWN, ""), (Occasion.CASE_MOVED, "", ""),
    ]
    before = [said(*one) for one in asked]
    here = said(Occasion.CASE_MOVED, TOWN, "")
    for source, typed in (
        (MOVED, OURS), (ACCEPT, "收下了。"),
        ("编号 {receipt}。有事打{office}电话 {phone}。", "找{单位}：{电话}，说编号 {编号}。"),
    ):
        hold(house, source, typed)
    assert [said(*one) for one in asked] == before
    now = said(Occasion.CASE_MOVED, TOWN, "")
    assert now != here
    assert now.endswith(f"找大湾镇：0777-6210001，说编号 {RECEIPT}。")


def test_back_to_the_standard_and_a_sentence_that_is_gone(house: House) -> None:
    hold(house, MOVED, OURS)
    hold(house, MOVED, MOVED)
    staff = colleague(house)
    with house.ctx.db.begin() as session:
        session.add(Wording(
            area=COUNTY, source="这句话早就没有了", words="别的", state="signed", put_by=staff,
            put_at=datetime(2026, 1, 1, tzinfo=UTC), signed_by=staff,
            signed_at=datetime(2026, 1, 1, tzinfo=UTC),
        ))
    house.ctx.directory.forget()
    assert spoken(house.ctx, Occasion.CASE_MOVED, DETAILS, TOWN, "").title == MOVED


def test_words_are_read_from_memory_and_not_for_every_push(house: House) -> None:
    hold(house, MOVED, OURS)
    assert house.ctx.directory.wordings
    with _shut(house):
        for _ in range(3):
            said = spoken(house.ctx, Occasion.CASE_MOVED, DETAILS, TOWN, "")
            assert said.title == OURS


@contextmanager
def _shut(house: House) -> Iterator[None]:
    """A database that answers nothing."""
    def refuse() -> None:
        raise AssertionError("a query for a push")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.ctx.db, "read", refuse)
        yield
