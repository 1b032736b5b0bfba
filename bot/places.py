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


# A name is of characters that say nothing else; 我是, 住在, 嫁到 end before it.
_NAME = (
    r"(?!家|小区|学区|社区)"
    r"[^\W\d_我俺咱你您他她它的是在住到从了和有这那个们里来去就都也很把被给跟向往搬嫁说请问叫哪同本全各老镇壁]{1,5}?"
)
_LARGE = rf"(?:{_NAME}(?:省|市|县|区|旗|自治州))"
_TOWN = rf"(?:{_NAME}(?:街道|镇|乡(?![下里亲村])))"
_VILLAGE = rf"(?:{_NAME}(?:村(?![委里长支干民上头口子边东西南北])|社区|屯|寨(?!子)|庄))"
_GROUP = r"(?:[0-9一二三四五六七八九十]{1,3}(?:组|队|社|屯))"
_TAILS = frozenset("省市县区旗州街镇乡村屯寨庄")
_SAID = re.compile(rf"{_LARGE}*{_TOWN}{_VILLAGE}?{_GROUP}?|{_LARGE}*{_VILLAGE}{_GROUP}?|{_LARGE}+")


def find_place_words(text: str) -> str | None:
    """The place in the words that were said (大湾镇石桥村三组), the longest of several."""
    said = squeezed(text)[:400]
    if _TAILS.isdisjoint(said):
        return None
    return max((match[0] for match in _SAID.finditer(said)), key=len, default=None)
