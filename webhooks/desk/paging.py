"""Lists in pages that the address counts from 1."""

from __future__ import annotations

from flask import abort, request

from models.numbers import read_number

LAST_PAGE = 10_000


def page_asked() -> int:
    """Which page the address asks for; 404 beyond every list."""
    page = request.args.get("page", 1, type=read_number)
    if not 1 <= page <= LAST_PAGE:
        abort(404)
    return page
