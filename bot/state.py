"""The talk's state as it is kept sealed: the draft, what is being asked, what is known. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.flow import Answers, Draft

# What a returning resident confirms instead of answering anew.
KNOWN = ("name", "phone", "living", "living_words", "household", "household_words", "care")


@dataclass
class State:
    """Where a talk stands.

    `asking` is a small question outside any flow: its kind and what it is about. `sos` is the
    receipt of a report of danger that still lacks a telephone.
    """

    draft: Draft | None = None
    paused: bool = False
    asking: dict[str, Any] | None = None
    known: Answers = field(default_factory=dict)
    sos: str = ""

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> State:
        """Read what `as_json` wrote."""
        kept = kept or {}
        draft = kept.get("draft")
        return cls(
            Draft(**draft) if draft else None,
            bool(kept.get("paused")),
            kept.get("asking"),
            dict(kept.get("known") or {}),
            str(kept.get("sos") or ""),
        )

    def as_json(self) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        if self.draft is not None:
            kept["draft"] = self.draft.as_json()
        for name in ("paused", "asking", "known", "sos"):
            value = getattr(self, name)
            if value:
                kept[name] = value
        return kept

    def drop_draft(self) -> None:
        """The draft is finished or discarded."""
        self.draft, self.paused = None, False

    def remember(self, answers: Answers) -> None:
        """Keep what a next application will only confirm."""
        if answers.get("whom") != "other":
            self.known = {key: answers[key] for key in KNOWN if key in answers}
