"""The places named in a text."""

import re
from collections.abc import Mapping
from functools import lru_cache

from bot.text import squeezed

_PLACE_TAIL = re.compile(
    r"(?:村民委员会|居民委员会|村委会?|居委会?|社区居委会|社区|街道办事处|街道|民族乡|村|镇|乡"
    r"|屯|组|县)+$"
)


# A county has some hundred names, and every one is looked for in every text.
@lru_cache(maxsize=4096)
def _forms(name: str) -> tuple[str, ...]:
    """A place's name as people write it, in full or with less of its suffix: the longest first."""
    full = squeezed(name)
    core = _PLACE_TAIL.sub("", full)
    tails = {full[: len(core) + n] for n in range(1, len(full) - len(core) + 1)}
    forms = {full, *(tails if len(core) == 1 else {*tails, core})}
    return tuple(sorted(forms, key=len, reverse=True))


def find_places(text: str, names: Mapping[str, str]) -> list[str]:
    """Codes of the places named, with their suffix or without: the longest first.

    What lies inside a longer match is dropped, and a name said in full drops one said in part.
    """
    said = squeezed(text)[:1000]
    spans: list[tuple[int, int, bool, str]] = []
    for code, name in names.items():
        forms = _forms(name)
        for form in forms:
            at = said.find(form) if len(form) >= 2 else -1
            if at >= 0:
                spans.append((at, at + len(form), form == forms[0], code))
                break
    kept = [
        (start, end, exact, code)
        for start, end, exact, code in spans
        if not any(
            s <= start and end <= e and (e - s > end - start or (whole and not exact))
            for s, e, whole, _ in spans
        )
    ]
    kept.sort(key=lambda span: (span[0] - span[1], not span[2], span[0]))
    return [code for *_, code in kept]
