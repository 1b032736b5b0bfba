"""`yimen`: every verb of contract.md that has work behind it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from webhooks import config, logs
from webhooks.commands import Trouble, areas, close_contexts, database, keys, serving, staff

WRONG_CALL = 2
FAILED = 1
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> None:
    """Parse the call and run its verb; exits 2 for a wrong call or configuration, 1 for failure."""
    parser = _parser()
    args = parser.parse_args(argv)
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


def _parser() -> argparse.ArgumentParser:
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
    for group in (serving, database, areas, staff, keys):
        group.add(verbs)
    return parser
