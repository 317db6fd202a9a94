"""Many pictures at once: sent, filed under the projects they seem to be of, and moved when they lie wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, require
from tracker.errors import Invalid, TrackerError
from tracker.extensions import db
from tracker.gallery import queries
from tracker.gallery.forms import AddForm
from tracker.gallery.intake import stage_files
from tracker.gallery.models import Photo
from tracker.gallery.operations import list_staged
from tracker.gallery.operations.placing import Place, file_photos, move_photos
from tracker.gallery.queries.suggesting import Spot, Suggested, list_waiting, suggest
from tracker.gallery.views.blueprint import blueprint
from tracker.gallery.views.parcels import photos_named
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.projects.models import Project
from tracker.projects.queries import Filters, get_project, list_projects
from tracker.reader import current_user

FOUND = 8  # projects of a search that are offered
MOST_MOVED = 600  # pictures at once


@dataclass
class Group:
    """Pictures that seem to be of one place. `where` is what is chosen: `project` or `project-building`."""

    number: int
    spot: Spot | None
    photos: list[Photo] = field(default_factory=list)
    error: str = ""

    @property
    def where(self) -> str:
        """The place that is offered first."""
        if self.spot is None:
            return ""
        building = self.spot.building
        return f"{self.spot.project.id}-{building.id}" if building else str(self.spot.project.id)


@blueprint.get("/photos/add")
@login_required
def add() -> ResponseReturnValue:
    """Send many pictures at once; where they belong comes after."""
    require(current_user, Action.RECORD_LOG)
    return _add(AddForm())


@blueprint.post("/photos/add")
@login_required
def send() -> ResponseReturnValue:
    """They are here; on to where they belong. What was refused is told by name."""
    require(current_user, Action.RECORD_LOG)
    form = AddForm()
    refused = stage_files(form)
    if refused:
        return _add(form, refused.status, refused)
    if not list_waiting(db.session, current_user):
        flash(_("Choose at least one picture."), "warning")
        return _add(form, 422)
    return go_to(url_for("gallery.place", project=request.args.get("project", type=int)))


def _add(form: AddForm, status: int = 200, refused: Sequence[str] = ()) -> ResponseReturnValue:
    staged = list_staged(db.session, form.photos.data or (), by=current_user)
    waiting = len(list_waiting(db.session, current_user))
    project = request.args.get("project", type=int)
    site = get_project(db.session, current_user, project) if project else None
    return respond("gallery/add.html", status=status, form=form, staged=staged, refused=refused, waiting=waiting,
                   project=site)  # fmt: skip


@blueprint.get("/photos/place")
@login_required
def place() -> ResponseReturnValue:
    """What one has sent and not filed yet, gathered by where it seems to belong."""
    require(current_user, Action.RECORD_LOG)
    return _place(_groups())


@blueprint.post("/photos/place")
@login_required
def file_them() -> ResponseReturnValue:
    """File each group that has a place; the others wait."""
    require(current_user, Action.RECORD_LOG)
    filed, wrong = 0, {}
    for number in range(len(request.form)):
        if f"where-{number}" not in request.form:
            break
        tokens = request.form.getlist(f"photos-{number}")
        photos = [photo for photo in list_staged(db.session, tokens, by=current_user) if photo.purged_at is None]
        if not photos or not request.form[f"where-{number}"]:
            continue
        try:
            file_photos(db.session, photos, _chosen(f"-{number}"), by=current_user)
        except TrackerError as error:
            db.session.rollback()
            wrong[photos[0].token] = str(getattr(error, "message", error))
        else:
            db.session.commit()
            filed += len(photos)
    if wrong:
        return _place(_groups(wrong), 422)
    if filed:
        flash(_("Filed: %(n)s.", n=filed))
    else:
        flash(_("Choose a project for at least one group."), "warning")
    return go_to(url_for("gallery.place" if list_waiting(db.session, current_user) else "gallery.list_page"))


def _chosen(suffix: str) -> Place:
    """The place that the form's fields with this suffix say."""
    project_id, _bar, building = request.form.get(f"where{suffix}", "").partition("-")
    if not project_id.isdecimal():
        raise Invalid("where", _("Choose a project."))
    project = get_project(db.session, current_user, min(int(project_id), 2**31 - 1))
    phase = request.form.get(f"phase{suffix}") or project.phase
    step = request.form.get(f"step{suffix}") or project.step
    return Place(project, phase, step, min(int(building), 2**31 - 1) if building.isdecimal() else None)


def _searched() -> Iterator[int]:
    """The projects that the address names or searches for: offered beside those that lie near."""
    named = request.args.get("project", type=int)
    if named:
        yield named
    wanted = request.args.get("q", "").strip()
    if wanted:
        found = list_projects(db.session, current_user, Filters(clock.today(), q=wanted), "name").items
        yield from (project.id for project in found[:FOUND])


def _groups(wrong: dict[str, str] | None = None) -> tuple[list[Group], Suggested]:
    photos = list_waiting(db.session, current_user)
    found = suggest(db.session, current_user, photos, named=_searched())
    groups: dict[tuple[object, ...], Group] = {}
    for photo in photos:
        spot = found.spots.get(photo.id)
        building = spot.building.id if spot and spot.building else None
        key = (spot.project.id, building, spot.phase, spot.step) if spot else ()
        group = groups.setdefault(key, Group(len(groups), spot))
        group.photos.append(photo)
        group.error = group.error or (wrong or {}).get(photo.token, "")
    return list(groups.values()), found


def _place(groups: tuple[list[Group], Suggested], status: int = 200) -> ResponseReturnValue:
    made, found = groups
    return respond("gallery/place.html", status=status, groups=made, projects=found.projects,
                   definition=current_definition(), q=request.args.get("q", ""),
                   named=request.args.get("project", type=int))  # fmt: skip


@blueprint.get("/photos/move")
@login_required
def move() -> ResponseReturnValue:
    """Where the chosen pictures shall go."""
    staff_only()
    return _move(photos_named(MOST_MOVED))


@blueprint.post("/photos/move")
@login_required
def move_them() -> ResponseReturnValue:
    """Move them."""
    staff_only()
    photos = queries.with_teams(db.session, photos_named(MOST_MOVED))
    try:
        if len(photos) > MOST_MOVED:
            raise Invalid("photos", _("At most %(max)s pictures at once, please.", max=MOST_MOVED))
        target = _chosen("")
        move_photos(db.session, photos, target, by=current_user)
    except Invalid as error:
        db.session.rollback()
        return _move(photos_named(MOST_MOVED), 422, str(error.message))
    project_id = target.project.id
    db.session.commit()
    flash(_("Moved: %(n)s.", n=len(photos)))
    return go_to(url_for("gallery.list_page", project=project_id))


def _move(photos: Sequence[Photo], status: int = 200, error: str = "") -> ResponseReturnValue:
    named = [photo.project_id for photo in photos if photo.project_id is not None]
    found: Sequence[Project] = suggest(
        db.session, current_user, photos, named=dict.fromkeys([*_searched(), *named])
    ).projects
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("q", "lang")]
    return respond("gallery/move.html", status=status, photos=photos, projects=found, definition=current_definition(),
                   q=request.args.get("q", ""), error=error, kept=kept)  # fmt: skip
