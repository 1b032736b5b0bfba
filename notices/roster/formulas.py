"""Formulas: what they say in quotes, and whether they fetch from elsewhere. Pure."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
# Another workbook, a data source, a program.
_ELSEWHERE = re.compile(
    r"\[[^\]]+\][^\]]*!|'?(?:file|https?|ftp):|\b(?:WEBSERVICE|IMAGE|FILTERXML|RTD|CALL|REGISTER\.ID"
    r"|CUBEVALUE|CUBEMEMBER|SQL\.REQUEST|DDE|GETPIVOTDATA)\s*\(|\|'",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(?<![A-Za-z$0-9])[0-9]{7,}")


def literals(formula: str) -> list[str]:
    """What the formula says itself: its quoted texts, also joined, and its long numbers."""
    quoted = [text.replace('""', '"') for text in _QUOTED.findall(formula)]
    joined = ["".join(quoted)] if len(quoted) > 1 else []
    return [*quoted, *joined, *_NUMBERS.findall(_QUOTED.sub(" ", formula))]


def reaches_out(formula: str) -> bool:
    """Whether it takes its value from outside the file."""
    return bool(_ELSEWHERE.search(_QUOTED.sub('""', formula))) or "://" in formula
