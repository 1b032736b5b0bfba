"""Logistic regression over three questions at once (intent, scheme, urgency), in plain Python.

A few thousand sentences take about a minute, the same every time, and nothing has to be installed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from operator import add

Pieces = tuple[tuple[int, ...], float]
"""Numbers of features, and what each of them is worth."""


class Learner:
    """One row of weights a feature; `spans` are the columns of each question."""

    def __init__(self, features: int, spans: Sequence[tuple[int, int]]) -> None:
        self.spans = spans
        self.width = spans[-1][1]
        self.rows = [[0.0] * self.width for _ in range(features)]
        self.bias = [0.0] * self.width

    def scores(self, parts: Sequence[Pieces]) -> list[float]:
        """The score of every answer."""
        out = self.bias
        for numbers, worth in parts:
            total = [0.0] * self.width
            for number in numbers:
                total = list(map(add, total, self.rows[number]))
            out = [a + worth * b for a, b in zip(out, total, strict=True)]
        return out

    def learn(
        self, examples: Sequence[tuple[Sequence[Pieces], Sequence[int], float]],
        rounds: int, rate: float, decay: float, unread: float,
    ) -> None:
        """Go over the examples (`parts`, right answers, weight), shuffled anew each round.

        `unread`: the share of the first part that is left out each time, so that none of it is
        relied on alone.
        """
        order = list(range(len(examples)))
        chance = random.Random(1)
        for turn in range(rounds):
            chance.shuffle(order)
            pace = rate * (1 - turn / rounds)
            for at in order:
                parts, right, weight = examples[at]
                parts = [_partly(parts[0], unread, chance), *parts[1:]]
                push = self._push(self.scores(parts), right, pace * weight)
                self.bias = [b + 0.1 * p for b, p in zip(self.bias, push, strict=True)]
                for numbers, worth in parts:
                    step = [worth * p for p in push]
                    for number in numbers:
                        self.rows[number] = list(map(add, self.rows[number], step))
            keep = 1 - decay * pace
            self.rows = [[keep * w for w in row] for row in self.rows]

    def _push(self, scores: list[float], right: Sequence[int], pace: float) -> list[float]:
        """Up with the right answers by their share, down with all: nothing where none is known."""
        push = [0.0] * self.width
        for first, last in self.spans:
            answers = [column for column in right if first <= column < last]
            if not answers:
                continue
            shares = softmax(scores[first:last])
            known = sum(shares[column - first] for column in answers)
            for column in range(first, last):
                push[column] = -pace * shares[column - first]
            for column in answers:
                push[column] += pace * shares[column - first] / known
        return push


def _partly(part: Pieces, unread: float, chance: random.Random) -> Pieces:
    """Some of them, which share between them what all of them would be worth."""
    numbers, worth = part
    kept = tuple(number for number in numbers if chance.random() >= unread)
    return kept, worth * math.sqrt(len(numbers) / len(kept)) if kept else 0.0


def softmax(scores: Sequence[float]) -> list[float]:
    """Scores as shares that add up to one."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
