"""A clock that can be moved on; its offset outlives the process."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path


class DemoClock:
    """The machine's time plus an offset kept in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        kept = file.read_text() if file.exists() else "0"
        self._offset = timedelta(seconds=float(kept))

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def advance(self, by: timedelta) -> datetime:
        """Move on; returns the new time."""
        with self._lock:
            self._offset += by
            self._file.write_text(str(self._offset.total_seconds()))
        return self.now()


class FixedClock:
    """A time that stands where it is put, for seeding the past."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at
