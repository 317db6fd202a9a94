"""Taking pictures in: first staged by the one who uploads, then attached to the record that they prove.

A picture is staged as soon as it arrives, so that a form that is refused keeps its pictures and a broken file
is refused by name while the others stay.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.errors import Refused
from tracker.events import Kind
from tracker.gallery.models import Photo
from tracker.i18n import _l
from tracker.images import PictureRefused, Reason, examine
from tracker.matrix.models import Record
from tracker.storage import Storage
from tracker.team.models import User

NEXT_DAY = timedelta(days=1)
REFUSALS: dict[Reason, Any] = {
    Reason.UNREADABLE: _l("the picture cannot be read; it may be damaged"),
    Reason.TRUNCATED: _l("the picture is incomplete; take or send it again"),
    Reason.TOO_LARGE: _l("the file is too large; send a smaller picture"),
    Reason.TOO_MANY_PIXELS: _l("the picture has too many pixels; send a smaller one"),
    Reason.NOT_A_PICTURE: _l("this is not a picture"),
    Reason.VIDEO: _l("videos are not taken yet; send a photo"),
    Reason.UNSUPPORTED: _l("this kind of picture is not taken; send JPEG, PNG, WebP or HEIC"),
}


def stage_photo(
    session: Session,
    storage: Storage,
    data: bytes,
    file_name: str,
    *,
    by: User,
    captured_at: datetime | None = None,
    captured_place: tuple[float, float] | None = None,
) -> Photo:
    """Take one uploaded file in, or raise Refused naming it; StorageFull, and nothing is stored, where no room is left.

    `captured_at` and `captured_place` (WGS-84 degrees) are what the browser said at capture; they count, marked so,
    where the picture itself says nothing. The server's own receipt time is kept apart from both.
    """
    try:
        picture = examine(data)
    except PictureRefused as error:
        why = REFUSALS[error.reason]
        raise Refused(_l("%(name)s: %(why)s.", name=_printable(file_name), why=why)) from None
    token = secrets.token_urlsafe(18)
    photo = Photo(
        token=token,
        phase="",
        step="",
        uploader_id=by.id,
        file_name=_printable(file_name)[-200:],
        mime=picture.mime,
        width=picture.width,
        height=picture.height,
        size=len(data),
        sha256=picture.sha256,
        dhash=_signed(picture.dhash),
        camera=(picture.camera or "")[:80] or None,
        original_key=f"originals/{token[:2]}/{token}",
    )
    _date(photo, picture.taken_at, captured_at)
    _place(photo, picture.place, captured_place)
    shown = {derived_key(token, size): content for size, content in picture.derived.items()}
    _store(storage, {photo.original_key: data, **shown})
    session.add(photo)
    session.flush()
    return photo


def _store(storage: Storage, files: Mapping[str, bytes]) -> None:
    """Store all of the files or, where one fails, none."""
    stored = []
    try:
        for key, content in files.items():
            storage.put(key, content)
            stored.append(key)
    except Exception:
        for key in stored:
            storage.delete(key)
        raise


def _printable(text: str) -> str:
    """The text without control characters, which a file's name may smuggle in."""
    return "".join(character for character in text if character.isprintable())


def derived_key(token: str, size: str) -> str:
    """Where a derived size lies in storage."""
    return f"derived/{token[:2]}/{token}-{size}.jpg"


def _signed(value: int) -> int:
    """A 64-bit hash as the database's signed integer."""
    return value - 2**64 if value >= 2**63 else value


def _date(photo: Photo, own: datetime | None, captured: datetime | None) -> None:
    taken, source = (own, "exif") if own else (captured, "browser")
    if taken is None:
        return
    moment = taken.replace(tzinfo=clock.zone()) if taken.tzinfo is None else taken
    if moment.astimezone(UTC) <= clock.now() + NEXT_DAY:  # a camera with a wrong clock proves nothing
        photo.taken_at, photo.taken_from = moment, source


def _place(photo: Photo, own: tuple[float, float] | None, captured: tuple[float, float] | None) -> None:
    place, source = (own, "exif") if own else (captured, "browser")
    if place and -90 <= place[0] <= 90 and -180 <= place[1] <= 180:
        photo.latitude, photo.longitude, photo.place_from = round(place[0], 6), round(place[1], 6), source


def list_staged(session: Session, tokens: Iterable[str], *, by: User) -> Sequence[Photo]:
    """The user's own staged pictures with these tokens, in the order of upload."""
    return session.scalars(
        select(Photo)
        .where(
            Photo.token.in_(list(tokens)),
            Photo.uploader_id == by.id,
            Photo.record_id.is_(None),
            Photo.project_id.is_(None),
            Photo.lead_id.is_(None),
        )
        .order_by(Photo.id)
    ).all()


def claim_staged(session: Session, tokens: Iterable[str], *, by: User) -> Sequence[Photo]:
    """Like `list_staged`; pictures that are not there any more (or not his) are left out."""
    wanted = list(tokens)
    return list_staged(session, wanted, by=by) if wanted else []


def state_facts(photos: Sequence[Photo], moment: datetime, place: tuple[float, float] | None) -> None:
    """Give pictures that say nothing of when or where they were taken what their sender states, marked so."""
    for photo in photos:
        if photo.taken_at is None:
            photo.taken_at, photo.taken_from = moment, "stated"
        if photo.latitude is None and place is not None:
            (photo.latitude, photo.longitude), photo.place_from = place, "stated"


def attach_photos(session: Session, photos: Sequence[Photo], record: Record, *, by: User) -> Sequence[Photo]:
    """Make staged pictures belong to a record: they take its project or lead, building and cell."""
    for photo in photos:
        photo.record_id, photo.project_id, photo.lead_id = record.id, record.project_id, record.lead_id
        photo.building_id, photo.phase, photo.step = record.building_id, record.phase, record.step
    session.flush()
    for photo in photos:
        events.record(session, Kind.PHOTO_ADDED, photo, by=by, project_id=record.project_id, record_id=record.id)
    return photos
