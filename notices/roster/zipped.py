"""A zip of XML parts, opened with care: no bombs, no twins, no entities."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from xml.parsers import expat

from notices.roster.book import Blocked, Parts, Text, Unreadable

MOST_PARTS = 3000
MOST_PART = 200_000_000
MOST_ALL = 300_000_000
MOST_RATIO = 400
"""A sheet shrinks ten to fifty times; a bomb a thousand times."""
SMALL = 1_000_000
DESCRIPTOR = 24
"""Bytes that may stand between two parts: the sizes of the one before."""

Attributes = dict[str, str]
ASIDE = "<!-- -->"
"""The name under which a walker tells of comments and instructions. Office programs write none."""
_MARKUP = (b"<!--", b"<![CDATA[", b"<?")

INLINE = frozenset({"t", "r", "p", "span", "a", "s", "font", "div", "rt", "rPr"})
"""Elements that dress up a text, in drawings and in OpenDocument."""


# What zipfile raises for a file that is none, or is cut short. Its RuntimeError says that a
# password is wanted, its NotImplementedError (one of those) a zip that it does not know.
BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, LookupError, RuntimeError,
    struct.error,
)
# The only packings that spreadsheets have; the others unpack to far more than they say.
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Zipped:
    """The parts of a file; raises Unreadable where a part is broken, doubled or too large."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN:
            raise Unreadable("broken") from None
        infos = self._zip.infolist()
        # The names as they stand, without folders.
        self.names = [info.filename for info in infos if not info.is_dir()]
        if len({name.casefold() for name in self.names}) != len(self.names):
            raise Unreadable("broken")
        self._data, self._infos = data, infos
        if any(info.compress_type not in PACKED for info in infos):
            raise Unreadable("broken")
        if any(info.flag_bits & 1 for info in infos):
            raise Unreadable("encrypted")
        sizes = [info.file_size for info in infos]
        if len(infos) > MOST_PARTS or max(sizes, default=0) > MOST_PART or sum(sizes) > MOST_ALL:
            raise Unreadable("large")
        if any(
            info.file_size > SMALL and info.file_size > MOST_RATIO * max(info.compress_size, 1)
            for info in infos
        ):
            raise Unreadable("large")

    def __enter__(self) -> Zipped:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def look_beside(self, found: Parts) -> None:
        """Put what belongs to no part into `found`: comments, and parts that were deleted."""
        said, at = [self._zip.comment], 0
        for info in sorted(self._infos, key=lambda info: info.header_offset):
            start = info.header_offset
            if start > at + DESCRIPTOR:
                found.blocked.append(Blocked("embedded"))
            named, more = struct.unpack_from("<HH", self._data, start + 26)
            at = start + 30 + named
            said += [info.comment, info.extra, self._data[at : at + more]]
            at += more + info.compress_size
        end = self._data.rfind(b"PK\x05\x06") + 22 + len(self._zip.comment)
        said.append(self._data[end:])
        found.texts += [
            Text("leftover", raw.decode(encoding, "ignore"))
            for raw in said if raw for encoding in ("utf-8", "gb18030")
        ]

    def read(self, name: str) -> bytes:
        """A part's bytes, no more than it says that it has."""
        try:
            with self._zip.open(name) as part:
                return part.read(MOST_PART)
        except BROKEN:
            raise Unreadable("broken") from None


def is_simple(data: bytes) -> bool:
    """Whether expressions see the XML as a walker would: nothing in it only looks like a row."""
    head = data.find(b"?>") + 1 if data.startswith((b"<?", b"\xef\xbb\xbf<?")) else 0
    return all(data.find(mark, head) < 0 for mark in _MARKUP)


class Walker:
    """Walks XML: `start(name, attributes)`, `end(name, text)`, names without their prefixes.

    `end` is given the text right inside the element, and with `inline` also that of the
    elements that only dress it up: a number over two runs is one number. Comments come to it as
    ASIDE. A document type is refused: with it come entities.
    """

    def __init__(
        self, start: Callable[[str, Attributes], None], end: Callable[[str, str], None],
        inline: frozenset[str] = frozenset(),
    ) -> None:
        self._start, self._end, self._inline = start, end, inline
        self._texts: list[list[str]] = [[]]

    def walk(self, data: bytes) -> None:
        """Raises Unreadable where it is no XML."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._opened
        parser.EndElementHandler = self._closed
        parser.CharacterDataHandler = self._said
        parser.CommentHandler = partial(self._end, ASIDE)
        parser.ProcessingInstructionHandler = self._instructed
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError):
            # Not XML; an encoding that nobody knows; a number that is none, or is missing.
            raise Unreadable("broken") from None

    def _instructed(self, target: str, said: str) -> None:
        self._end(ASIDE, f"{target} {said}")

    def _refuse(self, *_: object) -> None:
        raise Unreadable("broken")

    def _opened(self, name: str, attributes: Attributes) -> None:
        self._texts.append([])
        self._start(
            name.rpartition(":")[2],
            {key.rpartition(":")[2]: value for key, value in attributes.items()},
        )

    def _said(self, text: str) -> None:
        self._texts[-1].append(text)

    def _closed(self, name: str) -> None:
        local = name.rpartition(":")[2]
        text = "".join(self._texts.pop())
        if local in self._inline:
            self._texts[-1] += [text, "\n"] if local == "p" else [text]
        self._end(local, text)
