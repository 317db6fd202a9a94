"""Leads as points of a map: each by itself, or gathered by a grid where there are many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.assigning.queries.chosen import MOST as CHOSEN
from tracker.gcj import SHIFT
from tracker.leads.models import OPEN, Lead
from tracker.leads.queries import LeadFilters, leads_asked
from tracker.team.models import Region, User

MOST = 500  # marks on one map
SINGLE_ZOOM = 15  # from here on every lead stands by itself
GRID = 6  # cells across one tile of 256 pixels

Place = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the world that the map shows, in degrees."""

    west: float = -180
    south: float = -90
    east: float = 180
    north: float = 90
    zoom: int = 4


@dataclass(frozen=True, slots=True)
class RegionCount:
    """How many leads a region has (None: those of no region), and the middle of those whose place is known."""

    id: int | None
    name: str | None
    count: int
    middle: Place | None


@dataclass(frozen=True, slots=True)
class Within:
    """The leads inside a shape, as number and name, and whether there are more."""

    leads: Sequence[tuple[int, str]]
    more: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """One lead, or several that lie close together (`count`); `state` is the lead's, or '' where there are several."""

    latitude: float
    longitude: float
    count: int
    lead_id: int
    name: str = ""
    state: str = ""
    outcome: str | None = None


def list_marks(session: Session, by: User, filters: LeadFilters, frame: Frame) -> list[Mark]:
    """At most 500 marks of what the user sees within the frame, in two statements."""
    places = leads_asked(by, filters).where(
        Lead.latitude.between(frame.south, frame.north), Lead.longitude.between(frame.west, frame.east)
    )
    cell = 360 / 2 ** min(frame.zoom, SINGLE_ZOOM) / GRID
    if frame.zoom >= SINGLE_ZOOM:
        cell /= 1000
    row, column = func.round(Lead.latitude / cell), func.round(Lead.longitude / cell)
    where = (func.avg(Lead.latitude), func.avg(Lead.longitude), func.count(Lead.id), func.min(Lead.id))
    grouped = places.order_by(None).with_only_columns(*where).group_by(row, column)
    found = session.execute(grouped.order_by(func.count(Lead.id).desc()).limit(MOST)).all()
    single = [number for _lat, _lon, count, number in found if count == 1]
    rows = session.execute(select(Lead.id, Lead.name, Lead.state, Lead.outcome).where(Lead.id.in_(single)))
    names = {one.id: one for one in rows}
    return [
        Mark(float(lat), float(lon), count, number, one.name, one.state, one.outcome)
        if (one := names.get(number))
        else Mark(float(lat), float(lon), count, number)
        for lat, lon, count, number in found
    ]


def count_by_region(session: Session, by: User, filters: LeadFilters) -> list[RegionCount]:
    """How many leads each region has, and where its name stands on a map."""
    counted = (
        leads_asked(by, filters)
        .order_by(None)
        .with_only_columns(
            Lead.region_id, Region.name, func.count(Lead.id), func.avg(Lead.latitude), func.avg(Lead.longitude)
        )
        .outerjoin(Region, Region.id == Lead.region_id)
        .group_by(Lead.region_id, Region.name)
    )
    return [
        RegionCount(region, name, count, None if lat is None else (float(lat), float(lon)))
        for region, name, count, lat, lon in session.execute(counted.order_by(Region.name))
    ]


def list_within(
    session: Session, by: User, filters: LeadFilters, shape: Sequence[Place], shown: Callable[[float, float], Place]
) -> Within:
    """The open leads inside a shape (its corners in order, at most 200), as `shown` puts their places on the map."""
    heights, widths = [lat for lat, _lon in shape], [lon for _lat, lon in shape]
    found = (
        leads_asked(by, filters)
        .order_by(None)
        .with_only_columns(Lead.id, Lead.name, Lead.latitude, Lead.longitude)
        .where(
            Lead.state.in_(OPEN),
            Lead.latitude.between(min(heights) - SHIFT, max(heights) + SHIFT),
            Lead.longitude.between(min(widths) - SHIFT, max(widths) + SHIFT),
        )
    )
    with session.execute(found.order_by(Lead.id.desc()).execution_options(yield_per=500)) as rows:
        places = ((number, name) for number, name, lat, lon in rows if is_inside(shape, shown(lat or 0, lon or 0)))
        inside = list(islice(places, CHOSEN + 1))
    return Within(inside[:CHOSEN], len(inside) > CHOSEN)


def is_inside(shape: Sequence[Place], place: Place) -> bool:
    """Whether a place lies within a shape: a line from it to the north crosses the outline an odd number of times."""
    latitude, longitude = place
    inside = False
    for (lat, lon), (next_lat, next_lon) in zip(shape, (*shape[1:], shape[0]), strict=True):
        if (lon > longitude) != (next_lon > longitude):
            crossing = lat + (longitude - lon) / (next_lon - lon) * (next_lat - lat)
            inside ^= crossing > latitude
    return inside
