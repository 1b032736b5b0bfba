"""`yimen check`: what stands between this configuration and going live."""

from __future__ import annotations

from typing import Any

import requests
from sqlalchemy.exc import SQLAlchemyError

from models import migrate
from models.context import Context
from models.settings import Account
from models.storage import Storage
from notices.channel import PlatformTrouble
from notices.wechat_channel import platform_of

Row = dict[str, Any]


def _row(what: str, ok: bool, words: str) -> Row:
    return {"what": what, "ok": ok, "words": words}


def run(ctx: Context) -> list[Row]:
    """One row a check: what, whether it is well, and what to do about it."""
    rows = [_row("config", True, "read"), _row("keys", True, "the ring can be read")]
    rows.append(_database(ctx))
    rows.append(_storage(ctx))
    if rows[2]["ok"]:
        rows.append(_areas(ctx))
    for account in ctx.settings.accounts:
        rows.extend(_account(ctx, account))
    for key, line in ctx.settings.hotlines.items():
        words = "confirmed" if line.confirmed else f"call {line.number}, then set confirmed = true"
        rows.append(_row(f"hotlines.{key}", line.confirmed, words))
    return rows


def _database(ctx: Context) -> Row:
    try:
        at_head = migrate.is_at_head(ctx.db)
    except SQLAlchemyError as error:
        return _row("database", False, f"does not answer ({type(error).__name__})")
    return _row("database", at_head, "at head" if at_head else "run: yimen migrate")


def _storage(ctx: Context) -> Row:
    try:
        storage = Storage(ctx.settings.storage_url, ctx.keys)
        path = storage.put(b"check")
        kept = storage.get(path) == b"check"
        storage.delete(path)
    except Exception as error:  # any file system can raise anything
        return _row("storage", False, f"cannot be written ({type(error).__name__})")
    return _row("storage", kept, "written and read back")


def _areas(ctx: Context) -> Row:
    areas = ctx.directory.areas
    unknown = [a.slug for a in ctx.settings.accounts if areas.get(a.area) is None]
    silent = [p.name for p in areas.places.values() if not areas.phone(p.code)]
    if unknown:
        return _row("areas", False, f"no area for {', '.join(unknown)}; run: yimen areas import")
    if silent:
        return _row("areas", False, f"{len(silent)} areas have no telephone above them")
    return _row("areas", True, f"{len(areas.places)} areas, each with a telephone")


def _account(ctx: Context, account: Account) -> list[Row]:
    rows = []
    if account.may_set_menu:
        rows.append(_menu(ctx, account))
    rows.append(_callback(ctx, account))
    if account.may_send_templates:
        missing = {"case_progress", "staff_task"} - set(account.templates)
        words = f"set templates.{', templates.'.join(sorted(missing))}" if missing else "named"
        rows.append(_row(f"{account.slug}: templates", not missing, words))
    return rows


def _menu(ctx: Context, account: Account) -> Row:
    """Secret, whitelist and token are right where the platform answers; and is there a menu."""
    try:
        found = platform_of(ctx, account.slug).show_menu()
    except PlatformTrouble as trouble:
        return _row(f"{account.slug}: platform", False, str(trouble))
    push = f"no menu; run: yimen menu push --account {account.slug}"
    return _row(f"{account.slug}: platform", found is not None, "answers" if found else push)


def _callback(ctx: Context, account: Account) -> Row:
    """Whether our own callback can be reached, and how far the two clocks are apart."""
    address = f"{ctx.settings.public_url.rstrip('/')}/healthz"
    what = f"{account.slug}: callback address"
    try:
        answer = requests.get(address, timeout=(3, 5))
    except requests.RequestException as error:
        return _row(what, False, f"{address} is not reached ({type(error).__name__})")
    return _row(what, answer.ok, "reached" if answer.ok else f"answers {answer.status_code}")
