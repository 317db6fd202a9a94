"""Pictures found by day and by place: the team's day, and the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.access import visible
from tracker.assigning.queries.map import MOST, SINGLE_ZOOM, Frame
from tracker.gallery.models import Photo
from tracker.gallery.queries import WHOLE, PhotoFilters, photos_asked
from tracker.projects.models import Project
from tracker.team.models import User

OF_A_DAY = 300  # pictures on one page
GRID = 3  # cells across one tile of 256 pixels
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
    """At most 500 marks of what the user sees within the frame, in two statements."""
    inside = (
        Photo.latitude.between(frame.south, frame.north),
        Photo.longitude.between(frame.west, frame.east),
    )
    cell = 360 / 2 ** min(frame.zoom, SINGLE_ZOOM) / GRID  # wide enough that marks are pressed one by one
    row, column = func.round(Photo.latitude / cell), func.round(Photo.longitude / cell)
    where = (func.avg(Photo.latitude), func.avg(Photo.longitude), func.count(Photo.id), func.max(Photo.id))
    grouped = photos_asked(by, filters).where(*inside).order_by(None).with_only_columns(*where).group_by(row, column)
    found = session.execute(grouped.order_by(func.count(Photo.id).desc()).limit(MOST)).all()
    newest = select(Photo.id, Photo.token, Photo.caption).where(Photo.id.in_([number for *_rest, number in found]))
    rows = {one.id: one for one in session.execute(newest)}
    return [
        Mark(float(lat), float(lon), count, rows[number].token, rows[number].caption or "")
        for lat, lon, count, number in found
    ]


def list_sites(session: Session, by: User, filters: PhotoFilters) -> Sequence[tuple[int, str, int]]:
    """The sites of the pictures that have a place, as number, name and how many, those with the most first."""
    counted = photos_asked(by, replace(filters, project_id=None)).where(Photo.latitude.is_not(None)).order_by(None)
    columns: Any = counted.with_only_columns(Project.id, Project.name, func.count(Photo.id))
    columns = columns.join(Project, Project.id == Photo.project_id).where(visible(Project, by))
    rows = session.execute(
        columns.group_by(Project.id, Project.name).order_by(func.count(Photo.id).desc()).limit(SITES)
    )
    return [(number, name, count) for number, name, count in rows]
