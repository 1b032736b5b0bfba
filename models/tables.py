"""Every table, for the migrations and their guard test."""

from models import (
    areas,
    assistance,
    audit,
    calendars,
    cases,
    clocks,
    departments,
    exporting,
    hearings,
    leases,
    merges,
    people,
    proposals,
    pushes,
    referrals,
    rules,
    saving,
    spotchecks,
    supplements,
    talks,
    tasks,
)
from models.base import Base

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "areas",
    "assistance",
    "audit",
    "calendars",
    "cases",
    "clocks",
    "departments",
    "exporting",
    "hearings",
    "leases",
    "merges",
    "people",
    "proposals",
    "pushes",
    "referrals",
    "rules",
    "saving",
    "spotchecks",
    "supplements",
    "talks",
    "tasks",
]
