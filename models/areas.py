"""Administrative areas: 12-digit division codes, county to village."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base


class Level(StrEnum):
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class Area(Base):
    """One area. `phone` is the human's number there; `latitude, longitude` its centre (WGS-84)."""

    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    level: Mapped[str] = mapped_column(String(10))
    parent: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    phone: Mapped[str | None] = mapped_column(String(30))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


@dataclass(frozen=True)
class Place:
    """An area as a value, to be handed about without a session."""

    code: str
    name: str
    level: str
    parent: str | None
    phone: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Gazetteer:
    """Every area, read once and kept as a value: the callback's short way asks no table."""

    places: dict[str, Place]
    _children: dict[str, tuple[Place, ...]] = field(repr=False)

    @classmethod
    def of(cls, places: Sequence[Place]) -> Gazetteer:
        """Build from places in any order; children are sorted by code."""
        children: dict[str, list[Place]] = {}
        for place in sorted(places, key=lambda p: p.code):
            if place.parent:
                children.setdefault(place.parent, []).append(place)
        return cls({p.code: p for p in places}, {k: tuple(v) for k, v in children.items()})

    def get(self, code: str | None) -> Place | None:
        """The place of this code, or None."""
        return self.places.get(code) if code else None

    def children(self, code: str) -> tuple[Place, ...]:
        """The places right below."""
        return self._children.get(code, ())

    def within(self, code: str, level: Level) -> tuple[Place, ...]:
        """Every place of this level at or below `code`."""
        here = self.get(code)
        if here is None:
            return ()
        if here.level == level:
            return (here,)
        return tuple(p for child in self.children(code) for p in self.within(child.code, level))

    def upward(self, code: str | None) -> tuple[Place, ...]:
        """The place and all above it, nearest first."""
        chain: list[Place] = []
        here = self.get(code)
        while here is not None:
            chain.append(here)
            here = self.get(here.parent)
        return tuple(chain)

    def at(self, code: str | None, level: Level) -> Place | None:
        """The place of this level at or above `code`."""
        return next((p for p in self.upward(code) if p.level == level), None)

    def is_township(self, code: str, area: str) -> bool:
        """Whether this is a township at or below `area`."""
        here = self.get(code)
        return here is not None and here.level == Level.TOWNSHIP and covers(area, code)

    def name(self, code: str | None, sep: str = "") -> str:
        """The name with its township's before it: 大湾镇小湾村. Empty where unknown."""
        chain = [p for p in self.upward(code) if p.level != Level.COUNTY]
        here = self.get(code)
        if not chain:
            return here.name if here else ""
        return sep.join(p.name for p in reversed(chain))

    def phone(self, code: str | None) -> str:
        """The nearest telephone at or above the place; empty where none is set."""
        return next((p.phone for p in self.upward(code) if p.phone), "")


def read_gazetteer(session: Session) -> Gazetteer:
    """Read every area of the service; one statement."""
    rows = session.execute(
        select(
            Area.code, Area.name, Area.level, Area.parent, Area.phone, Area.latitude, Area.longitude
        )
    )
    return Gazetteer.of([Place(*row) for row in rows])


def covers(area: str, code: str) -> bool:
    """Whether `code` lies at or below `area`: county 6, township 9, village 12 digits."""
    return code.startswith(prefix(area))


def prefix(area: str) -> str:
    """The digits that all codes at or below the area begin with."""
    if area.endswith("000000"):
        return area[:6]
    if area.endswith("000"):
        return area[:9]
    return area
