"""What a hurried officer overlooks: every one is refused."""

from __future__ import annotations

from pathlib import Path

from notices.kinds import Kind, shape
from notices.roster.checking import check
from notices.roster.opening import open_book
from tests.notices.rosters.bad import WORKBOOKS
from tests.notices.rosters.bad_hurried import hurried
from tests.notices.rosters.people import PLACES
from tests.notices.rosters.sheets import File, book, write

ALL = list(hurried())


def test_there_are_enough() -> None:
    assert len(ALL) >= 50


def test_none_passes(tmp_path: Path) -> None:
    """Each in a format in its turn."""
    passed = []
    for number, (what, made) in enumerate(ALL):
        path = tmp_path / f"roster{WORKBOOKS[number % len(WORKBOOKS)]}"
        write(made if isinstance(made, File) else book(made), path)
        if check(open_book(path), shape(Kind.PROPOSED), PLACES, "大湾镇").ok:
            passed.append((what, path.suffix))
    assert passed == []
