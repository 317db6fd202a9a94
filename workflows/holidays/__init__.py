"""Public holidays as data: a YAML file a country -> Holidays. Every fault names file, key and reason, all at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from workflows.calendar import SATURDAY, Holidays
from workflows.errors import DefinitionError, Fault
from workflows.loading import name_of, read
from workflows.reading import Faults, Node
from workflows.text import Text

CHINA = Path(__file__).parent / "cn.yaml"
BASES = ("published", "estimate")


def load_holidays(source: Path | str) -> Holidays:
    """The holidays in a file (Path) or in YAML text. Raises `DefinitionError` with every fault found."""
    name = name_of(source)
    data, _name, wrong = read(source)
    if wrong:
        raise DefinitionError(tuple(wrong))
    faults = Faults(name)
    root = Node(data, "", faults)
    root.string("country")
    root.text("note")
    known: dict[str, set[int]] = {basis: set() for basis in BASES}
    worked: set[date] = set()
    named: dict[date, Text] = {}
    for node in root.children("years", "year"):
        _read_year(node, known, named, worked)
    root.close()
    for day in sorted(set(named) & worked):
        faults.add("years", f"{day} is both off and worked")
    if faults.found:
        raise DefinitionError(tuple(faults.found))
    years = (frozenset(known["published"]), frozenset(known["estimate"]))
    return Holidays(frozenset(named), frozenset(worked), *years, tuple(sorted(named.items(), key=lambda pair: pair[0])))


@cache
def load_china() -> Holidays:
    """The holidays of mainland China; read once per process."""
    return load_holidays(CHINA)


def _read_year(node: Node, known: dict[str, set[int]], named: dict[date, Text], worked: set[date]) -> None:
    year, basis = node.integer("year"), node.string("basis")
    node.string("source")
    if basis not in known:
        node.faults.add(node.at("basis"), f"must be one of {', '.join(BASES)}, not {basis!r}")
    elif any(year in years for years in known.values()):
        node.faults.add(node.at("year"), "comes twice")
    else:
        known[basis].add(year)
    for holiday in node.children("holidays"):
        _read_holiday(holiday, year, named, worked)
    node.close()


def _read_holiday(node: Node, year: int, named: dict[date, Text], worked: set[date]) -> None:
    node.string("key")
    name = node.text()
    first, last = _day(node, "from", year), _day(node, "to", year)
    if first and last:
        if last < first:
            node.faults.add(node.place, f"runs backwards: {first} to {last}")
        named.update((first + timedelta(days=number), name) for number in range((last - first).days + 1))
    for day in _worked(node, year):
        if day.weekday() < SATURDAY:
            node.faults.add(node.at("worked"), f"{day} is no Saturday or Sunday; it is worked anyway")
        worked.add(day)
    node.close()


def _worked(node: Node, year: int) -> Iterator[date]:
    values = node.raw("worked", [])
    if not isinstance(values, list):
        node.faults.add(node.at("worked"), "must be a list of days")
        return
    for value in values:
        if (day := _as_day(node, "worked", value, year)) is not None:
            yield day


def _day(node: Node, key: str, year: int) -> date | None:
    value = node.raw(key)
    if value is None:
        node.faults.add(node.at(key), "is missing")
        return None
    return _as_day(node, key, value, year)


def _as_day(node: Node, key: str, value: object, year: int) -> date | None:
    if not isinstance(value, date) or isinstance(value, datetime):
        node.faults.add(node.at(key), f"must be a day such as {year}-10-01, not {value!r}")
        return None
    if value.year != year:
        node.faults.add(node.at(key), f"{value} is not in {year}")
    return value


__all__ = ["CHINA", "DefinitionError", "Fault", "load_china", "load_holidays"]
