"""A copy of a picture with arrows, circles and words on it. The picture itself stays as it is."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.errors import Refused
from tracker.events import Kind
from tracker.gallery.models import Photo
from tracker.gallery.operations import REFUSALS, printable_name, shown_key, signed, store_all
from tracker.i18n import _l
from tracker.images import PictureRefused, examine
from tracker.projects.models import Project
from tracker.storage import Storage
from tracker.team.models import User

SAME = ("project_id", "building_id", "phase", "step", "taken_at", "taken_from", "latitude", "longitude", "place_from",
        "caption", "floor", "category")  # fmt: skip


def draw_on(session: Session, storage: Storage, photo: Photo, project: Project, data: bytes, *, by: User) -> Photo:
    """Keep what somebody drew on a copy of a project's picture: a picture of its own beside it, marked as drawn.

    It shows the same place, day and cell. It belongs to no record, proves nothing, and is no copy that one would be
    asked about. Raises Refused, and StorageFull where no room is left.
    """
    require(by, Action.RECORD_LOG, project)
    try:
        picture = examine(data)
    except PictureRefused as error:
        why = REFUSALS[error.reason]
        raise Refused(_l("%(name)s: %(why)s.", name=printable_name(photo.file_name), why=why)) from None
    token = secrets.token_urlsafe(18)
    copy = Photo(
        token=token,
        uploader_id=by.id,
        file_name=photo.file_name,
        mime=picture.mime,
        width=picture.width,
        height=picture.height,
        size=len(data),
        sha256=picture.sha256,
        dhash=signed(picture.dhash),
        original_key=f"originals/{token[:2]}/{token}",
        drawn_from_id=photo.id,
        **{name: getattr(photo, name) for name in SAME},
    )
    shown = {shown_key(copy, size): content for size, content in picture.derived.items()}
    store_all(storage, {copy.original_key: data, **shown})
    session.add(copy)
    session.flush()
    events.record(session, Kind.PHOTO_DRAWN, copy, by=by, project_id=copy.project_id, photo=photo.id)
    return copy
