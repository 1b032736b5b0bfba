"""What was not understood in a talk is kept, with what they then chose; what was taught is used."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from models.phrases import Phrase
from models.unheard import Unheard
from tests.bot.talks import Chat

LOST = "那张皮皮儿"
COUNTY = "450799000000"


@pytest.fixture(autouse=True)
def nothing_kept(chat: Chat) -> None:
    """The county is the same for all of these."""
    with chat.ctx.db.begin() as session:
        session.execute(delete(Unheard))


def rows(chat: Chat) -> list[tuple[str, str, int]]:
    with chat.ctx.db.read() as session:
        found = session.scalars(select(Unheard).order_by(Unheard.id)).all()
        return [(one.said, one.chosen, one.times) for one in found]


def test_what_was_not_understood_is_kept_with_what_they_chose(chat: Chat) -> None:
    assert "\n1 " in chat.say(LOST), "guesses or the menu, by number"
    chat.say("2")
    ((said, chosen, times),) = rows(chat)
    assert (said, times) == (LOST, 1)
    assert chosen


def test_the_same_forty_times_is_one_row_and_always_answered(chat: Chat) -> None:
    said = [chat.say(LOST) for _ in range(40)]
    assert all(said)
    assert rows(chat) == [(LOST, "", 40)]


def test_what_is_understood_is_not_kept(chat: Chat) -> None:
    chat.say("查进度")
    chat.say("我不想活了")
    chat.say("7")
    assert rows(chat) == []


def test_a_nod_with_more_behind_it_is_not_taken_for_a_nod(chat: Chat) -> None:
    assert "有事随时说" in chat.say("嗯哪 好的")
    assert "有事随时说" not in chat.say("嗯哪 咱那事儿咋地了")


def test_words_that_were_taught_lead_there_with_what_was_said(chat: Chat) -> None:
    with chat.ctx.db.begin() as session:
        session.add(Phrase(
            area=COUNTY, words="皮皮儿", intent="apply", put_by=1, put_at=chat.ctx.now(),
        ))
    chat.ctx.directory.forget()
    chat.say("皮皮儿皮皮儿要批了")
    assert rows(chat) == []
    assert chat.answers["what"] == "皮皮儿皮皮儿要批了"
