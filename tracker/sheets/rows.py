"""One row of a sheet as plain values, or the reasons why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.i18n import _l
from tracker.matching.normalise import folded
from tracker.sheets.cells import (
    MISSING,
    MU,
    SQUARE_FOOT,
    Unclear,
    area_of,
    folded_cell,
    is_measure,
    is_percentage,
    money_and_currency_of,
    quantity_of,
    whole_of,
)
from tracker.sheets.columns import Columns
from tracker.sheets.days import Order, day_of, is_day, month_of_cell, order_of
from tracker.sheets.fields import NUMERIC, Field, Holds, Schema
from tracker.sheets.participants import Group, groups_in, participants_in
from tracker.sheets.places import Middle, Projected, degrees_of, is_swapped, middle_of, place_of
from tracker.sheets.projections import Datum, datum_named, to_wgs84
from tracker.sheets.reading import Sheet, is_surplus

EARLIEST = date(1990, 1, 1)
CURRENCIES = ("CNY", "USD", "EUR", "GBP")


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says: only what it says, by field; `text` are its words as they stand.

    `value` in `currency` where the cell names one, `area` in square metres, `latitude`, `longitude` in WGS-84 degrees.
    """

    number: int
    values: Mapping[str, Any]

    def get(self, key: str) -> Any:
        """The value of a field, None where the row says nothing."""
        return self.values.get(key)


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
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """What holds for every row of a sheet: columns, factors that headers name, the order of dates, where most places
    lie, and the choices of the fields that have some (folded word -> key)."""

    schema: Schema
    columns: Columns
    today: date
    factors: Mapping[str, Decimal] = field(default_factory=dict)
    surplus: tuple[int, ...] = ()
    order: Order = Order.MONTH_FIRST
    middle: Middle | None = None
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    datum: Datum | None = None  # whose degrees the headers name, if not WGS-84's
    worded: frozenset[str] = frozenset()  # fields whose cells elsewhere never are measures or days

    def read(self, number: int, cells: Sequence[str]) -> Row | Rejected:
        """Read one row; every fault of it is named, not only the first."""
        reasons: list[Reason] = []
        if any(place < len(cells) and cells[place] for place in self.surplus):
            reasons.append(Reason("row", _l("The row has more cells than the table has columns; something has moved.")))
        values: dict[str, Any] = {}
        for key, place in self.columns.items():
            cell = cells[place].strip() if place < len(cells) else ""
            if cell.casefold() not in MISSING:
                self._take(self.schema.by_key[key], cell, values, reasons)
        if self.groups and (named := participants_in(self.groups, cells)):
            values["participants"] = named
        self._settle(values, reasons)
        return Rejected(number, tuple(reasons)) if reasons else Row(number, values)

    def _take(self, one: Field, cell: str, values: dict[str, Any], reasons: list[Reason]) -> None:
        if len(cell) > one.longest and one.holds is not Holds.FIRMS:
            reasons.append(too_long(one, len(cell)))
            return
        if one.key in self.worded and (is_measure(cell) or is_day(cell)):
            message = _l("%(field)s holds a number or a day here and words in the other rows; something has moved.",
                         field=one.label)  # fmt: skip
            reasons.append(Reason(one.key, message))
            return
        try:
            _READERS.get(one.holds, _words)(self, one, cell, values)
        except Projected:
            reasons.append(Reason(one.key, _l("These are no degrees but metres or feet of a projected grid.")))
        except Unclear as error:
            reasons.append(Reason(one.key, error.args[0] if error.args else _why_unclear(one, cell)))
        except ValueError:
            reasons.append(Reason(one.key, _l("There is no such day in the calendar.")))

    def _settle(self, values: dict[str, Any], reasons: list[Reason]) -> None:
        """What concerns several fields: the needed ones, and the place as a whole."""
        for key, other in self.schema.instead.items():
            if key not in values and other in values:
                values[key] = values[other]
                if len(values[key]) > self.schema.by_key[key].longest:
                    one = self.schema.by_key[other]
                    reasons.append(too_long(one, len(values[key]), self.schema.by_key[key].longest))
        said = {reason.field for reason in reasons}
        for one_of in self.schema.needs:
            if not any(key in values or key in said for key in one_of):
                labels = [self.schema.by_key[key].label for key in one_of]
                reasons.append(Reason(one_of[0], _missing(labels)))
        if not said & {"latitude", "longitude", "place"}:
            faults = self._place_faults(values)
            reasons += faults
            if self.datum and not faults and "latitude" in values:
                place = to_wgs84(self.datum, values["latitude"], values["longitude"])
                values["latitude"], values["longitude"] = round(place[0], 6), round(place[1], 6)

    def _place_faults(self, values: dict[str, Any]) -> list[Reason]:
        latitude, longitude = values.get("latitude"), values.get("longitude")
        if latitude is None and longitude is None:
            return []
        if latitude is None or longitude is None:
            return [Reason("latitude", _l("Only half of the place is given."))]
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            return [Reason("latitude", _l("The place lies outside the globe."))]
        if (latitude, longitude) == (0.0, 0.0):
            message = _l("The place 0, 0 lies in the ocean. Leave both empty if it is not known.")
            return [Reason("latitude", message)]
        if is_swapped((latitude, longitude), self.middle):
            return [Reason("latitude", _l("Latitude and longitude of this row seem swapped."))]
        return []


def _missing(labels: Sequence[Any]) -> Any:
    if len(labels) == 1:
        return _l("%(field)s is missing.", field=labels[0])
    return _l("There is neither a name nor an address.")


def reader_for(
    schema: Schema,
    sheet: Sheet,
    columns: Columns,
    today: date,
    *,
    order: Order | None = None,
    choices: Mapping[str, Mapping[str, str]] | None = None,
) -> Reader:
    """The reader of a sheet: what its headers say about units, and what its first rows show."""
    samples = sheet.samples(200)
    days = [row[columns[one.key]] for one in schema.fields if one.holds is Holds.DAY and one.key in columns
            for _number, row in sheet.rows]  # fmt: skip
    shown = order_of(days)
    return Reader(
        schema=schema,
        columns=dict(columns),
        today=today,
        factors=factors_of(sheet.headers, columns),
        surplus=tuple(place for place, header in enumerate(sheet.headers) if is_surplus(header)),
        order=shown if isinstance(shown, Order) else order or Order.MONTH_FIRST,
        middle=middle_of(_places(schema, columns, samples)),
        choices=choices or {},
        groups=groups_in(sheet.headers) if schema.participants else (),
        datum=datum_of(sheet.headers, columns),
        worded=_worded(schema, columns, samples),
    )


def _places(schema: Schema, columns: Columns, samples: Sequence[Sequence[str]]) -> list[tuple[float, float]]:
    found = []
    for row in samples:
        try:
            if "latitude" in columns and "longitude" in columns:
                found.append((degrees_of(row[columns["latitude"]]), degrees_of(row[columns["longitude"]])))
            elif "place" in columns and "place" in schema.by_key:
                found.append(place_of(row[columns["place"]]))
        except ValueError:
            continue
    return found


def _worded(schema: Schema, columns: Columns, samples: Sequence[Sequence[str]]) -> frozenset[str]:
    """Fields of words in which, among at least twenty cells, hardly any is a measure or a day."""
    worded = []
    for key, place in columns.items():
        one = schema.by_key[key]
        if one.holds not in (Holds.WORDS, Holds.FIRM, Holds.FIRMS) or one.key == "note":
            continue
        cells = [row[place] for row in samples if place < len(row) and row[place].casefold() not in MISSING]
        odd = sum(1 for cell in cells if is_measure(cell) or is_day(cell))
        if len(cells) >= 20 and odd <= max(2, len(cells) * 0.02):
            worded.append(key)
    return frozenset(worded)


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
    (re.compile(r"\bacres?\b|英亩"), Decimal("4046.8564224")),
    (re.compile(r"亩"), MU),
)


def factors_of(headers: Sequence[str], columns: Columns) -> dict[str, Decimal]:
    """What the headers say about units: 万元 multiplies, square feet are turned into square metres."""
    factors: dict[str, Decimal] = {}
    for key, patterns in (("value", _MONEY_HEADERS), ("area", _AREA_HEADERS)):
        if key in columns:
            header = folded_cell(headers[columns[key]]).replace("_", " ")
            factor = next((factor for pattern, factor in patterns if pattern.search(header)), None)
            if factor is not None:
                factors[key] = factor
    return factors


def datum_of(headers: Sequence[str], columns: Columns) -> Datum | None:
    """The Chinese map whose degrees the headers of a place name, if any."""
    named = (datum_named(headers[columns[key]]) for key in ("latitude", "longitude", "place") if key in columns)
    return next((datum for datum in named if datum), None)


def too_long(one: Field, length: int, most: int | None = None) -> Reason:
    """The reason that nothing is cut."""
    message = _l("%(field)s is too long (%(n)s characters, at most %(most)s).", field=one.label, n=length,
                 most=most or one.longest)  # fmt: skip
    return Reason(one.key, message)


_UNFIT = _l("This value does not fit here.")
_UNCLEAR = {
    Holds.MONEY: _l("The value is not a number."),
    Holds.AREA: _l("The area is not a number."),
    Holds.WHOLE: _l("This is not a whole number."),
    Holds.QUANTITY: _l("This is not a number."),
    Holds.MONTH: _l("The month cannot be read; write it as 2026-03."),
    Holds.DAY: _l("The date cannot be read; write it as 2026-03-16."),
    Holds.LATITUDE: _l("The place is not given in degrees."),
    Holds.LONGITUDE: _l("The place is not given in degrees."),
    Holds.PLACE: _l("The place is not given in degrees."),
    Holds.PHONE: _l("This is not a phone number."),
    Holds.EMAIL: _l("This is not an e-mail address."),
}
_NEGATIVE = _l("A value cannot be negative.")
_PERCENTAGE = _l("This is a percentage, not an amount.")


def _why_unclear(one: Field, cell: str) -> Any:
    return _PERCENTAGE if one.holds in NUMERIC and is_percentage(cell) else _UNCLEAR.get(one.holds, _UNFIT)


_SEPARATOR = re.compile(r"\s*[|；;]\s*")
_CHOICE_SEPARATOR = re.compile(r"\s*[|；;，,、/]\s*")
_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+")


def _words(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    values[one.key] = cell


def _firms(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    names = tuple(dict.fromkeys(name for name in _SEPARATOR.split(cell) if name))
    longest = max((len(name) for name in names), default=0)
    if longest > one.longest:
        raise Unclear(too_long(one, longest).message)
    if names:
        values[one.key] = names


def _phone(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    if sum(1 for letter in cell if letter.isdigit()) < 5:
        raise Unclear
    values[one.key] = cell


def _email(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    if not _EMAIL.fullmatch(cell):
        raise Unclear
    values[one.key] = cell


def _day(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    day = day_of(cell, reader.order)
    if not EARLIEST <= day <= reader.today:
        raise Unclear(_l("The date lies in the future or too far back."))
    values[one.key] = day


def _money(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    found, currency = money_and_currency_of(cell, reader.factors.get(one.key))
    if found < 0:
        raise Unclear(_NEGATIVE)
    values[one.key] = found
    if currency:
        values["currency"] = currency


def _area(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    found = area_of(cell, reader.factors.get(one.key))
    if found < 0:
        raise Unclear(_NEGATIVE)
    values[one.key] = found


def _whole(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    values[one.key] = whole_of(cell)


def _quantity(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    values[one.key] = quantity_of(cell)


def _month(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    values[one.key] = month_of_cell(cell, reader.order)


def _degrees(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    values[one.key] = round(degrees_of(cell, one.key), 6)


def _place(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    latitude, longitude = place_of(cell)
    values.setdefault("latitude", round(latitude, 6))
    values.setdefault("longitude", round(longitude, 6))


def _choice(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    values[one.key] = _chosen(reader, one, cell)


def _choices(reader: Reader, one: Field, cell: str, values: dict[str, Any]) -> None:
    said = [word for word in _CHOICE_SEPARATOR.split(cell) if word]
    values[one.key] = tuple(dict.fromkeys(_chosen(reader, one, word) for word in said))


def _chosen(reader: Reader, one: Field, word: str) -> str:
    found = reader.choices.get(one.choices, {}).get(folded(word))
    if found is None:
        raise Unclear(_l("%(field)s: there is no %(name)s.", field=one.label, name=word[:60]))
    return found


_READERS: dict[Holds, Callable[[Reader, Field, str, dict[str, Any]], None]] = {
    Holds.FIRMS: _firms,
    Holds.PHONE: _phone,
    Holds.EMAIL: _email,
    Holds.DAY: _day,
    Holds.MONEY: _money,
    Holds.AREA: _area,
    Holds.WHOLE: _whole,
    Holds.QUANTITY: _quantity,
    Holds.MONTH: _month,
    Holds.LATITUDE: _degrees,
    Holds.LONGITUDE: _degrees,
    Holds.PLACE: _place,
    Holds.CHOICE: _choice,
    Holds.CHOICES: _choices,
}
