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
# What browsers play by themselves. AMR and SILK, as WeChat sends them, none of them does.
PLAYABLE = frozenset({
    "audio/mpeg", "audio/aac", "audio/ogg", "audio/webm", "audio/wav", "audio/mp4",
})
# Bytes of a frame after its first one, by its type: RFC 4867 §4.1 and tables 1a and 1b of
# 3GPP TS 26.101 and 26.201; a frame is 20 ms. Types that are missing end the walk.
_AMR = {0: 12, 1: 13, 2: 15, 3: 17, 4: 19, 5: 20, 6: 26, 7: 31, 8: 5, 15: 0}
_AMR_WB = {
    0: 17, 1: 23, 2: 32, 3: 36, 4: 40, 5: 46, 6: 50, 7: 58, 8: 60, 9: 5, 14: 0, 15: 0,
}
_FRAMES_A_SECOND = 50
_SILK_OVER = 0xFFFF


def sniff(data: bytes) -> str:
    """Its content type; empty for what is no recording that we know."""
    found = (kind for at, sign, kind in _MARKS if data[at : at + len(sign)] == sign)
    return next(found, "")


def seconds(data: bytes) -> int:
    """How long an AMR or SILK recording is, rounded up; 0 for others and where none is heard."""
    if data.startswith(b"#!AMR-WB\n"):
        frames = _amr_frames(data, len(b"#!AMR-WB\n"), _AMR_WB)
    elif data.startswith(b"#!AMR\n"):
        frames = _amr_frames(data, len(b"#!AMR\n"), _AMR)
    elif data[:10].endswith(b"#!SILK_V3") or data.startswith(b"#!SILK_V3"):
        frames = _silk_frames(data, data.index(b"#!SILK_V3") + len(b"#!SILK_V3"))
    else:
        return 0
    return -(-frames // _FRAMES_A_SECOND)


def _amr_frames(data: bytes, at: int, sizes: dict[int, int]) -> int:
    frames = 0
    while at < len(data):
        size = sizes.get(data[at] >> 3 & 15)
        if size is None or at + 1 + size > len(data):
            break
        frames, at = frames + 1, at + 1 + size
    return frames


def _silk_frames(data: bytes, at: int) -> int:
    """Each packet has its length before it, two bytes, the lower first."""
    frames = 0
    while at + 2 <= len(data):
        size = int.from_bytes(data[at : at + 2], "little")
        if size == _SILK_OVER or at + 2 + size > len(data):
            break
        frames, at = frames + 1, at + 2 + size
    return frames
