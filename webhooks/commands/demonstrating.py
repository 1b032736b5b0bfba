"""demo."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

from webhooks import logs
from webhooks.commands import Trouble, Verbs
from webhooks.commands.serving import PORT, on_stop, port
from webhooks.demo.running import Demo, port_is_free

# The first line of a configuration that `yimen demo` wrote itself.
DEMO_MARK = "# Written by `yimen demo`"


def add(verbs: Verbs) -> None:
    """Put the verb on the parser."""
    demo = verbs.add_parser("demo", help="the demo county with WeChat's own side beside it")
    demo.add_argument("--port", type=port, default=PORT)
    demo.add_argument("--data", type=Path, default=Path(".demo"), metavar="DIR")
    demo.add_argument("--fresh", action="store_true", help="begin anew")
    demo.set_defaults(run=run_demo)


def _is_demo(data: Path) -> bool:
    """Whether the folder is empty or a demo's own: nothing else is written into or deleted."""
    if not data.exists():
        return True
    if not data.is_dir():
        return False
    written = data / "config.toml"
    if written.is_file():
        return written.read_text(encoding="utf-8", errors="replace").startswith(DEMO_MARK)
    # A first start that was broken off leaves these.
    return {file.name for file in data.iterdir()} <= {"keys", "clock"}


def run_demo(args: argparse.Namespace) -> int:
    """The demo county, until Ctrl-C."""
    logs.set_up("warning")
    if not port_is_free(args.port):
        raise Trouble(f"port {args.port} is taken; choose another with --port", 2)
    if not _is_demo(args.data):
        raise Trouble(f"{args.data} holds something else; choose another folder with --data", 2)
    print(f"Preparing the demo county in {args.data} …", flush=True)
    demo = Demo(args.port, args.data, fresh=args.fresh)
    on_stop(threading.Event())
    # In a thread of its own, so that the worker can end what it is sending: the demo calls itself.
    serving = threading.Thread(
        target=demo.serve, daemon=True,
        args=(lambda address: print(f"Demo county ready: {address}", flush=True),),
    )
    try:
        serving.start()
        serving.join()
    except (SystemExit, KeyboardInterrupt):
        pass
    finally:
        demo.stop()
    print("Demo county stopped.", flush=True)
    return 0
