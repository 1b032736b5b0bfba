"""How a name is shown in public: full, or with its middle hidden. Pure."""

from __future__ import annotations

import re
import unicodedata

from notices.kinds import double_surnames

_MARKS = re.compile("[·•・‧∙⋅]")
_HIDDEN = re.compile(r"[*＊×某○●]")


def masked(name: str) -> str:
    """张三 → 张*, 王秀英 → 王*英, 欧阳修 → 欧阳*, 司马相如 → 司马*如, 买买提·吐尔逊 → 买**·吐**.

    A name that is hidden already stays as it is; a rare character with its variation
    selector counts as one.
    """
    if _HIDDEN.search(name):
        return name
    if _MARKS.search(name) or " " in name:
        marks = _MARKS.findall(name) or [" "] * name.count(" ")
        parts = _MARKS.split(name) if _MARKS.search(name) else name.split(" ")
        shown = [_first_alone(part) for part in parts]
        return shown[0] + "".join(m + s for m, s in zip(marks, shown[1:], strict=True))
    characters = _characters(name)
    family = 2 if len(characters) > 2 and "".join(characters[:2]) in double_surnames() else 1
    given = characters[family:]
    if len(given) < 2:
        return "".join(characters[:family]) + "*" * len(given)
    return "".join(characters[:family]) + "*" * (len(given) - 1) + given[-1]


def shown(name: str, how: str) -> str:
    """The name as this notice shows it: `how` is full or masked; anything else masks too."""
    return name if how == "full" else masked(name)


def is_masked(name: str) -> bool:
    """Whether the file hides part of it already."""
    return bool(_HIDDEN.search(name))


def _first_alone(part: str) -> str:
    characters = _characters(part)
    return "".join(characters[:1]) + "*" * (len(characters) - 1)


def _characters(text: str) -> list[str]:
    found: list[str] = []
    for character in text:
        joins = unicodedata.combining(character) or 0xFE00 <= ord(character) <= 0xFE0F or (
            0xE0100 <= ord(character) <= 0xE01EF
        )
        if joins and found:
            found[-1] += character
        else:
            found.append(character)
    return found
