"""keys new."""

from __future__ import annotations

import argparse

from models.sealed import KeyRing
from webhooks.commands import Verbs


def add(verbs: Verbs) -> None:
    """Put the verbs on the parser."""
    keys = verbs.add_parser("keys", help="field-encryption keys")
    kinds = keys.add_subparsers(metavar="WHAT", required=True)
    new = kinds.add_parser("new", help="print a new key ring; keep it in a file of mode 600")
    new.set_defaults(run=run_new)


def run_new(_args: argparse.Namespace) -> int:
    """A new ring for `keys_file` or YIMEN_KEYS."""
    print(KeyRing.generate(), end="")
    return 0
