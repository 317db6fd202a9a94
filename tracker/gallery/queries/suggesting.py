"""Where a picture seems to belong: by its own place, by what its sender did on its day. Only what he sees is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.access import Action, can, visible
from tracker.gallery.models import Photo
from tracker.history.models import Standing
from tracker.matching.distance import metres
from tracker.matrix.models import Record
from tracker.projects.models import Building, Project
from tracker.projects.queries import LIVE, list_recent
from tracker.team.models import User

REACH = 3000  # metres from a site within which a picture may be of it
BOX = 0.04  # degrees around a picture's place: more than REACH up to 40 degrees from the equator, as far as 60 nearly
MOST = 8  # projects that are offered
WAITING = timedelta(days=14)  # for which what was sent and not filed is offered again
AT_ONCE = 120  # pictures that are filed on one page
DAY = 250  # metres: whoever logged on a site that day was rather there than at one that much nearer


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a picture seems to belong, and why: `away` metres from the site, `logged` there on its day."""

    project: Project
    building: Building | None
    phase: str
    step: str
    away: int | None
    logged: bool


@dataclass(frozen=True, slots=True)
class Suggested:
    """Where each picture (by id) seems to belong, and all projects that may be chosen, the likely ones first."""

    spots: dict[int, Spot]
    projects: Sequence[Project]


def suggest(session: Session, by: User, photos: Sequence[Photo], *, named: Iterable[int] = ()) -> Suggested:
    """Where pictures seem to belong, among the live projects on which `by` may log; `named` ones are offered too."""
    days = {photo.id: _day(photo) for photo in photos}
    logged = _logged(session, by, set(days.values()))
    wanted = {number for numbers in logged.values() for number, _building in numbers} | set(named)
    near = _around(session, by, photos, wanted)
    near += [one for one in list_recent(session, by, MOST) if one.id not in {project.id for project in near}]
    whole = _whole(session, [project.id for project in near])
    allowed = {project.id: project for project in whole if can(by, Action.RECORD_LOG, project)}
    spots = {}
    for photo in photos:
        found = _spot(photo, allowed.values(), logged.get(days[photo.id], ()))
        if found is not None:
            spots[photo.id] = found
    placed = _as_they_stood(session, spots, days)
    first = list(dict.fromkeys([*named, *(spot.project.id for spot in placed.values())]))
    order = [number for number in first if number in allowed]
    order += [project.id for project in near if project.id in allowed and project.id not in order]
    return Suggested(placed, [allowed[number] for number in order[: max(MOST, len(first))]])


def _day(photo: Photo) -> date:
    return clock.local(photo.taken_at or photo.uploaded_at).date()


def _logged(session: Session, by: User, days: set[date]) -> dict[date, list[tuple[int, int | None]]]:
    """On which projects and buildings the user logged on each of the days."""
    mine = (Record.author_id == by.id, Record.happened_on.in_(days), Record.project_id.is_not(None))
    rows = session.execute(select(Record.happened_on, Record.project_id, Record.building_id).where(*mine).limit(500))
    found: dict[date, list[tuple[int, int | None]]] = {}
    for on, project_id, building_id in rows:
        if project_id is None:
            continue
        found.setdefault(on, []).append((project_id, building_id))
    return found


def _around(session: Session, by: User, photos: Sequence[Photo], wanted: set[int]) -> list[Project]:
    """The live projects around the places of the pictures, and those that are wanted anyway."""
    corners = {(round(photo.latitude, 2), round(photo.longitude or 0, 2)) for photo in photos if photo.latitude}
    boxes = [
        Project.latitude.between(latitude - BOX, latitude + BOX)
        & Project.longitude.between(longitude - 2 * BOX, longitude + 2 * BOX)
        for latitude, longitude in sorted(corners)[:40]
    ]
    if not boxes and not wanted:
        return []
    query = select(Project).where(visible(Project, by), Project.state.in_(LIVE))
    return list(session.scalars(query.where(or_(Project.id.in_(wanted), *boxes)).order_by(Project.id).limit(200)))


def _whole(session: Session, ids: Sequence[int]) -> Sequence[Project]:
    whole = (joinedload(Project.team), selectinload(Project.members), selectinload(Project.buildings))
    query = select(Project).where(Project.id.in_(ids)).options(*whole)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _spot(photo: Photo, projects: Iterable[Project], logged: Sequence[tuple[int, int | None]]) -> Spot | None:
    """The nearest project within reach; of those about as near the one on which he logged that day."""
    there = dict(logged)
    best: tuple[float, Spot] | None = None
    for project in projects:
        away = _metres(photo, project)
        if away is None and (project.id not in there or photo.latitude is not None and project.latitude is not None):
            continue
        if away is None and len(there) > 1:
            continue  # he was on several sites that day, and the picture does not say on which
        rank = (away if away is not None else REACH) - (DAY if project.id in there else 0)
        if best is None or rank < best[0]:
            building = _building(project, there.get(project.id))
            spot = Spot(project, building, project.phase, project.step, None if away is None else round(away),
                        project.id in there)  # fmt: skip
            best = (rank, spot)
    return best[1] if best else None


def _metres(photo: Photo, project: Project) -> float | None:
    if photo.latitude is None or photo.longitude is None or project.latitude is None or project.longitude is None:
        return None
    away = metres(photo.latitude, photo.longitude, project.latitude, project.longitude)
    return away if away <= REACH else None


def _building(project: Project, logged: int | None) -> Building | None:
    """The only building, or the one on which he logged that day; else nobody can tell."""
    if len(project.buildings) == 1:
        return project.buildings[0]
    return next((building for building in project.buildings if building.id == logged), None)


def _as_they_stood(session: Session, spots: dict[int, Spot], days: dict[int, date]) -> dict[int, Spot]:
    """The spots with the cell in which each project stood on the picture's day."""
    ids = {spot.project.id for spot in spots.values()}
    query = select(Standing).where(Standing.project_id.in_(ids)).order_by(Standing.from_day)
    courses: dict[int, list[Standing]] = {}
    for row in session.scalars(query) if ids else ():
        courses.setdefault(row.project_id, []).append(row)
    return {number: _stood(spot, courses.get(spot.project.id, ()), days[number]) for number, spot in spots.items()}


def _stood(spot: Spot, course: Sequence[Standing], on: date) -> Spot:
    phase, step = spot.phase, spot.step
    for row in course:
        if row.from_day <= on:
            phase, step = row.phase, row.step
    if spot.building is not None and spot.building.step_since <= on:
        step = spot.building.step
    return Spot(spot.project, spot.building, phase, step, spot.away, spot.logged)


def list_waiting(session: Session, by: User) -> Sequence[Photo]:
    """The user's own pictures of the last days that were sent and belong nowhere yet, the oldest first."""
    homes = (Photo.project_id, Photo.lead_id, Photo.contact_id, Photo.registration_note_id, Photo.record_id)
    mine = (Photo.uploader_id == by.id, Photo.purged_at.is_(None), Photo.uploaded_at > clock.now() - WAITING)
    query = select(Photo).where(*mine, *(home.is_(None) for home in homes)).order_by(Photo.id)
    return session.scalars(query.limit(AT_ONCE)).all()
