"""The talk's state as it is kept sealed: the draft, what is being asked, what is known. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.flow import Answers, Draft

# What a returning resident confirms instead of answering anew.
KNOWN = (
    "name", "phone", "living", "living_words", "household", "household_words", "care",
    "home", "home_words", "home_same", "home_outside",
)
# Keys that belong together: a new answer takes the old one's companions away.
_GROUPS = frozenset({"living", "household", "home"})
# What a tap on the menu alone puts into a draft.
_BEGINNING = frozenset({"whom", "urgent"})


@dataclass
class State:
    """Where a talk stands.

    `asking` is a small question outside any flow: its kind and what it is about. `sos` is a
    report of danger: its receipt, when it was made, and whether a telephone is known.
    `asked` names the state of the draft that the chat's last question was about: where it
    differs, a page has gone on meanwhile. `seeing`: a round of 看看有什么帮助.
    """

    draft: Draft | None = None
    paused: bool = False
    asking: dict[str, Any] | None = None
    known: Answers = field(default_factory=dict)
    sos: dict[str, Any] = field(default_factory=dict)
    asked: str = ""
    seeing: Draft | None = None

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> State:
        """Read what `as_json` wrote."""
        kept = kept or {}
        draft, seeing = kept.get("draft"), kept.get("seeing")
        return cls(
            Draft(**draft) if draft else None,
            bool(kept.get("paused")),
            kept.get("asking"),
            dict(kept.get("known") or {}),
            dict(kept.get("sos") or {}),
            str(kept.get("asked") or ""),
            Draft(**seeing) if seeing else None,
        )

    def as_json(self) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        if self.draft is not None:
            kept["draft"] = self.draft.as_json()
        if self.seeing is not None:
            kept["seeing"] = self.seeing.as_json()
        for name in ("paused", "asking", "known", "sos", "asked"):
            value = getattr(self, name)
            if value:
                kept[name] = value
        return kept

    def drop_draft(self) -> None:
        """The draft is finished or discarded."""
        self.draft, self.paused, self.asked = None, False, ""

    @property
    def filling(self) -> Draft | None:
        """The draft whose question is open in the chat, or None."""
        return None if self.paused else self.draft

    @property
    def half(self) -> Draft | None:
        """A draft that holds something: it is never replaced without asking."""
        draft = self.draft
        told = draft is not None and (draft.photos or draft.said or set(draft.answers) - _BEGINNING)
        return draft if told else None

    def remember(self, answers: Answers) -> None:
        """Keep what a next application will only confirm."""
        if answers.get("whom") == "other":
            return
        said = {key: answers[key] for key in KNOWN if key in answers}
        kept = {
            key: value
            for key, value in self.known.items()
            if not any(key.startswith(group) for group in _GROUPS & set(said))
        }
        self.known = kept | said
