"""The platform's XML: written by hand as it writes it, read strictly as it reads it."""

from typing import Any
from xml.parsers import expat

Field = tuple[str, str | int | float]


def cdata(text: str) -> str:
    """Text in CDATA. Control characters stay: the platform forwards them too."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def build(fields: list[Field], nested: str = "") -> str:
    """`<xml>` with numbers bare and strings in CDATA; `nested` is a part that is XML already."""
    lines = [
        f"<{name}>{cdata(value) if isinstance(value, str) else value}</{name}>"
        for name, value in fields
    ]
    return "<xml>" + "\n".join([*lines, nested] if nested else lines) + "</xml>"


class XmlError(ValueError):
    """What the platform could not read."""


class _Reader:
    """Turns elements into text, dicts, and lists where a tag repeats."""

    def __init__(self) -> None:
        self.stack: list[tuple[dict[str, Any], list[str]]] = [({}, [])]

    def start(self, _name: str, _attributes: dict[str, str]) -> None:
        if len(self.stack) > 12:
            raise XmlError("nested too deeply")
        self.stack.append(({}, []))

    def end(self, name: str) -> None:
        children, texts = self.stack.pop()
        value: Any = children or "".join(texts)
        parent = self.stack[-1][0]
        if name in parent:
            earlier = parent[name]
            parent[name] = [*earlier, value] if isinstance(earlier, list) else [earlier, value]
        else:
            parent[name] = value

    def text(self, data: str) -> None:
        self.stack[-1][1].append(data)


def _no_doctype(*_: object) -> None:
    raise XmlError("a DOCTYPE has no business here")


def parse(document: str) -> dict[str, Any]:
    """The fields under `<xml>`; XmlError for anything that is not such a document."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, UnicodeError) as error:
        raise XmlError(f"not XML: {error}") from error
    root = reader.stack[0][0].get("xml")
    if not isinstance(root, dict):
        raise XmlError("no <xml> element with fields in it")
    return root
