"""The order in which to drive to the places of a day: always the nearest next. Straight lines, no roads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.calendar.queries.plans import Planned
from tracker.matching.distance import metres

Place = tuple[float, float]
"""Latitude and longitude in WGS-84 degrees."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A plan on the way, and how far it lies from the stop (or the start) before it, in kilometres."""

    planned: Planned
    far: float | None


@dataclass(frozen=True, slots=True)
class Route:
    """The stops in their order, what has no place, and all the way in kilometres."""

    stops: Sequence[Stop]
    nowhere: Sequence[Planned]

    @property
    def total(self) -> float:
        """Kilometres from the first stop, or from where one starts, to the last."""
        return sum(stop.far or 0 for stop in self.stops)


def route_of(plans: Iterable[Planned], start: Place | None = None) -> Route:
    """From a start, else from the earliest plan (by its time, then as it was entered), always to the nearest next."""
    placed: list[tuple[Planned, Place]] = []
    nowhere: list[Planned] = []
    for one in plans:
        if one.latitude is None or one.longitude is None:
            nowhere.append(one)
        else:
            placed.append((one, (one.latitude, one.longitude)))
    placed.sort(key=lambda pair: (pair[0].at or "99", pair[0].record.id))
    stops: list[Stop] = []
    here = start
    while placed:
        index = 0 if here is None else min(range(len(placed)), key=lambda number: _far(here, placed[number][1]))
        planned, there = placed.pop(index)
        stops.append(Stop(planned, None if here is None else _far(here, there)))
        here = there
    return Route(stops, nowhere)


def _far(here: Place | None, there: Place) -> float:
    return metres(*(here or there), *there) / 1000
