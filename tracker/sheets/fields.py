"""What a sheet may fill: fields with their names in both languages, and the schema of each kind of thing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

LINK = " › "  # between the levels of a header that stands in two rows


class Holds(StrEnum):
    """What the cells of a field hold."""

    WORDS = "words"
    FIRM = "firm"
    FIRMS = "firms"  # several in one cell
    CODE = "code"  # a plot's or permit's number: letters and figures
    PHONE = "phone"
    EMAIL = "email"
    DAY = "day"
    MONEY = "money"
    AREA = "area"
    WHOLE = "whole"
    QUANTITY = "quantity"
    MONTH = "month"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    PLACE = "place"  # latitude and longitude in one cell
    CHOICE = "choice"  # one of a list of the definition, by key or name
    CHOICES = "choices"


NUMERIC = (Holds.MONEY, Holds.AREA, Holds.WHOLE)
MEASURED = (*NUMERIC, Holds.LATITUDE, Holds.LONGITUDE)


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a sheet may fill; `names` are headers (folded) it goes by, the likeliest first."""

    key: str
    label: Any
    names: tuple[str, ...]
    holds: Holds = Holds.WORDS
    longest: int = 200
    choices: str = ""  # of which list a choice is


@dataclass(frozen=True, slots=True)
class RowKey:
    """By which fields a row is found again among what is known already."""

    key: str
    label: Any
    fields: tuple[str, ...]
    usual: bool = False


@dataclass(frozen=True)
class Schema:
    """One kind of thing that is imported. `needs`: one of these fields must be filled, `needs_message` says so."""

    kind: str
    fields: tuple[Field, ...]
    needs: tuple[tuple[str, ...], ...]
    needs_message: Any
    keys: tuple[RowKey, ...]
    profiles: tuple[Mapping[str, str], ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)  # an empty field is filled with this other one
    participants: bool = False  # numbered columns may tell who takes part, see `participants`

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """Its fields by their keys."""
        return {one.key: one for one in self.fields}

    @cached_property
    def _fields_by_name(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for one in self.fields:
            for name in one.names:
                names.setdefault(name, one.key)
        return names

    def field_named(self, header: str) -> str | None:
        """The field that goes by exactly this header, if any."""
        return next((key for way in ways(header) if (key := self._fields_by_name.get(way))), None)


_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_UNITS = re.compile(
    r"[\s/,:]*(sq ?m|m2|sq\.? ?ft|sqft|ft2|square (feet|metres|meters)|rmb|cny|usd|yuan|万元|亿元|元|平方米|亩)$"
)
_MERGED = re.compile(r" [xy]$")  # what a join of two lists makes of their headers
_GENERIC = ("名称", "name", "姓名", "全称")


def folded_header(header: str) -> str:
    """A header without what does not tell fields apart: case, brackets, units, runs of blanks, a required mark."""
    plain = unicodedata.normalize("NFKC", header).casefold().replace("_", " ").replace("*", " ")
    plain = " ".join(_BRACKETS.sub("", plain).split()).rstrip(":")
    return _MERGED.sub("", _UNITS.sub("", plain) or plain)


def ways(header: str) -> list[str]:
    """The names a header may mean, the likeliest first; one of two levels may be either or both of them."""
    parts = [folded_header(part) for part in header.split(LINK) if folded_header(part)]
    if len(parts) < 2:
        return parts
    last, above = parts[-1], parts[:-1]
    joined = ["".join(parts), " ".join(parts)]
    return [*joined, *reversed(above), last] if last in _GENERIC else [*joined, last, *reversed(above)]


def shape_of(headers: Sequence[str]) -> list[str]:
    """What makes two files of one shape: the same set of folded headers, in whatever order."""
    return sorted({LINK.join(folded_header(part) for part in header.split(LINK)) for header in headers})
