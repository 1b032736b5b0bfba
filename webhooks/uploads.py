"""Photos from a page: cleaned, sealed and stored in the request itself."""

from __future__ import annotations

import hashlib

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from models.cases import Attachment
from models.context import Context
from models.pictures import MAX_BYTES, NotAPicture, clean_picture
from models.settings import Translate, mark
from models.storage import Storage

# Several photos of ten megabytes in one form; one that is too large is then told by itself.
MAX_UPLOAD_BYTES = 80 * 1024 * 1024
ONE_OF_SEVERAL = mark("第 {number} 张：{why}")


def allow_photos() -> None:
    """Let this request carry several photos; called before the form is read."""
    request.max_content_length = MAX_UPLOAD_BYTES


def chosen_files() -> list[FileStorage]:
    """The files that were chosen; a field left empty comes as a file without a name."""
    return [file for file in request.files.getlist("photos") if file.filename]


def keep_all(
    ctx: Context, session: Session, files: list[FileStorage], *,
    bundle: str, person_id: int | None, account: str, t: Translate,
    item_id: int | None = None,
) -> tuple[int, list[str]]:
    """Keep every photo that is one: how many, and a sentence for each that is not.

    `person_id` is whose they are, None where staff took them; `item_id` what they are for.
    """
    problems = []
    for number, file in enumerate(files, start=1):
        try:
            keep_photo(
                ctx, session, file, bundle=bundle, person_id=person_id, account=account,
                item_id=item_id,
            )
        except NotAPicture as error:
            why = t(error.reason)
            several = len(files) > 1
            problems.append(t(ONE_OF_SEVERAL, number=number, why=why) if several else why)
    return len(files) - len(problems), problems


def keep_photo(
    ctx: Context, session: Session, file: FileStorage, *, bundle: str, person_id: int | None,
    account: str, item_id: int | None = None,
) -> None:
    """Store one photo with its bundle; raises NotAPicture with a sentence for the person."""
    # One byte more than is allowed tells that it is too large, without reading all of it.
    picture = clean_picture(file.read(MAX_BYTES + 1))
    path = Storage(ctx.settings.storage_url, ctx.keys).put(picture.data)
    session.add(
        Attachment(
            bundle=bundle, person_id=person_id, account=account, item_id=item_id,
            kind="image", state="stored",
            content_type=picture.content_type, size=len(picture.data),
            sha256=hashlib.sha256(picture.data).hexdigest(), path=path, created_at=ctx.now(),
        )
    )
