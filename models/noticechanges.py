"""What is new on a list against the one that hung before: new, another sum, no longer there. Pure.

Two lines are the same household where both were drawn from one case; else where name and sum are
the same, or at least the name, in their order: hidden names may stand there twice.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# Of a row's values, and so sealed, held by its leaf and erased with it: the sum before (empty where
# it is new), and the case that it was drawn from. Neither is a column that is shown.
WAS, CASE = "was", "case"


@dataclass(frozen=True)
class Line:
    """One line of a list: its village, the shown name and sum, and its case where one is known."""

    village: str
    name: str
    amount: str
    case: str | None = None


@dataclass
class Changes:
    """Of the new list's lines, by their place from 0: which are new, and which had another sum
    before (that sum). `ended` are the lines before that nothing stands for any more."""

    new: list[int] = field(default_factory=list)
    changed: dict[int, str] = field(default_factory=dict)
    ended: list[Line] = field(default_factory=list)


def line_of(village: str | None, values: Mapping[str, str]) -> Line | None:
    """A row as it is compared; None where it names nobody."""
    name = values.get("name")
    amount = values.get("total", values.get("amount", ""))
    return Line(village or "", name, amount, values.get(CASE)) if name else None


def compare(before: Sequence[Line], after: Sequence[Line]) -> Changes:
    """What became of each line, in the order of the lists."""
    was, now = dict(enumerate(before)), dict(enumerate(after))
    pairs: dict[int, Line] = {}
    # A line that both lists drew from a case is none other than that case's.
    cases = {line.case for line in before} & {line.case for line in after} - {None}
    keys: tuple[Callable[[Line], Hashable], ...] = (
        lambda line: (line.village, line.case) if line.case in cases else None,
        lambda line: None if line.case in cases else (line.village, line.name, line.amount),
        lambda line: None if line.case in cases else (line.village, line.name),
    )
    for key in keys:
        _pair(was, now, pairs, key)
    return Changes(
        sorted(now),
        {at: pairs[at].amount for at in sorted(pairs) if pairs[at].amount != after[at].amount},
        [was[at] for at in sorted(was)],
    )


def _pair(
    was: dict[int, Line], now: dict[int, Line], pairs: dict[int, Line],
    key: Callable[[Line], Hashable],
) -> None:
    """Take from both what has the same key, in their order."""
    waiting: dict[Hashable, list[int]] = {}
    for at, line in was.items():
        if (found := key(line)) is not None:
            waiting.setdefault(found, []).append(at)
    for places in waiting.values():
        places.reverse()
    for at, line in list(now.items()):
        places = waiting.get(key(line)) or []
        if places:
            pairs[at] = was.pop(places.pop())
            del now[at]


def counts(changes: Changes, after: Sequence[Line]) -> dict[str, list[int]]:
    """How many are new, changed and ended, by village. Whose help ended is not named."""
    found: dict[str, list[int]] = {}
    for place, village in (
        *((0, after[at].village) for at in changes.new),
        *((1, after[at].village) for at in changes.changed),
        *((2, line.village) for line in changes.ended),
    ):
        found.setdefault(village, [0, 0, 0])[place] += 1
    return found


def marks(changes: Changes) -> dict[int, str]:
    """What a line of the new list carries, by its place from 0: the sum before; empty where it
    is new. It is kept with the row's values, and so erased with them."""
    return changes.changed | dict.fromkeys(changes.new, "")


def counted(kept: Mapping[str, Sequence[int]], villages: Iterable[str]) -> tuple[int, int, int]:
    """How many are new, changed and ended in these villages."""
    found = [0, 0, 0]
    for village in villages:
        for place, count in enumerate(kept.get(village, ())):
            found[place] += count
    return found[0], found[1], found[2]
