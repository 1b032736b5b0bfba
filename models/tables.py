"""Every table, for the migrations and their guard test."""

from models import (
    areas,
    assistance,
    audit,
    cases,
    clocks,
    hearings,
    leases,
    people,
    proposals,
    pushes,
    rules,
    spotchecks,
    talks,
)
from models.base import Base

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "areas",
    "assistance",
    "audit",
    "cases",
    "clocks",
    "hearings",
    "leases",
    "people",
    "proposals",
    "pushes",
    "rules",
    "spotchecks",
    "talks",
]
