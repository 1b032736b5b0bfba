"""What an assistant handed in for an errand, read; a posting by the QR of the paper, too.

The paper's QR says which list of which village it is (`noticequeries.board_key`). It says nothing
of the case: so that list is written down for the officer, in place of the number that was compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from models import errandasks, errands, noticequeries
from models.context import Context
from models.errands import Errand, ErrandKind
from models.numbers import read_number
from models.publishing import State, Version
from models.sealing import grouped


def read(
    ctx: Context, session: Session, errand: Errand, given: Mapping[str, str], photos: int
) -> dict[str, Any]:
    """What was filled in, by the fields' names; raises MoveRefused with the field to mend.

    `board` among them is what the QR carried: the list's number and key.
    """
    kind = ErrandKind(errand.kind)
    code = errands.posting_code(ctx, errand.task) if errand.task is not None else ""
    number, _, key = given.get("board", "").partition(":")
    listed = None
    if kind is ErrandKind.POSTING and number:
        listed = on_board(ctx, session, _number(number), errand.village, key)
    if listed is None:
        return errandasks.read(kind, given, ctx.today(), photos, code)
    found = errandasks.read(kind, {**given, "code": code}, ctx.today(), photos, code)
    if "code" in found:
        del found["code"]
        found["list"] = f"{listed.title} {grouped(listed.short or '')}".strip()
    return found


def _number(text: str) -> int:
    try:
        return read_number(text)
    except ValueError:
        return 0


def on_board(
    ctx: Context, session: Session, notice_id: int, village: str, key: str
) -> Version | None:
    """The list that hangs now, where this is the key of its paper in this village."""
    if not noticequeries.is_board_key(ctx, notice_id, village, key):
        return None
    head = noticequeries.head(session, notice_id)
    live = head is not None and head.state == State.LIVE
    return session.get_one(Version, head.id) if head is not None and live else None
