"""Where `yimen` begins."""

from __future__ import annotations

import gc

# Starting makes some hundred thousand objects that stay. Looking through all of them every 700
# took a quarter of its time.
EACH = 20_000


def main() -> None:
    """Run the command line of this process."""
    gc.set_threshold(EACH)
    from webhooks.cli import main as run

    run()
