"""Pictures found by day and by place: the team's day, and the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from tracker.access import seen_traces, visible
from tracker.assigning.queries.map import MOST, SINGLE_ZOOM, Frame
from tracker.gallery.models import Photo
from tracker.gallery.queries import WHOLE, photos_asked
from tracker.gallery.queries.narrowing import PhotoFilters
from tracker.leads.models import Lead
from tracker.projects.models import Project
from tracker.team.models import User

OF_A_DAY = 300  # pictures on one page
GRID = 3  # cells across one tile of 256 pixels
FAR = 9  # the zoom below which all of a site is one mark
SITES = 60  # sites beside the map


@dataclass(frozen=True, slots=True)
class Walk:
    """What one person took on a day at one site, in the order of the day; `project` None: on a lead."""

    person: User | None
    project: Project | None
    photos: Sequence[Photo]


@dataclass(frozen=True, slots=True)
class Day:
    """A team's day: its walks by person, how many pictures, and whether there were more than a page shows."""

    on: date
    walks: Sequence[Walk]
    number: int
    more: bool


def load_day(session: Session, by: User, on: date, person_id: int | None = None) -> Day:
    """The pictures of a day that the user sees, by person and site."""
    filters = PhotoFilters(uploader_id=person_id, since=on, until=on)
    rows = list(session.scalars(photos_asked(by, filters).options(*WHOLE).limit(OF_A_DAY + 1)))
    more, shown = len(rows) > OF_A_DAY, rows[:OF_A_DAY]
    shown.sort(key=lambda one: (one.uploader.name if one.uploader else "", one.taken_at or one.uploaded_at, one.id))
    groups: dict[tuple[int | None, int | None], list[Photo]] = {}
    for photo in shown:
        groups.setdefault((photo.uploader_id, photo.project_id), []).append(photo)
    seen = set(
        session.scalars(select(Project.id).where(Project.id.in_({key[1] for key in groups}), visible(Project, by)))
    )
    walks = [
        Walk(photos[0].uploader, photos[0].project if project_id in seen else None, photos)
        for (_person, project_id), photos in groups.items()
    ]
    return Day(on, walks, len(shown), more)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the map with so many pictures; `token` and `day` are those of the newest."""

    latitude: float
    longitude: float
    count: int
    token: str
    caption: str


def list_marks(session: Session, by: User, filters: PhotoFilters, frame: Frame) -> list[Mark]:
    """At most 500 marks of what one sees within the frame: far away each site is one, near they lie where they are.

    Of all sites the pictures are counted in an index alone; asked one by one, 200,000 take half a second.
    """
    cell = 360 / 2 ** min(frame.zoom, SINGLE_ZOOM) / GRID
    found = _far(session, by, filters, frame, cell) if frame.zoom < FAR else _near(session, by, filters, frame, cell)
    newest = select(Photo.id, Photo.token, Photo.caption).where(Photo.id.in_([number for *_rest, number in found]))
    rows = {one.id: one for one in session.execute(newest)}
    return [
        Mark(float(lat), float(lon), count, rows[number].token, rows[number].caption or "")
        for lat, lon, count, number in found
    ]


Heap = tuple[float, float, int, int]  # middle, how many, the newest


def _near(session: Session, by: User, filters: PhotoFilters, frame: Frame, cell: float) -> Sequence[Heap]:
    inside = (
        Photo.latitude.between(frame.south, frame.north),
        Photo.longitude.between(frame.west, frame.east),
    )
    row, column = func.round(Photo.latitude / cell), func.round(Photo.longitude / cell)
    grouped: Any = photos_asked(by, filters).where(*inside).order_by(None).with_only_columns(*_HEAP)
    grouped = grouped.group_by(row, column).order_by(func.count(Photo.id).desc()).limit(MOST)
    return [(heap[0], heap[1], heap[2], heap[3]) for heap in session.execute(grouped)]


def _far(session: Session, by: User, filters: PhotoFilters, frame: Frame, cell: float) -> Sequence[Heap]:
    """The heaps of sites, those that would lie on each other taken together."""
    gathered: dict[tuple[int, int], Heap] = {}
    for lat, lon, count, number in _heaps(session, by, filters):
        latitude, longitude = float(lat), float(lon)
        if not (frame.south <= latitude <= frame.north and frame.west <= longitude <= frame.east):
            continue
        key = (round(latitude / cell), round(longitude / cell))
        there = gathered.get(key, (0.0, 0.0, 0, 0))
        total = there[2] + count
        middle = ((there[0] * there[2] + latitude * count) / total, (there[1] * there[2] + longitude * count) / total)
        gathered[key] = (*middle, total, max(there[3], number))
    return sorted(gathered.values(), key=lambda heap: -heap[2])[:MOST]


_HEAP = (func.avg(Photo.latitude), func.avg(Photo.longitude), func.count(), func.max(Photo.id))


def _heaps(session: Session, by: User, filters: PhotoFilters) -> Iterator[Any]:
    """The pictures with a place of each project, then of each lead, that the user sees."""
    for home, model in ((Photo.project_id, Project), (Photo.lead_id, Lead)):
        loose = Photo.project_id.is_(None) if model is Lead else true()
        yield from session.execute(_counted(by, filters, home, model, *_HEAP).where(loose))


def _counted(by: User, filters: PhotoFilters, home: Any, model: Any, *columns: Any) -> Any:
    """Pictures with a place counted by their home. A purged picture has no place, so that the index knows enough."""
    seen = home.in_(select(model.id).where(visible(model, by)))
    query = select(*columns).where(seen, Photo.latitude.is_not(None), seen_traces(Photo, by), *filters.conditions())
    return query.group_by(home).params(filters.values)


def list_sites(session: Session, by: User, filters: PhotoFilters) -> Sequence[tuple[int, str, int]]:
    """The sites of the pictures that have a place, as number, name and how many, those with the most first."""
    counted = _counted(by, replace(filters, project_id=None), Photo.project_id, Project, Photo.project_id, func.count())
    rows = session.execute(counted.order_by(func.count().desc(), Photo.project_id).limit(SITES)).all()
    named = session.execute(select(Project.id, Project.name).where(Project.id.in_([row[0] for row in rows])))
    names = {row.id: row.name for row in named}
    return [(number, names[number], count) for number, count in rows]
