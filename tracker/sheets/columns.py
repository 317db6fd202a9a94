"""Which column of a sheet fills which field: guessed from headers, held against the values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tracker.i18n import _l
from tracker.sheets.cells import MISSING, is_measure, is_percentage
from tracker.sheets.days import Doubt, Order, is_day, order_of
from tracker.sheets.fields import MEASURED, NUMERIC, Field, Holds, Schema, ways
from tracker.sheets.places import LAST_LATITUDE, metres_of, two_metres_of
from tracker.sheets.projections import Grid, grid_of

T = TypeVar("T")
Columns = Mapping[str, int]
"""Field key -> column index from 0."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the mapping that a person must settle before anything is imported; `key` is a field's, or
    `columns`, or `dates` where only the order of day and month is asked."""

    key: str
    message: Any


@dataclass(frozen=True, slots=True)
class Guess:
    """The proposed columns, and what is wrong with them."""

    columns: dict[str, int]
    problems: tuple[Problem, ...] = ()


def guess(schema: Schema, headers: Sequence[str], samples: Sequence[Sequence[str]]) -> Guess:
    """Propose columns for a sheet. Where values contradict their headers, nothing is settled silently."""
    columns = _of_profile(schema, headers)
    if not columns:
        meant = [ways(header) for header in headers]
        owners = [schema.field_named(header) for header in headers]
        for field in schema.fields:
            place = _place_of(field, meant, set(columns.values()), owners)
            if place is not None and not (field.key == "value" and _is_unit_price(headers[place])):
                columns[field.key] = place
    columns = _one_place(columns)
    return Guess(columns, tuple(problems_of(schema, columns, samples)))


def _one_place(columns: dict[str, int]) -> dict[str, int]:
    """Both degrees in columns of their own make the column that repeats them needless."""
    return {
        key: place for key, place in columns.items()
        if not (key == "place" and {"latitude", "longitude"} <= columns.keys())
    }  # fmt: skip


def problems_of(
    schema: Schema, columns: Columns, samples: Sequence[Sequence[str]], order: Order | None = None
) -> list[Problem]:
    """What a person must settle: swapped columns, numbers that are texts, nothing to call a thing by.

    `order` is what somebody said of dates such as 3/5/2024.
    """
    found = []
    if not all(any(key in columns for key in one_of) for one_of in schema.needs):
        found.append(Problem("name", schema.needs_message))
    if len(set(columns.values())) < len(columns):
        found.append(Problem("columns", _l("One column is chosen for two fields.")))
    values = {key: _values(samples, place) for key, place in columns.items()}
    if _are_swapped(values):
        message = _l("The address column holds areas and the area column addresses: they seem swapped.")
        found.append(Problem("address", message))
        return found
    for key in columns:
        found += _doubts(schema.by_key[key], values[key], order)
    return found + _place_problems(values)


def swapped(columns: Columns, *fields: str) -> dict[str, int]:
    """The same columns with two fields exchanged, by default address and area."""
    one, other = fields or ("address", "area")
    changed = dict(columns)
    changed[one], changed[other] = columns[other], columns[one]
    return changed


def _of_profile(schema: Schema, headers: Sequence[str]) -> dict[str, int]:
    places = {header.strip().casefold(): place for place, header in enumerate(headers)}
    for profile in schema.profiles:
        if profile.keys() <= places.keys():
            return {key: places[header] for header, key in profile.items()}
    return {}


_OTHER_THINGS = ("类型", "类别", "性质", "状态", "阶段", "代码", "编码", "电话", "地址", "人", "日期", "时间")
_OF_FIRMS = ("单位", "公司", "联系", "企业")


def _place_of(
    field: Field, meant: Sequence[Sequence[str]], taken: set[int], owners: Sequence[str | None]
) -> int | None:
    """By its very name; else by what begins or ends like it, where that is not the name of another field."""
    for name in field.names:
        for place, names in enumerate(meant):
            if place not in taken and name in names:
                return place
    taken = taken | {place for place, owner in enumerate(owners) if owner not in (None, field.key)}
    for name in field.names:
        if name.isascii() or len(name) < 3:
            continue  # English headers go on with other things: CONTRACTOR_1_TYPE names no contractor
        for place, names in enumerate(meant):
            if place not in taken and names and names[0].startswith(name) and not names[0].endswith(_OTHER_THINGS):
                return place
    return _place_by_ending(field, meant, taken)


def _place_by_ending(field: Field, meant: Sequence[Sequence[str]], taken: set[int]) -> int | None:
    """A measure or address is known by its last word (工程地址), unless it is a firm's."""
    if field.holds not in MEASURED and field.key != "address":
        return None
    endings = tuple(name for name in field.names if not name.isascii())
    if not endings:
        return None
    for place, names in enumerate(meant):
        said = names[0] if names else ""
        if place not in taken and said.endswith(endings) and not any(word in said for word in _OF_FIRMS):
            return place
    return None


def _is_unit_price(header: str) -> bool:
    """A price for each square metre is not the value of a project."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    return any(sign in plain for sign in ("单价", "楼面价", "/m2", "/平", "/亩", "per m", "per sq"))


def _values(samples: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place] for row in samples if place < len(row) and row[place].casefold() not in MISSING]


def _share(values: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(1 for value in values if holds(value)) / len(values)


def _are_swapped(values: Mapping[str, list[str]]) -> bool:
    address, area = values.get("address"), values.get("area")
    return bool(address and area) and _share(address or [], is_measure) > 0.6 and _share(area or [], is_measure) < 0.5


_GRIDS = {
    Grid.MILLIONTHS: _l("degrees times a million, without their decimal point"),
    Grid.MERCATOR: _l("metres of a web map (Mercator)"),
    Grid.ZONED: _l("metres of a Gauss-Krüger grid with the zone's number before them (CGCS2000, Xi'an 80, Beijing 54)"),
    Grid.METRES: _l("metres of a UTM or Gauss-Krüger grid"),
    Grid.FEET: _l("feet of a US State Plane grid"),
    Grid.UNKNOWN: _l("metres or feet of a projected grid"),
}


def _doubts(field: Field, values: Sequence[str], order: Order | None) -> list[Problem]:
    """What the values of one column say against its field."""
    if not values:
        return []
    if field.holds in NUMERIC and _share(values, is_percentage) > 0.5:
        return [Problem(field.key, _l("This column holds percentages, which are no amounts. Choose another or none."))]
    if field.holds in NUMERIC and _share(values, is_measure) < 0.4:
        return [Problem(field.key, _l("This column should hold numbers, but most of its values are texts."))]
    if field.holds in (Holds.FIRM, Holds.FIRMS) or field.key in ("name", "address"):
        if _share(values, is_measure) > 0.8:
            return [Problem(field.key, _l("This column should hold words, but its values are numbers."))]
    elif field.holds is Holds.DAY:
        return _day_doubts(field, values, order)
    return []


def _day_doubts(field: Field, values: Sequence[str], order: Order | None) -> list[Problem]:
    if _share(values, is_day) < 0.4:
        return [Problem(field.key, _l("This column should hold dates, but most of its values are none."))]
    said = order_of(values)
    if said is Doubt.BOTH:
        return [Problem(field.key, _l("Some dates of this column name the day first and some the month. "
                                      "Write them as 2026-03-16."))]  # fmt: skip
    if said is Doubt.EITHER and order is None:
        return [Problem("dates", _l("Dates such as %(date)s may name the day or the month first. Say which.",
                                    date=_telling(values)))]  # fmt: skip
    if isinstance(said, Order) and order is not None and said is not order:
        return [Problem("dates", _l("The dates of this column are in the other order: %(date)s.",
                                    date=_telling(values)))]  # fmt: skip
    return []


def _telling(values: Sequence[str]) -> str:
    """A value that shows what is asked."""
    return next((value for value in values if order_of((value,)) is not None), "")


def _grid_problems(values: Mapping[str, list[str]]) -> list[Problem]:
    """Columns of coordinates that are no degrees, and what they seem to be."""
    norths, easts = (_numbers(values.get(key, ()), metres_of) for key in ("latitude", "longitude"))
    pairs = _numbers(values.get("place", ()), two_metres_of)
    counts = {"latitude": len(norths), "longitude": len(easts), "place": len(pairs)}
    found = [key for key, count in counts.items() if count * 2 > len(values.get(key, ()))]
    if found == ["place"]:
        norths, easts = [north for north, _east in pairs], [east for _north, east in pairs]
    grid = grid_of(norths, easts)
    message = _l("These are no degrees: they seem to be %(what)s. Turn them into degrees (WGS-84), or choose no column "
                 "here.", what=_GRIDS[grid])  # fmt: skip
    return [Problem(key, message) for key in found]


def _numbers(values: Sequence[str], read: Callable[[str], T | None]) -> list[T]:
    return [number for text in values if (number := read(text)) is not None]


def _place_problems(values: Mapping[str, list[str]]) -> list[Problem]:
    if projected := _grid_problems(values):
        return projected
    if ("latitude" in values) != ("longitude" in values):
        return [Problem("latitude", _l("A place needs latitude and longitude. Choose both columns or neither."))]
    latitudes = [float(value) for value in values.get("latitude", []) if _PLAIN.fullmatch(value)]
    beyond = [one for one in latitudes if LAST_LATITUDE < abs(one) <= 180]
    if latitudes and len(beyond) / len(latitudes) > 0.5:
        message = _l("These latitudes lie where nobody builds: latitude and longitude seem swapped.")
        return [Problem("latitude", message)]
    return []


_PLAIN = re.compile(r"[+-]?\d{1,9}(\.\d+)?")
