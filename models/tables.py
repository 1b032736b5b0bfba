"""Every table, for the migrations and their guard test."""

from models import (
    areas,
    assistance,
    audit,
    cases,
    clocks,
    kinship,
    leases,
    people,
    proposals,
    pushes,
    rules,
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
    "kinship",
    "leases",
    "people",
    "proposals",
    "pushes",
    "rules",
    "talks",
]
