"""Fetches what people have sent: photos and recordings, judged, cleaned and kept.

The platform keeps a file for three days. What cannot be had or is no picture is said to the
person, so that nobody waits for a paper that never came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import supplementing
from models.cases import Attachment, Case
from models.context import Context
from models.outgoing import Occasion, enqueue
from models.pictures import TOO_LARGE, NotAPicture, clean_picture, sniff_audio
from models.recordings import seconds
from models.settings import mark
from notices import metrics
from notices.channel import Outcome, PlatformTrouble
from notices.wechat_channel import platform_of
from notices.wire import TooLarge

BATCH = 4
# A claim ends by itself when its worker dies.
CLAIM_SECONDS = 300.0
RETRY_SECONDS, RETRY_FACTOR = 15.0, 4
# While the account or our own store is out of order nothing is the paper's fault.
PAUSE_SECONDS = 300.0
KEPT = timedelta(days=3)

NOT_A_RECORDING = mark("这段语音打不开。")
PAUSES = frozenset({Outcome.STOP_ACCOUNT, Outcome.DAY_OVER, Outcome.TOO_FAST})

log = structlog.get_logger(__name__)


class Store(Protocol):
    """Where bytes are kept (models/storage.py)."""

    def put(self, data: bytes) -> str: ...

    def delete(self, path: str) -> None: ...


@dataclass(frozen=True)
class Kept:
    """A file as it is to be kept."""

    data: bytes
    content_type: str


Clean = Callable[[str, bytes], Kept]


@dataclass(frozen=True)
class _Waiting:
    id: int
    account: str
    kind: str
    media_id: str
    tries: int
    created_at: datetime


@dataclass(frozen=True)
class _Result:
    """What became of one: `stored` with its file, `waiting` again, `lost`, or `refused`."""

    state: str
    reason: str = ""
    kept: Kept | None = None
    path: str = ""
    free: bool = False


def judge(kind: str, data: bytes) -> Kept:
    """A photo without its metadata, or a recording by its first bytes. Raises NotAPicture."""
    if kind == "voice":
        content_type = sniff_audio(data)
        if content_type is None:
            raise NotAPicture(NOT_A_RECORDING)
        return Kept(data, content_type)
    picture = clean_picture(data)
    return Kept(picture.data, picture.content_type)


def fetch_waiting(ctx: Context, storage: Store, clean: Clean = judge) -> int:
    """Fetch the attachments that are due; how many were looked at."""
    batch = _claim(ctx)
    for waiting in batch:
        result = _fetch(ctx, waiting, storage, clean)
        with ctx.db.begin() as session:
            _record(ctx, session, waiting, result)
        log.info("media_fetched", attachment=waiting.id, state=result.state)
        metrics.MEDIA.labels(result.state).inc()
    return len(batch)


def _claim(ctx: Context) -> list[_Waiting]:
    now = ctx.now()
    due = (Attachment.state == "waiting", Attachment.next_try_at <= now)
    with ctx.db.read() as session:
        if session.scalar(select(Attachment.id).where(*due).limit(1)) is None:
            return []
    with ctx.db.begin() as session:
        rows = session.scalars(
            select(Attachment).where(*due)
            .order_by(Attachment.next_try_at).limit(BATCH).with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.next_try_at = now + timedelta(seconds=CLAIM_SECONDS)
            row.tries += 1
        return [
            _Waiting(row.id, row.account, row.kind, row.media_id or "", row.tries, row.created_at)
            for row in rows
        ]


def _fetch(ctx: Context, waiting: _Waiting, storage: Store, clean: Clean) -> _Result:
    try:
        data = platform_of(ctx, waiting.account).fetch_media(waiting.media_id)
        kept = clean(waiting.kind, data)
        return _Result("stored", kept=kept, path=storage.put(kept.data))
    except TooLarge:
        return _Result("refused", TOO_LARGE)
    except NotAPicture as error:
        return _Result("refused", error.reason)
    except PlatformTrouble as trouble:
        account = ctx.settings.account(waiting.account)
        never = account is None or not account.verified
        if trouble.kind is Outcome.DROP or (never and trouble.kind is Outcome.STOP_ACCOUNT):
            # Gone, or of an account that may fetch nothing, today or ever.
            return _Result("lost")
        return _later(ctx, waiting, free=trouble.kind in PAUSES)
    except Exception as error:
        # Our own store is full or away, or a decoder fell over something new.
        log.error("media_failed", attachment=waiting.id, error=type(error).__name__)
        return _later(ctx, waiting, free=isinstance(error, OSError))


def _later(ctx: Context, waiting: _Waiting, *, free: bool) -> _Result:
    over = ctx.now() - waiting.created_at >= KEPT
    if over or (not free and waiting.tries >= ctx.settings.pushes.tries):
        return _Result("lost")
    return _Result("waiting", free=free)


def _record(ctx: Context, session: Session, waiting: _Waiting, result: _Result) -> None:
    row = session.get(Attachment, waiting.id, with_for_update=True)
    # Somebody else, whose claim began when this one had ended, was quicker; or it was withdrawn.
    if row is None or row.state != "waiting":
        return
    row.state = result.state
    if result.state == "waiting":
        pause = RETRY_SECONDS * RETRY_FACTOR ** (waiting.tries - 1)
        if result.free:
            row.tries, pause = max(0, row.tries - 1), PAUSE_SECONDS
        row.next_try_at = ctx.now() + timedelta(seconds=pause)
        return
    row.next_try_at = None
    if result.kept is not None:
        row.path, row.content_type = result.path, result.kept.content_type
        row.size, row.sha256 = len(result.kept.data), sha256(result.kept.data).hexdigest()
        row.seconds = seconds(result.kept.data)
        session.flush()
        supplementing.arrived(ctx, session, row)
        return
    session.flush()
    supplementing.lost(ctx, session, row)
    _tell(ctx, session, row, result.reason)


def _tell(ctx: Context, session: Session, row: Attachment, reason: str) -> None:
    """Say kindly which one did not arrive, and ask for it again. What came with a complaint is
    nobody's, and nobody is told."""
    if row.person_id is None:
        return
    case = session.execute(
        select(Case.id, Case.receipt, Case.township).where(Case.bundle == row.bundle)
    ).first()
    account = ctx.settings.account(row.account)
    enqueue(
        session, ctx.now(), ctx.settings.pushes.expire_days, Occasion.PAPER_LOST,
        f"paper_lost:{row.id}", person_id=row.person_id, account=row.account,
        case_id=case.id if case else None,
        details={
            "kind": row.kind, "at": row.created_at.isoformat(), "reason": reason,
            "receipt": case.receipt if case else "",
            "township": case.township if case else (account.area if account else ""),
        },
    )
