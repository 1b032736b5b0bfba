"""How long a recording is, from its frames."""

from __future__ import annotations

import pytest

from models.recordings import PLAYABLE, TYPES, seconds

AMR, WIDE, SILK = b"#!AMR\n", b"#!AMR-WB\n", b"#!SILK_V3"


def amr(frames: int, kind: int = 7, size: int = 31, head: bytes = AMR) -> bytes:
    return head + (bytes([kind << 3 | 4]) + b"\x5a" * size) * frames


@pytest.mark.parametrize(("data", "expected"), [
    (amr(50), 1), (amr(51), 2), (amr(3000), 60), (amr(1), 1),
    # Rates change within a recording, and silence has short frames (type 8) or none (15).
    (amr(25) + amr(25, 0, 12, b"") + amr(25, 8, 5, b"") + amr(25, 15, 0, b""), 2),
    (amr(100, 8, 60, WIDE), 2),
    (SILK + (b"\x05\x00" + b"abcde") * 100 + b"\xff\xff", 2),
    (b"\x02" + SILK + (b"\x05\x00" + b"abcde") * 51, 2),
    # Cut short, broken off or empty.
    (amr(50)[:-1], 1), (AMR, 0), (SILK, 0), (SILK + b"\x05", 0), (SILK + b"\x00\x09x", 0),
    (amr(2) + b"\x48" + b"x" * 999, 1), (b"ID3" + b"x" * 999, 0), (b"", 0),
])
def test_the_length_is_counted_by_frames(data: bytes, expected: int) -> None:
    assert seconds(data) == expected


def test_what_wechat_sends_is_played_by_no_browser() -> None:
    assert PLAYABLE <= TYPES
    assert not PLAYABLE & {"audio/amr", "audio/silk", "audio/3gpp"}
