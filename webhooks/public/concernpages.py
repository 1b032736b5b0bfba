"""What the pages of objections and complaints share."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from models import raising


def page(template: str, **more: Any) -> str:
    """A page that knows nothing of whoever looks."""
    return render_template(f"concerns/{template}.html", visitor=None, **more)


def once() -> str:
    """The token of this form: the one that came, so that it is one concern however often sent."""
    sent = request.form.get("once", "")
    whole = raising.SHORTEST_ONCE <= len(sent) <= 64
    return sent if whole else raising.new_once()
