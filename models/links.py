"""One-time links from chat: an account without web authorisation lets people in by these; and
from WeChat's web view into the phone's own browser.

The link's token is sealed (who, where to, until when), so that it can be neither read nor
made; its nonce is remembered when it is opened.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from models.context import Context
from models.people import UsedLink
from models.sealed import KeyProblem
from models.upsert import insert_or_skip

CONTEXT = "link"
HOURS = 24
CHAT, BROWSER = "link", "browser"


@dataclass(frozen=True)
class Link:
    """What an opened link says."""

    person_id: int
    account: str
    next: str
    way: str


def make_link(
    ctx: Context, person_id: int, account: str, path: str, way: str = CHAT,
    good_for: timedelta = timedelta(hours=HOURS),
) -> str:
    """An address that signs this person in once, within a day or `good_for`, and leads to `path`.

    `way` is how they came in: what comes from a web view opens no desk.
    """
    until = int((ctx.now() + good_for).timestamp())
    token = json.dumps([person_id, account, path, until, secrets.token_hex(8), way]).encode()
    sealed = base64.urlsafe_b64encode(ctx.keys.seal(token, CONTEXT)).decode().rstrip("=")
    return f"{ctx.settings.public_url.rstrip('/')}/m/link/{sealed}"


def open_link(ctx: Context, session: Session, token: str) -> Link | None:
    """Use a link up; None where it is forged, over or was opened before."""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        person_id, account, path, until, nonce, way = json.loads(ctx.keys.open(sealed, CONTEXT))
    except (KeyProblem, binascii.Error, ValueError):
        return None
    expires = datetime.fromtimestamp(until, UTC)
    if expires <= ctx.now():
        return None
    row = {"nonce": nonce, "used_at": ctx.now(), "expires_at": expires}
    if insert_or_skip(session, UsedLink, row, ("nonce",)) is None:
        return None
    return Link(person_id, account, path, way)
