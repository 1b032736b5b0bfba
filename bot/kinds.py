"""Words by their kind: a text with each known word written as the sign of its kind.

What was learned of 稻谷 then holds for 甘蔗, and what of 我妈 for 俺娘. The words are in kinds.txt.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


class Kinds:
    """The sign of each word, and how long the longest is that begins with a character."""

    def __init__(self, signs: Mapping[str, str]) -> None:
        self.signs = signs
        self._longest: dict[str, int] = {}
        for word in signs:
            self._longest[word[0]] = max(self._longest.get(word[0], 0), len(word))

    def written(self, text: str) -> str:
        """The text with each known word as the sign of its kind; the longest word is taken."""
        out, at = [], 0
        while at < len(text):
            for length in range(self._longest.get(text[at], 0), 0, -1):
                sign = self.signs.get(text[at : at + length])
                if sign is not None:
                    out.append(sign)
                    at += length
                    break
            else:
                out.append(text[at])
                at += 1
        return "".join(out)


def read_kinds(text: str) -> Kinds:
    """`sign name: word word …`, with a blank before what goes on; `#` begins a remark.

    ValueError names the line where a word stands in a second kind, or that is none.
    """
    signs: dict[str, str] = {}
    sign = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            continue
        words = line
        if not line.startswith(" "):
            head, colon, words = line.partition(":")
            sign, _, name = head.partition(" ")
            if not (colon and name) or len(sign) != 1:
                raise ValueError(f"kinds, line {number}: a sign, a name and a colon are wanted")
        for word in words.split():
            if signs.setdefault(word, sign) != sign:
                raise ValueError(f"kinds, line {number}: a word stands in two kinds")
    return Kinds(signs)


@cache
def default_kinds() -> Kinds:
    """The words that come with the bot."""
    return read_kinds(files("bot").joinpath("kinds.txt").read_text(encoding="utf-8"))
