"""What a setting's value must be beyond its type: one line a key, each with what is allowed.

Asked of the file as it was read, so that these faults come together with those of shape and
type; a value of the wrong type is none of this file's business. No line repeats a value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy.exc import ArgumentError

from models.alarms import KIND_NAMES
from models.departments import NAME_LIMIT
from models.quiet import read_quiet
from models.sealed import KeyProblem, KeyRing
from notices.taps import ASKED_FOR, PAGES
from webhooks.i18n import SOURCE, shipped
from webhooks.valid import (
    between,
    is_address,
    is_aes_key,
    is_database,
    is_rate,
    is_site,
    is_store,
    is_zone,
    matches,
)

Fault = tuple[str, str]
Rule = tuple[Callable[[Any], bool], str]
TEMPLATES = tuple(PAGES)
SUBSCRIPTIONS = tuple(ASKED_FOR)


def find_faults(raw: dict[str, Any]) -> Iterator[Fault]:
    """Every (key, words) where a value of the right type means nothing."""
    yield from _table(raw, TOP, "")
    yield from _language(raw)
    yield from _site(raw)
    yield from _keys(raw)
    accounts = raw.get("accounts")
    rows = [row for row in accounts if isinstance(row, dict)] if isinstance(accounts, list) else []
    if accounts == []:
        yield "accounts", "at least one [[accounts]] is needed"
    for name in ("slug", "app_id", "original_id"):
        count = Counter(str(row[name]) for row in rows if name in row)
        if any(number > 1 for number in count.values()):
            yield f"accounts.{name}", "must differ from account to account"
    for place, row in enumerate(rows):
        yield from _account(row, f"accounts[{place}].")
    yield from _sms(raw)
    yield from _tables(raw, "deadlines", LENGTH)
    yield from _tables(raw, "hotlines", HOTLINE)
    yield from _tables(raw, "harm", HARM)
    yield from _harm(raw)
    for name, rules in (
        ("pushes", PUSHES), ("limits", LIMITS), ("escalation", ESCALATION), ("waiting", WAITING),
        ("sms", SMS), ("visits", VISITS), ("errands", ERRANDS), ("discovery", DISCOVERY),
        ("notices", NOTICES), ("campaigns", CAMPAIGNS),
    ):
        if isinstance(raw.get(name), dict):
            yield from _table(raw[name], rules, f"{name}.")


def _table(table: dict[str, Any], rules: dict[str, Rule], where: str) -> Iterator[Fault]:
    for name, (is_right, words) in rules.items():
        value = table.get(name)
        if value is None or isinstance(value, bool | list | dict):
            continue
        try:
            right = is_right(value)
        except TypeError:
            continue  # of another type: said elsewhere
        except (ValueError, ArgumentError):
            right = False
        if not right:
            yield f"{where}{name}", words


def _tables(raw: dict[str, Any], name: str, rules: dict[str, Rule]) -> Iterator[Fault]:
    tables = raw.get(name)
    for key, table in (tables if isinstance(tables, dict) else {}).items():
        if isinstance(table, dict):
            yield from _table(table, rules, f"{name}.{key}.")


def _harm(raw: dict[str, Any]) -> Iterator[Fault]:
    """A kind that is misspelt would tell nobody."""
    kinds = raw.get("harm")
    for kind, table in (kinds if isinstance(kinds, dict) else {}).items():
        if kind not in KIND_NAMES:
            yield f"harm.{kind}", f"must be {' or '.join(f'harm.{name}' for name in KIND_NAMES)}"
        names = table.get("departments") if isinstance(table, dict) else None
        if names == []:
            yield f"harm.{kind}.departments", "must name one at least"
        if isinstance(names, list) and not all(
            isinstance(name, str) and 0 < len(name.strip()) <= NAME_LIMIT for name in names
        ):
            yield f"harm.{kind}.departments", f"must be names of at most {NAME_LIMIT} characters"


def _language(raw: dict[str, Any]) -> Iterator[Fault]:
    own = raw.get("languages", "")
    there = shipped(own if isinstance(own, str) else "")
    if isinstance(raw.get("locale", ""), str) and raw.get("locale", SOURCE) not in there:
        yield "locale", f"must be one of {', '.join(there)}"


def _site(raw: dict[str, Any]) -> Iterator[Fault]:
    url = raw.get("public_url")
    if raw.get("environment") == "production" and str(url).startswith("http://"):
        yield "public_url", "must begin with https:// in production"


def _sms(raw: dict[str, Any]) -> Iterator[Fault]:
    """What people are offered on their page has to reach them."""
    table = raw.get("sms")
    if not isinstance(table, dict):
        return
    real = raw.get("environment") == "production"
    if real and table.get("kind") == "console":
        yield "sms.kind", "must be none or gateway in production: the console reaches nobody"
    if table.get("kind") == "gateway" and not table.get("url"):
        yield "sms.url", "must be the gateway's address"
    if real and str(table.get("url")).startswith("http://"):
        yield "sms.url", "must begin with https:// in production"


def _keys(raw: dict[str, Any]) -> Iterator[Fault]:
    if isinstance(raw.get("keys"), str):
        try:
            KeyRing.parse(raw["keys"])
        except KeyProblem as problem:
            yield "keys", f"{problem}; `yimen keys new` prints a ring"


def _account(row: dict[str, Any], where: str) -> Iterator[Fault]:
    rules = dict(ACCOUNT)
    if row.get("mode", "safe") == "plain":
        rules["aes_key"] = (lambda value: value == "" or is_aes_key(value), AES_KEY)
    yield from _table(row, rules, where)
    files = row.get("domain_files")
    for name in files if isinstance(files, dict) else ():
        if not re.fullmatch(r"MP_verify_[A-Za-z0-9]+\.txt", name):
            yield f"{where}domain_files", "a name is MP_verify_….txt, its value the file's text"
    templates = row.get("templates")
    for name in templates if isinstance(templates, dict) else ():
        if name not in TEMPLATES:
            yield f"{where}templates.{name}", f"no such key; there are {', '.join(TEMPLATES)}"
    subscriptions = row.get("subscriptions")
    for name in subscriptions if isinstance(subscriptions, dict) else ():
        if name not in SUBSCRIPTIONS:
            words = f"no such key; there is {', '.join(SUBSCRIPTIONS)}"
            yield f"{where}subscriptions.{name}", words


AES_KEY = "must be 43 letters and digits, the platform's EncodingAESKey"
CODE = "must be a 12-digit division code"
RATE = "must be rates such as 10 per minute; 60 per hour"
TOP: dict[str, Rule] = {
    "public_url": (is_site, "must be https://host (in a demo also http://), without a path"),
    "database_url": (is_database, "must be sqlite:////path or postgresql://user@host/name"),
    "redis_url": (
        lambda value: value == "" or is_address(value, "redis", "rediss"),
        "must be empty, redis://host or rediss://host",
    ),
    "storage_url": (
        is_store, "must be file:///folder, or a store whose fsspec library is installed here",
    ),
    "languages": (
        lambda value: value == "" or (Path(value).is_absolute() and Path(value).is_dir()),
        "must be empty or the absolute path of a folder of catalogues",
    ),
    "time_zone": (is_zone, "must be a time zone that this machine knows, such as Asia/Shanghai"),
    "http_proxy": (
        lambda value: value == "" or is_address(value, "http", "https"),
        "must be empty or http://host:port",
    ),
    "trusted_proxies": (between(0, 9), "must be 0 to 9"),
}
ACCOUNT: dict[str, Rule] = {
    "slug": (
        matches(r"[a-z0-9][a-z0-9-]{0,38}"),
        "must be small letters, digits and dashes, at most 39",
    ),
    "name": (matches(r".*\S.*"), "must not be empty"),
    "area": (matches(r"[0-9]{12}"), CODE),
    "app_id": (matches(r"wx[\w-]+"), "must be the platform's AppID, which begins with wx"),
    "original_id": (
        matches(r"gh_[\w-]+"), "must be the platform's original id, which begins with gh_",
    ),
    "secret": (matches(r"\S+"), "must be the platform's AppSecret"),
    "token": (matches(r"[A-Za-z0-9]{3,32}"), "must be 3 to 32 letters and digits"),
    "aes_key": (is_aes_key, AES_KEY),
    "previous_aes_key": (lambda value: value == "" or is_aes_key(value), f"{AES_KEY}, or empty"),
    "api_base_url": (
        lambda value: is_address(value, "http", "https"),
        "must be an address such as https://api.weixin.qq.com",
    ),
    "js_sdk_url": (
        lambda value: is_address(value, "http", "https"),
        "must be the address of a script, such as "
        "https://res.wx.qq.com/open/js/jweixin-1.6.0.js",
    ),
}
LENGTH: dict[str, Rule] = {
    "days": (between(1, 366), "must be 1 to 366"),
    "basis": (
        lambda value: bool(value.strip()) and len(value) <= 200,
        "must name the clause, in at most 200 characters",
    ),
}
HOTLINE: dict[str, Rule] = {
    "name": (matches(r".*\S.*"), "must not be empty"),
    "number": (matches(r"[0-9][0-9 -]{2,19}"), "must be a telephone number"),
    "source": (matches(r".*\S.*"), "must say where the number is from"),
}
HARM: dict[str, Rule] = {"basis": LENGTH["basis"]}
PUSHES: dict[str, Rule] = {
    "quiet": (
        lambda value: read_quiet(value) is not None, "must be hours such as 21-8, or none",
    ),
    "tries": (between(1, 20), "must be 1 to 20"),
    "lease_seconds": (between(20, 3600), "must be 20 to 3600, longer than both timeouts"),
    "expire_days": (between(1, 30), "must be 1 to 30"),
    "connect_timeout": (between(0.1, 9), "must be 0.1 to 9 seconds"),
    "read_timeout": (between(0.1, 9), "must be 0.1 to 9 seconds"),
    "ask_again_days": (between(1, 366), "must be 1 to 366"),
}
SMS: dict[str, Rule] = {
    "url": (
        lambda value: value == "" or is_address(value, "http", "https"),
        "must be empty, or the gateway's address",
    ),
    "sign": (lambda value: len(value) <= 12, "must be at most 12 characters"),
    "after_hours": (between(0, 72), "must be 0 to 72 hours"),
}
LIMITS: dict[str, Rule] = dict.fromkeys(("track", "sign_in", "upload"), (is_rate, RATE))
ESCALATION: dict[str, Rule] = dict.fromkeys(
    ("head_after", "county_after"), (between(1, 60), "must be 1 to 60 working days")
) | {"from_hour": (between(0, 20), "must be 0 to 20")}
VISITS: dict[str, Rule] = dict.fromkeys(
    ("after_days", "lately_days"), (between(1, 366), "must be 1 to 366")
)
ERRANDS: dict[str, Rule] = dict.fromkeys(
    ("due_after", "unseen_after", "head_after"), (between(1, 60), "must be 1 to 60 working days")
)
CAMPAIGNS: dict[str, Rule] = {
    "sign_above": (between(0, 100_000), "must be 0 to 100000 people"),
    "keep_days": (between(1, 30), "must be 1 to 30 days"),
    "monthly_articles": (between(1, 4), "must be 1 to 4 a month"),
}
DISCOVERY: dict[str, Rule] = {
    "asks_per_day": (between(0, 200), "must be 0 to 200"),
    "draft_days": (between(1, 90), "must be 1 to 90"),
    "link_minutes": (between(1, 60), "must be 1 to 60"),
}
NOTICES: dict[str, Rule] = {
    "renew_day": (between(1, 28), "must be 1 to 28"),
    "renew_within": (between(0, 40), "must be 0 to 40"),
    "quiet_days": (between(1, 366), "must be 1 to 366"),
}
WAITING: dict[str, Rule] = {
    "reminders": (between(0, 5), "must be 0 to 5"),
    "reason": (
        lambda value: bool(value.strip()) and len(value) <= 200,
        "must say why, in at most 200 characters",
    ),
}
