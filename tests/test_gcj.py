"""The shift of places for maps that are drawn in GCJ-02."""

from __future__ import annotations

import pytest

from tracker.gcj import SHIFT, from_bd09, from_gcj02, to_gcj02


def test_a_place_in_beijing_is_shifted_as_published() -> None:
    latitude, longitude = to_gcj02(39.915, 116.404)
    assert (latitude, longitude) == pytest.approx((39.91640428150164, 116.41024449916938), abs=1e-7)


def test_a_place_abroad_stays() -> None:
    assert to_gcj02(41.88, -87.63) == (41.88, -87.63)


@pytest.mark.parametrize(("latitude", "longitude"), [(20.0, 110.0), (45.8, 126.5), (31.2, 121.5), (30.6, 104.1)])
def test_no_place_is_moved_farther_than_the_frame_is_widened(latitude: float, longitude: float) -> None:
    north, east = to_gcj02(latitude, longitude)
    assert 0 < abs(north - latitude) + abs(east - longitude) < SHIFT


@pytest.mark.parametrize(("latitude", "longitude"), [(20.0, 110.0), (45.8, 126.5), (31.2, 121.5), (41.88, -87.63)])
def test_what_was_shifted_comes_back(latitude: float, longitude: float) -> None:
    assert from_gcj02(*to_gcj02(latitude, longitude)) == pytest.approx((latitude, longitude), abs=1e-7)


def test_baidus_degrees_lie_where_the_published_example_says() -> None:
    """39.915, 116.404 in GCJ-02 is 39.92133699351022, 116.41036949371029 in BD-09."""
    assert from_bd09(39.92133699351022, 116.41036949371029) == pytest.approx(from_gcj02(39.915, 116.404), abs=2e-5)
