"""Papers and pictures sent within a form (browsers without scripts): staged, so that a refused form keeps them."""

from __future__ import annotations

from typing import Any

from flask import current_app
from werkzeug.datastructures import FileStorage

from tracker.documents.kinds import look
from tracker.documents.models import Document
from tracker.documents.operations import MOST_BYTES, stage_document
from tracker.extensions import db
from tracker.gallery.intake import Refusals, check_room, stage_files, take_each
from tracker.gallery.models import Photo
from tracker.gallery.operations import stage_photo
from tracker.reader import current_user


def take_paper(file: FileStorage) -> Document | Photo:
    """Stage one file sent as a paper: a picture of it joins the pictures. Raises Refused or StorageFull."""
    storage, name = current_app.extensions["storage"], file.filename or ""
    data = file.read(MOST_BYTES + 1)
    check_room(len(data))
    looked = look(data)
    if looked.kind == "picture":
        return stage_photo(db.session, storage, data, name, by=current_user)
    return stage_document(db.session, storage, data, name, by=current_user, looked=looked)


def stage_all(form: Any) -> Refusals:
    """Take in the pictures of the form's `files` and the papers of its `papers`; their tokens join its `photos` and
    `documents`. Returns what was refused, by name. Commits: what has arrived is kept."""
    refused = stage_files(form)
    staged = take_each(form.papers.data, take_paper, refused)
    for one in staged:
        field = form.photos if isinstance(one, Photo) else form.documents
        field.data = [*(field.data or ()), one.token]
    if staged:
        db.session.commit()
    return refused
