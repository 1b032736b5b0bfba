"""Encrypted column types and keyed hashes for look-up.

A sealed value is `0x01 | key id (4 bytes) | nonce (12) | AES-256-GCM ciphertext and tag`.
The column's own name is authenticated with it, so that a value moved to another column
does not open. The key ring hangs on the engine's dialect (`Database` puts it there): two
services in one process never share keys.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

VERSION = b"\x01"
KEY_ID_LENGTH = 4
NONCE_LENGTH = 12
HEADER = len(VERSION) + KEY_ID_LENGTH


class KeyProblem(ValueError):
    """The key ring cannot be read, or a value was sealed with a key that it lacks."""


@dataclass(frozen=True)
class KeyRing:
    """The keys: `current` seals, every key of `ciphers` opens, `lookup` makes keyed hashes."""

    current: bytes
    ciphers: dict[bytes, AESGCM] = field(repr=False)
    lookup_key: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read `id:base64` entries parted by white space or commas, the first one current.

        The entry `lookup:base64` is the key of the hashes. Raises KeyProblem, which names
        the entry by its place and never repeats it.
        """
        ciphers: dict[bytes, AESGCM] = {}
        lookup = b""
        for place, entry in enumerate(text.replace(",", " ").split(), start=1):
            name, _, encoded = entry.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error as error:
                raise KeyProblem(f"key {place} is not base64") from error
            if len(key) != 32:
                raise KeyProblem(f"key {place} has {len(key)} bytes, 32 are needed")
            if name == "lookup":
                lookup = key
            elif len(name.encode()) == KEY_ID_LENGTH:
                ciphers[name.encode()] = AESGCM(key)
            else:
                raise KeyProblem(f"key {place}: its id must be 'lookup' or four letters or digits")
        if not ciphers or not lookup:
            raise KeyProblem("one encryption key and one lookup key are needed")
        return cls(next(iter(ciphers)), ciphers, lookup)

    @staticmethod
    def generate() -> str:
        """A new ring as text, in the form that `parse` reads."""
        key_id = base64.b32encode(os.urandom(5)).decode().lower()[:KEY_ID_LENGTH]
        first, second = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
        return f"{key_id}:{first}\nlookup:{second}\n"

    def seal(self, plain: bytes, context: str) -> bytes:
        """Encrypt under the current key, bound to `context`."""
        nonce = os.urandom(NONCE_LENGTH)
        sealed = self.ciphers[self.current].encrypt(nonce, plain, context.encode())
        return VERSION + self.current + nonce + sealed

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt what any key of the ring sealed for this context; raises KeyProblem."""
        cipher = self.ciphers.get(sealed[len(VERSION) : HEADER])
        if sealed[: len(VERSION)] != VERSION or cipher is None:
            raise KeyProblem(f"a value of {context} was sealed with a key that is not here")
        nonce, body = sealed[HEADER : HEADER + NONCE_LENGTH], sealed[HEADER + NONCE_LENGTH :]
        try:
            return cipher.decrypt(nonce, body, context.encode())
        except (InvalidTag, ValueError) as error:
            raise KeyProblem(f"a value of {context} was changed or moved") from error

    def lookup(self, kind: str, value: str) -> bytes:
        """Keyed hash (16 bytes) by which a sealed value of this kind is found again."""
        return hmac.digest(self.lookup_key, f"{kind}\0{value}".encode(), "sha256")[:16]

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose (cookies, links), derived from the lookup key."""
        return hmac.digest(self.lookup_key, f"derive\0{purpose}".encode(), "sha256")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_text(value: Any) -> str:
    """A value as the text that is sealed: two equal texts are two equal values."""
    return _encode(value)


def ring_of(dialect: Dialect) -> KeyRing:
    """The key ring that `Database` hung on this engine's dialect."""
    ring: KeyRing = dialect.yimen_keys  # type: ignore[attr-defined]  # put there by Database
    return ring


class SealedBytes(TypeDecorator[Any]):
    """Bytes sealed at rest; `context` is the column's `table.column`."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def _bytes(self, value: Any) -> bytes:
        return bytes(value)

    def _value(self, plain: bytes) -> Any:
        return plain

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else ring_of(dialect).seal(self._bytes(value), self.context)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else self._value(ring_of(dialect).open(value, self.context))


class SealedText(SealedBytes):
    """Text sealed at rest."""

    cache_ok = True

    def _bytes(self, value: str) -> bytes:
        return value.encode()

    def _value(self, plain: bytes) -> str:
        return plain.decode()


class SealedJSON(SealedBytes):
    """A JSON value sealed at rest."""

    cache_ok = True

    def _bytes(self, value: Any) -> bytes:
        return json_text(value).encode()

    def _value(self, plain: bytes) -> Any:
        return json.loads(plain)
