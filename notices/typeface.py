"""A font's file: what it is called, and which characters it has a picture of (fontTools)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from fontTools.ttLib import TTCollection, TTFont, TTLibError

# Of a collection the face for the mainland: the same characters are drawn otherwise elsewhere.
MAINLAND = "SC"
FAMILY, TYPOGRAPHIC_FAMILY = 1, 16


@dataclass(frozen=True)
class Typeface:
    """The family's name, and the code points that it can draw."""

    family: str
    characters: frozenset[int]


@lru_cache(maxsize=4)
def typeface(path: Path) -> Typeface:
    """Raises OSError where there is no such file, or where it is no font."""
    try:
        with path.open("rb") as file:
            faces = TTCollection(file, lazy=True).fonts if _is_collection(file) else [TTFont(file)]
            named = {_name(face): face for face in faces}
            family = next((name for name in named if name.endswith(MAINLAND)), next(iter(named)))
            return Typeface(family, frozenset(named[family].getBestCmap()))
    except TTLibError:
        raise OSError(f"no font: {path}") from None


def _is_collection(file: BinaryIO) -> bool:
    mark = file.read(4)
    file.seek(0)
    return mark == b"ttcf"


def _name(face: TTFont) -> str:
    names = face["name"]
    return str(names.getDebugName(TYPOGRAPHIC_FAMILY) or names.getDebugName(FAMILY))
