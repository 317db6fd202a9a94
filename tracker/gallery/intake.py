"""Pictures sent within a form (browsers without scripts): staged at once, so that a refused form keeps them."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_login import current_user

from tracker.errors import Refused
from tracker.extensions import db
from tracker.gallery.operations import stage_photo


def stage_files(form: Any) -> list[str]:
    """Take in the pictures of the form's `files`; their tokens join its `photos`. Returns what was refused, by name.

    Commits: what has arrived is kept whatever becomes of the rest of the form.
    """
    refused = []
    for file in form.files.data or ():
        if not file or not file.filename:
            continue
        try:
            photo = stage_photo(
                db.session, current_app.extensions["storage"], file.read(), file.filename, by=current_user
            )
        except Refused as error:
            refused.append(str(error))
            continue
        form.photos.data = [*(form.photos.data or ()), photo.token]
    db.session.commit()
    return refused
