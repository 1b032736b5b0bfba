"""Photos on their way from a phone: announced with a report, sent in pieces that resume.

An assistant in the field has a patchy network. What a photo is known by is the SHA-256 of the
bytes that the phone holds, so that a piece or a whole photo sent twice is there once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import Session as Db

from models.base import Base, Key
from models.pictures import BROKEN, MAX_BYTES, TOO_LARGE
from models.rows import changed
from models.sealed import SealedBytes
from models.settings import mark
from models.upsert import insert_or_skip

MOST_PHOTOS = 30
TOO_MANY = mark("一户最多交 30 张照片，这张没有收。要紧的，请发“补材料”再交。")
# A phone that has not come back by then has been lost, or its photos have.
KEEP_PIECES = timedelta(days=30)


class PhotoState(StrEnum):
    """Where a photo stands."""

    COMING = "coming"
    ARRIVED = "arrived"
    REFUSED = "refused"


class SentPhoto(Base):
    """A photo of a report as the phone has it: `size` bytes, of which `have` are here.

    `why` is the marked sentence for one that was refused.
    """

    __tablename__ = "sent_photos"
    __table_args__ = (UniqueConstraint("bundle", "sha256"), Index(None, "state", "created_at"))

    id: Mapped[Key]
    bundle: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    have: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(200), default="")
    proof: Mapped[str] = mapped_column(String(10), default="")
    created_at: Mapped[datetime]


class PhotoPiece(Base):
    """Some bytes of a photo, from `start` on; gone when the photo is whole."""

    __tablename__ = "photo_pieces"
    __table_args__ = (UniqueConstraint("photo_id", "start"),)

    id: Mapped[Key]
    photo_id: Mapped[int] = mapped_column(ForeignKey("sent_photos.id"))
    start: Mapped[int]
    data: Mapped[bytes] = mapped_column(SealedBytes("photo_pieces.data"))


class Misplaced(ValueError):
    """A piece that does not follow on what is here; `have` bytes are."""

    def __init__(self, have: int) -> None:
        super().__init__(have)
        self.have = have


def announce(
    db: Db, bundle: str, photos: Iterable[tuple[str, int]], now: datetime,
    proofs: Mapping[str, str] | None = None,
) -> None:
    """A report says which photos will come, as (SHA-256, bytes), and what each proves where it
    does (`Attachment.proof`); said again it changes nothing."""
    there = {photo.sha256 for photo in announced(db, bundle)}
    for sha256, size in dict(photos).items():
        if sha256 in there:
            continue
        why = TOO_MANY if len(there) >= MOST_PHOTOS else TOO_LARGE if size > MAX_BYTES else ""
        insert_or_skip(
            db, SentPhoto,
            {"bundle": bundle, "sha256": sha256, "size": size, "have": 0, "why": why,
             "proof": (proofs or {}).get(sha256, ""),
             "state": PhotoState.REFUSED if why else PhotoState.COMING, "created_at": now},
            ("bundle", "sha256"),
        )
        there |= set() if why else {sha256}


def announced(db: Db, bundle: str) -> Sequence[SentPhoto]:
    """The photos of a report, in the order in which they were announced."""
    return db.scalars(
        select(SentPhoto).where(SentPhoto.bundle == bundle).order_by(SentPhoto.id)
    ).all()


def locked_photo(db: Db, bundle: str, sha256: str) -> SentPhoto | None:
    """One photo, held until the transaction ends."""
    query = select(SentPhoto).where(SentPhoto.bundle == bundle, SentPhoto.sha256 == sha256)
    return db.scalars(query.with_for_update()).one_or_none()


def append(db: Db, photo: SentPhoto, start: int, data: bytes) -> None:
    """Add a piece to a locked photo. Raises Misplaced where it does not follow on."""
    if photo.state != PhotoState.COMING:
        return
    if start != photo.have:
        raise Misplaced(photo.have)
    if start + len(data) > photo.size:
        refuse(db, photo, BROKEN)
    elif data:
        db.add(PhotoPiece(photo_id=photo.id, start=start, data=data))
        photo.have = start + len(data)


def whole(db: Db, photo: SentPhoto) -> bytes | None:
    """All bytes, where they are those that were announced."""
    pieces = db.scalars(
        select(PhotoPiece.data).where(PhotoPiece.photo_id == photo.id).order_by(PhotoPiece.start)
    )
    data = b"".join(pieces)
    return data if hashlib.sha256(data).hexdigest() == photo.sha256 else None


def settle(db: Db, photo: SentPhoto) -> None:
    """It is kept elsewhere now."""
    photo.state = PhotoState.ARRIVED
    _forget_pieces(db, photo.id)


def refuse(db: Db, photo: SentPhoto, why: str) -> None:
    """It cannot be kept; `why` is a marked sentence."""
    photo.state, photo.why = PhotoState.REFUSED, why
    _forget_pieces(db, photo.id)


def restart(db: Db, photo: SentPhoto) -> None:
    """What came is not what was announced: from the first byte, please."""
    photo.have = 0
    _forget_pieces(db, photo.id)


def _forget_pieces(db: Db, photo_id: int) -> None:
    db.flush()
    db.execute(delete(PhotoPiece).where(PhotoPiece.photo_id == photo_id))


def purge(db: Db, now: datetime, most: int) -> int:
    """Forget the pieces of photos that never became whole; how many photos (at most `most`)."""
    old = select(SentPhoto.id).where(
        SentPhoto.state == PhotoState.COMING, SentPhoto.have > 0,
        SentPhoto.created_at < now - KEEP_PIECES,
    ).limit(most)
    numbers = list(db.scalars(old))
    db.execute(delete(PhotoPiece).where(PhotoPiece.photo_id.in_(numbers)))
    return changed(db, update(SentPhoto).where(SentPhoto.id.in_(numbers)).values(have=0))
