"""The verbs of `yimen`, one file a group. Each `add` puts its verbs on the parser."""

from __future__ import annotations

import argparse
import json
from typing import TypeAlias

from models import revision
from models.context import Context, SystemClock
from models.sealed import KeyRing
from models.session import Database
from notices.wechat_channel import close_platforms
from webhooks import config
from webhooks.i18n import speaker_of

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class Trouble(Exception):
    """Work that failed, in clear lines; `code` 1, or 2 for a wrong call."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def open_context(args: argparse.Namespace) -> Context:
    """The service's context from the configuration file; raises ConfigFault."""
    settings = config.load(args.config)
    db = Database(settings.database_url, KeyRing.parse(settings.keys))
    ctx = Context(settings, db, SystemClock(), speaker_of(settings))
    args.opened.append(ctx)
    return ctx


def close_contexts(args: argparse.Namespace) -> None:
    """Give back what a verb has opened."""
    for ctx in args.opened:
        close_platforms(ctx)
        ctx.db.close()


def ready_context(args: argparse.Namespace) -> Context:
    """A context whose database is at head; raises Trouble with the command to run."""
    ctx = open_context(args)
    if not revision.is_at_head(ctx.db):
        if revision.is_beyond(ctx.db):
            raise Trouble("the database was migrated by a newer yimen; install that one", 2)
        raise Trouble(f"the database is not at head; run: yimen --config {args.config} migrate", 2)
    return ctx


def show(value: object, *, as_json: bool, lines: list[str]) -> None:
    """One JSON document, or lines for people."""
    if as_json or lines:
        print(json.dumps(value, ensure_ascii=False) if as_json else "\n".join(lines))
