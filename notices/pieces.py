"""Long texts in numbered pieces, none longer than the platform takes. Pure.

Nothing that staff wrote is ever cut off. Every piece begins with the harmless title line,
because the first line is what a locked screen shows.
"""

from __future__ import annotations

import re

# facts/wechat.md §1: the size that text messages are known to be taken at.
LIMIT = 2048
# After these a sentence may be parted, the end of a line before the end of a sentence.
_ENDS = re.compile(r"(?<=\n)|(?<=[。！？；!?;])")


def size(text: str) -> int:
    """Its length as the platform counts: bytes of UTF-8."""
    return len(text.encode())


def pieces(title: str, body: str, limit: int = LIMIT) -> tuple[str, ...]:
    """The text as it is where it fits, else in numbered pieces."""
    whole = f"{title}\n{body}" if title else body
    if size(whole) <= limit:
        return (whole,)
    # Room for the title, the number and a line break; "（88/88）" is the longest there will be.
    room = limit - size(f"{title}（88/88）\n")
    chunks: list[str] = []
    for sentence in _ENDS.split(body):
        for bit in _bits(sentence, room):
            if chunks and size(chunks[-1]) + size(bit) <= room:
                chunks[-1] += bit
            else:
                chunks.append(bit)
    chunks = [chunk.strip("\n") for chunk in chunks if chunk.strip()]
    count = len(chunks)
    return tuple(f"{title}（{i}/{count}）\n{chunk}" for i, chunk in enumerate(chunks, start=1))


def _bits(sentence: str, room: int) -> list[str]:
    """A sentence that is itself too long, cut between characters."""
    bits = [""]
    for char in sentence:
        if size(bits[-1]) + size(char) > room:
            bits.append("")
        bits[-1] += char
    return bits
