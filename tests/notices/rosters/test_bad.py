"""Three hundred bad rosters and more: none passes, each is named, none is repeated."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from notices.findings import as_json
from notices.kinds import Kind, shape
from notices.roster.checking import check
from notices.roster.opening import open_book
from tests.notices.rosters.bad import Bad, bad
from tests.notices.rosters.bad_lines import lines
from tests.notices.rosters.people import PLACES
from tests.notices.rosters.sheets import write
from webhooks.i18n import speaker

ALL = [*bad(), *lines()]
# The first format and one of the others, each in its turn.
CASES = [
    (made, ending) for n, made in enumerate(ALL)
    for ending in dict.fromkeys((made.endings[0], made.endings[n % len(made.endings)]))
]
SAY = speaker("zh_Hans_CN", "Asia/Shanghai")("")
# Ten a test: a case is a few milliseconds, a test's own costs are more.
BATCH = 10
BATCHES = [CASES[n : n + BATCH] for n in range(0, len(CASES), BATCH)]


def findings(made: Bad, path: Path) -> tuple[bool, list[dict[str, Any]]]:
    report = check(open_book(write(made.file, path)), shape(Kind.PROPOSED), PLACES, "大湾镇")
    return report.ok, [as_json(f, SAY) for f in (*report.errors, *report.warnings)]


def test_there_are_enough() -> None:
    assert len(CASES) >= 300
    assert len({made.name for made in ALL}) == len(ALL)


@pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: batch[0][0].name)
def test_a_bad_roster_is_refused(batch: list[tuple[Bad, str]], tmp_path: Path) -> None:
    wrong = []
    for number, (made, ending) in enumerate(batch):
        ok, found = findings(made, tmp_path / f"roster{number}{ending}")
        sheet = None if ending.endswith("csv") else made.sheet
        there = [
            f for f in found if f["code"] in made.codes and (
                made.row is None or (f["sheet"], f["row"], f["column"]) == (
                    sheet, made.row, made.column
                )
            )
        ]
        if ok or not there or not (made.sheet != "#2" or there[0]["sheet"] == "#2"):
            wrong.append((made.name, ending, [{**f, "message": ""} for f in found]))
        said = json.dumps(found, ensure_ascii=False)
        if made.secret and (made.secret in said or digits(made.secret) in digits(said, "|")):
            wrong.append((made.name, ending, ["repeats it"]))
    assert wrong == []


def digits(text: str, between: str = "") -> str:
    """Runs of digits; a secret without any is a word, which is looked for as it is."""
    found = re.findall(r"[0-9]{5,}", text) if between else re.findall("[0-9]", text)
    said = between.join(found)
    return said if between or len(said) > 5 else "none"
