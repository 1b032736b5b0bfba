"""Bars as plain SVG, reckoned here and drawn by templates/charts.html.

One unit is one point on a phone of 390 points, so that letters are as large as they say. What
a bar means is written above it and is a pattern, never a colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 340
# The height that one bar takes with its words, and where within it the bar begins.
STEP, TOP = 54, 24


@dataclass(frozen=True)
class Part:
    """A piece of a bar: how it is drawn (a class of charts.css), and from where to where."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One bar, its words above it; `y` is the top of both."""

    label: str
    words: str
    y: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Chart:
    """Bars below each other."""

    name: str
    title: str
    bars: tuple[Bar, ...]
    width: int = WIDTH

    @property
    def height(self) -> int:
        return STEP * len(self.bars)


Row = tuple[str, str, Sequence[tuple[str, float]]]


def chart(name: str, title: str, rows: Sequence[Row]) -> Chart:
    """A chart of rows (label, words, (kind, number) …); the longest takes the whole width."""
    longest = max((sum(number for _, number in numbers) for _, _, numbers in rows), default=0)
    return Chart(name, title, tuple(
        Bar(label, words, place * STEP, _parts(numbers, longest or 1))
        for place, (label, words, numbers) in enumerate(rows)
    ))


def _parts(numbers: Sequence[tuple[str, float]], longest: float) -> tuple[Part, ...]:
    parts, x = [], 0.0
    for kind, number in numbers:
        width = round(WIDTH * number / longest, 1)
        if number:
            parts.append(Part(kind, round(x, 1), width))
        x += width
    return tuple(parts)
