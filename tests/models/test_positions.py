"""Positions: the shift between WGS-84 and GCJ-02, by pairs that others have published."""

from __future__ import annotations

import pytest

from models.positions import GCJ02, WGS84, Position, to_gcj, to_wgs

# googollee/eviltransform, go/transform_test.go and python/test: latitude, longitude in WGS-84,
# then in GCJ-02; Shanghai, Shenzhen, Beijing.
PAIRS = [
    (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
    (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
    (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
]
METRE = 1e-5


@pytest.mark.parametrize("pair", PAIRS)
def test_the_shift_is_the_published_one(pair: tuple[float, float, float, float]) -> None:
    # Their ellipsoid is another one by 19 parts in a million of a shift of 600 metres.
    assert to_gcj(*pair[:2]) == pytest.approx(pair[2:], abs=METRE / 2)
    assert to_wgs(*pair[2:]) == pytest.approx(pair[:2], abs=METRE / 2)


@pytest.mark.parametrize("at", [(22.3412, 108.4526), (43.8, 125.3), (18.2, 109.5), (47.0, 134.5)])
def test_there_and_back(at: tuple[float, float]) -> None:
    assert to_wgs(*to_gcj(*at)) == pytest.approx(at, abs=1e-8)
    assert to_gcj(*at) != pytest.approx(at, abs=100 * METRE)


def test_elsewhere_they_are_one() -> None:
    assert to_gcj(48.85, 2.35) == (48.85, 2.35)
    assert to_wgs(-33.9, 151.2) == (-33.9, 151.2)


def test_what_a_position_is_compared_in() -> None:
    assert Position(22.34, 108.45, WGS84).wgs == (22.34, 108.45)
    assert Position(22.34, 108.45, GCJ02).wgs != pytest.approx((22.34, 108.45), abs=100 * METRE)
    assert Position(22.34, 108.45).in_china
    assert not Position(0.0, 0.0).in_china
