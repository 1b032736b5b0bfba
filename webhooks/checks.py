"""`yimen check`: what stands between this configuration and going live."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from sqlalchemy.exc import SQLAlchemyError

from models import alarming, revision, schemework
from models.accounts import Account
from models.areas import Level
from models.context import Context
from models.settings import HARM, Harm
from models.storage import Storage
from notices.channel import PlatformTrouble
from notices.taps import PAGES
from notices.wechat_channel import platform_of
from notices.wire import open_session
from webhooks.platform import page_ticket
from webhooks.wechat_xml import sign

Row = dict[str, Any]
TIMEOUT = (3.0, 5.0)
# Signatures are refused beyond ten minutes; a clock that is kept is off by less than one.
SKEW_SECONDS = 60
FROZEN = "AppID or AppSecret is wrong or frozen: compare with mp.weixin.qq.com, 基本配置"
WHITELIST = "this server's address is not on the IP whitelist: add it on mp.weixin.qq.com, 基本配置"
TODO = {40013: FROZEN, 40125: FROZEN, 40243: FROZEN}
TODO |= {40164: WHITELIST, 61004: WHITELIST, 89503: WHITELIST}


def _row(what: str, ok: bool, words: str) -> Row:
    return {"what": what, "ok": ok, "words": words}


def run(ctx: Context) -> list[Row]:
    """One row a check: what, whether it is well, and what to do about it."""
    rows = [_row("config", True, "read"), _row("keys", True, "the ring can be read")]
    database = _database(ctx)
    rows += [database, _storage(ctx)]
    if database["ok"]:
        rows += [_areas(ctx), *_schemes(ctx)]
        rows += [_harm(ctx, kind, ctx.settings.told_of_harm(kind)) for kind in HARM]
    for account in ctx.settings.accounts:
        rows += _account(ctx, account, asks=database["ok"])
    for key, line in ctx.settings.hotlines.items():
        words = "confirmed" if line.confirmed else f"call {line.number}, then set confirmed = true"
        rows.append(_row(f"hotlines.{key}", line.confirmed, words))
    return rows


def _database(ctx: Context) -> Row:
    try:
        at_head = revision.is_at_head(ctx.db)
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


def _schemes(ctx: Context) -> list[Row]:
    """What each county has still to fill in of the policy catalogue."""
    counties = {schemework.county_of(ctx, account.area) for account in ctx.settings.accounts}
    rows = []
    for county in sorted(counties - {""}):
        lacking = schemework.lacking(ctx, county)
        left = "; ".join(f"{scheme}: {', '.join(fields)}" for scheme, fields in lacking.items())
        words = f"fill in at /desk/schemes, and have it signed: {left}" if left else "filled in"
        rows.append(_row(f"policies: {ctx.directory.areas.name(county)}", not left, words))
    return rows


def _harm(ctx: Context, kind: str, rule: Harm) -> Row:
    """Whether the departments that are told of harm are reached by their chats."""
    areas = ctx.directory.areas
    counties = {areas.at(account.area, Level.COUNTY) for account in ctx.settings.accounts}
    with ctx.db.read() as session:
        silent = {
            name for county in counties if county is not None
            for name in alarming.unbound(session, county.code, rule)
        }
    words = (
        f"no liaison is bound for {', '.join(sorted(silent))}: invite one at /desk/departments; "
        "until then they are called" if silent else "each has a liaison"
    )
    return _row(f"harm.{kind}", not silent, words)


def _account(ctx: Context, account: Account, *, asks: bool) -> list[Row]:
    rows = [_clock(ctx, account), _callback(ctx, account)]
    if account.may_set_menu and asks:
        rows += _platform(ctx, account)
    if account.may_send_templates:
        missing = set(PAGES) - set(account.templates)
        words = f"set templates.{', templates.'.join(sorted(missing))}" if missing else "named"
        rows.append(_row(f"{account.slug}: templates", not missing, words))
    return rows


def _platform(ctx: Context, account: Account) -> list[Row]:
    """Secret, whitelist and token are right where the platform answers; and is there a menu."""
    try:
        found = platform_of(ctx, account.slug).show_menu()
    except PlatformTrouble as trouble:
        words = TODO.get(trouble.errcode or 0, f"the platform did not answer as asked: {trouble}")
        return [_row(f"{account.slug}: token", False, words)]
    push = f"none; run: yimen menu push --account {account.slug}"
    rows = [
        _row(f"{account.slug}: token", True, "given; secret and IP whitelist are right"),
        _row(f"{account.slug}: menu", found is not None, "there" if found else push),
    ]
    if account.subscriptions and account.may_send_subscriptions:
        rows.append(_page_ticket(ctx, account))
    return rows


def _page_ticket(ctx: Context, account: Account) -> Row:
    """Whether pages can ask for subscription messages: their signature needs a ticket."""
    what = f"{account.slug}: subscriptions"
    host = urlsplit(ctx.settings.public_url).hostname
    try:
        page_ticket(ctx, account)
    except PlatformTrouble as trouble:
        return _row(what, False, f"pages cannot ask: no ticket was given ({trouble})")
    return _row(what, True, f"pages can ask, if {host} is among the account's JS接口安全域名")


def _clock(ctx: Context, account: Account) -> Row:
    """How far this machine's clock is from the platform's."""
    what = f"{account.slug}: clock"
    base = account.api_base_url
    try:
        with open_session(ctx.settings.http_proxy, base) as http:
            said = http.get(base, timeout=TIMEOUT, allow_redirects=False).headers.get("Date", "")
        there = parsedate_to_datetime(said)
    except requests.RequestException as error:
        return _row(what, False, f"{base} is not reached ({type(error).__name__})")
    except ValueError:
        return _row(what, False, f"{base} does not tell the time")
    seconds = round((datetime.now(UTC) - there).total_seconds())
    if abs(seconds) > SKEW_SECONDS:
        return _row(what, False, f"{seconds} s from the platform's: set up NTP on this machine")
    return _row(what, True, "kept")


def _callback(ctx: Context, account: Account) -> Row:
    """Ask our own callback address as the platform does when it is saved there."""
    address = f"{ctx.settings.public_url.rstrip('/')}/wechat/{account.slug}"
    what = f"{account.slug}: callback address"
    timestamp, nonce, echo = str(int(ctx.now().timestamp())), secrets.token_hex(4), "check"
    query = {"timestamp": timestamp, "nonce": nonce, "echostr": echo}
    query["signature"] = sign(account.token, timestamp, nonce)
    try:
        answer = requests.get(address, query, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        return _row(what, False, f"{address} is not reached ({type(error).__name__})")
    if answer.status_code != 200 or answer.text != echo:
        words = f"{address} answers {answer.status_code}: is it this service, with this token?"
        return _row(what, False, words)
    return _row(what, True, "answers as the platform asks")
