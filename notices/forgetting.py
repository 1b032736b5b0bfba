"""Forgetting what has served its turn; in batches, so that no other writer waits long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from models import arriving, halfwritten, jobruns, unheard
from models.context import Context
from models.halfwritten import HalfWritten
from models.inquiring import Inquiry
from models.leases import Lease
from models.masses import MassPart, MassPerson
from models.people import Code, SignIn, UsedLink, WebSession
from models.rows import changed
from models.talks import Message
from models.unheard import Unheard
from notices.outbox import EARLY

# A repeated callback comes within minutes; a month is for finding out what somebody was told.
KEEP_MESSAGES = timedelta(days=30)
# Who was in a sending is asked for while its month lasts; how many stays.
KEEP_SENT_TO = timedelta(days=70)
KEEP_USED = timedelta(days=1)
BATCH = 1000


def purge(ctx: Context) -> int:
    """One round; how many rows went."""
    now = ctx.now()
    used, old = now - KEEP_USED, now - KEEP_MESSAGES
    stale: tuple[tuple[type[Any], Any], ...] = (
        (UsedLink, UsedLink.expires_at < used),
        (Code, Code.expires_at < used),
        (SignIn, SignIn.expires_at < used),
        (WebSession, WebSession.expires_at < used),
        (Lease, (Lease.until < used) & Lease.name.startswith(EARLY, autoescape=True)),
        (Message, Message.received_at < old),
        (HalfWritten, HalfWritten.updated_at < halfwritten.oldest(ctx)),
        (Unheard, Unheard.last_at < now - unheard.KEPT),
        (MassPerson, MassPerson.part_id.in_(
            select(MassPart.id).where(MassPart.sent_at < now - KEEP_SENT_TO)
        )),
        (Inquiry, Inquiry.day < used.date()),
    )
    gone = sum(_forget(ctx, table, which) for table, which in stale)
    with ctx.db.begin() as session:
        return gone + arriving.purge(session, now, BATCH) + jobruns.purge(session)


def _forget(ctx: Context, table: type[Any], which: Any) -> int:
    key = table.__mapper__.primary_key[0]
    done = 0
    while True:
        with ctx.db.begin() as session:
            batch = select(key).where(which).limit(BATCH)
            gone = delete(table).where(key.in_(batch))
            count = changed(session, gone.execution_options(synchronize_session=False))
        done += count
        if count < BATCH:
            return done
