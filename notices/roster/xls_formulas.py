"""What the formulas of an .xls say themselves, by their compiled tokens. [MS-XLS] 2.5.198. Pure."""

from __future__ import annotations

import re
import struct

_STRING, _NUMBER = 0x17, 0x1F  # PtgStr, PtgNum
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffd]")
_LEAST, _MOST = 1e6, 1e19
"""Whole numbers that may be somebody's; smaller ones are counts and rates."""


def said(tokens: bytes) -> str:
    """Its texts and long numbers as a formula would write them: `"新增"&17000005678`.

    The tokens are searched, not parsed: what only looks like one is no text.
    """
    parts, at = [], 0
    while at < len(tokens):
        text, after = _text(tokens, at) if tokens[at] == _STRING else ("", at + 1)
        if text:
            quoted = text.replace('"', '""')
            parts.append(f'"{quoted}"')
        elif tokens[at] == _NUMBER and (number := _number(tokens, at + 1)):
            parts.append(number)
        at = after
    return "&".join(parts)


def _text(tokens: bytes, at: int) -> tuple[str, int]:
    """The text at a PtgStr and where it ends; empty where it is none."""
    length, wide = tokens[at + 1 : at + 2], tokens[at + 2 : at + 3]
    if wide not in (b"\0", b"\1"):
        return "", at + 1
    end = at + 3 + length[0] * (1 + wide[0])
    raw = tokens[at + 3 : end]
    text = raw.decode("utf-16-le" if wide[0] else "latin-1", "replace")
    fits = end <= len(tokens) and not _NO_TEXT.search(text)
    return (text, end) if text and fits else ("", at + 1)


def _number(tokens: bytes, at: int) -> str:
    if at + 8 > len(tokens):
        return ""
    (number,) = struct.unpack_from("<d", tokens, at)
    return str(int(number)) if _LEAST <= number < _MOST and number == int(number) else ""
