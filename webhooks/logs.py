"""Logs: one JSON line an event on stderr, never with personal data."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up(level: str) -> None:
    """Write structlog's events at `level` and above to stderr."""
    logging.basicConfig(level=level.upper(), stream=sys.stderr, format="%(message)s", force=True)
    # These repeat addresses that carry tokens, or say what nobody asks.
    for name in ("alembic", "apscheduler", "urllib3", "waitress", "wechatpy"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
