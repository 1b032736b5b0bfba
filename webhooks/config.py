"""Reads TOML and the environment into `models/settings.py`; every fault in one line each.

Secrets never need to stand in the TOML: `YIMEN_DATABASE_URL`, `YIMEN_KEYS`, `YIMEN_REDIS_URL`
and `YIMEN_ACCOUNT_<SLUG>_SECRET` (`_TOKEN`, `_AES_KEY`, `_PREVIOUS_AES_KEY`) come from the
environment, or any secret `x` from a file named by `x_file`.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import ArgumentError

from models.sealed import KeyProblem, KeyRing
from models.session import database_url
from models.settings import Account, Settings

TOP_SECRETS = ("database_url", "redis_url", "keys")
ACCOUNT_SECRETS = ("secret", "token", "aes_key", "previous_aes_key")
# TOML keys that are Python's own words carry an underscore in the settings.
RENAMED = {"from": "from_"}
DATABASES = ("sqlite", "postgresql")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
AREA = re.compile(r"\d{12}")
TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")


class ConfigFault(Exception):
    """The configuration cannot be used; `lines` say what to mend, one fault a line."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read a configuration file; raises ConfigFault naming the file, the key and what is allowed."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigFault([f"{path}: no such file; copy config.example.toml and fill it in"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigFault([f"{path}: cannot be read: {error}"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigFault([f"{path}: not valid TOML: {error}"]) from None
    faults: list[str] = []
    _take_secrets(raw, TOP_SECRETS, "YIMEN", path, environ, faults, "")
    accounts = raw.get("accounts")
    for place, account in enumerate(accounts if isinstance(accounts, list) else []):
        if isinstance(account, dict):
            prefix = f"YIMEN_ACCOUNT_{str(account.get('slug', '')).upper().replace('-', '_')}"
            _take_secrets(
                account, ACCOUNT_SECRETS, prefix, path, environ, faults, f"accounts[{place}]."
            )
    if faults:
        raise ConfigFault(faults)
    try:
        settings = TypeAdapter(Settings).validate_python(_renamed(raw))
    except ValidationError as error:
        raise ConfigFault([_line(path, detail) for detail in error.errors()]) from None
    faults = [f"{path}: {fault}" for fault in _meanings(settings)]
    if faults:
        raise ConfigFault(faults)
    return settings


def _take_secrets(
    table: dict[str, Any], names: tuple[str, ...], prefix: str, path: Path,
    environ: Mapping[str, str], faults: list[str], where: str,
) -> None:
    """Fill each secret from the environment, else from its `_file`."""
    for name in names:
        file = table.pop(f"{name}_file", None)
        variable = f"{prefix}_{name.upper()}"
        if variable in environ:
            table[name] = environ[variable]
        elif file is not None:
            try:
                table[name] = (path.parent / str(file)).read_text(encoding="utf-8").strip()
            except OSError as error:
                faults.append(f"{path}: {where}{name}_file: cannot be read: {error.strerror}")


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {RENAMED.get(key, key): _renamed(inner) for key, inner in value.items()}
    return [_renamed(inner) for inner in value] if isinstance(value, list) else value


def _line(path: Path, detail: ErrorDetails) -> str:
    """One fault: file, key, what is wrong and what is allowed. Values are never repeated."""
    key = ""
    for part in detail["loc"]:
        key += f"[{part}]" if isinstance(part, int) else f".{str(part).removesuffix('_')}"
    if detail["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        problem = "no such key; config.example.toml lists every key"
    elif detail["type"] in ("missing", "missing_argument"):
        problem = "is missing"
    else:
        problem = detail["msg"]
    return f"{path}: {key.lstrip('.')}: {problem}"


def _meanings(settings: Settings) -> list[str]:
    """Faults that types alone do not show."""
    faults = []
    try:
        if database_url(settings.database_url).get_backend_name() not in DATABASES:
            faults.append(f"database_url: must begin with {' or '.join(DATABASES)}")
    except ArgumentError:
        faults.append("database_url: not a database address, such as sqlite:////var/lib/yimen.db")
    try:
        KeyRing.parse(settings.keys)
    except KeyProblem as error:
        faults.append(f"keys: {error}; `yimen keys new` prints a ring")
    if not settings.public_url.startswith(("https://", "http://")):
        faults.append("public_url: must begin with https:// (or http:// in a demo)")
    if settings.environment == "production" and not settings.public_url.startswith("https://"):
        faults.append("public_url: must begin with https:// in production")
    if not settings.accounts:
        faults.append("accounts: at least one [[accounts]] is needed")
    slugs = [account.slug for account in settings.accounts]
    if len(set(slugs)) != len(slugs):
        faults.append("accounts: two accounts have the same slug")
    for place, account in enumerate(settings.accounts):
        faults.extend(f"accounts[{place}].{fault}" for fault in _account_faults(account))
    return faults


def _account_faults(account: Account) -> list[str]:
    faults = []
    if not SLUG.fullmatch(account.slug):
        faults.append("slug: small letters, digits and dashes only")
    if not AREA.fullmatch(account.area):
        faults.append("area: a 12-digit division code")
    if not TOKEN.fullmatch(account.token):
        faults.append("token: 3 to 32 letters and digits, as the platform asks")
    for name in ("aes_key", "previous_aes_key"):
        value = getattr(account, name)
        if name == "previous_aes_key" and not value:
            continue
        try:
            good = len(value) == 43 and len(base64.b64decode(value + "=")) == 32
        except binascii.Error:
            good = False
        if not good and (account.mode != "plain" or value):
            faults.append(f"{name}: 43 letters and digits, the platform's EncodingAESKey")
    for file in account.domain_files:
        if not re.fullmatch(r"MP_verify_[A-Za-z0-9]+\.txt", file):
            faults.append("domain_files: a name is MP_verify_….txt, its value the file's text")
    return faults
