"""How far two places lie apart."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH = 6_371_008.8  # metres, mean radius


def metres(latitude1: float, longitude1: float, latitude2: float, longitude2: float) -> float:
    """The great-circle distance between two WGS-84 places (degrees), in metres."""
    phi1, phi2 = radians(latitude1), radians(latitude2)
    across, along = radians(longitude2 - longitude1), phi2 - phi1
    chord = sin(along / 2) ** 2 + cos(phi1) * cos(phi2) * sin(across / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(chord)))
