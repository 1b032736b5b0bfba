"""What every use case is handed: settings, clock, database, and the two tables kept in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from secrets import randbelow
from zoneinfo import ZoneInfo

from models.areas import Gazetteer, read_gazetteer
from models.deadlines import WorkingDay
from models.rules import LocalRule, read_rules
from models.sealed import KeyRing
from models.session import Database
from models.settings import Clock, Settings, Translate
from models.workdays import is_settled, is_working_day

KEEP_SECONDS = 5.0


class Directory:
    """Areas and local rules, read again when they are older than five seconds.

    They change a few times a year and are asked at every message: so they cost the
    callback's short way no statement. A change made on the desk shows within five seconds.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._read_at = -KEEP_SECONDS
        self._kept: tuple[Gazetteer, tuple[LocalRule, ...]] | None = None

    def _fresh(self) -> tuple[Gazetteer, tuple[LocalRule, ...]]:
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
                    self._kept = (read_gazetteer(session), read_rules(session))
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

    def forget(self) -> None:
        """Read anew at the next question."""
        self._read_at = -KEEP_SECONDS


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
    is_working: WorkingDay = is_working_day
    is_settled: Callable[[int], bool] = is_settled
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
