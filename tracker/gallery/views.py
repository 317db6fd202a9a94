"""Pictures: sending them in, showing one, the gallery. An address holds a random token and is checked each time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from tracker.access import Action, require
from tracker.errors import NotFound, Refused
from tracker.extensions import db
from tracker.gallery import queries
from tracker.gallery.intake import no_room, take_in
from tracker.gallery.models import Photo
from tracker.gallery.operations import derived_key
from tracker.htmx import respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from tracker.storage import StorageFull

blueprint = Blueprint("gallery", __name__)
BLUEPRINTS = (blueprint,)

SIZES = ("320", "800", "1600")


@blueprint.post("/photos/staged")
@login_required
def stage() -> ResponseReturnValue:
    """Take one picture in before the form it belongs to is sent. Answers JSON: token and picture, or message."""
    require(current_user, Action.RECORD_LOG)
    file = request.files.get("file")
    if file is None or not file.filename:
        return jsonify(message=_("There is no picture in this request.")), 422
    try:
        photo = take_in(file, captured_at=_captured_at(), captured_place=_captured_place())
    except Refused as error:
        db.session.rollback()
        return jsonify(message=str(error)), 422
    except StorageFull:
        db.session.rollback()
        return jsonify(message=no_room(file)), 507
    db.session.commit()
    return jsonify(token=photo.token, picture=f"/media/{photo.token}/320.jpg"), 201


def _captured_at() -> datetime | None:
    try:
        return datetime.fromisoformat(request.form.get("captured_at", "").replace("Z", "+00:00"))
    except ValueError:
        return None


def _captured_place() -> tuple[float, float] | None:
    latitude = request.form.get("latitude", type=float)
    longitude = request.form.get("longitude", type=float)
    return (latitude, longitude) if latitude is not None and longitude is not None else None


@blueprint.get("/media/<token>/<size>.jpg")
@login_required
def picture(token: str, size: str) -> ResponseReturnValue:
    """A derived size of a picture that the user may see. It never changes, so his browser may keep it."""
    if size not in SIZES:
        raise NotFound
    photo = queries.get_photo(db.session, current_user, token)
    storage: Any = current_app.extensions["storage"]
    key = derived_key(photo.token, size)
    if not storage.exists(key):
        raise NotFound
    answer: Response = send_file(storage.open(key), mimetype="image/jpeg", etag=f"{token}-{size}", max_age=86400)
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


@blueprint.get("/photos/<token>")
@login_required
def page(token: str) -> ResponseReturnValue:
    """One picture, large, with what is known of it."""
    photo = queries.get_photo(db.session, current_user, token)
    return respond("gallery/page.html", photo=photo, project=_project_of(photo), definition=current_definition())


def _project_of(photo: Photo) -> Project | None:
    """The picture's project, where the user sees it: one taken on a lead may be his while the project is not."""
    try:
        return get_project(db.session, current_user, photo.project_id or 0)
    except NotFound:
        return None


@blueprint.get("/photos")
@login_required
def list_page() -> ResponseReturnValue:
    """The gallery: newest first, by project and construction step."""
    definition = current_definition()
    step = request.args.get("step", "")
    project_id = request.args.get("project", type=int)
    project = get_project(db.session, current_user, project_id) if project_id else None
    photos = queries.list_photos(
        db.session,
        current_user,
        project_id=project_id,
        step=step if step in definition.step_index else "",
        page=request.args.get("page", 1, type=int),
    )
    return respond("gallery/list.html", photos=photos, definition=definition, step=step, project=project)
