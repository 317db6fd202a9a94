"""The gallery as it is narrowed, a site's growth, two days side by side, and what becomes of many pictures."""

from __future__ import annotations

import tempfile
import zipfile
from datetime import date
from typing import Any

from flask import current_app, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import is_dealer
from tracker.errors import Invalid
from tracker.exports.listings import PHOTOS
from tracker.exports.queries import stream_photos
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gallery import queries
from tracker.gallery.forms import ChosenForm
from tracker.gallery.models import Photo
from tracker.gallery.operations import shown_key
from tracker.gallery.operations.describing import tag_photos
from tracker.gallery.operations.sharing import MOST, share_photos
from tracker.gallery.queries import PhotoFilters
from tracker.gallery.tags import PICKS, said
from tracker.gallery.views.blueprint import blueprint
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.projects.queries import get_project, list_buildings
from tracker.reader import current_user


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
    )


@blueprint.get("/photos")
@login_required
def list_page() -> ResponseReturnValue:
    """The gallery: newest first, narrowed by what the address says."""
    return _gallery(ChosenForm())


def _gallery(form: ChosenForm, status: int = 200) -> ResponseReturnValue:
    filters = filters_asked()
    form.offer()
    project = get_project(db.session, current_user, filters.project_id) if filters.project_id else None
    if format_asked():
        return send_list(PHOTOS, stream_photos(db.session, current_user, filters))
    number, after = request.args.get("page", 1, type=int), request.args.get("after", type=int)
    photos = queries.list_photos(db.session, current_user, filters, after=after, page=number)
    buildings = list_buildings(db.session, project) if project else ()
    return respond("gallery/list.html", status=status, photos=photos, definition=current_definition(), filters=filters,
                   project=project, buildings=buildings, form=form, picks=PICKS, said_tag=said,
                   dealer=is_dealer(current_user))  # fmt: skip


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


@blueprint.post("/photos/chosen")
@login_required
def chosen() -> ResponseReturnValue:
    """Tag, give out or download the pictures that were chosen."""
    form = ChosenForm()
    form.offer()
    photos = queries.list_chosen(db.session, current_user, form.photos.data or ())
    if not form.validate_on_submit() or not photos:
        flash(_("Choose at least one picture.") if not photos else _("Say what to do with the pictures."), "warning")
        return _gallery(form, 422)
    if form.do.data == "download":
        return _zipped(photos[:MOST])
    try:
        if form.do.data == "share":
            share_photos(db.session, photos, form.title.data or "", form.days.data or 14, by=current_user)
        else:
            tag_photos(db.session, photos, form.chosen_tags(), by=current_user)
    except Invalid as error:
        db.session.rollback()
        field = getattr(form, error.field, form.do)
        field.errors = [*field.errors, error.message]
        return _gallery(form, 422)
    db.session.commit()
    flash(_("Done."))
    return go_to(url_for("gallery.shares") if form.do.data == "share" else url_for("gallery.list_page"))


def _zipped(photos: Any) -> ResponseReturnValue:
    """The pictures as they are shown, without anything that a phone wrote into them, in one file."""
    storage: Any = current_app.extensions["storage"]
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for number, photo in enumerate(photos, 1):
            key = shown_key(photo, "1600")
            if storage.exists(key):
                with storage.open(key) as picture:
                    archive.writestr(_name(number, photo), picture.read())
    file.seek(0)
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name="photos.zip")


def _name(number: int, photo: Photo) -> str:
    return f"{number:02d}_{clock.local(photo.taken_at or photo.uploaded_at):%Y-%m-%d}_{photo.step or 'photo'}.jpg"
