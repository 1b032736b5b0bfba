"""understand: what the bot makes of a message. It needs no configuration and no database."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterator

from bot.understand import understand
from webhooks.commands import Verbs

# What is no text in UTF-8 is read all the same, and one bad byte spoils one character.
BAD_BYTES = "replace"
# What some readers take for the end of a line, and JSON lets stand.
ENDS = {ord(end): json.dumps(end)[1:-1] for end in "\x85\u2028\u2029"}


def add(verbs: Verbs) -> None:
    """Put the verb on the parser."""
    verb = verbs.add_parser("understand", help="what the bot makes of a message")
    verb.add_argument("text", nargs="?", help="the message; else one a line on stdin")
    verb.add_argument("--json", action="store_true", help="one JSON object a message")
    verb.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One message, or every line of stdin as it comes: always one JSON object a line."""
    if args.text is not None:
        print(one_line(args.text) if args.json else said(args.text))
        return 0
    for line in _lines():
        print(one_line(line), flush=True)
    return 0


def _lines() -> Iterator[str]:
    """The lines of stdin in UTF-8, whatever the locale; only a line feed ends one."""
    raw = getattr(sys.stdin, "buffer", None)
    stream = io.TextIOWrapper(raw, "utf-8", BAD_BYTES, newline="\n") if raw else sys.stdin
    for line in stream:
        yield line.rstrip("\r\n")


def one_line(text: str) -> str:
    """What is made of a message as one JSON object on one line."""
    return json.dumps(made_of(text), ensure_ascii=False).translate(ENDS)


def made_of(text: str) -> dict[str, object]:
    """What contract.md promises of a message, then what else was taken from it."""
    text = text.encode("utf-8", BAD_BYTES).decode("utf-8")
    meant = understand(text)
    return {
        "text": text,
        "intent": str(meant.intent),
        "schemes": list(meant.schemes),
        "urgent": meant.urgent,
        "danger": meant.danger,
        "guesses": [str(intent) for intent in meant.guesses],
        "whom": meant.whom,
        "count": meant.count,
        "since": meant.since,
        "place": meant.place,
        "phone": meant.phone,
        "receipt": meant.receipt.canonical,
        "reasons": list(meant.reasons),
    }


def said(text: str) -> str:
    """The same for people: a line a thing, empty ones left out."""
    made = made_of(text)
    lines = [f"{key:8} {_plain(value)}" for key, value in made.items() if value or key == "urgent"]
    return "\n".join(lines)


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
