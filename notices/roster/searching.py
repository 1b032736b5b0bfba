"""Searches what is no list: titles, other sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from notices.leaks import leak, of_heading
from notices.roster.layout import bare
from notices.roster.naming import tells_of_someone
from notices.values import as_text

_PEOPLE = {"姓名", "户主", "户主姓名", "申请人", "对象姓名", "名字"}


def search(rows: Iterable[list[object]], seen: set[str]) -> Iterator[tuple[str, int, int]]:
    """(code, row from 1, place in the row) of what may not stand there; texts go to `seen`."""
    for number, row in enumerate(rows, 1):
        # Headings of another list of people: 姓名, 年龄.
        headed = not _PEOPLE.isdisjoint(v for v in row if isinstance(v, str))
        for at, value in enumerate(row):
            if value == "":
                continue
            text = as_text(value)
            seen.add(text)
            if code := _code(text, headed):
                yield code, number, at


def _code(text: str, headed: bool) -> str | None:
    code = leak(text, office=True) or (of_heading(bare(text)) if headed else None)
    return code or ("note" if tells_of_someone(text) else None)
