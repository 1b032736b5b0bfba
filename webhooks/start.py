"""Where `yimen` begins."""

from __future__ import annotations

import ctypes
import gc
import sys

# Starting makes some hundred thousand objects that stay. Looking through all of them every 700
# took a quarter of its time.
EACH = 20_000
# glibc gives each thread a block of its own to take memory from, up to eight for a core. One
# thread at a time runs Python: two blocks do, and a web process stays some megabytes smaller.
M_ARENA_MAX, BLOCKS = -8, 2


def main() -> None:
    """Run the command line of this process."""
    gc.set_threshold(EACH)
    if sys.platform == "linux":
        # Other libraries of C (musl) have no such call, and no such blocks.
        getattr(ctypes.CDLL(None), "mallopt", lambda *_: 0)(M_ARENA_MAX, BLOCKS)
    from webhooks.cli import main as run

    run()
