"""The linear model: what each small piece of a message says for and against every answer.

Its file, weights.txt, is written by scripts/train.py: one piece a line with its weights in
hundredths, sorted, so that a new training shows in a diff what it changed. The first line names the
columns, the second is what holds without any piece.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
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
    bias: tuple[float, ...]
    rows: Mapping[str, tuple[float, ...]]

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


def read_model(text: str) -> Model:
    """A model from the text of its file; ValueError where it is none."""
    first, bias, *lines = text.rstrip("\n").split("\n")
    columns = tuple(first.split(" "))
    rows = {}
    for line in lines:
        piece, _, row = line.partition("\t")
        rows[piece] = _read_row(row, len(columns))
    return Model(columns, _read_row(bias, len(columns)), rows)


@cache
def default_model() -> Model:
    """The model that comes with the bot."""
    return read_model(files("bot").joinpath("weights.txt").read_text(encoding="utf-8"))


def _row(weights: Sequence[float], least: float) -> str:
    return " ".join(
        f"{column}:{round(weight * _HUNDREDTH)}"
        for column, weight in enumerate(weights)
        if abs(weight) >= least and round(weight * _HUNDREDTH)
    )


def _read_row(row: str, width: int) -> tuple[float, ...]:
    weights = [0.0] * width
    for entry in row.split(" ") if row else ():
        column, _, weight = entry.partition(":")
        weights[int(column)] = _weight(weight)
    return tuple(weights)


# A million weights are a thousand numbers: each is kept once.
@cache
def _weight(hundredths: str) -> float:
    return int(hundredths) / _HUNDREDTH
