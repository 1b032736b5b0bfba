"""The linear model: what each small piece of a message says for and against every answer.

Its file, weights.txt, is written by scripts/train.py: one piece a line with its weights in
hundredths, sorted, so that a new training shows in a diff what it changed. The first line names the
columns, the second is what holds without any piece.
"""

import math
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

URGENCIES = ("calm", "urgent", "suicide", "violence", "child", "life")
SIGNAL_WORTH = 0.2
"""What a signal of the lexicon counts; the pieces of one text share one between them."""
_HUNDREDTH = 100
# Bytes of a number that an array holds: four characters, and a piece has three.
_KEY = 8
# Bytes of a lane, and what stands in it for no weight.
_LANE, _MIDDLE = 3, 2048


@dataclass(frozen=True, slots=True)
class Weighed:
    """How likely each answer is to each question, and the pieces that spoke most for the intent."""

    intents: Mapping[str, float]
    schemes: Mapping[str, float]
    urgencies: Mapping[str, float]
    spoke: tuple[str, ...]


def in_order(piece: str) -> bytes:
    """What pieces are sorted by in the file, and found by."""
    return piece.encode("utf-16-be")


class Rows:
    """The weights of every piece in one block, found by its characters as one number.

    The numbers stand in order, so that one is found by halving. A row is one long number too, a
    lane for each column: a hundred rows are added up in a hundred steps. As strings with lists they
    would be 60 MB, and a process has 150.
    """

    def __init__(self, width: int) -> None:
        self._lanes = range(0, width * _LANE, _LANE)
        self._size = width * _LANE
        self._keys = array("Q")
        self._block = bytearray()
        self._longer: dict[str, int] = {}

    def add(self, piece: str, row: Sequence[int]) -> None:
        """Keep a row of hundredths, in `in_order`; ValueError where it is not, or has no room."""
        if any(abs(weight) >= _MIDDLE for weight in row):
            raise ValueError("a weight is larger than there is room for")
        lanes = b"".join((weight + _MIDDLE).to_bytes(_LANE, "little") for weight in row)
        key = in_order(piece)
        if len(key) > _KEY:
            self._longer[piece] = int.from_bytes(lanes, "little")
            return
        number = int.from_bytes(key.ljust(_KEY, b"\0"), "big")
        if self._keys and number <= self._keys[-1]:
            raise ValueError("pieces are not in their order")
        self._keys.append(number)
        self._block += lanes

    def known(self, pieces: Iterable[str]) -> dict[str, int]:
        """The rows of those that are known."""
        keys, block, size = self._keys, self._block, self._size
        found = {}
        for piece in pieces:
            key = in_order(piece)
            if len(key) > _KEY:
                if piece in self._longer:
                    found[piece] = self._longer[piece]
                continue
            number = int.from_bytes(key.ljust(_KEY, b"\0"), "big")
            at = bisect_left(keys, number)
            if at < len(keys) and keys[at] == number:
                found[piece] = int.from_bytes(block[at * size : (at + 1) * size], "little")
        return found

    def total(self, rows: Collection[int]) -> list[float]:
        """The sum of each column; of 4,096 rows at most, and a message has half as many pieces."""
        lanes = sum(rows).to_bytes(self._size, "little")
        none = len(rows) * _MIDDLE
        return [
            (int.from_bytes(lanes[at : at + _LANE], "little") - none) / _HUNDREDTH
            for at in self._lanes
        ]

    def weight(self, row: int, column: int) -> float:
        """What a row says of a column."""
        lane = row >> (8 * _LANE * column) & (1 << 8 * _LANE) - 1
        return (lane - _MIDDLE) / _HUNDREDTH


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of each piece, by the names of `columns` (`intent:apply`, `scheme:dibao` …)."""

    columns: tuple[str, ...]
    bias: Sequence[float]
    rows: Rows

    def weigh(self, pieces: Iterable[str], signals: Iterable[str]) -> Weighed:
        """The answers for a text with these pieces and these signals of the lexicon."""
        known = self.rows.known(pieces)
        found = self.rows.known(signals)
        worth = 1 / math.sqrt(len(known)) if known else 0.0
        sums = zip(
            self.bias, self.rows.total(known.values()), self.rows.total(found.values()),
            strict=True,
        )
        answers = self._shares([b + worth * k + SIGNAL_WORTH * f for b, k, f in sums])
        top = max(answers["intent"], key=lambda name: answers["intent"][name])
        return Weighed(
            answers["intent"], answers["scheme"], answers["urgency"], self._spoke(known, top)
        )

    def _shares(self, scores: Sequence[float]) -> dict[str, dict[str, float]]:
        answers: dict[str, dict[str, float]] = {}
        for column, score in zip(self.columns, scores, strict=True):
            question, _, name = column.partition(":")
            answers.setdefault(question, {})[name] = math.exp(min(score, 50.0))
        for shares in answers.values():
            total = sum(shares.values())
            for name in shares:
                shares[name] /= total
        return answers

    def _spoke(self, known: Mapping[str, int], intent: str) -> tuple[str, ...]:
        """The longer pieces that spoke most for this intent, three at most."""
        column = self.columns.index(f"intent:{intent}")
        told = {p: self.rows.weight(row, column) for p, row in known.items() if len(p) > 1}
        return tuple(
            sorted((p for p in told if told[p] > 0), key=lambda p: (-told[p], p))[:3]
        )


def write_model(
    columns: Sequence[str], bias: Sequence[float], rows: Mapping[str, Sequence[float]],
    least: float,
) -> str:
    """A model as its file; weights under `least` are left out."""
    lines = [" ".join(columns), _row(bias, 0.0)]
    for piece in sorted(rows, key=in_order):
        row = _row(rows[piece], least)
        if row:
            lines.append(f"{piece}\t{row}")
    return "\n".join(lines) + "\n"


def read_model(lines: Iterable[str]) -> Model:
    """A model from the lines of its file; ValueError where it is none."""
    said = (line.rstrip("\n") for line in lines)
    columns = tuple(next(said, "").split(" "))
    bias = [weight / _HUNDREDTH for weight in _read_row(next(said, ""), len(columns))]
    rows = Rows(len(columns))
    for line in said:
        piece, _, row = line.partition("\t")
        rows.add(piece, _read_row(row, len(columns)))
    return Model(columns, bias, rows)


@cache
def default_model() -> Model:
    """The model that comes with the bot."""
    with files("bot").joinpath("weights.txt").open(encoding="utf-8") as lines:
        return read_model(lines)


def _row(weights: Sequence[float], least: float) -> str:
    return " ".join(
        f"{column}:{round(weight * _HUNDREDTH)}"
        for column, weight in enumerate(weights)
        if abs(weight) >= least and round(weight * _HUNDREDTH)
    )


def _read_row(row: str, width: int) -> list[int]:
    weights = [0] * width
    for entry in row.split(" ") if row else ():
        column, _, weight = entry.partition(":")
        weights[int(column)] = int(weight)
    return weights
