"""One row of a sheet as a lead, or the reasons why not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.i18n import _l
from tracker.matching.normalise import folded, plot_key
from tracker.sheets.cells import (
    MISSING,
    MU,
    SQUARE_FOOT,
    Unclear,
    area_of,
    day_of,
    degrees_of,
    folded_cell,
    money_of,
)
from tracker.sheets.lead_columns import KEYS, Columns
from tracker.sheets.reading import is_surplus

LONGEST = {"name": 200, "address": 300, "number": 80, "developer": 200, "designer": 200, "contact": 200, "phone": 200}
LONGEST_CONTRACTOR = 200
LONGEST_NOTE = 5000
EARLIEST = date(1990, 1, 1)
TELLING = 6  # characters from which on a number alone says which permit or plot is meant; `12` is in every list


@dataclass(frozen=True, slots=True)
class LeadRow:
    """What a row says. `value` in the sheet's currency, `area` in square metres, the place in WGS-84 degrees.

    `note` holds the use, the contact with his phone, and the remarks, each on a line of its own.
    """

    number: int
    name: str
    import_key: str
    address: str | None = None
    plot_number: str | None = None
    found_on: date | None = None
    value: Decimal | None = None
    area: Decimal | None = None
    latitude: float | None = None
    longitude: float | None = None
    developer: str | None = None
    contractors: tuple[str, ...] = ()
    designer: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is not taken, in the reader's language when shown; `field` is a key of the fields, or `row`."""

    field: str
    message: Any

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not imported, with every reason."""

    number: int
    reasons: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Units:
    """What the headers say of the cells: factors to yuan and square metres, and which columns had no header."""

    factors: Mapping[str, Decimal] = field(default_factory=dict)
    surplus: tuple[int, ...] = ()

    def get(self, key: str) -> Decimal | None:
        """The factor of a field, where its header names a unit."""
        return self.factors.get(key)


_MONEY_HEADERS = (
    (re.compile(r"亿(元|美元|人民币|\)|$)"), Decimal(100_000_000)),
    (re.compile(r"百万|\bmillions?\b"), Decimal(1_000_000)),
    (re.compile(r"万(元|美元|人民币|\)|$)"), Decimal(10_000)),
    (re.compile(r"千元|\bthousands?\b"), Decimal(1000)),
)
_AREA_HEADERS = (
    (re.compile(r"万\s*(平|m2)"), Decimal(10_000)),
    (re.compile(r"\b(sq\.? ?ft|sqft|ft2?|square feet|feet)\b|平方英尺"), SQUARE_FOOT),
    (re.compile(r"公顷|\b(ha|hectares?)\b"), Decimal(10_000)),
    (re.compile(r"亩"), MU),
)


def units_of(headers: Sequence[str], columns: Columns) -> Units:
    """What the headers say about units: 万元 multiplies, square feet are turned into square metres."""
    factors: dict[str, Decimal] = {}
    for key, patterns in (("value", _MONEY_HEADERS), ("area", _AREA_HEADERS)):
        if key in columns:
            header = folded_cell(headers[columns[key]]).replace("_", " ")
            factor = next((factor for pattern, factor in patterns if pattern.search(header)), None)
            if factor is not None:
                factors[key] = factor
    return Units(factors, tuple(place for place, header in enumerate(headers) if is_surplus(header)))


def read_row(number: int, cells: Sequence[str], columns: Columns, units: Units, today: date) -> LeadRow | Rejected:
    """Read one row; every fault of it is named, not only the first."""
    text = {key: _said(cells, place) for key, place in columns.items()}
    reasons: list[Reason] = []
    if any(place < len(cells) and cells[place] for place in units.surplus):
        reasons.append(Reason("row", _l("The row has more cells than the table has columns; something has moved.")))
    contractors = _names(text.get("contractors", ""))
    note = _note(text)
    reasons += _lengths(text, contractors, note)
    name = text.get("name") or text.get("address") or ""
    if not name:
        reasons.append(Reason("name", _l("There is neither a name nor an address.")))
    elif not text.get("name") and len(name) > LONGEST["name"]:
        reasons.append(_too_long("address", len(name), LONGEST["name"]))
    value = _measure("value", money_of, text, units, _l("The value is not a number."), reasons)
    area = _measure("area", area_of, text, units, _l("The area is not a number."), reasons)
    found_on = _day(text.get("found_on", ""), today, reasons)
    place = _place(text, reasons)
    if reasons:
        return Rejected(number, tuple(reasons))
    return LeadRow(
        number=number,
        name=name,
        import_key=_key(text, name, (found_on, value, area), contractors),
        address=text.get("address") or None,
        plot_number=text.get("number") or None,
        found_on=found_on,
        value=value,
        area=area,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        developer=text.get("developer") or None,
        contractors=contractors,
        designer=text.get("designer") or None,
        note=note,
    )


def _said(cells: Sequence[str], place: int) -> str:
    cell = cells[place].strip() if place < len(cells) else ""
    return "" if cell.casefold() in MISSING else cell


def _too_long(key: str, length: int, most: int) -> Reason:
    message = _l(
        "%(field)s is too long (%(n)s characters, at most %(most)s).", field=KEYS[key].label, n=length, most=most
    )
    return Reason(key, message)


def _lengths(text: Mapping[str, str], contractors: Sequence[str], note: str | None) -> list[Reason]:
    """Nothing is cut: what is too long is said."""
    reasons = [_too_long(key, len(text[key]), most) for key, most in LONGEST.items() if len(text.get(key, "")) > most]
    longest = max((len(name) for name in contractors), default=0)
    if longest > LONGEST_CONTRACTOR:
        reasons.append(_too_long("contractors", longest, LONGEST_CONTRACTOR))
    if note and len(note) > LONGEST_NOTE:
        reasons.append(_too_long("note", len(note), LONGEST_NOTE))
    return reasons


def _key(
    text: Mapping[str, str], name: str, said: tuple[date | Decimal | None, ...], contractors: Sequence[str]
) -> str:
    """The same for the same row of a later import, from CSV or XLSX.

    A telling number says alone which plot or permit it is (listing and result of one plot agree); a short one only
    together with the name. Without a number everything counts that the row says: several buildings on one lot share
    address and day.
    """
    number = plot_key(text.get("number", ""))
    if len(number) >= TELLING:
        return "n:" + _hash(number)
    if number:
        return "m:" + _hash(number, folded(name))
    words = [folded(text.get(key, "")) for key in ("name", "address", "developer", "designer", "use", "note")]
    typed = ["" if one is None else str(one) for one in said]
    return "t:" + _hash(*words, *typed, *(folded(one) for one in contractors))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]


def _measure(
    key: str,
    read: Callable[[str, Decimal | None], Decimal],
    text: Mapping[str, str],
    units: Units,
    message: Any,
    reasons: list[Reason],
) -> Decimal | None:
    if not text.get(key):
        return None
    try:
        found = read(text[key], units.get(key))
    except Unclear:
        reasons.append(Reason(key, message))
        return None
    if found < 0:
        reasons.append(Reason(key, _l("A value cannot be negative.")))
        return None
    return found


def _day(text: str, today: date, reasons: list[Reason]) -> date | None:
    if not text:
        return None
    try:
        day = day_of(text)
    except Unclear:
        reasons.append(Reason("found_on", _l("The date cannot be read; write it as 2026-03-16.")))
        return None
    except ValueError:
        reasons.append(Reason("found_on", _l("There is no such day in the calendar.")))
        return None
    if not EARLIEST <= day <= today:
        reasons.append(Reason("found_on", _l("The date lies in the future or too far back.")))
        return None
    return day


def _place(text: Mapping[str, str], reasons: list[Reason]) -> tuple[float, float] | None:
    latitude, longitude = text.get("latitude", ""), text.get("longitude", "")
    if not latitude and not longitude:
        return None
    if not latitude or not longitude:
        reasons.append(Reason("latitude", _l("Only half of the place is given.")))
        return None
    try:
        place = round(degrees_of(latitude), 6), round(degrees_of(longitude), 6)
    except Unclear:
        reasons.append(Reason("latitude", _l("The place is not given in degrees.")))
        return None
    if not (abs(place[0]) <= 90 and abs(place[1]) <= 180):
        reasons.append(Reason("latitude", _l("The place lies outside the globe.")))
        return None
    if place == (0.0, 0.0):
        reasons.append(Reason("latitude", _l("The place 0, 0 lies in the ocean. Leave both empty if it is not known.")))
        return None
    return place


_SEPARATOR = re.compile(r"\s*[|；;]\s*")


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in _SEPARATOR.split(text.strip()) if name))


def _note(text: Mapping[str, str]) -> str | None:
    contact = " ".join(text[key] for key in ("contact", "phone") if text.get(key))
    return "\n".join(part for part in (text.get("use", ""), contact, text.get("note", "")) if part) or None
