"""Coordinates as files hold them: degrees in any spelling are understood, metres and feet of a grid are refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from tracker.sheets.cells import Unclear, folded_cell

LAST_LATITUDE = 72.0  # nobody builds beyond; a column of such latitudes holds something else
NEAR, FAR = 5.0, 20.0  # degrees

_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,20})?"
_SIGN = r"(?:°|º|˚|度|deg|\ufffd)"
_MINUTE = r"(?:'|′|’|‘|´|`|分)"
_SECOND = r"(?:\"|″|”|“|''|′′|秒)"
_SIDE = r"(北纬|南纬|东经|西经|[nsew])"
_DECIMAL = re.compile(rf"{_SIDE}?\s*:?\s*({_NUMBER})\s*{_SIGN}?\s*{_SIDE}?")
_SEXAGESIMAL = re.compile(
    rf"{_SIDE}?\s*:?\s*([+-]?\d{{1,3}})\s*{_SIGN}\s*(?:(\d{{1,2}}(?:\.\d+)?)\s*{_MINUTE}\s*)?"
    rf"(?:(\d{{1,2}}(?:\.\d+)?)\s*{_SECOND})?\s*{_SIDE}?"
)
_PROJECTED = re.compile(
    r"([+-]?(?:\d{4,10}|\d{1,3}(?:,\d{3})+|\d\.\d{1,15}e\+?0?[4-9])(?:\.\d+)?)\s*(?:m|米|ft|feet|英尺)?"
)
_POINT = re.compile(rf"point\s*\(\s*({_NUMBER})\s+({_NUMBER})\s*\)")
_PAIR = re.compile(r"\(?\s*(.+?)\s*[,;/]\s*(.+?)\s*\)?")
_PAIR_OF_METRES = re.compile(r"(?:point\s*)?\(?\s*(\S+)\s+(\S+?)\s*\)?")
_TWO_WORDS = re.compile(rf"(.*{_SIDE})\s+(.+)")
_SIDES = {"n": "latitude", "s": "latitude", "e": "longitude", "w": "longitude",
          "北纬": "latitude", "南纬": "latitude", "东经": "longitude", "西经": "longitude"}  # fmt: skip
_NEGATIVE = ("s", "w", "南纬", "西经")


class Projected(ValueError):
    """The number is a coordinate of a grid (metres or feet), not degrees."""


def degrees_of(text: str, axis: str | None = None) -> float:
    """Degrees from `34.75`, `34°45′12″N`, `北纬34度45分`; `axis` is what the column should hold.

    Raises Projected for metres or feet of a grid, Unclear for the rest and for a side that belongs to the other axis.
    """
    value, said = _read(_plain(text))
    if axis and said and said != axis:
        raise Unclear
    return value


def _plain(text: str) -> str:
    """Folded, with the marks kept that folding would take apart."""
    kept = text.replace("″", '"').replace("º", "°").replace("˚", "°").replace("′", "'").replace("´", "'")
    return folded_cell(kept)


def _read(plain: str) -> tuple[float, str | None]:
    if found := _DECIMAL.fullmatch(plain):
        before, number, after = found.groups()
        return _signed(float(number), before, after)
    if found := _SEXAGESIMAL.fullmatch(plain):
        before, whole, minutes, seconds, after = found.groups()
        parts = float(minutes or 0), float(seconds or 0)
        if max(parts) >= 60:
            raise Unclear
        value = abs(float(whole)) + parts[0] / 60 + parts[1] / 3600
        return _signed(-value if whole.startswith("-") else value, before, after)
    if _PROJECTED.fullmatch(plain):
        raise Projected
    raise Unclear


def _signed(value: float, before: str | None, after: str | None) -> tuple[float, str | None]:
    if before and after:
        raise Unclear
    side = before or after
    if side is None:
        return value, None
    if value < 0:
        raise Unclear  # a sign and a side say it twice, and perhaps not the same
    return -value if side in _NEGATIVE else value, _SIDES[side]


def place_of(text: str) -> tuple[float, float]:
    """Latitude and longitude of one cell that holds both; without sides latitude comes first. Raises as `degrees_of`.

    `POINT(x y)` has longitude first, as its standard says.
    """
    plain = _plain(text)
    if found := _POINT.fullmatch(plain):
        return float(found.group(2)), float(found.group(1))
    two = _PAIR.fullmatch(plain)
    if two is None:
        words = _TWO_WORDS.fullmatch(plain)
        if words is None:
            raise Unclear
        first, second = words.group(1), words.group(3)
    else:
        first, second = two.groups()
    (one, side), (other, other_side) = _read(first.strip("( ")), _read(second.strip(") "))
    if side and side == other_side:
        raise Unclear
    if side == "longitude" or other_side == "latitude":
        return other, one
    return one, other


def metres_of(text: str) -> float | None:
    """The metres or feet of a grid that a cell holds; None for degrees and for what is no coordinate."""
    found = _PROJECTED.fullmatch(_plain(text))
    return float(found.group(1).replace(",", "")) if found else None


def two_metres_of(text: str) -> tuple[float, float] | None:
    """Both coordinates of a grid that one cell holds, if it does."""
    pair = _PAIR.fullmatch(_plain(text)) or _PAIR_OF_METRES.fullmatch(_plain(text))
    one, other = (metres_of(part) for part in pair.groups()) if pair else (None, None)
    return None if one is None or other is None else (one, other)


Middle = tuple[float, float]


def middle_of(places: Sequence[tuple[float, float]]) -> Middle | None:
    """Where most of a file's places lie; None for too few to say."""
    if len(places) < 5:
        return None
    return median(one[0] for one in places), median(one[1] for one in places)


def is_swapped(place: tuple[float, float], middle: Middle | None) -> bool:
    """Whether a place lies far from the others, but among them with latitude and longitude exchanged."""
    if middle is None:
        return False
    away = max(abs(place[0] - middle[0]), abs(place[1] - middle[1]))
    exchanged = max(abs(place[1] - middle[0]), abs(place[0] - middle[1]))
    return away > FAR and exchanged < NEAR
