"""问政策 in chat: the scheme that is asked about in one message, or the list by number."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.orm import Session

from models.areas import Level
from models.localschemes import LocalScheme
from models.people import Staff
from tests.bot.talks import Chat


def test_what_is_asked_about_comes_in_one_message(chat: Chat) -> None:
    said = chat.say("低保要什么条件")
    # A lock screen shows the first line: no scheme stands in it.
    assert "低保" not in said.splitlines()[0]
    assert "最低生活保障：家里收入达不到当地低保标准的" in said
    assert "给多少：由县里定" in said
    assert "带什么：身份证、户口簿、核对授权书" in said
    assert "从受理到给结果最多 20 个工作日" in said
    assert "/policies/dibao\"" in said
    assert "我要求助" in said
    # With the addresses of the link that nobody reads.
    assert len(said) < 500


@pytest.mark.parametrize("asked", ["政策", "问政策", "我想了解政策"])
def test_in_general_all_of_them_by_number(chat: Chat, asked: str) -> None:
    said = chat.say(asked)
    assert "1 最低生活保障" in said.replace("\n", " ")
    assert "15 社会力量帮扶" in said.replace("\n", " ")
    assert "特困人员供养：" in chat.say("2")


def test_by_name_after_the_list_and_anything_else_is_heard(chat: Chat) -> None:
    chat.say("我想了解政策")
    assert "住房救助：" in chat.say("危房")
    chat.say("我想了解政策")
    assert "找人说话" in chat.say("人工")


@pytest.mark.parametrize(("asked", "page"), [
    ("五保户有什么待遇", "tekun"), ("想了解残疾人两项补贴", "disability"),
    ("临时救助怎么申请", "temporary"),
])
def test_each_is_found(chat: Chat, asked: str, page: str) -> None:
    assert f"/policies/{page}\"" in chat.say(asked)


def test_what_the_county_gives_is_said_with_its_day(chat: Chat) -> None:
    with chat.ctx.db.begin() as session:
        _signed(chat, session, {"standard": "城里每人每月700元", "from": "2026-07-01"})
    chat.ctx.directory.forget()
    assert "给多少：城里每人每月700元（从 2026-07-01 起）" in chat.say("低保一个月多少钱")


def _signed(chat: Chat, session: Session, said: dict[str, str]) -> None:
    member = session.query(Staff).first()
    county = chat.ctx.directory.areas.at(chat.ctx.settings.accounts[0].area, Level.COUNTY)
    assert member is not None
    assert county is not None
    session.add(LocalScheme(
        area=county.code, scheme="dibao", said=json.dumps(said, ensure_ascii=False), state="signed",
        put_by=member.id, put_at=chat.ctx.now(), signed_by=member.id, signed_at=chat.ctx.now(),
    ))
