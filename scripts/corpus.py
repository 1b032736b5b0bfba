"""The labelled sentences: reading them, and telling which are the same once folded.

A line is `intent | urgent | schemes | sentence`; `#` begins a remark. `urgent` is `-` (it must not
be), `!` (it must) or `! life` (and this danger; any of several by commas). `schemes` are those of
which one must be among the first two; `-` says nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, get_args

from bot.lexicon import default_lexicon
from bot.text import squeezed
from bot.understand import Danger, Intent

FOLDER = Path(__file__).parent.parent / "tests" / "bot" / "corpus"
LEARNING = ("calm*.txt", "seen*.txt", "train*.txt")
HELD = "held*.txt"
# Sentences written one after another share words: they stay together when folds are made.
TOGETHER = 12


class Labelled(NamedTuple):
    """One sentence and what is right of it; `group` names its neighbours in the file."""

    intent: Intent
    urgent: str
    schemes: frozenset[str]
    text: str
    group: str

    @property
    def dangers(self) -> frozenset[str]:
        """The dangers of which one must be named; empty where none has to be."""
        return frozenset(self.urgent[1:].replace(" ", "").split(",")) - {""}


def read(path: Path) -> list[Labelled]:
    """The sentences of one file; ValueError names the line that is none, never what it says."""
    return list(_sentences(path))


def learning(folder: Path = FOLDER) -> list[Labelled]:
    """Everything that may be learned from, in the order of the files' names."""
    files = sorted(file for pattern in LEARNING for file in folder.glob(pattern))
    return [sentence for file in files for sentence in read(file)]


def folded(text: str) -> str:
    """What a sentence is compared by: simplified, common spelling, no blanks, no punctuation."""
    return squeezed(default_lexicon().folded(text))


def _sentences(path: Path) -> Iterator[Labelled]:
    known = set(default_lexicon().scheme_names)
    part, run = 0, 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            part, run = part + 1, 0
            continue
        fields = [field.strip() for field in line.split("|", 3)]
        where = f"{path.name}, line {number}"
        if len(fields) != 4 or not fields[3]:
            raise ValueError(f"{where}: four fields are wanted")
        if fields[0] not in set(Intent):
            raise ValueError(f"{where}: no such intent")
        schemes = frozenset(fields[2].replace(" ", "").split(",")) - {"-", ""}
        if not schemes <= known:
            raise ValueError(f"{where}: no such scheme")
        group = f"{path.stem}.{part}.{run // TOGETHER}"
        sentence = Labelled(Intent(fields[0]), fields[1], schemes, fields[3], group)
        if fields[1][:1] not in "-!" or not sentence.dangers <= set(get_args(Danger)):
            raise ValueError(f"{where}: no such urgency")
        run += 1
        yield sentence
