"""Texts in the property streams of an .xls. [MS-OLEPS]. Pure."""

from __future__ import annotations

import struct

_NARROW, _WIDE = 0x1E, 0x1F
_CODE_PAGES = {936: "gb18030", 54936: "gb18030", 65001: "utf-8", 1200: "utf-16-le", 950: "big5"}


def property_texts(stream: bytes) -> list[str]:
    """Every text value; where the stream is not as it should be, its readable runs."""
    try:
        count = struct.unpack_from("<I", stream, 24)[0]
        starts = [
            struct.unpack_from("<I", stream, 28 + 20 * n + 16)[0] for n in range(min(count, 4))
        ]
        return [text for start in starts for text in _section(stream, start) if text]
    except (struct.error, LookupError, UnicodeDecodeError):
        return [stream.decode("gb18030", "ignore"), stream.decode("utf-16-le", "ignore")]


def _section(stream: bytes, start: int) -> list[str]:
    count = struct.unpack_from("<I", stream, start + 4)[0]
    pairs = [struct.unpack_from("<II", stream, start + 8 + 8 * n) for n in range(min(count, 500))]
    page = next((_number(stream, start + at) for number, at in pairs if number == 1), 1252)
    encoding = _CODE_PAGES.get(page & 0xFFFF, "latin-1")
    texts = []
    for number, at in pairs:
        if number == 0:
            # The dictionary: the names of a person's own properties.
            texts.append(stream[start + at : start + at + 2000].decode(encoding, "ignore"))
        else:
            texts.append(_text(stream, start + at, encoding))
    return texts


def _number(stream: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", stream, at + 4)[0])


def _text(stream: bytes, at: int, encoding: str) -> str:
    kind, length = struct.unpack_from("<II", stream, at)
    if kind == _NARROW:
        return stream[at + 8 : at + 8 + length].decode(encoding, "replace").rstrip("\0")
    if kind == _WIDE:
        return stream[at + 8 : at + 8 + 2 * length].decode("utf-16-le", "replace").rstrip("\0")
    return ""
