"""Reads TOML and the environment into `models/settings.py`; every fault in one line each.

Secrets never need to stand in the TOML: `YIMEN_DATABASE_URL`, `YIMEN_KEYS`, `YIMEN_REDIS_URL`
and `YIMEN_ACCOUNT_<SLUG>_SECRET` (`_TOKEN`, `_AES_KEY`, `_PREVIOUS_AES_KEY`) come from the
environment, or any secret `x` from a file named by `x_file`.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from models.settings import Settings
from webhooks.meanings import find_faults

TOP_SECRETS = ("database_url", "redis_url", "keys", "sms_token")
ACCOUNT_SECRETS = ("secret", "token", "aes_key", "previous_aes_key")
# What each of pydantic's faults is called here; its own words could repeat a value.
WORDS = {
    "unexpected_keyword_argument": "no such key; config.example.toml lists every key",
    "missing": "is missing",
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "date_type": "must be a day, such as 2026-07-01",
    "date_parsing": "must be a day, such as 2026-07-01",
    "date_from_datetime_inexact": "must be a day, such as 2026-07-01",
    "date_from_datetime_parsing": "must be a day, such as 2026-07-01",
    "dataclass_type": "must be a table",
    "dict_type": "must be a table",
    "tuple_type": "must be tables, each headed [[accounts]]",
}


class ConfigFault(Exception):
    """The configuration cannot be used; `lines` say what to mend, one fault a line."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass
class _Secrets:
    """Where secrets came from, and which could not be had: key → the variable or file."""

    sources: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read a configuration file; raises ConfigFault: the file, the key and what is allowed."""
    raw = _read(path)
    secrets = _Secrets()
    _take_secrets(raw, TOP_SECRETS, "YIMEN", path, environ, secrets, "")
    accounts = raw.get("accounts")
    for place, account in enumerate(accounts if isinstance(accounts, list) else []):
        if isinstance(account, dict):
            prefix = f"YIMEN_ACCOUNT_{str(account.get('slug', '')).upper().replace('-', '_')}"
            where = f"accounts[{place}]."
            _take_secrets(account, ACCOUNT_SECRETS, prefix, path, environ, secrets, where)
    faults = dict(secrets.faults)
    settings = _typed(raw, faults)
    for key, words in find_faults(raw):
        faults.setdefault(key, words)
    if faults or settings is None:
        raise ConfigFault([
            f"{path}: {key}{secrets.sources.get(key, '')}: {words}" for key, words in faults.items()
        ])
    return settings


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        words = "no such file; copy config.example.toml and fill it in"
    except OSError as error:
        words = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        words = "cannot be read: it is not UTF-8"
    except tomllib.TOMLDecodeError as error:
        words = f"not valid TOML: {error}"
    raise ConfigFault([f"{path}: {words}"])


def _take_secrets(
    table: dict[str, Any], names: tuple[str, ...], prefix: str, path: Path,
    environ: Mapping[str, str], secrets: _Secrets, where: str,
) -> None:
    """Fill each secret from the environment, else from its `_file`."""
    for name in names:
        file = table.pop(f"{name}_file", None)
        variable = f"{prefix}_{name.upper()}"
        if variable in environ:
            table[name] = environ[variable]
            secrets.sources[f"{where}{name}"] = f" (from {variable})"
        elif file is not None:
            secrets.sources[f"{where}{name}"] = f" (from {name}_file)"
            try:
                table[name] = (path.parent / file).read_text(encoding="utf-8").strip()
            except TypeError:
                secrets.faults[f"{where}{name}"] = "must be a path in quotes"
            except OSError as error:
                secrets.faults[f"{where}{name}"] = f"cannot be read: {error.strerror}"
            except ValueError:
                secrets.faults[f"{where}{name}"] = "cannot be read: it is not UTF-8"


def _typed(raw: dict[str, Any], faults: dict[str, str]) -> Settings | None:
    """The settings, or None with every fault of shape and type in `faults`."""
    # As JSON, so that nothing is taken for something else ("3" for 3), yet lists and days are.
    text = json.dumps(_renamed(raw), default=str)
    try:
        return TypeAdapter(Settings).validate_json(text, strict=True)
    except ValidationError as error:
        for detail in error.errors(include_input=False, include_url=False):
            faults.setdefault(_key(detail), _words(detail))
    return None


def _renamed(raw: dict[str, Any]) -> dict[str, Any]:
    """`from` is a word of Python's own: the settings write it with an underscore."""
    renamed = dict(raw)
    if isinstance(raw.get("deadlines"), dict):
        renamed["deadlines"] = {name: _since(rule) for name, rule in raw["deadlines"].items()}
    if "approval" in raw:
        renamed["approval"] = _since(raw["approval"])
    return renamed


def _since(rule: Any) -> Any:
    other = {"from": "from_", "from_": "from__"}
    return {other.get(key, key): v for key, v in rule.items()} if isinstance(rule, dict) else rule


def _key(detail: ErrorDetails) -> str:
    key = ""
    for part in detail["loc"]:
        key += f"[{part}]" if isinstance(part, int) else f".{str(part).removesuffix('_')}"
    return key.lstrip(".")


def _words(detail: ErrorDetails) -> str:
    if detail["type"] == "literal_error":
        return f"must be {detail['ctx']['expected']}"
    words = WORDS.get(detail["type"], "cannot be used; config.example.toml says what is allowed")
    name = detail["loc"][-1]
    if detail["type"] == "missing" and name in (*TOP_SECRETS, *ACCOUNT_SECRETS):
        prefix = "YIMEN" if len(detail["loc"]) == 1 else "YIMEN_ACCOUNT_<SLUG>"
        words += f"; set it here, in {name}_file, or in {prefix}_{str(name).upper()}"
    return words
