"""Positions with their datum: WGS-84 from a browser, GCJ-02 from WeChat. Pure.

A browser's Geolocation gives WGS-84 (W3C Geolocation). A location sent in WeChat is picked on
Tencent's map, which is GCJ-02 (JS-SDK: openLocation takes gcj02); no page of the platform says it
of the message itself, so it is taken as that. The two lie up to about 600 metres apart.

The shift is public only as it was worked out by others: googollee/eviltransform, whose published
pairs are our tests. Its inverse is found step by step.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, radians, sin, sqrt

WGS84, GCJ02 = "WGS84", "GCJ02"
# Within these degrees the shift is applied; the same source.
SHIFTED_NORTH, SHIFTED_EAST = (0.8293, 55.8271), (72.004, 137.8347)
# The country's four ends (53°33′N, 3°52′N, 135°2′E, 73°30′E), rounded outwards: the sea counts,
# for only what is far off altogether is said to be.
NORTH, EAST = (3.5, 54.0), (73.0, 135.5)
# The ellipsoid of the shift (Krasovsky 1940).
AXIS, FLAT = 6378245.0, 0.00669342162296594323
CLOSE = 1e-9
STEPS = 30


@dataclass(frozen=True)
class Position:
    """Degrees, in which datum, and how far it may be off in metres, where that is known."""

    latitude: float
    longitude: float
    datum: str = GCJ02
    accuracy: float | None = None

    @property
    def wgs(self) -> tuple[float, float]:
        """Latitude and longitude in WGS-84, in which the areas' centres are."""
        if self.datum == WGS84:
            return self.latitude, self.longitude
        return to_wgs(self.latitude, self.longitude)

    @property
    def in_china(self) -> bool:
        """Whether it lies between the country's four ends."""
        return NORTH[0] <= self.latitude <= NORTH[1] and EAST[0] <= self.longitude <= EAST[1]


def to_gcj(latitude: float, longitude: float) -> tuple[float, float]:
    """WGS-84 to GCJ-02; elsewhere in the world they are one."""
    inside = SHIFTED_NORTH[0] <= latitude <= SHIFTED_NORTH[1]
    if not (inside and SHIFTED_EAST[0] <= longitude <= SHIFTED_EAST[1]):
        return latitude, longitude
    north, east = _metres(longitude - 105.0, latitude - 35.0)
    level = 1 - FLAT * sin(radians(latitude)) ** 2
    meridian = AXIS * (1 - FLAT) / (level * sqrt(level))
    parallel = AXIS / sqrt(level) * sin(radians(90 - latitude))
    return latitude + north / meridian * 180 / pi, longitude + east / parallel * 180 / pi


def to_wgs(latitude: float, longitude: float) -> tuple[float, float]:
    """GCJ-02 to WGS-84: the point whose shift leads here."""
    north, east = latitude, longitude
    for _ in range(STEPS):
        there = to_gcj(north, east)
        off = latitude - there[0], longitude - there[1]
        north, east = north + off[0], east + off[1]
        if max(map(abs, off)) < CLOSE:
            break
    return north, east


def _metres(x: float, y: float) -> tuple[float, float]:
    """How far the shift goes north and east, at so many degrees from 105° E, 35° N."""
    root, both = sqrt(abs(x)), 20 * (sin(6 * x * pi) + sin(2 * x * pi))
    north = (both + _waves(y, 160, 320)) * 2 / 3
    east = (both + _waves(x, 150, 300)) * 2 / 3
    north += -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    east += 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    return north, east


def _waves(at: float, long: float, longest: float) -> float:
    """The sine waves along one axis."""
    near = 20 * sin(at * pi) + 40 * sin(at * pi / 3)
    return near + long * sin(at * pi / 12) + longest * sin(at * pi / 30)
