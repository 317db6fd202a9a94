"""Pictures sent within a form (browsers without scripts): staged at once, so that a refused form keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from tracker.errors import Refused
from tracker.extensions import db
from tracker.filters import day
from tracker.gallery.models import Photo
from tracker.gallery.operations import stage_photo
from tracker.gallery.operations.quotas import Quota, require_room
from tracker.gallery.queries import find_same
from tracker.i18n import _
from tracker.images import MOST_BYTES
from tracker.reader import current_user
from tracker.storage import StorageFull

T = TypeVar("T")


class Refusals(list[str]):
    """Sentences about pictures that were not taken, each naming its file; `status` of the answer that shows them."""

    status = 422


def take_in(file: FileStorage, **captured: Any) -> Photo:
    """Stage one uploaded file; raises Refused or StorageFull. Never reads more of it than may be kept."""
    data = file.read(MOST_BYTES + 1)
    check_room(len(data))
    return stage_photo(
        db.session, current_app.extensions["storage"], data, file.filename or "", by=current_user, **captured
    )


def check_room(size: int) -> None:
    """Raise Refused where the user has sent as much today as he may."""
    config = current_app.config["TRACKER"]
    require_room(db.session, Quota(config.photos_a_day, config.mb_a_day), size, by=current_user)


def no_room(file: FileStorage) -> str:
    """What to say where the disk is full."""
    return full(file.filename or "")


def full(name: str) -> str:
    """What to say where the disk is full and the file of this name was not kept."""
    return _(
        "%(name)s: the disk is full, this picture was not kept. What you typed is still here; tell your administrator.",
        name=name,
    )


def stage_files(form: Any) -> Refusals:
    """Take in the pictures of the form's `files`; their tokens join its `photos`. Returns what was refused, by name.

    Commits: what has arrived is kept whatever becomes of the rest of the form.
    """
    refused = Refusals()
    taken = take_each(form.files.data, take_in, refused)
    if taken:
        form.photos.data = [*(form.photos.data or ()), *(photo.token for photo in taken)]
        db.session.commit()
    return refused


def take_each(files: Iterable[FileStorage] | None, take: Callable[[FileStorage], T], refused: Refusals) -> list[T]:
    """What `take` makes of each file that was chosen; what it refuses is told in `refused`."""
    taken = []
    for file in files or ():
        if not file or not file.filename:
            continue
        try:
            taken.append(take(file))
        except Refused as error:
            refused.append(str(error))
        except StorageFull:
            refused.append(no_room(file))
            refused.status = 507
    return taken


def answer_staged(
    take: Callable[[FileStorage], T], told: Callable[[T], dict[str, str]], nothing: str
) -> ResponseReturnValue:
    """Take in the one file of the request and commit. Answers JSON: what is `told` of it, or message."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return jsonify(message=nothing), 422
    try:
        staged = take(file)
    except Refused as error:
        db.session.rollback()
        return jsonify(message=str(error)), 422
    except StorageFull:
        db.session.rollback()
        return jsonify(message=no_room(file)), 507
    db.session.commit()
    return jsonify(told(staged)), 201


def shown(photo: Photo) -> dict[str, str]:
    """Token and thumbnail of a picture that was staged; `known` says where the very same is already."""
    told = {"token": photo.token, "picture": f"/media/{photo.token}/320.jpg"}
    same = find_same(db.session, current_user, photo)
    if same is not None and same.project is not None:
        told["known"] = _(
            "Already there: %(site)s, sent on %(day)s.", site=same.project.name, day=day(same.uploaded_at)
        )
    return told
