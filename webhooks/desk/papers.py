"""Photos and recordings: their bytes, and the mark whether they can be read."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from models import audit
from models import deskqueries as queries
from models.cases import Attachment
from models.context import Context
from models.paperwork import mark_letter, mark_paper, write_heard
from models.pictures import thumbnail
from models.recordings import PLAYABLE
from models.sealed import KeyProblem
from models.settings import mark
from models.statuses import Role
from models.storage import Lost, Storage
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides

log = structlog.get_logger()

MARKED_CLEAR = mark("记下了：这张清晰。")
MARKED_LETTER = mark("记下了。")
MARKED_HEARD = mark("记下了，同事打开就能看到。")
MARKED_UNCLEAR = mark("已经请本人重拍这一张。")
KINDS = frozenset({"image/jpeg", "audio/amr", "audio/mpeg", "audio/silk"})


def add_routes(desk: Blueprint) -> None:
    desk.context_processor(lambda: {"playable": PLAYABLE})
    desk.add_url_rule("/papers/<int:attachment_id>", "paper", paper)
    desk.add_url_rule(
        "/cases/<receipt>/papers/<int:attachment_id>", "mark", mark_quality, methods=["POST"]
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def paper(attachment_id: int) -> ResponseReturnValue:
    """The bytes of one paper in the staff's area, or with `?small=1` a small picture of it."""
    ctx, staff = access.context(), access.staff()
    small = request.args.get("small") == "1"
    with ctx.db.begin() as db:
        found = queries.paper(db, staff, attachment_id)
        if found is None or found.state != "stored" or found.content_type not in KINDS:
            abort(404)
        audit.record(
            db, ctx.now(), "paper.read", "attachment", found.id, staff_id=staff.id, small=small
        )
    return bytes_of(ctx, found, small=small)


def bytes_of(ctx: Context, found: Attachment, *, small: bool) -> Response:
    """The paper itself, or a small picture of it; of a recording the part that is asked for.

    404 where the storage has lost it.
    """
    try:
        data = Storage(ctx.settings.storage_url, ctx.keys).get(found.path)
    except (Lost, KeyProblem) as error:
        log.error("paper_unreadable", attachment=found.id, kind=type(error).__name__)
        abort(404)
    if small and found.content_type == "image/jpeg":
        data = thumbnail(data)
    # nosniff and no-store are on every answer (webhooks/app.py).
    answer = Response(
        data, content_type=found.content_type, headers={"Content-Disposition": "inline"}
    )
    if found.content_type.startswith("audio/"):
        # Safari plays nothing that it cannot ask for in parts.
        answer.make_conditional(request.environ, accept_ranges=True, complete_length=len(data))
    return answer


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def mark_quality(receipt: str, attachment_id: int) -> ResponseReturnValue:
    """清晰, or 不清晰需重拍 with a reason: the resident is told; or that it is the 委托书, or what
    was heard in a recording."""
    ctx, staff = access.context(), access.staff()
    if request.form.get("quality") == "letter":
        return asides.at_once(
            receipt, lambda db: mark_letter(ctx, db, staff, receipt, attachment_id),
            MARKED_LETTER, f"paper-{attachment_id}",
        )
    if request.form.get("quality") == "heard":
        heard = request.form.get("words", "")
        return asides.at_once(
            receipt, lambda db: write_heard(ctx, db, staff, receipt, attachment_id, heard),
            MARKED_HEARD, f"paper-{attachment_id}",
        )
    clear = request.form.get("quality") == "clear"
    words = "".join([request.form.get("fault", ""), request.form.get("words", "").strip()])
    return asides.at_once(
        receipt,
        lambda db: mark_paper(
            ctx, db, staff, receipt, attachment_id, clear=clear, words="" if clear else words
        ),
        MARKED_CLEAR if clear else MARKED_UNCLEAR, f"paper-{attachment_id}",
    )
