"""One access token an account for all processes: fetched once, under a lock, in good time.

The platform gives few tokens a day and a new one ends the old: so of any number of threads
in any number of processes one fetches, and the others take what it has stored.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import leases
from models.context import Context
from models.leases import PlatformToken
from models.upsert import insert_or_skip
from notices.channel import NO_ANSWER, Outcome, PlatformTrouble

EARLY = timedelta(minutes=5)
# The platform allows a forced token every 30 s; between two ordinary questions as long
# suffices, should it go on giving out one whose last minutes have begun.
APART = timedelta(seconds=30)
LEASE_SECONDS = 30.0
# After a failed fetch everyone who waited is told the same, instead of each asking again.
KEEP_TROUBLE_SECONDS = 5.0
WAIT_SECONDS = 10.0
POLL_SECONDS = 0.05

# Asks the platform for (token, seconds it lives); the argument is its `force_refresh`.
Fetch = Callable[[bool], tuple[str, int]]


@dataclass(frozen=True)
class Token:
    """A token and when it ends."""

    value: str
    until: datetime


class TokenProvider:
    """The tokens of one account."""

    def __init__(self, ctx: Context, account: str, fetch: Fetch) -> None:
        """`account` is a slug, or another name under which something is shared as tokens are."""
        self._ctx = ctx
        self._account = account
        self._fetch = fetch
        self._lock = threading.Lock()
        self._holder = secrets.token_hex(8)
        self._kept: Token | None = None
        self._asked_at: datetime | None = None
        self._trouble: tuple[float, PlatformTrouble] | None = None

    def get(self) -> str:
        """A token that is good for the next minutes. Raises PlatformTrouble."""
        token = self._kept
        if token is not None and self._is_fresh(token):
            return token.value
        with self._lock:
            return self._settle(bad="").value

    def renew(self, bad: str) -> str:
        """Another token than `bad`, which the platform has just called invalid.

        Where somebody has already fetched another one, that one.
        """
        with self._lock:
            return self._settle(bad=bad).value

    def _is_fresh(self, token: Token) -> bool:
        now = self._ctx.now()
        if token.until <= now:
            return False
        asked = self._asked_at
        just_asked = asked is not None and timedelta() <= now - asked < APART
        return token.until - now > EARLY or just_asked

    def _known(self, bad: str) -> Token | None:
        """The token in hand or in the table, if it will do."""
        token = self._kept
        if token is None or token.value == bad or not self._is_fresh(token):
            token = self._stored()
        if token is None or token.value == bad or not self._is_fresh(token):
            return None
        self._kept = token
        return token

    def _stored(self) -> Token | None:
        with self._ctx.db.read() as session:
            row = session.execute(
                select(PlatformToken.token, PlatformToken.expires_at).where(
                    PlatformToken.account == self._account
                )
            ).first()
        return Token(row.token, row.expires_at) if row else None

    def _settle(self, bad: str) -> Token:
        """With the process's lock held: what is known, else one fetch under the common lease."""
        give_up = time.monotonic() + WAIT_SECONDS
        while True:
            token = self._known(bad)
            if token is not None:
                return token
            if self._trouble and time.monotonic() - self._trouble[0] < KEEP_TROUBLE_SECONDS:
                raise self._trouble[1].anew()
            if self._take("token", self._holder, LEASE_SECONDS):
                try:
                    # Whoever held the lease before may have stored one in between.
                    return self._known(bad) or self._ask(bad)
                finally:
                    self._give_back()
            if time.monotonic() > give_up:
                raise PlatformTrouble(Outcome.RETRY, None, NO_ANSWER)
            time.sleep(POLL_SECONDS)

    def _ask(self, bad: str) -> Token:
        try:
            value, seconds = self._fetch(False)
            if value == bad:
                # The platform gives the very token that it refuses: only force helps, and
                # that is rationed, so among all processes at most one forces in half a minute.
                if not self._take("force", secrets.token_hex(8), APART.total_seconds()):
                    raise PlatformTrouble(Outcome.REFRESH_TOKEN, None, NO_ANSWER)
                value, seconds = self._fetch(True)
        except PlatformTrouble as trouble:
            # Its traceback would keep the whole request for as long as this account is known.
            self._trouble = (time.monotonic(), trouble.anew())
            raise
        now = self._ctx.now()
        token = Token(value, now + timedelta(seconds=seconds))
        with self._ctx.db.begin() as session:
            _store(session, self._account, token)
        self._kept, self._asked_at, self._trouble = token, now, None
        return token

    def _take(self, what: str, holder: str, seconds: float) -> bool:
        with self._ctx.db.begin() as session:
            name = f"{what}:{self._account}"
            return leases.take(session, name, holder, self._ctx.now(), seconds)

    def _give_back(self) -> None:
        with self._ctx.db.begin() as session:
            # A lease counts as over only after its moment, hence one moment earlier.
            ended = self._ctx.now() - timedelta(milliseconds=1)
            leases.give_back(session, f"token:{self._account}", self._holder, ended)


def _store(session: Session, account: str, token: Token) -> None:
    row = {"account": account, "token": token.value, "expires_at": token.until}
    if insert_or_skip(session, PlatformToken, row, ("account",)) is None:
        session.execute(
            update(PlatformToken)
            .where(PlatformToken.account == account)
            .values(token=token.value, expires_at=token.until)
        )
