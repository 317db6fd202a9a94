"""WGS-84 as phones give it -> GCJ-02 as Chinese map tiles are drawn, for display; and back, for lists that hold it.

What is stored is WGS-84.

The published approximation of the shift (Krasovsky 1940 ellipsoid); outside mainland China's box nothing is shifted.
"""

from __future__ import annotations

from math import atan2, cos, hypot, pi, radians, sin, sqrt

AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323
SHIFT = 0.02  # degrees: more than any place is moved


def to_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """The place on a map of GCJ-02, in degrees."""
    if not (0.8293 <= latitude <= 55.8271 and 72.004 <= longitude <= 137.8347):
        return latitude, longitude
    x, y = longitude - 105.0, latitude - 35.0
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + _waves(x, y, 160.0, 320.0)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + _waves(x, x, 150.0, 300.0)
    angle = radians(latitude)
    magic = 1 - ECCENTRICITY * sin(angle) ** 2
    to_north = north * 180 / (AXIS * (1 - ECCENTRICITY) / (magic * sqrt(magic)) * pi)
    to_east = east * 180 / (AXIS / sqrt(magic) * cos(angle) * pi)
    return latitude + to_north, longitude + to_east


def from_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """The place in WGS-84, to the centimetre: what is shifted to the given one is looked for step by step."""
    north, east = latitude, longitude
    for _step in range(4):
        shifted = to_gcj02(north, east)
        north, east = north + latitude - shifted[0], east + longitude - shifted[1]
    return north, east


def from_bd09(latitude: float, longitude: float) -> tuple[float, float]:
    """The place in WGS-84 of Baidu's degrees, which are GCJ-02 shifted once more (as published, to a metre or so)."""
    x, y = longitude - 0.0065, latitude - 0.006
    length = hypot(x, y) - 0.00002 * sin(y * pi * 3000 / 180)
    angle = atan2(y, x) - 0.000003 * cos(x * pi * 3000 / 180)
    return from_gcj02(length * sin(angle), length * cos(angle))


def _waves(x: float, along: float, third: float, last: float) -> float:
    short = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    middle = 20 * sin(along * pi) + 40 * sin(along / 3 * pi)
    long = third * sin(along / 12 * pi) + last * sin(along / 30 * pi)
    return (short + middle + long) * 2 / 3
