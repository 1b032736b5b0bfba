"""Photos from a page: cleaned, sealed and stored in the request itself."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from models.cases import Attachment
from models.context import Context
from models.pictures import clean_picture
from models.storage import Storage


def keep_photo(
    ctx: Context, session: Session, file: FileStorage, *, bundle: str, person_id: int, account: str
) -> None:
    """Store one photo with its bundle; raises NotAPicture with a sentence for the person."""
    picture = clean_picture(file.read())
    path = Storage(ctx.settings.storage_url, ctx.keys).put(picture.data)
    session.add(
        Attachment(
            bundle=bundle, person_id=person_id, account=account, kind="image", state="stored",
            content_type=picture.content_type, size=len(picture.data),
            sha256=hashlib.sha256(picture.data).hexdigest(), path=path, created_at=ctx.now(),
        )
    )
