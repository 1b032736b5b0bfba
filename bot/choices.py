"""Choosing from a numbered list, by number or in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.numerals import chinese_number
from bot.text import squeezed, tidy, without_particles


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: what the code calls it, what the person sees, and other words for it."""

    key: str
    label: str
    words: tuple[str, ...] = ()


_LEAD = r"(?:那就|就|那|我|俺)?(?:要|想)?(?:选择?|回|按|点|发|是)?(?:第)?"
_TAIL = r"(?:个|项|号|条|种|款|样)?(?:吧|的|那个|那项|啊|哦|呢|了)*"
_NUMBER = r"([0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_NUMBERED = re.compile(rf"[(\[【]?{_LEAD}{_NUMBER}{_TAIL}[)\]】]?[.。,、!)]*")
_FIRST = re.compile(r"(?:选|就)?(?:头一|最(?:前|上)面?(?:那)?一?)个(?:吧|的)?")
_LAST = re.compile(r"(?:选|就)?(?:最后(?:面)?(?:那)?一?|最下面(?:那)?一?)个(?:吧|的)?")
_LINE = re.compile(rf"{_NUMBER}[\s.、:,)]+(?P<words>\D.*)")
_SEPARATORS = re.compile(r"[\s,，、;；/|+&。.]+|和|跟|与|以及|及|还有|加上?")
_ALL = {"全部", "全都", "全选", "都选", "都要", "都有", "全都有", "全有", "所有", "都是"}
_NEGATED = re.compile(r"(?:不是|不要|不选|没有|没|不|别|非)$")
_NOT_IN_ALL = ("都", "没", "不", "无", "其他", "其它", "以上")


def read_option(text: str, options: Sequence[Option]) -> str | None:
    """The key of the one option meant; None when none is, or more than one could be."""
    said = tidy(text)
    if not said or len(said) > 300:
        return None
    bare = squeezed(said)
    exact = _exact(bare, options) or _exact(without_particles(bare), options)
    if len(exact) == 1:
        return exact.pop()
    index = _index(said, len(options))
    if index is not None:
        return options[index - 1].key if 1 <= index <= len(options) else None
    line = _LINE.fullmatch(said)
    if line:
        index = chinese_number(line[1])
        by_words = _contained(squeezed(line["words"]), options)
        if index is not None and 1 <= index <= len(options) and by_words:
            return options[index - 1].key if by_words == {options[index - 1].key} else None
    found = _contained(bare, options)
    if not found and len(bare) >= 2:
        found = {o.key for o in options if any(bare in form for form in _forms(o.label, o.words))}
    return found.pop() if len(found) == 1 else None


def read_options(text: str, options: Sequence[Option]) -> tuple[str, ...] | None:
    """The keys of all options meant, in the order of the list; None when something is unclear."""
    said = tidy(text)
    if not said or len(said) > 300:
        return None
    one = read_option(said, options)
    if one is not None:
        return (one,)
    if without_particles(squeezed(said)) in _ALL:
        return tuple(o.key for o in options if not o.label.startswith(_NOT_IN_ALL)) or None
    parts = [part for part in _SEPARATORS.split(said) if part]
    if len(parts) == 1 and len(options) < 10 and re.fullmatch(r"选?[0-9]{2,9}", parts[0]):
        parts = list(parts[0].lstrip("选"))
    keys = [read_option(part, options) for part in parts]
    if keys and None not in keys:
        return tuple(o.key for o in options if o.key in keys)
    if re.search("[0-9]", said):
        return None
    found = _contained(squeezed(said), options)
    return tuple(o.key for o in options if o.key in found) or None


def _exact(bare: str, options: Sequence[Option]) -> set[str]:
    return {o.key for o in options if bare in _forms(o.label, o.words)}


def _index(said: str, count: int) -> int | None:
    """The number said, in range or not; None when the text is no number."""
    compact = said.replace(" ", "")
    if _FIRST.fullmatch(compact):
        return 1
    if _LAST.fullmatch(compact):
        return count
    number = _NUMBERED.fullmatch(compact)
    return chinese_number(number[1]) if number else None


@lru_cache(maxsize=2048)
def _forms(label: str, words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(form for form in map(squeezed, (label, *words)) if form)


def _contained(bare: str, options: Sequence[Option]) -> set[str]:
    """Keys of the options whose words stand in the text, not denied, not inside a longer one."""
    spans: list[tuple[int, int, str]] = []
    for option in options:
        for form in _forms(option.label, option.words):
            at = bare.find(form)
            if at < 0 or (len(form) == 1 and len(bare) > 4):
                continue
            spans.append((at, at + len(form), option.key))
    return {
        key
        for start, end, key in spans
        if not any(s <= start and end <= e and e - s > end - start for s, e, _ in spans)
        and not _NEGATED.search(bare[:start])
    }
