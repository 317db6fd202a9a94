"""Pictures sent within a form (browsers without scripts): staged at once, so that a refused form keeps them."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from tracker.errors import Refused
from tracker.extensions import db
from tracker.gallery.models import Photo
from tracker.gallery.operations import stage_photo
from tracker.i18n import _
from tracker.images import MOST_BYTES
from tracker.storage import StorageFull


class Refusals(list[str]):
    """Sentences about pictures that were not taken, each naming its file; `status` of the answer that shows them."""

    status = 422


def take_in(file: FileStorage, **captured: Any) -> Photo:
    """Stage one uploaded file; raises Refused or StorageFull. Never reads more of it than may be kept."""
    data = file.read(MOST_BYTES + 1)
    return stage_photo(
        db.session, current_app.extensions["storage"], data, file.filename or "", by=current_user, **captured
    )


def no_room(file: FileStorage) -> str:
    """What to say where the disk is full."""
    return _(
        "%(name)s: the disk is full, this picture was not kept. What you typed is still here; tell your administrator.",
        name=file.filename,
    )


def stage_files(form: Any) -> Refusals:
    """Take in the pictures of the form's `files`; their tokens join its `photos`. Returns what was refused, by name.

    Commits: what has arrived is kept whatever becomes of the rest of the form.
    """
    refused, taken = Refusals(), []
    for file in form.files.data or ():
        if not file or not file.filename:
            continue
        try:
            photo = take_in(file)
        except Refused as error:
            refused.append(str(error))
        except StorageFull:
            refused.append(no_room(file))
            refused.status = 507
        else:
            taken.append(photo.token)
    if taken:
        form.photos.data = [*(form.photos.data or ()), *taken]
        db.session.commit()
    return refused
