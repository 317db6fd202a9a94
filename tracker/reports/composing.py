"""What a report says, made of the sentences that were gathered: plain data, kept as JSON, read in both languages.

`content`: `figures` (key, n, or amounts by currency), `sections` (key, n, lines), `pictures` (token, caption, site).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracker.reports.queries.items import Item, in_order

MOST = 60  # sentences of a section that are kept; its number says how many there are
PICTURES = 6


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a report is about. `people`: of a person himself, of a team or region all of its people."""

    of: str
    id: int
    name: str
    people: frozenset[int] = frozenset()
    team_id: int | None = None

    @property
    def key(self) -> str:
        """`person:7` and the like."""
        return f"{self.of}:{self.id}"


class Gathered:
    """All sentences of a period by section, and what people are called; each is found by the people it is about."""

    def __init__(self, items: Mapping[str, Sequence[Item]], names: Mapping[int, str]) -> None:
        self.items, self.names = items, names
        self._places = {key: _places(found) for key, found in items.items()}

    def plus(self, section: str, lines: Sequence[Item]) -> Gathered:
        """The same with one section more; what is known of the others is not looked up again."""
        wider = copy(self)
        wider.items = {**self.items, section: lines}
        wider._places = {**self._places, section: _places(lines)}
        return wider

    def of(self, subject: Subject) -> dict[str, list[Item]]:
        """Those that are about a subject, in their order."""
        if subject.of == "project":
            return {key: list(items) for key, items in self.items.items()}
        found = {}
        for key, items in self.items.items():
            places = self._places[key]
            numbers = {number for person in subject.people for number in places.get(person, ())}
            found[key] = [items[number] for number in sorted(numbers)]
        return found


def _places(items: Sequence[Item]) -> Mapping[int, Sequence[int]]:
    """At which places those stand that are about each person."""
    found: dict[int, list[int]] = {}
    for number, item in enumerate(items):
        for person in item.people:
            found.setdefault(person, []).append(number)
    return found


AS_GATHERED = frozenset({"windows", "plan", "late", "todos", "silence", "people", "forecast"})
"""Sections whose sentences come in an order of their own; all others the newest first."""


def compose(subject: Subject, gathered: Gathered, sections: Sequence[str]) -> dict[str, Any]:
    """The content of one report, with these sections in this order; what has nothing to say is left out but silence."""
    own = gathered.of(subject)
    several = subject.of != "person"
    said = []
    for key in sections:
        items = own.get(key, [])
        ordered = items if key in AS_GATHERED else in_order(items)
        if items:
            lines = [_line(one, gathered.names, several) for one in ordered[:MOST]]
            said.append({"key": key, "n": count_of(key, items), "lines": lines})
    return {"figures": figures(own), "sections": said, "pictures": _pictures(own.get("photos", []))}


def count_of(section: str, items: Iterable[Item]) -> int:
    """How many things a section tells of: pictures are counted one by one, all else by its sentences."""
    return sum(one.more["n"] if section == "photos" else 1 for one in items)


def _line(item: Item, names: Mapping[int, str], several: bool) -> dict[str, Any]:
    line = item.line()
    if several and item.section not in ("people", "silence") and item.people:
        line["by"] = names.get(item.doer or min(item.people), "")
    return line


def figures(own: Mapping[str, Sequence[Item]]) -> list[dict[str, Any]]:
    """The figures on top: each is the number, or the sum, of a section's sentences."""
    met = {one for item in own.get("visits", ()) for one in item.more.get("met", ())}
    sites = {item.site for key in ("moves", "visits", "work") for item in own.get(key, ()) if item.site}
    found: list[dict[str, Any]] = [
        {"key": "visits", "n": len(own.get("visits", ()))},
        {"key": "met", "n": len(met), "section": "visits"},
        {"key": "sites", "n": len(sites), "section": "moves"},
        {"key": "moves", "n": len(own.get("moves", ()))},
        {"key": "evidence", "n": len(own.get("evidence", ()))},
        {"key": "photos", "n": count_of("photos", own.get("photos", ()))},
        {"key": "leads", "n": len(own.get("leads", ()))},
        {"key": "done", "n": len(own.get("done", ()))},
        {"key": "late", "n": len(own.get("late", ()))},
    ]
    promises = own.get("promises", ())
    if promises:
        kept, of = (sum(1 for one in promises if one.more[key]) for key in ("kept", "counts"))
        found.append({"key": "kept", "n": kept, "of": of, "section": "promises"})
    for key, won in (("won", True), ("lost", False)):
        ends = [one for one in own.get("outcomes", ()) if one.more["won"] is won]
        found.append({"key": key, "n": len(ends), "amounts": _amounts(ends, "value"), "section": "outcomes"})
    expected = own.get("forecast", ())
    if expected:
        found.append({"key": "expected", "n": len(expected), "amounts": _amounts(expected, "value"),
                      "section": "forecast"})  # fmt: skip
        found.append({"key": "supported", "n": len(expected), "amounts": _amounts(expected, "supported"),
                      "section": "forecast"})  # fmt: skip
    return found


def _amounts(items: Iterable[Item], what: str) -> dict[str, str]:
    """Sums by currency, never over currencies. A line of a project that is won as a whole is in its amount."""
    found: dict[str, Decimal] = {}
    chosen = list(items)
    whole = {item.site for item in chosen if item.more.get("whole")}
    for item in chosen:
        part = item.more.get("whole") is False and item.site in whole
        value = item.more.get(what)
        if value and not part:
            found[item.more["currency"]] = found.get(item.more["currency"], Decimal(0)) + value
    return {currency: str(value) for currency, value in sorted(found.items())}


def _pictures(items: Iterable[Item]) -> list[dict[str, Any]]:
    """One picture of each site in turn, until there are enough."""
    piles = [[(item, *shown) for shown in item.more["shown"]] for item in items]
    found: list[dict[str, Any]] = []
    while any(piles) and len(found) < PICTURES:
        for pile in piles:
            if pile and len(found) < PICTURES:
                item, token, caption = pile.pop(0)
                found.append({"token": token, "caption": caption, "site": list(item.site or ()),
                              "name": item.args["site"]})  # fmt: skip
    return found
