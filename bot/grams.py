"""A message as the small pieces that the linear model weighs: one to three characters in a row.

Numbers are one sign whatever they say, and all is said a second time with words by their kind
(`kinds.py`). Long messages are read at both ends.
"""

import re

from bot.kinds import default_kinds

HEAD, TAIL = 300, 100
"""Characters of a long message that are read, from its beginning and from its end."""
LONGEST = 3

_NUMBER = re.compile(r"[0-9零〇二两三四五六七八九十百千万几]+")
_LATIN = re.compile(r"[a-z]{3,}")
_MARK = re.compile(r"[\s,，。.、;；:：~～…·'\"“”‘’()（）\[\]【】《》<>*_/!！-]+")


def grams(folded: str) -> set[str]:
    """The pieces of a folded text, each once; `^` and `$` are its beginning and end."""
    if len(folded) > HEAD + TAIL:
        folded = f"{folded[:HEAD]} {folded[-TAIL:]}"
    text = _MARK.sub("", _LATIN.sub("a", _NUMBER.sub("0", folded)))
    if not text:
        return set()
    by_kind = default_kinds().written(text)
    return _cut(f"^{text}$") | _cut(f"^{by_kind}$")


def _cut(text: str) -> set[str]:
    return {
        text[at : at + length]
        for length in range(1, LONGEST + 1)
        for at in range(len(text) - length + 1)
    } - {"^", "$"}
