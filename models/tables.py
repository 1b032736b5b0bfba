"""Every table, for the migrations and their guard test."""

from models import areas, audit, cases, leases, people, pushes, rules, talks
from models.base import Base

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "areas",
    "audit",
    "cases",
    "leases",
    "people",
    "pushes",
    "rules",
    "talks",
]
