"""Where pictures belong: those just sent are filed under a project, those filed are moved to another cell or site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, can, require
from tracker.errors import Forbidden, Invalid
from tracker.events import Kind
from tracker.gallery.models import Photo, PhotoSignal
from tracker.gallery.operations.asking import raise_signals
from tracker.i18n import _l
from tracker.matrix.definitions import definition_of
from tracker.matrix.models import Evidence
from tracker.projects.models import Building, Project
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a project and, where it is known, the building."""

    project: Project
    phase: str
    step: str
    building_id: int | None = None


def file_photos(session: Session, photos: Sequence[Photo], place: Place, *, by: User) -> None:
    """File one's own staged pictures under a project, without a record: they show the site and prove no task."""
    _checked(session, place, by)
    for photo in photos:
        _put(photo, place)
    session.flush()
    for photo in photos:
        events.record(session, Kind.PHOTO_ADDED, photo, by=by, project_id=place.project.id)
    raise_signals(session, photos, place.project)


def move_photos(session: Session, photos: Sequence[Photo], place: Place, *, by: User) -> None:
    """Move pictures (with their projects, team and members loaded) to another cell, building or project.

    Whoever moves one may log on both projects, and sent it himself or works on the project it leaves. A picture that
    proves a task stays with its project.
    """
    _checked(session, place, by)
    for photo in photos:
        _movable(session, photo, place, by)
    before = {photo.id: _told(photo) for photo in photos}
    for photo in photos:
        if photo.project_id != place.project.id:
            photo.record_id = photo.lead_id = photo.category = None
        _put(photo, place)
    session.flush()
    ids = [photo.id for photo in photos]
    session.execute(update(PhotoSignal).where(PhotoSignal.photo_id.in_(ids)).values(project_id=place.project.id))
    for photo in photos:
        changed = {name: [old, new] for name, new in _told(photo).items() if (old := before[photo.id][name]) != new}
        if changed:
            events.record(session, Kind.PHOTO_MOVED, photo, by=by, project_id=place.project.id, **changed)


def _put(photo: Photo, place: Place) -> None:
    photo.project_id, photo.building_id = place.project.id, place.building_id
    photo.phase, photo.step = place.phase, place.step


def _told(photo: Photo) -> dict[str, int | str | None]:
    return {"project": photo.project_id, "building_id": photo.building_id, "phase": photo.phase, "step": photo.step}


def _checked(session: Session, place: Place, by: User) -> None:
    require(by, Action.RECORD_LOG, place.project)
    definition = definition_of(session, place.project)
    if place.phase not in definition.phase_index or place.step not in definition.step_index:
        raise Invalid("cell", _l("There is no such cell in the matrix."))
    own = exists().where(Building.id == place.building_id, Building.project_id == place.project.id)
    if place.building_id is not None and not session.scalar(select(own)):
        raise Invalid("where", _l("Choose a building of this project."))


def _movable(session: Session, photo: Photo, place: Place, by: User) -> None:
    if photo.project is None:
        raise Invalid("photos", _l("Only pictures of a project are moved; a lead's go along when it is converted."))
    if photo.uploader_id != by.id and not can(by, Action.PROJECT_EDIT, photo.project):
        raise Forbidden(_l("Only who sent a picture, and who works on its project, moves it."))
    proves = exists().where(Evidence.record_id == photo.record_id, Evidence.kind == "photo")
    if photo.project_id != place.project.id and photo.record_id is not None and session.scalar(select(proves)):
        raise Invalid("where", _l("One of these pictures proves a task of its project; it stays there."))
