"""Collects the interface texts (Chinese, marked in code and templates) into the catalogues.

`python scripts/messages.py` brings every catalogue up to date and says what lacks a
translation; with `--check` it changes nothing and exits 1 where something would change.
`--in FOLDER` does the same for a county's own languages, `--new ug` begins one there.
"""

from __future__ import annotations

import argparse
import io
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "webhooks" / "locale"
KEYWORDS = {"t": None, "mark": None}
# Files of data whose texts people are shown: the keys that hold them. Quotes stay as they are.
TOML = {
    "models/navigator.toml": frozenset({"ask", "again", "label", "why", "gist"}),
    "models/schemes.toml": frozenset({"text", "name", "why", "where"}),
}


def collected() -> Catalog:
    """Every marked text of the product, in the order of its files."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    catalog = Catalog(project="yimen", charset="utf-8", fuzzy=False)
    found = extract_from_dir(str(ROOT), methods, options, keywords=KEYWORDS)
    for name, _line, message, _comments, context in sorted(found, key=lambda row: row[:2]):
        catalog.add(message, locations=[(name, 0)], context=context)
    for name, keys in TOML.items():
        for message in _texts(tomllib.loads((ROOT / name).read_text("utf-8")), keys):
            catalog.add(message, locations=[(name, 0)])
    return catalog


def _texts(data: Any, keys: frozenset[str]) -> Iterator[str]:
    """What stands under these keys, however deep."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in keys and isinstance(value, str):
                yield value
            else:
                yield from _texts(value, keys)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value, keys)


def updated(path: Path, texts: Catalog) -> tuple[str, list[str]]:
    """A catalogue's new text, and the messages that it does not translate yet."""
    with path.open("rb") as file:
        catalog = read_po(file)
    catalog.update(texts, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    missing = [str(m.id) for m in catalog if m.id and not m.string]
    out = io.BytesIO()
    write_po(out, catalog, width=100, sort_by_file=True, include_lineno=False, omit_header=False)
    return out.getvalue().decode(), missing


def placeholders_differ(path: Path) -> list[str]:
    """Messages whose translation fills other `{placeholders}` than the source."""
    import re

    with path.open("rb") as file:
        catalog = read_po(file)
    names = re.compile(r"\{(\w+)\}")
    return [
        str(m.id)
        for m in catalog
        if m.id and m.string and set(names.findall(str(m.id))) != set(names.findall(str(m.string)))
    ]


def begin(folder: Path, locale: str) -> None:
    """An empty catalogue, unless there is one."""
    path = folder / locale / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, Catalog(fuzzy=False))


def main(arguments: list[str]) -> int:
    """Update or check every catalogue."""
    parser = argparse.ArgumentParser(description="the catalogues of the interface's texts")
    parser.add_argument("--check", action="store_true", help="change nothing")
    parser.add_argument("--in", dest="folder", type=Path, default=LOCALES, metavar="FOLDER")
    parser.add_argument("--new", metavar="LOCALE", help="begin a language, such as ug")
    asked = parser.parse_args(arguments)
    if asked.new:
        begin(asked.folder, asked.new)
    texts = collected()
    wrong = 0
    for path in sorted(asked.folder.glob("*/LC_MESSAGES/messages.po")):
        text, missing = updated(path, texts)
        changed = _without_dates(text) != _without_dates(path.read_text(encoding="utf-8"))
        if changed and not asked.check:
            path.write_text(text, encoding="utf-8")
        differ = placeholders_differ(path)
        for message in missing:
            print(f"{path.parent.parent.name}: not translated: {message}")
        for message in differ:
            print(f"{path.parent.parent.name}: other placeholders: {message}")
        if changed and asked.check:
            print(f"{path.parent.parent.name}: out of date; run: make messages")
        wrong += len(missing) + len(differ) + (changed and asked.check)
    return 1 if wrong else 0


def _without_dates(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith('"')]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
