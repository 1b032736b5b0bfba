"""What every use case is handed: settings, clock, database, and the tables kept in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from secrets import randbelow
from typing import Any
from zoneinfo import ZoneInfo

from models.areas import Gazetteer, read_gazetteer
from models.calendars import Calendar, read_calendar
from models.localschemes import LocalSchemes, read_local_schemes
from models.phrases import Phrases, read_phrases
from models.rules import LocalRule, read_rules
from models.sealed import KeyRing
from models.session import Database
from models.settings import Clock, Settings, Translate
from models.wordings import Wordings, read_wordings

KEEP_SECONDS = 5.0
Kept = tuple[Gazetteer, tuple[LocalRule, ...], Calendar, Wordings, LocalSchemes, Phrases]


class Directory:
    """Areas, local rules, days off, wordings, schemes and taught words, read again when older
    than five seconds.

    They change a few times a year and are asked at every message: so they cost the
    callback's short way no statement. A change made on the desk shows within five seconds.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._read_at = -KEEP_SECONDS
        self._kept: Kept | None = None
        # How often something that others may keep too has changed here.
        self.changes = 0
        # What other rooms keep for as long as this service runs, by a name of theirs.
        self.beside: dict[str, Any] = {}

    def _fresh(self) -> Kept:
        kept = self._kept
        if kept is not None and time.monotonic() - self._read_at < KEEP_SECONDS:
            return kept
        # One thread reads anew; the others go on with what they have.
        if not self._lock.acquire(blocking=kept is None):
            assert kept is not None
            return kept
        try:
            if self._kept is None or time.monotonic() - self._read_at >= KEEP_SECONDS:
                with self._db.read() as session:
                    self._kept = (
                        read_gazetteer(session), read_rules(session), read_calendar(session),
                        read_wordings(session), read_local_schemes(session),
                        read_phrases(session),
                    )
                self._read_at = time.monotonic()
            return self._kept
        finally:
            self._lock.release()

    @property
    def areas(self) -> Gazetteer:
        return self._fresh()[0]

    @property
    def rules(self) -> tuple[LocalRule, ...]:
        return self._fresh()[1]

    @property
    def calendar(self) -> Calendar:
        return self._fresh()[2]

    @property
    def wordings(self) -> Wordings:
        return self._fresh()[3]

    @property
    def local_schemes(self) -> LocalSchemes:
        return self._fresh()[4]

    @property
    def phrases(self) -> Phrases:
        return self._fresh()[5]

    def forget(self) -> None:
        """Read anew at the next question."""
        self._read_at = -KEEP_SECONDS
        self.changes += 1


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class Context:
    """Handed down from the edge to every use case. `speak` gives the language of a locale."""

    settings: Settings
    db: Database
    clock: Clock
    speak: Callable[[str], Translate]
    random_below: Callable[[int], int] = randbelow
    directory: Directory = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "directory", Directory(self.db))

    @property
    def keys(self) -> KeyRing:
        return self.db.keys

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.time_zone)

    def now(self) -> datetime:
        """This moment, aware UTC."""
        return self.clock.now()

    def today(self) -> date:
        """Today's date where the people are."""
        return self.now().astimezone(self.zone).date()

    def is_working(self, day: date) -> bool:
        """Whether offices work on a day, by the signed notices and else the kept library."""
        return self.directory.calendar.is_working(day)

    def is_settled(self, year: int) -> bool:
        """Whether the days off of a year are made known."""
        return self.directory.calendar.is_settled(year)
