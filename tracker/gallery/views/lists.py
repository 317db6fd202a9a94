"""The gallery as it is narrowed, a site's growth, two days side by side, and what becomes of many pictures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import login_required
from markupsafe import Markup

from tracker.access import Action, is_dealer, may
from tracker.addresses import url_for
from tracker.atoms import rendered_part
from tracker.exports.listings import PHOTOS
from tracker.exports.queries import stream_photos
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gallery import queries
from tracker.gallery.forms import ChosenForm
from tracker.gallery.queries.narrowing import PhotoFilters
from tracker.gallery.queries.tiles import list_tiles
from tracker.gallery.tags import PICKS
from tracker.gallery.views.blueprint import blueprint
from tracker.htmx import respond
from tracker.i18n import lang
from tracker.matrix.definitions import current_definition
from tracker.projects.models import Project
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
MOST_KEPT = 200  # parts of pages
PLACE = ("lang", "page", "after")  # what an address says that does not narrow


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
    return gallery()


def gallery(form: ChosenForm | None = None, status: int = 200) -> ResponseReturnValue:
    """The gallery as it is narrowed, with the bar for what was chosen; `form` is one that came back."""
    filters = filters_asked()
    project = get_project(db.session, current_user, filters.project_id) if filters.project_id else None
    if format_asked():
        return send_list(PHOTOS, stream_photos(db.session, current_user, filters))
    number, after = request.args.get("page", 1, type=int), request.args.get("after", type=int)
    photos = list_tiles(db.session, current_user, filters, after=after, page=number)
    return respond("gallery/list.html", status=status, photos=photos, definition=current_definition(), filters=filters,
                   project=project, form=form, dealer=is_dealer(current_user), narrowing=narrowing(),
                   can_add=may(current_user, Action.RECORD_LOG), narrow_bar=_narrow_bar(filters, project),
                   bulk_bar=_bulk_bar(form), chosen=(form.photos.data or ()) if form else ())  # fmt: skip


def _narrow_bar(filters: PhotoFilters, project: Project | None) -> Markup:
    """What narrows the gallery. It says the same to all who narrow it so, unless the site's buildings are in it."""

    def made() -> Markup:
        buildings = list_buildings(db.session, project) if project else ()
        return rendered_part("gallery/_narrow.html", definition=current_definition(), filters=filters, picks=PICKS,
                               buildings=buildings)  # fmt: skip

    plain = project is None and request.path == url_for("gallery.list_page")
    asked = tuple((name, value) for name, value in request.args.items(multi=True) if name not in PLACE)
    return _kept(("narrow", asked), made) if plain else made()


def _bulk_bar(form: ChosenForm | None) -> Markup:
    """What becomes of the chosen pictures; an empty form says the same to everybody."""
    dealer = is_dealer(current_user)

    def made() -> Markup:
        shown = form or ChosenForm(formdata=None)
        shown.offer(dealer)
        return rendered_part("gallery/_bulk.html", form=shown, dealer=dealer)

    return _kept(("bulk", dealer), made) if form is None else made()


def _kept(key: tuple[object, ...], make: Callable[[], Markup]) -> Markup:
    """A part of the page, kept for as long as the definition and the drawings in it are the same."""
    known: dict[Any, Markup] = current_definition().kept("parts of the gallery")
    drawings = (url_for("static", filename=f"icons/{name}.svg") for name in ("ui", "steps"))
    whole = (lang(), *key, *drawings)
    if whole not in known:
        if len(known) >= MOST_KEPT:
            known.clear()
        known[whole] = make()
    return known[whole]


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
