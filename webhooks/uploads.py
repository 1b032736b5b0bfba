"""Photos from a page: cleaned, sealed and stored in the request itself.

They are stored before anything is locked, since that may take seconds; only then does a
transaction say what they belong to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, request
from sqlalchemy import select
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
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Photo:
    """A photo in the storage that belongs to nothing yet."""

    path: str
    content_type: str
    size: int
    sha256: str


def up_to(most: int) -> Callable[[View], View]:
    """Let a request to this view carry so many bytes, more or fewer than others may."""

    def limited(view: View) -> View:
        # On the function itself: whatever wraps it carries it along.
        view.most_bytes = most  # type: ignore[attr-defined]  # functions have any attributes
        return view

    return limited


def with_photos(view: View) -> View:
    """Let this view's form carry several photos."""
    return up_to(MAX_UPLOAD_BYTES)(view)


def init_app(app: Flask) -> None:
    """Runs before a form is read for its token: only then can the limit still be moved."""

    @app.url_value_preprocessor
    def before_the_form(endpoint: str | None, _values: dict[str, object] | None) -> None:
        most = getattr(app.view_functions.get(endpoint or ""), "most_bytes", None)
        if most is not None:
            request.max_content_length = most


def chosen_files() -> list[FileStorage]:
    """The files that were chosen; a field left empty comes as a file without a name."""
    return [file for file in request.files.getlist("photos") if file.filename]


def store_all(
    ctx: Context, files: list[FileStorage], t: Translate
) -> tuple[list[Photo], list[str]]:
    """Store every photo that is one, with no transaction open; a sentence for each that is not."""
    stored, problems = [], []
    for number, file in enumerate(files, start=1):
        try:
            # One byte more than is allowed tells that it is too large, without reading all of it.
            stored.append(store(ctx, file.read(MAX_BYTES + 1)))
        except NotAPicture as error:
            why = t(error.reason)
            several = len(files) > 1
            problems.append(t(ONE_OF_SEVERAL, number=number, why=why) if several else why)
    return stored, problems


def store(ctx: Context, data: bytes) -> Photo:
    """Clean, seal and store a photo, with no transaction open. Raises NotAPicture."""
    picture = clean_picture(data)
    return Photo(
        Storage(ctx.settings.storage_url, ctx.keys).put(picture.data), picture.content_type,
        len(picture.data), hashlib.sha256(picture.data).hexdigest(),
    )


def attach(
    ctx: Context, session: Session, photos: Iterable[Photo], *, bundle: str,
    person_id: int | None, account: str, item_id: int | None = None, proof: str = "",
) -> None:
    """Say what stored photos belong to.

    `person_id` is whose they are, None where staff took them; `item_id` what they are for, `proof`
    what they prove.
    """
    session.add_all(
        Attachment(
            bundle=bundle, person_id=person_id, account=account, item_id=item_id,
            kind="image", proof=proof, state="stored", content_type=photo.content_type,
            size=photo.size, sha256=photo.sha256, path=photo.path, created_at=ctx.now(),
        )
        for photo in photos
    )


def attach_once(
    ctx: Context, session: Session, photos: Iterable[Photo], *, bundle: str, account: str,
    item_id: int | None = None,
) -> None:
    """The same for photos that staff took: what a second click sends again is there already."""
    query = select(Attachment.sha256).where(
        Attachment.bundle == bundle, Attachment.item_id == item_id
    )
    there = set(session.scalars(query))
    new = [photo for photo in photos if photo.sha256 not in there]
    forget(ctx, [photo for photo in photos if photo.sha256 in there])
    attach(
        ctx, session, new, bundle=bundle, person_id=None, account=account, item_id=item_id
    )


@contextmanager
def or_forgotten(ctx: Context, photos: Iterable[Photo]) -> Iterator[None]:
    """Delete stored photos where what they were for turns out not to be."""
    try:
        yield
    except Exception:
        forget(ctx, photos)
        raise


def forget(ctx: Context, photos: Iterable[Photo]) -> None:
    """Delete photos that belong to nothing."""
    storage = Storage(ctx.settings.storage_url, ctx.keys)
    for photo in photos:
        storage.delete(photo.path)
