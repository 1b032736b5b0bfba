"""Photos and recordings that come with an objection or a complaint: stored, then tied to it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask import request
from sqlalchemy.orm import Session

from models import recordings
from models.cases import Attachment
from models.concerns import Concern
from models.context import Context
from models.raising import MOST_PAPERS, TOO_MANY
from models.settings import Translate, mark
from models.steps import MoveRefused
from models.storage import Storage
from webhooks import uploads
from webhooks.uploads import Photo

NOT_A_RECORDING = mark("这个录音打不开，请用手机自带的录音机录一段，10兆以内，再选一次。")


def stored(ctx: Context, t: Translate) -> list[Photo]:
    """What came with the form, with no transaction open. Raises MoveRefused, keeping nothing."""
    photos = uploads.chosen_files()
    voices = [file for file in request.files.getlist("voices") if file.filename]
    if len(photos) + len(voices) > MOST_PAPERS:
        raise MoveRefused(TOO_MANY, "photos")
    found, problems = uploads.store_all(ctx, photos, t)
    with uploads.or_forgotten(ctx, found):
        if problems:
            raise MoveRefused(problems[0], "photos")
        heard = [file.read(recordings.MAX_BYTES + 1) for file in voices]
        if not all(recordings.sniff(data) and len(data) <= recordings.MAX_BYTES for data in heard):
            raise MoveRefused(NOT_A_RECORDING, "voices")
        storage = Storage(ctx.settings.storage_url, ctx.keys)
        for data in heard:
            digest = hashlib.sha256(data).hexdigest()
            found.append(Photo(storage.put(data), recordings.sniff(data), len(data), digest))
    return found


def attach(ctx: Context, session: Session, concern: Concern, papers: Sequence[Photo]) -> None:
    """Say that they belong to this concern; of whoever sent them nothing is kept."""
    session.add_all(
        Attachment(
            bundle=concern.bundle, person_id=None, account="", state="stored",
            kind="voice" if paper.content_type.startswith("audio/") else "image",
            content_type=paper.content_type, size=paper.size, sha256=paper.sha256,
            path=paper.path, created_at=ctx.now(),
        )
        for paper in papers
    )
