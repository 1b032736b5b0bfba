"""The linear model: what each small piece of a message says for and against every answer.

Its file, weights.txt, is written by scripts/train.py: one piece a line with its weights in
hundredths, sorted, so that a new training shows in a diff what it changed. The first line names the
columns, the second is what holds without any piece.
"""

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

URGENCIES = ("calm", "urgent", "suicide", "violence", "child", "life")
SIGNAL_WORTH = 0.2
"""What a signal of the lexicon counts; the pieces of one text share one between them."""
_HUNDREDTH = 100


@dataclass(frozen=True, slots=True)
class Weighed:
    """How likely each answer is to each question, and the pieces that spoke most for the intent."""

    intents: Mapping[str, float]
    schemes: Mapping[str, float]
    urgencies: Mapping[str, float]
    spoke: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """One row of weights a piece, by the names of `columns` (`intent:apply`, `scheme:dibao` …)."""

    columns: tuple[str, ...]
    bias: Sequence[float]
    rows: Mapping[str, Sequence[float]]

    def weigh(self, pieces: Iterable[str], signals: Iterable[str]) -> Weighed:
        """The answers for a text with these pieces and these signals of the lexicon."""
        known = [piece for piece in pieces if piece in self.rows]
        worth = 1 / math.sqrt(len(known)) if known else 0.0
        scores = self._sum(known, worth, self.bias)
        scores = self._sum([s for s in signals if s in self.rows], SIGNAL_WORTH, scores)
        answers = self._shares(scores)
        top = max(answers["intent"], key=lambda name: answers["intent"][name])
        return Weighed(
            answers["intent"], answers["scheme"], answers["urgency"], self._spoke(known, top)
        )

    def _sum(self, known: Sequence[str], worth: float, start: Sequence[float]) -> list[float]:
        if not known:
            return list(start)
        total = map(sum, zip(*(self.rows[piece] for piece in known), strict=True))
        return [a + worth * b for a, b in zip(start, total, strict=True)]

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

    def _spoke(self, known: Sequence[str], intent: str) -> tuple[str, ...]:
        """The longer pieces that spoke most for this intent, three at most."""
        column = self.columns.index(f"intent:{intent}")
        told = [p for p in known if len(p) > 1 and self.rows[p][column] > 0]
        return tuple(sorted(told, key=lambda p: (-self.rows[p][column], p))[:3])


def write_model(model: Model, least: float) -> str:
    """The model as its file; weights under `least` are left out."""
    lines = [" ".join(model.columns), _row(model.bias, 0.0)]
    for piece in sorted(model.rows):
        row = _row(model.rows[piece], least)
        if row:
            lines.append(f"{piece}\t{row}")
    return "\n".join(lines) + "\n"


class _Packed(Mapping[str, Sequence[float]]):
    """Rows one after the other in one block: a million weights as objects would be 30 MB, and a
    process has 150."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._at: dict[str, int] = {}
        self._block = array("h")

    def add(self, piece: str, row: Sequence[int]) -> None:
        """Keep a row, in hundredths."""
        self._at[piece] = len(self._block)
        self._block.extend(row)

    def __getitem__(self, piece: str) -> Sequence[float]:
        at = self._at[piece]
        return [weight / _HUNDREDTH for weight in self._block[at : at + self._width]]

    def __contains__(self, piece: object) -> bool:
        return piece in self._at

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


def read_model(lines: Iterable[str]) -> Model:
    """A model from the lines of its file; ValueError where it is none."""
    said = (line.rstrip("\n") for line in lines)
    columns = tuple(next(said, "").split(" "))
    bias = [weight / _HUNDREDTH for weight in _read_row(next(said, ""), len(columns))]
    rows = _Packed(len(columns))
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
