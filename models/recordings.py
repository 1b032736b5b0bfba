"""Recordings as browsers and phones make them: what they are, by their first bytes. Pure."""

from __future__ import annotations

MAX_BYTES = 10 * 1024 * 1024
_MARKS = (
    (0, b"#!AMR", "audio/amr"), (0, b"ID3", "audio/mpeg"), (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"), (0, b"\xff\xf1", "audio/aac"), (0, b"\xff\xf9", "audio/aac"),
    (0, b"OggS", "audio/ogg"), (0, b"\x1a\x45\xdf\xa3", "audio/webm"), (8, b"WAVE", "audio/wav"),
    (4, b"ftypM4A", "audio/mp4"), (4, b"ftypmp4", "audio/mp4"), (4, b"ftypiso", "audio/mp4"),
    (4, b"ftyp3gp", "audio/3gpp"), (0, b"#!SILK", "audio/silk"), (0, b"\x02#!SILK", "audio/silk"),
)
TYPES = frozenset(kind for _, _, kind in _MARKS)


def sniff(data: bytes) -> str:
    """Its content type; empty for what is no recording that we know."""
    found = (kind for at, sign, kind in _MARKS if data[at : at + len(sign)] == sign)
    return next(found, "")
