"""What an .xlsx holds besides the values of its cells."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable

from notices.roster.book import Blocked, Hidden, Parts, Text, Unreadable
from notices.roster.xlsx_sheet import SheetParts, reference
from notices.roster.zipped import ASIDE, INLINE, Attributes, Walker, Zipped, is_simple

# Where a part's name begins so, its content cannot be looked into, or must not be there.
_BLOCKED = (
    ("xl/media/", "picture"), ("docProps/thumbnail", "picture"), ("xl/embeddings/", "embedded"),
    ("xl/activeX/", "embedded"), ("xl/ctrlProps/", "embedded"), ("xl/vbaProject", "macro"),
    ("xl/macrosheets/", "macro"), ("xl/dialogsheets/", "macro"), ("customUI/", "macro"),
    ("xl/externalLinks/", "external_link"), ("xl/connections", "external_link"),
    ("xl/queryTables/", "external_link"), ("xl/webextensions/", "external_link"),
    ("xl/pivotCache/", "pivot"), ("xl/pivotTables/", "pivot"), ("xl/model/", "pivot"),
    ("xl/revisions/", "tracked_changes"), ("xl/cellimages", "picture"),
)
_XML = (".xml", ".rels", ".vml")
_PRINTER = re.compile(r"xl/printerSettings/[^/]+\.bin")
_LONG_DIGITS = re.compile(rb"(?:[0-9]\x00?){11,}")
# Attributes that people write; the rest are numbers, colours and links between the parts.
_WRITTEN = {
    "name", "displayName", "title", "descr", "prompt", "promptTitle", "error", "errorTitle",
    "tooltip", "display", "location", "author", "caption", "userName", "alt", "comment",
    "totalsRowLabel", "string", "codeName", "tag", "password",
}
# Offsets and anchors: numbers alone.
_NUMBERS = {"Anchor", "col", "colOff", "row", "rowOff", "ext", "creationId"}
# What WPS and Excel write into the properties by themselves.
_OWN_PROPERTIES = re.compile(r"[0-9A-Fa-f]{32}(?:_[0-9]{1,3})?|[0-9]{4}-[0-9]+(?:\.[0-9]+){2,3}")
_BORING_STRING = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_HAN = re.compile("[\u3400-\u9fff]")


def parts(zipped: Zipped) -> Parts:
    """Everything but the values; raises Unreadable."""
    found = Parts()
    sheets = _sheet_names(zipped)
    owners = _owners(zipped, sheets)
    for name in zipped.names:
        code = next((code for start, code in _BLOCKED if name.startswith(start)), None)
        if code:
            found.blocked.append(Blocked(code))
        elif _PRINTER.fullmatch(name):
            if _LONG_DIGITS.search(zipped.read(name)):
                found.blocked.append(Blocked("embedded"))
        elif not name.endswith(_XML):
            found.blocked.append(Blocked("embedded"))
        elif name in sheets:
            hidden = found.hidden[sheets[name]] = Hidden()
            SheetParts(sheets[name], found, hidden).read(zipped.read(name))
        else:
            _read(name, zipped.read(name), owners.get(name), found)
    return found


def _sheet_names(zipped: Zipped) -> dict[str, str]:
    """The part of each sheet → its name."""
    targets = _targets(zipped, "xl/workbook.xml")
    names: dict[str, str] = {}

    def start(name: str, about: Attributes) -> None:
        if name == "sheet" and about.get("id") in targets:
            names[targets[about["id"]]] = about.get("name", "")

    Walker(start, lambda *_: None).walk(zipped.read("xl/workbook.xml"))
    return names


def _owners(zipped: Zipped, sheets: dict[str, str]) -> dict[str, str]:
    """The parts that belong to a sheet, its comments for one → the sheet's name."""
    return {
        target: sheet for part, sheet in sheets.items()
        for target in _targets(zipped, part).values()
    }


def _targets(zipped: Zipped, part: str) -> dict[str, str]:
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    found: dict[str, str] = {}

    def start(name: str, about: Attributes) -> None:
        if name == "Relationship" and about.get("TargetMode") != "External":
            target = about.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            found[about.get("Id", "")] = posixpath.normpath(path)

    if rels in zipped.names:
        Walker(start, lambda *_: None).walk(zipped.read(rels))
    return found


def _read(name: str, data: bytes, sheet: str | None, found: Parts) -> None:
    if name == "xl/sharedStrings.xml":
        _strings(data, found)
    elif name.startswith("docProps/"):
        _properties(data, found)
    elif name.endswith(".rels"):
        _links(data, found)
    elif name == "[Content_Types].xml" or name == "xl/calcChain.xml":
        _walk(lambda *_: None, data, found)
    elif re.match(r"xl/(?:comments|threadedComments/)", name):
        _comments(data, sheet, found)
    elif name == "xl/workbook.xml":
        _generic(data, "name", None, found)
    elif name == "xl/styles.xml":
        _styles(data, found)
    elif name.endswith(".vml"):
        _drawn(data, sheet, found)
    else:
        where = "drawing" if re.match(r"xl/(?:drawings|charts|diagrams)/", name) else "other"
        _generic(data, where, sheet, found)


def _strings(data: bytes, found: Parts) -> None:
    simple = is_simple(data)
    boring = _BORING_STRING.findall(data) if simple else []
    found.strings += [html.unescape(text.decode("utf-8", "replace")) for text in boring]
    rich: list[str] = []

    def end(name: str, text: str) -> None:
        if name == "t":
            rich.append(text)
            # Also each run by itself: the reading of characters (rPh) is one that nobody sees.
            found.strings.append(text)
        elif name == ASIDE:
            found.strings.append(text)
        elif name == "si":
            found.strings.append("".join(rich))
            rich.clear()

    Walker(lambda *_: None, end).walk(_BORING_STRING.sub(b"", data) if simple else data)


def _properties(data: bytes, found: Parts) -> None:
    def start(name: str, about: Attributes) -> None:
        if name == "property":
            found.texts.append(Text("property", about.get("name", "")))

    def end(_name: str, text: str) -> None:
        if text.strip() and not _OWN_PROPERTIES.fullmatch(text.strip()):
            found.texts.append(Text("property", text))

    Walker(start, end).walk(data)


def _links(data: bytes, found: Parts) -> None:
    def start(name: str, about: Attributes) -> None:
        if name == "Relationship" and about.get("TargetMode") == "External":
            if about.get("Type", "").endswith("/hyperlink"):
                found.texts.append(Text("link", about.get("Target", "")))
            else:
                found.blocked.append(Blocked("external_link"))

    _walk(start, data, found)


def _comments(data: bytes, sheet: str | None, found: Parts) -> None:
    place: list[tuple[int | None, int | None]] = [(None, None)]
    said: list[str] = []

    def start(name: str, about: Attributes) -> None:
        if name in ("comment", "threadedComment"):
            place[0] = reference(about.get("ref", ""))
            said.clear()

    def end(name: str, text: str) -> None:
        if name in ("t", "text"):
            said.append(text)
        elif name in ("comment", "threadedComment"):
            found.texts.append(Text("comment", "".join(said), sheet, *place[0]))
        elif text.strip():
            found.texts.append(Text("comment", text, sheet))

    Walker(start, end).walk(data)


def _styles(data: bytes, found: Parts) -> None:
    def start(_name: str, about: Attributes) -> None:
        quoted = re.findall(r'"([^"]*)"|\\(.)', about.get("formatCode", ""))
        said = "".join(a or b for a, b in quoted)
        found.texts += [Text("other", text) for text in (said, about.get("name", "")) if text]

    _walk(start, data, found)


def _walk(start: Callable[[str, Attributes], None], data: bytes, found: Parts) -> None:
    """Walk a part whose elements hold no text: all text in it is left over."""

    def end(_name: str, text: str) -> None:
        if text.strip():
            found.texts.append(Text("leftover", text))

    Walker(start, end).walk(data)


def _drawn(data: bytes, sheet: str | None, found: Parts) -> None:
    """Shapes in the old markup, which Excel does not always write well-formed."""
    try:
        _generic(data, "drawing", sheet, found)
    except Unreadable:
        said = re.sub(r"<[^>]*>", " ", data.decode("utf-8", "replace"))
        found.texts.append(Text("drawing", html.unescape(said), sheet))


def _generic(data: bytes, where: str, sheet: str | None, found: Parts) -> None:
    """Every text of a part, and every attribute that people write."""

    def start(name: str, about: Attributes) -> None:
        if name in ("externalReference", "oleObject", "control"):
            found.blocked.append(Blocked("external_link" if name[0] == "e" else "embedded"))
        for key, value in about.items():
            if key in _WRITTEN or _HAN.search(value):
                found.texts.append(Text(where, value, sheet))

    def end(name: str, text: str) -> None:
        if text.strip() and name not in _NUMBERS:
            code = "formula" if name == "definedName" else where
            found.texts.append(Text(code, text, sheet))

    Walker(start, end, INLINE).walk(data)
