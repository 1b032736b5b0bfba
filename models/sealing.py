"""What a signature on a notice holds: leaves, a version's hash, and how they are made. Pure.

A leaf is SHA-256 over a row's own salt and its shown values; a version's hash is SHA-256 over the
hash of the version that its account signed before, its header, and its leaves in their order. A
row can so be erased, values and salt, and everything else is still held by its leaf.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any

GENESIS = bytes(32)
SALT = 16
SHORT = 10
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_KEEP = frozenset("0123456789abcdef")


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no blanks, in UTF-8: equal values are equal bytes."""
    return _encode(value).encode()


def leaf(salt: bytes, line: int, village: str | None, values: Mapping[str, str]) -> bytes:
    """The hash of one row; `line` from 1."""
    row = canonical({"line": line, "village": village, "values": values})
    return hashlib.sha256(salt + row).digest()


def version_hash(before: bytes, header: Mapping[str, Any], leaves: Iterable[bytes]) -> bytes:
    """The hash that a signature holds; `before` is the account's previous one, or GENESIS."""
    whole = hashlib.sha256(before + hashlib.sha256(canonical(header)).digest())
    for one in leaves:
        whole.update(one)
    return whole.digest()


def state_mark(key: bytes, signed: bytes, later: Mapping[str, Any]) -> bytes:
    """Holds what comes after the signature (published, over, why), with the service's own key."""
    return hmac.digest(key, signed + canonical(later), "sha256")


def short(signed: bytes) -> str:
    """The first ten hexadecimal digits of a version's hash: what is printed and typed."""
    return signed.hex()[:SHORT]


def grouped(text: str) -> str:
    """As it is printed: 3f2a9-1bc07."""
    return f"{text[:5]}-{text[5:]}"


def read_short(typed: str) -> str | None:
    """The ten digits of what was typed, in capitals, full width, with blanks or dashes, or with
    the letter O for a nought; None where it is none."""
    said = "".join(_narrow(c) for c in typed.strip()[:40]).lower().replace("o", "0")
    found = "".join(c for c in said if c not in "-－— 　·.:")
    return found if len(found) == SHORT and set(found) <= _KEEP else None


def _narrow(character: str) -> str:
    code = ord(character)
    return chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5E else character
