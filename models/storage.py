"""Where attachments lie: sealed before they leave the process, under names that say nothing.

The folder is an fsspec address: `file:///var/lib/yimen/papers` by default, an object store where
one is configured, `memory://` in tests.
"""

from __future__ import annotations

import os
import posixpath
import re
import secrets
from typing import Any

import fsspec

from models.sealed import KeyRing

PATH = re.compile(r"[0-9a-f]{2}/[0-9a-f]{30}")
# Written here first, so that a reader or a backup never meets half a file.
UNFINISHED = ".part"


class Lost(LookupError):
    """Nothing lies at this path (any more)."""


class Storage:
    """Puts, gets and deletes sealed bytes. Raises OSError where the store cannot be reached."""

    def __init__(self, url: str, keys: KeyRing) -> None:
        self._keys = keys
        files, root = fsspec.core.url_to_fs(url)
        self._files: Any = files
        self._root = str(root).rstrip("/")
        # An object store shows an object when it is whole; a folder shows it from its first byte.
        self._renames = "file" in _protocols(files)

    def put(self, data: bytes) -> str:
        """Keep these bytes; returns the path to find them by: 2 + 30 hex digits, random."""
        name = secrets.token_hex(16)
        path = f"{name[:2]}/{name[2:]}"
        sealed = self._keys.seal(data, _context(path))
        place = self._place(path)
        self._files.makedirs(posixpath.dirname(place), exist_ok=True)
        if not self._renames:
            self._files.pipe_file(place, sealed)
            return path
        with self._files.open(place + UNFINISHED, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        self._files.mv(place + UNFINISHED, place)
        return path

    def get(self, path: str) -> bytes:
        """The bytes of this path. Raises Lost, or KeyProblem where they were changed."""
        try:
            sealed: bytes = self._files.cat_file(self._place(path))
        except FileNotFoundError as error:
            raise Lost(path) from error
        return self._keys.open(sealed, _context(path))

    def delete(self, path: str) -> None:
        """Forget the bytes of this path; deleting twice is harmless."""
        place = self._place(path)
        if self._files.exists(place):
            self._files.rm_file(place)

    def _place(self, path: str) -> str:
        if not PATH.fullmatch(path):
            raise Lost(path)
        return f"{self._root}/{path}"


def _context(path: str) -> str:
    return f"attachment:{path}"


def _protocols(files: Any) -> tuple[str, ...]:
    named: str | tuple[str, ...] = files.protocol
    return (named,) if isinstance(named, str) else tuple(named)
