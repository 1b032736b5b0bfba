"""People of the list who are spoken of outside it: whatever is said there is not for the public."""

from __future__ import annotations

import re

from notices.findings import Finding
from notices.roster.table import Table

SHORTEST = 3
"""Names of two characters are words of their own too often."""
MOST_NOTES = 100

# Who made or signed the list may have the name of someone on it.
_SIGNED = re.compile(r"(?:制表|填表|审核|审批|负责|经办|填报|复核|签字|联系)人?\s*[:：]?\s*$")


def named_in_notes(table: Table) -> list[Finding]:
    """Notes below the headings that name someone of the list; titles above may."""
    place = table.place_of("name")
    notes = [note for note in table.notes if note.row > table.heading_row][:MOST_NOTES]
    if place is None or not notes:
        return []
    names = {
        name for entry in table.entries
        if isinstance(name := entry.values[place], str) and len(name) >= SHORTEST
    }
    return [
        Finding("note", table.sheet, note.row, note.column, "note")
        for note in notes if any(_speaks_of(name, note.text) for name in names)
    ]


def _speaks_of(name: str, text: str) -> bool:
    at = text.find(name)
    alone = text.strip() == name
    return at >= 0 and not alone and not _SIGNED.search(text[:at])
