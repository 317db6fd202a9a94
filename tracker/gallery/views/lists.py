"""The gallery as it is narrowed, a site's growth, two days side by side, and what becomes of many pictures."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, is_dealer, may
from tracker.exports.listings import PHOTOS
from tracker.exports.queries import stream_photos
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gallery import queries
from tracker.gallery.forms import ChosenForm
from tracker.gallery.queries import PhotoFilters
from tracker.gallery.tags import PICKS, said
from tracker.gallery.views.blueprint import blueprint
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.projects.queries import get_project, list_buildings
from tracker.reader import current_user

FILTERS = (
    "project",
    "building",
    "phase",
    "step",
    "person",
    "tag",
    "category",
    "since",
    "until",
    "lat",
    "lon",
    "publish",
)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def filters_asked() -> PhotoFilters:
    """By what the address narrows the gallery; what makes no sense is left out."""
    args, definition = request.args, current_definition()
    step, phase = args.get("step", ""), args.get("phase", "")
    lat, lon = args.get("lat", type=float), args.get("lon", type=float)
    near = (lat, lon) if lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180 else None
    return PhotoFilters(
        project_id=args.get("project", type=int),
        building_id=args.get("building", type=int),
        phase=phase if phase in definition.phase_index else "",
        step=step if step in definition.step_index else "",
        uploader_id=args.get("person", type=int),
        tag=args.get("tag", "")[:40],
        category=args.get("category", "")[:32],
        since=_day("since"),
        until=_day("until"),
        near=near,
        publish=args.get("publish") == "1",
    )


def narrowing() -> str:
    """The query by which the gallery is narrowed, to be kept in the addresses of its pictures."""
    return urlencode([(name, request.args[name]) for name in FILTERS if request.args.get(name)])


@blueprint.get("/photos")
@login_required
def list_page() -> ResponseReturnValue:
    """The gallery: newest first, narrowed by what the address says."""
    return gallery(ChosenForm())


def gallery(form: ChosenForm, status: int = 200) -> ResponseReturnValue:
    """The gallery as it is narrowed, with the bar for what was chosen."""
    filters = filters_asked()
    form.offer(is_dealer(current_user))
    project = get_project(db.session, current_user, filters.project_id) if filters.project_id else None
    if format_asked():
        return send_list(PHOTOS, stream_photos(db.session, current_user, filters))
    number, after = request.args.get("page", 1, type=int), request.args.get("after", type=int)
    photos = queries.list_photos(db.session, current_user, filters, after=after, page=number)
    buildings = list_buildings(db.session, project) if project else ()
    return respond("gallery/list.html", status=status, photos=photos, definition=current_definition(), filters=filters,
                   project=project, buildings=buildings, form=form, picks=PICKS, said_tag=said,
                   dealer=is_dealer(current_user), narrowing=narrowing(),
                   can_add=may(current_user, Action.RECORD_LOG))  # fmt: skip


@blueprint.get("/photos/film")
@login_required
def film() -> ResponseReturnValue:
    """A site's growth: its pictures in the order of the days they were taken, under the steps they show."""
    project = get_project(db.session, current_user, request.args.get("project", 0, type=int))
    photos = queries.load_film(db.session, current_user, project.id)
    return respond("gallery/film.html", photos=photos, project=project, definition=current_definition())


@blueprint.get("/photos/compare")
@login_required
def compare() -> ResponseReturnValue:
    """Two days of a site, one picture laid over the other; without scripts side by side."""
    project = get_project(db.session, current_user, request.args.get("project", 0, type=int))
    photos = queries.load_film(db.session, current_user, project.id)
    by_token = {photo.token: photo for photo in photos}
    first = by_token.get(request.args.get("before", ""), photos[0] if photos else None)
    last = by_token.get(request.args.get("after", ""), photos[-1] if photos else None)
    return respond("gallery/compare.html", photos=photos, project=project, first=first, last=last)
