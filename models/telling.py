"""The sentence of one step of a case, the same in chat, pushes, pages and on the desk. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.settings import Translate
from models.statuses import EVENT_TOLD

FILLED = ("unit", "officer", "words", "receipt", "reason")


def told(t: Translate, kind: str, details: Mapping[str, Any]) -> str:
    """What the resident reads of a step; a list is numbered, one item a line."""
    missing = details.get("missing") or ()
    listed = "".join(f"\n{number} {item}" for number, item in enumerate(missing, start=1))
    filled = {name: details.get(name) or "" for name in FILLED}
    return t(EVENT_TOLD[kind], missing=listed, **filled).strip() if kind in EVENT_TOLD else ""
