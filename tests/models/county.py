"""A county on an empty database, for tests of use cases without the web."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models import migrate
from models.context import Context
from models.sealed import KeyRing
from models.session import Database
from tests.service import Clock, fill, settings_for
from webhooks.i18n import speaker


def county(url: str, folder: Path, **changes: Any) -> tuple[Context, Clock]:
    """The demo's places and people, and the clock that their time goes by."""
    made, clock = settings_for(url, folder, **changes), Clock()
    ctx = Context(
        made, Database(url, KeyRing.parse(made.keys)), clock,
        speaker(made.locale, made.time_zone),
    )
    migrate.upgrade(ctx.db)
    fill(ctx)
    return ctx, clock
