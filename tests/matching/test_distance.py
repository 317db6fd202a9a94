"""How far places lie apart."""

from __future__ import annotations

import pytest

from tracker.matching.distance import metres


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ((31.2304, 121.4737), (39.9042, 116.4074), 1_067_000),  # Shanghai to Beijing
        ((0, 0), (0, 1), 111_195),
        ((0, 179.5), (0, -179.5), 111_195),  # across the date line
        ((0, 0), (0, 180), 20_015_115),  # half around
        ((90, 10), (90, -170), 0),  # at the pole
        ((34.75, 113.62), (34.75, 113.62), 0),
    ],
)
def test_the_distance_is_the_great_circles(one: tuple[float, float], other: tuple[float, float], far: float) -> None:
    assert metres(*one, *other) == pytest.approx(far, rel=0.002, abs=0.01)
    assert metres(*other, *one) == pytest.approx(metres(*one, *other))
