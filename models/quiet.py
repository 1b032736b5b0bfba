"""Quiet hours: when what can wait until morning does. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo


@dataclass(frozen=True)
class Quiet:
    """From the hour `start` until the hour `end` (0-23, where the people are), over midnight
    where the end comes first. The same hour twice: never quiet."""

    start: int
    end: int

    def over_at(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When the quiet that holds now is over (UTC); None where it is not quiet."""
        here = now.astimezone(zone)
        since = (here.hour - self.start) % 24
        length = (self.end - self.start) % 24
        if since >= length:
            return None
        begun = here.replace(minute=0, second=0, microsecond=0)
        return (begun + timedelta(hours=length - since)).astimezone(UTC)


def read_quiet(text: str) -> Quiet | None:
    """`21-8` as hours; `none`: never quiet; None for anything else."""
    if text == "none":
        return Quiet(0, 0)
    start, dash, end = text.partition("-")
    if not dash or not (start.isdecimal() and end.isdecimal()):
        return None
    hours = int(start), int(end)
    return Quiet(*hours) if max(hours) < 24 else None
