"""Drawing on a copy of a picture: the page with its tools, and what was drawn."""

from __future__ import annotations

from typing import Any

from flask import current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.errors import Refused
from tracker.extensions import db
from tracker.gallery.intake import no_room
from tracker.gallery.operations.drawing import draw_on
from tracker.gallery.views.blueprint import blueprint, picture_to_work_on
from tracker.htmx import respond
from tracker.i18n import _
from tracker.images import MOST_BYTES
from tracker.reader import current_user
from tracker.storage import StorageFull


@blueprint.get("/photos/<token>/draw")
@login_required
def draw(token: str) -> ResponseReturnValue:
    """The picture and the tools."""
    photo, project = picture_to_work_on(token)
    return respond("gallery/draw.html", photo=photo, project=project)


@blueprint.post("/photos/<token>/draw")
@login_required
def keep_drawn(token: str) -> ResponseReturnValue:
    """Keep what was drawn. Answers JSON: the address of the new picture, or message."""
    photo, project = picture_to_work_on(token)
    file = request.files.get("file")
    if file is None:
        return jsonify(message=_("There is no picture in this request.")), 422
    storage: Any = current_app.extensions["storage"]
    try:
        copy = draw_on(db.session, storage, photo, project, file.read(MOST_BYTES + 1), by=current_user)
    except Refused as error:
        db.session.rollback()
        return jsonify(message=str(error)), 422
    except StorageFull:
        db.session.rollback()
        return jsonify(message=no_room(file)), 507
    db.session.commit()
    return jsonify(address=url_for("gallery.page", token=copy.token)), 201
