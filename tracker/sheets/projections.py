"""What coordinates seem to be that are no degrees of WGS-84: the metres or feet of a grid, or degrees of a Chinese map.

A guess from the middle of a column, made to say what has to be turned into degrees; nothing is turned by it. Only what
a header names as degrees of a Chinese map is understood, since its shift is published (`tracker.gcj`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from statistics import median

from tracker.gcj import from_bd09, from_gcj02

MERCATOR_END = 20_048_967  # metres, where its square ends
POLE = 10_002_000  # metres from the equator
ZONES = (13, 60)  # the numbers that Gauss-Krüger eastings are written with in China and around it


class Grid(StrEnum):
    """What the numbers seem to be."""

    MILLIONTHS = "millionths"  # degrees whose decimal point is lost
    MERCATOR = "mercator"  # metres of a web map
    ZONED = "zoned"  # metres of a Gauss-Krüger grid, the zone before the easting
    METRES = "metres"  # of a UTM or Gauss-Krüger grid
    FEET = "feet"  # of a US State Plane grid
    UNKNOWN = "unknown"


def grid_of(norths: Sequence[float], easts: Sequence[float]) -> Grid:
    """What two columns of coordinates seem to be, whichever of them is which; one of them may be empty."""
    if not (norths and easts):
        return Grid.UNKNOWN
    one, other = median(norths), median(easts)
    for grid, fits in _SIGNS:
        if fits(one, other) or fits(other, one):
            return grid
    return Grid.UNKNOWN


def _millionths(north: float, east: float) -> bool:
    return max(abs(north), abs(east)) > 61e6 and any(
        0 < abs(north) / scale < 90 and 0 < abs(east) / scale <= 180 for scale in (1e6, 1e7)
    )


def _mercator(north: float, east: float) -> bool:
    """Beside zoned eastings: east of China's west, or west of Greenwich."""
    inside = abs(east) <= MERCATOR_END and 1e6 < abs(north) <= MERCATOR_END
    return inside and (east < -1e6 or 8e6 <= east <= 15.2e6)


def _zoned(north: float, east: float) -> bool:
    zone, easting = divmod(east, 1e6)
    return ZONES[0] <= zone <= ZONES[1] and 1e5 <= easting <= 9e5 and 0 < north <= POLE


def _metres(north: float, east: float) -> bool:
    return 1e5 <= east <= 9e5 and 1.1e6 <= north <= POLE


def _feet(north: float, east: float) -> bool:
    return 1e5 <= east <= 8e6 and 0 < north <= 4e6


_SIGNS = (
    (Grid.MILLIONTHS, _millionths),
    (Grid.MERCATOR, _mercator),
    (Grid.ZONED, _zoned),
    (Grid.METRES, _metres),
    (Grid.FEET, _feet),
)


class Datum(StrEnum):
    """Whose degrees a header says that a column holds."""

    GCJ02 = "GCJ-02"
    BD09 = "BD-09"


_NAMES = {
    Datum.GCJ02: ("gcj", "火星", "高德", "腾讯", "amap", "autonavi", "tencent"),
    Datum.BD09: ("bd09", "bd-09", "bd_09", "百度", "baidu"),
}


def datum_named(header: str) -> Datum | None:
    """The Chinese map whose degrees a header names, if any."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    return next((datum for datum, names in _NAMES.items() if any(name in plain for name in names)), None)


def to_wgs84(datum: Datum, latitude: float, longitude: float) -> tuple[float, float]:
    """The place in degrees of WGS-84."""
    turn = from_gcj02 if datum is Datum.GCJ02 else from_bd09
    return turn(latitude, longitude)
