"""The sentence of one step of a case, the same in chat, pushes, pages and on the desk. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.money import plain_yuan
from models.moves import EVENT_TOLD
from models.settings import Translate, mark

FILLED = ("unit", "officer", "words", "receipt", "reason")
MONTHLY = mark("每月 {amount} 元")
ONCE = mark("{amount} 元")
REMEDIES = mark(
    "不服的，{days}日内可以申请行政复议，{months}个月内可以到法院起诉（{review}，{suit}）。"
)
REVIEW_AT = mark("行政复议向{place}申请。")
AND = mark("、")
# What somebody is heard about before it is decided (社会救助法 art. 48).
CONSIDERED = {
    "adjust": mark("减少您家的救助"),
    "taper": mark("再帮一段时间就停"),
    "stop": mark("停止您家的救助"),
}


def told(t: Translate, kind: str, details: Mapping[str, Any]) -> str:
    """What the resident reads of a step; a list is numbered, one item a line."""
    # Days that moved are told where the person's own day is among them.
    if kind not in EVENT_TOLD or details.get("among_staff"):
        return ""
    missing = details.get("missing") or ()
    listed = "".join(f"\n{number} {item}" for number, item in enumerate(missing, start=1))
    filled = {name: details.get(name) or "" for name in FILLED}
    filled["granted"] = granted(t, details.get("grant"))
    filled["remedies"] = remedies(t, details.get("remedies"))
    filled["departments"] = t(AND).join(map(str, details.get("departments") or ()))
    filled["from_on"] = _day(t, details.get("from_on"))
    filled["until"] = _day(t, details.get("until"))
    filled["until_on"] = _day(t, details.get("until_on"))
    filled["considered"] = t(CONSIDERED.get(str(details.get("move", "")), ""))
    return t(EVENT_TOLD[kind], missing=listed, **filled).strip()


def granted(t: Translate, grant: Mapping[str, Any] | None) -> str:
    """每月 300 元, 800 元, or what is given."""
    if not grant:
        return ""
    if grant.get("amount") is None:
        return str(grant.get("words") or "")
    return t(MONTHLY if grant.get("monthly") else ONCE, amount=plain_yuan(grant["amount"]))


def remedies(t: Translate, given: Mapping[str, Any] | None) -> str:
    """What someone may do who does not agree, on a line of its own."""
    if not given:
        return ""
    said = t(
        REMEDIES, days=given["review_days"], months=given["suit_months"],
        review=given["review_basis"], suit=given["suit_basis"],
    )
    where = given.get("review_at")
    return "\n" + said + (t(REVIEW_AT, place=where) if where else "")


def _day(t: Translate, text: str | None) -> str:
    return t.day(date.fromisoformat(text)) if text else ""
