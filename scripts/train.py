"""Trains the linear model of `understand` on the labelled sentences: `make train`.

Writes bot/weights.txt, the same every time, and prints how well such a model does on sentences that
it did not learn from: a quarter is left out in turn, neighbours in a file together. The sentences
for which the lexicon was made (seen.txt) are learned without the lexicon's signals, which are never
wrong on them, and do not count in the figures.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bot.evidence import gather
from bot.grams import grams
from bot.intents import Intent
from bot.lexicon import default_lexicon
from bot.linear import SIGNAL_WORTH, URGENCIES, Model, read_model, write_model
from bot.understand import understand
from scripts.corpus import Labelled, learning
from scripts.evaluate import report, score
from scripts.learning import Learner, Pieces

FILE = Path(__file__).parent.parent / "bot" / "weights.txt"
ROUNDS, RATE, DECAY, UNREAD = 20, 2.0, 0.003, 0.4
# A piece of fewer sentences than this tells more of the sentence than of what people say.
FEWEST = 3
LEAST = 0.3
# How far rare intents are made up for: 0 not at all, 1 as if all were as frequent.
BALANCE = 0.3
FOLDS = 4
SCHEMES = sorted(default_lexicon().scheme_names)
COLUMNS = (
    *(f"intent:{intent}" for intent in Intent), *(f"scheme:{scheme}" for scheme in SCHEMES),
    *(f"urgency:{urgency}" for urgency in URGENCIES),
)
NUMBER = {column: number for number, column in enumerate(COLUMNS)}
SPANS = (
    (0, len(Intent)), (len(Intent), len(Intent) + len(SCHEMES)),
    (len(Intent) + len(SCHEMES), len(COLUMNS)),
)


class Example(NamedTuple):
    """A sentence as the model sees it, and the numbers of the right columns."""

    pieces: frozenset[str]
    signals: frozenset[str]
    right: tuple[int, ...]


def example(sentence: Labelled) -> Example:
    """Its pieces and signals; none of the lexicon's where the lexicon was made for it."""
    found = gather(sentence.text, default_lexicon())
    signals = frozenset() if sentence.group.startswith("seen") else found.signals
    return Example(frozenset(grams(found.folded)), signals, tuple(_right(sentence)))


def _right(sentence: Labelled) -> list[int]:
    urgencies: set[str] | frozenset[str]
    urgencies = sentence.dangers or {"calm" if sentence.urgent == "-" else "urgent"}
    intents = [] if sentence.group.startswith("calm") else [sentence.intent]
    return [
        *(NUMBER[f"intent:{intent}"] for intent in intents),
        *(NUMBER[f"scheme:{scheme}"] for scheme in sorted(sentence.schemes)),
        *(NUMBER[f"urgency:{urgency}"] for urgency in sorted(urgencies)),
    ]


def trained(examples: Sequence[Example]) -> tuple[list[float], dict[str, list[float]]]:
    """What holds without any piece, and the row of each, learned from these examples."""
    count = Counter(piece for e in examples for piece in e.pieces)
    names = sorted(piece for piece in count if count[piece] >= FEWEST)
    names += sorted({signal for e in examples for signal in e.signals})
    number = {name: at for at, name in enumerate(names)}
    learner = Learner(len(names), SPANS)
    many = Counter(e.right[0] for e in examples)
    usual = len(examples) / len(many)
    learner.learn(
        [(_parts(e, number), e.right, (usual / many[e.right[0]]) ** BALANCE) for e in examples],
        ROUNDS, RATE, DECAY, UNREAD,
    )
    return learner.bias, {name: learner.rows[at] for name, at in number.items()}


def model_of(examples: Sequence[Example]) -> Model:
    """The model that these examples teach, as its file would keep it."""
    return read_model(write_model(COLUMNS, *trained(examples), LEAST).splitlines())


def _parts(one: Example, number: dict[str, int]) -> tuple[Pieces, Pieces]:
    pieces = tuple(sorted(number[p] for p in one.pieces if p in number))
    signals = tuple(sorted(number[s] for s in one.signals if s in number))
    return (pieces, max(1, len(pieces)) ** -0.5), (signals, SIGNAL_WORTH)


def crossed(sentences: Sequence[Labelled], examples: Sequence[Example]) -> None:
    """Print how models do on the quarter that each did not see."""
    groups = sorted({sentence.group for sentence in sentences})
    random.Random(7).shuffle(groups)
    fold = {group: at % FOLDS for at, group in enumerate(groups)}
    both = list(zip(sentences, examples, strict=True))
    models = [
        model_of([e for s, e in both if fold[s.group] != left])
        for left in range(FOLDS)
    ]
    fresh = [s for s in sentences if s.group.startswith("train")]
    of = {s.text: models[fold[s.group]] for s in fresh}
    print(report("left out in turn", score(fresh, lambda text: understand(text, model=of[text]))))


def main(words: Sequence[str] | None = None) -> int:
    """Train, print the figures, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only-figures", action="store_true", help="write nothing")
    parser.add_argument("--no-figures", action="store_true", help="only write the file")
    args = parser.parse_args(words)
    sentences = learning()
    examples = [example(sentence) for sentence in sentences]
    if not args.no_figures:
        crossed(sentences, examples)
    if not args.only_figures:
        FILE.write_text(write_model(COLUMNS, *trained(examples), LEAST), encoding="utf-8")
        print(f"{FILE.name}: {FILE.stat().st_size} bytes from {len(sentences)} sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
