"""Which version of a thing the page showed that a form was sent from."""

from __future__ import annotations

from flask import request

from models.numbers import read_number


def page_version() -> int:
    """The version that stood on the page; 0, which nothing has, where none can be read."""
    return request.form.get("version", 0, type=read_number)
