"""A notice as one text message: the office, its telephone, the receipt, and nothing else.

Whoever holds the telephone reads it: no scheme, no illness, no trouble, and no link to tap.
"""

from __future__ import annotations

from models.settings import mark
from notices.teller import Teller

BRIEF = mark("{title}。编号 {receipt}，问{office}打 {phone}。")
PLAIN = mark("您的事有消息了")
# What fits into one part: 70 characters where one of them is Chinese, else 160.
CHINESE, LATIN = 70, 160


def brief(teller: Teller, title: str, sign: str) -> str:
    """One part of a text message, `sign` before it; empty where it cannot say whom to call."""
    receipt, office, phone = teller.get("receipt"), teller.office(), teller.phone()
    if not (receipt and office and phone):
        return ""
    for words in (title, teller.say(PLAIN)):
        text = sign + teller.say(BRIEF, title=words, receipt=receipt, office=office, phone=phone)
        if len(text) <= (LATIN if text.isascii() else CHINESE):
            return text
    return ""
