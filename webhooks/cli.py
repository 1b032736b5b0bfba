"""`yimen`: every verb of contract.md that has work behind it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from webhooks import config, logs
from webhooks.commands import Trouble, Verbs, close_contexts

WRONG_CALL = 2
FAILED = 1
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> None:
    """Parse the call and run its verb; exits 2 for a wrong call or configuration, 1 for failure."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = _parser(next((word for word in words if word in GROUPS), ""))
    args = parser.parse_args(words)
    logs.set_up("warning")
    try:
        code = args.run(args)
    except config.ConfigFault as fault:
        for line in fault.lines:
            print(line, file=sys.stderr)
        sys.exit(WRONG_CALL)
    except Trouble as trouble:
        print(f"yimen: {trouble}", file=sys.stderr)
        sys.exit(trouble.code)
    except SQLAlchemyError as error:
        # Its own words repeat statements and values.
        print(f"yimen: the database failed ({type(error).__name__})", file=sys.stderr)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    finally:
        close_contexts(args)
    sys.exit(code or 0)


def _demonstrating(verbs: Verbs) -> None:
    from webhooks.commands import demonstrating

    demonstrating.add(verbs)


def _working(verbs: Verbs) -> None:
    from webhooks.commands import working

    working.add(verbs)


def _serving(verbs: Verbs) -> None:
    from webhooks.commands import serving

    serving.add(verbs)


def _database(verbs: Verbs) -> None:
    from webhooks.commands import database

    database.add(verbs)


def _areas(verbs: Verbs) -> None:
    from webhooks.commands import areas

    areas.add(verbs)


def _notices(verbs: Verbs) -> None:
    from webhooks.commands import notices

    notices.add(verbs)


def _staff(verbs: Verbs) -> None:
    from webhooks.commands import staff

    staff.add(verbs)


def _keys(verbs: Verbs) -> None:
    from webhooks.commands import keys

    keys.add(verbs)


def _understanding(verbs: Verbs) -> None:
    from webhooks.commands import understanding

    understanding.add(verbs)


# Where each verb lives; loaded when it is wanted, so that `yimen web` answers a second sooner.
GROUPS: dict[str, Callable[[Verbs], None]] = {
    "demo": _demonstrating,
    "serve": _working,
    "web": _serving,
    "worker": _working,
    "routes": _serving,
    "migrate": _database,
    "check": _database,
    "menu": _database,
    "outbox": _database,
    "audit": _database,
    "areas": _areas,
    "staff": _staff,
    "notices": _notices,
    "keys": _keys,
    "understand": _understanding,
}


def _parser(wanted: str) -> argparse.ArgumentParser:
    """The parser with the wanted verb, or with every one where it is not known."""
    parser = argparse.ArgumentParser(
        prog="yimen", description="One door for people in hardship (一门)."
    )
    parser.add_argument(
        "--config", type=Path, metavar="PATH",
        default=Path(os.environ.get("YIMEN_CONFIG", "config.toml")),
        help="configuration file (else YIMEN_CONFIG, else ./config.toml)",
    )
    parser.set_defaults(opened=[])
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    for group in [GROUPS[wanted]] if wanted in GROUPS else list(dict.fromkeys(GROUPS.values())):
        group(verbs)
    return parser
