"""Pictures that come in pieces: begun, continued, finished. Answers JSON; every request may be sent again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.errors import Refused
from tracker.extensions import db
from tracker.gallery.intake import check_room, full, shown
from tracker.gallery.models import Upload
from tracker.gallery.operations import uploading
from tracker.gallery.views.blueprint import blueprint
from tracker.reader import current_user
from tracker.storage import StorageFull


def captured() -> dict[str, Any]:
    """When and where the browser says that the picture was taken, each None where it says nothing of sense."""
    try:
        moment = datetime.fromisoformat(request.form.get("captured_at", "").replace("Z", "+00:00"))
    except ValueError:
        moment = None
    latitude = request.form.get("latitude", type=float)
    longitude = request.form.get("longitude", type=float)
    place = (latitude, longitude) if latitude is not None and longitude is not None else None
    return {"captured_at": moment, "captured_place": place}


def _told(upload: Upload, status: int = 200) -> ResponseReturnValue:
    return jsonify(token=upload.token, received=upload.received, piece=uploading.PIECE), status


def _refused(message: object, status: int) -> ResponseReturnValue:
    db.session.rollback()
    return jsonify(message=str(message)), status


@blueprint.post("/photos/uploads")
@login_required
def begin_upload() -> ResponseReturnValue:
    """Say what will come (`file_name`, `size`, `sha256`). Answers the upload's token and how much of it is here."""
    said = request.form
    name, size, sha256 = said.get("file_name", ""), said.get("size", 0, type=int), said.get("sha256", "")
    storage: Any = current_app.extensions["storage"]
    try:
        check_room(size)
        old = uploading.sweep_uploads(db.session, storage, by=current_user)
        upload = uploading.begin_upload(db.session, name, size, sha256, by=current_user)
    except Refused as error:
        return _refused(error, 422)
    db.session.commit()
    for key in old:
        storage.delete(key)
    return _told(upload, 201)


@blueprint.get("/photos/uploads/<token>")
@login_required
def upload_state(token: str) -> ResponseReturnValue:
    """How much of it is here."""
    return _told(uploading.get_upload(db.session, token, by=current_user))


@blueprint.post("/photos/uploads/<token>/pieces")
@login_required
def add_piece(token: str) -> ResponseReturnValue:
    """The next piece, as the body; `offset` says where it belongs. 409 where it does not follow what is here."""
    upload = uploading.get_upload(db.session, token, by=current_user)
    offset = request.args.get("offset", -1, type=int)
    storage: Any = current_app.extensions["storage"]
    if (request.content_length or 0) > uploading.PIECE:
        return _told(upload, 409)
    try:
        kept = uploading.add_piece(db.session, storage, upload, offset, request.get_data())
    except StorageFull:
        return _refused(full(upload.file_name), 507)
    db.session.commit()
    return _told(upload, 200 if kept else 409)


@blueprint.post("/photos/uploads/<token>/finish")
@login_required
def finish_upload(token: str) -> ResponseReturnValue:
    """All of it is here: the picture is staged, once. 409 where it was not what was said; then it begins anew."""
    storage: Any = current_app.extensions["storage"]
    upload = uploading.get_upload(db.session, token, by=current_user)
    try:
        if upload.photo_id is None:
            check_room(upload.size)
        photo, keys = uploading.finish_upload(db.session, storage, upload, by=current_user, **captured())
    except uploading.Incomplete as wrong:
        answer, keys = _told(upload, 409), wrong.keys
    except Refused as error:
        return _refused(error, 422)
    except StorageFull:
        return _refused(full(upload.file_name), 507)
    else:
        answer = jsonify(shown(photo)), 201
    db.session.commit()
    for key in keys:
        storage.delete(key)
    return answer
