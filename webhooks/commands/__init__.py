"""The verbs of `yimen`, one file a group. Each `add` puts its verbs on the parser."""

from __future__ import annotations

import argparse
import json
from typing import TypeAlias

from models.context import Context, SystemClock
from models.sealed import KeyRing
from models.session import Database
from webhooks import config
from webhooks.i18n import speaker

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class Trouble(Exception):
    """Work that failed, in one clear line; `code` 1, or 2 for a wrong call."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def open_context(args: argparse.Namespace) -> Context:
    """The service's context from the configuration file; raises ConfigFault."""
    settings = config.load(args.config)
    db = Database(settings.database_url, KeyRing.parse(settings.keys))
    return Context(settings, db, SystemClock(), speaker(settings.locale, settings.time_zone))


def show(value: object, *, as_json: bool, lines: list[str]) -> None:
    """One JSON document, or lines for people."""
    print(json.dumps(value, ensure_ascii=False) if as_json else "\n".join(lines))
