"""Two languages that nobody speaks, to see what a translation would break.

`python scripts/pseudo.py FOLDER` makes them of the English catalogue: `en_XA` with accents, in
brackets and two fifths longer (what is not marked for translation, what is cut off and what does
not fit stands out); `ar_XB` in Arabic letters, as long, and from right to left. A
configuration with `languages = "FOLDER"` has them; they are not shipped.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ENGLISH = Path(__file__).parent.parent / "webhooks/locale/en/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"(\{\w+\})")
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áƀçđéƒğĥíĵķłɱñóƥɋřšŧúṽŵẋýžÁƁÇĐÉƑĞĤÍĴĶŁṀÑÓƤɊŘŠŦÚṼŴẊÝŽ"
ARABIC = "ابجدهوزحطيكلمنسعفصقرشتثخذض" * 2
LONGER = 0.4
PADDING = "one two three four five six seven eight nine ten "


def accented(english: str) -> str:
    """In brackets, with accents, two fifths longer; placeholders as they are."""
    return f"⟦{_letters(english, ACCENTED)} {_padding(english)}⟧"


def mirrored(english: str) -> str:
    """In Arabic letters, two fifths longer; placeholders as they are."""
    return _letters(f"{english} {_padding(english)}", ARABIC)


def _padding(english: str) -> str:
    more = max(1, round(len(english) * LONGER))
    return (PADDING * (more // len(PADDING) + 1))[:more].rstrip()


def _letters(english: str, others: str) -> str:
    table = str.maketrans(PLAIN, others)
    parts = PLACEHOLDER.split(english)
    return "".join(part if PLACEHOLDER.fullmatch(part) else part.translate(table) for part in parts)


LANGUAGES: dict[str, Callable[[str], str]] = {"en_XA": accented, "ar_XB": mirrored}


def write(folder: Path) -> None:
    """Write both under `folder`, in the shape of `webhooks/locale`."""
    with ENGLISH.open("rb") as file:
        said = [(str(m.id), str(m.string)) for m in read_po(file) if m.id and m.string]
    for locale, change in LANGUAGES.items():
        catalogue = Catalog(fuzzy=False)
        for message, english in said:
            catalogue.add(message, change(english))
        path = folder / locale / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            write_po(out, catalogue, width=0)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(Path(sys.argv[1]))
    print(f"{', '.join(LANGUAGES)}: in {sys.argv[1]}")
