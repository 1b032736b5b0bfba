"""Whether a single value of the configuration means anything."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import fsspec
from limits import parse_many

from models.session import database_url

DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")


def matches(pattern: str) -> Callable[[str], bool]:
    """The whole of it fits the pattern."""
    found = re.compile(pattern)
    return lambda value: bool(found.fullmatch(value))


def between(least: float, most: float) -> Callable[[float], bool]:
    """A number from least to most."""
    return lambda value: least <= value <= most


def is_address(value: str, *schemes: str) -> bool:
    """An address of one of these schemes, with a host."""
    parts = urlsplit(value)
    return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0


def is_site(value: str) -> bool:
    """http or https and a host alone."""
    parts = urlsplit(value)
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    return bare and is_address(value, "http", "https")


def is_database(value: str) -> bool:
    """A database that the service can use."""
    url = database_url(value)
    return url.drivername in DRIVERS and bool(url.database)


def is_store(value: str) -> bool:
    """A store that fsspec knows, with a place in it."""
    kind, separator, place = value.partition("://")
    try:
        fsspec.get_filesystem_class(kind)
    except ImportError:
        return False  # a store that fsspec knows, its own library not installed
    return bool(separator and place)


def is_zone(value: str) -> bool:
    """A time zone that this machine knows."""
    try:
        return ZoneInfo(value).key == value
    except (KeyError, OSError):
        return False


def is_aes_key(value: str) -> bool:
    """The platform's EncodingAESKey: 43 characters, 32 bytes."""
    try:
        return len(value) == 43 and len(base64.b64decode(value + "=", validate=True)) == 32
    except binascii.Error:
        return False


def is_rate(value: str) -> bool:
    """Rates as Flask-Limiter reads them; ValueError where it cannot."""
    return bool(parse_many(value))
