"""看看有什么帮助, where an application began from it: what was answered, what was shown and why."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from models.context import Context
from models.navigating import LEVEL_NAMES, Level
from models.paths import PATHS
from models.policy import StaffView
from models.settings import Translate
from webhooks import access
from webhooks.desk.case import File


def section(
    _ctx: Context, _session: Session, _staff: StaffView, file: File
) -> tuple[str, dict[str, Any]] | None:
    """As it was worded then; nothing where the application did not begin from it."""
    kept, t = file.case.answers.get("navigator"), access.speech()
    if not kept:
        return None
    shown = [_named(t, row) for row in kept["shown"]]
    return "desk/navigated_part.html", {"answers": kept["answers"], "shown": shown}


def _named(t: Translate, row: dict[str, str]) -> dict[str, str]:
    name, level = PATHS[row["scheme"]].name, LEVEL_NAMES[Level[row["level"].upper()]]
    return row | {"name": t(name), "level_words": t(level)}
