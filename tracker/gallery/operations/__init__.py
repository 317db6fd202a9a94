"""Taking pictures in: first staged by the one who uploads, then attached to the record that they prove.

A picture is staged as soon as it arrives, so that a form that is refused keeps its pictures and a broken file
is refused by name while the others stay.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, object_session

from tracker import clock, events
from tracker.errors import Refused
from tracker.events import Kind
from tracker.gallery.models import Photo
from tracker.gallery.operations.asking import keep_marks, look_for_copies, raise_signals
from tracker.gallery.operations.files import derived_key, shown_key
from tracker.i18n import _l
from tracker.images import SIZES, PictureRefused, Reason, examine
from tracker.matrix.models import Record
from tracker.storage import Storage
from tracker.team.models import User

LOOKED_AT = str(SIZES[-1])  # the shown size by which copies are found
NEXT_DAY = timedelta(days=1)
_NOWHERE = tuple(
    home.is_(None)
    for home in (Photo.record_id, Photo.project_id, Photo.lead_id, Photo.contact_id, Photo.registration_note_id)
)  # staged
REFUSALS: dict[Reason, Any] = {
    Reason.UNREADABLE: _l("the picture cannot be read; it may be damaged"),
    Reason.TRUNCATED: _l("the picture is incomplete; take or send it again"),
    Reason.TOO_LARGE: _l("the file is too large; send a smaller picture"),
    Reason.TOO_MANY_PIXELS: _l("the picture has too many pixels; send a smaller one"),
    Reason.NOT_A_PICTURE: _l("this is not a picture"),
    Reason.VIDEO: _l("videos are not taken yet; send a photo"),
    Reason.UNSUPPORTED: _l("this kind of picture is not taken; send JPEG, PNG, WebP or HEIC"),
}


__all__ = ["derived_key", "shown_key"]


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
    known = _once_more(session, data, by)
    if known is not None:
        return known
    try:
        picture = examine(data)
    except PictureRefused as error:
        why = REFUSALS[error.reason]
        raise Refused(_l("%(name)s: %(why)s.", name=printable_name(file_name), why=why)) from None
    token = secrets.token_urlsafe(18)
    photo = Photo(
        token=token,
        phase="",
        step="",
        uploader_id=by.id,
        file_name=printable_name(file_name)[-200:],
        mime=picture.mime,
        width=picture.width,
        height=picture.height,
        size=len(data),
        sha256=picture.sha256,
        dhash=signed(picture.dhash),
        camera=picture.camera,
        software=picture.software,
        original_key=_stored_already(session, storage, picture.sha256) or f"originals/{token[:2]}/{token}",
    )
    _date(photo, picture.taken_at, captured_at)
    _place(photo, picture.place, captured_place)
    if not storage.exists(photo.original_key):
        shown = {shown_key(photo, size): content for size, content in picture.derived.items()}
        store_all(storage, {photo.original_key: data, **shown})
    session.add(photo)
    session.flush()
    look_for_copies(session, storage, photo, keep_marks(session, photo, picture.derived[LOOKED_AT]))
    return photo


def _once_more(session: Session, data: bytes, by: User) -> Photo | None:
    """The sender's own staged picture of the same bytes: he pressed twice, or its answer was lost on the way."""
    same = (Photo.sha256 == hashlib.sha256(data).hexdigest(), Photo.uploader_id == by.id, Photo.purged_at.is_(None))
    return session.scalars(select(Photo).where(*same, *_NOWHERE).limit(1)).first()


def _stored_already(session: Session, storage: Storage, sha256: str) -> str | None:
    """Where the same bytes lie already, whoever sent them: nothing is stored twice, and nothing is told of it."""
    query = select(Photo.original_key).where(Photo.sha256 == sha256, Photo.purged_at.is_(None)).limit(1)
    key = session.scalar(query)
    return key if key and storage.exists(key) else None


def store_all(storage: Storage, files: Mapping[str, bytes]) -> None:
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


def printable_name(text: str) -> str:
    """The text without control characters, which a file's name may smuggle in."""
    return "".join(character for character in text if character.isprintable())


def purge(photo: Photo) -> list[str]:
    """Mark a picture as destroyed and forget what its file said; the keys of its bytes, for the caller to delete once
    it is committed. The row stays: there was a picture, sent by this person on this day."""
    photo.purged_at = clock.now()
    photo.caption, photo.camera, photo.file_name = None, None, ""
    photo.latitude = photo.longitude = photo.place_from = None
    photo.browser_at = photo.browser_latitude = photo.browser_longitude = photo.software = None
    session = object_session(photo)
    keys = _purge_drawn(session, photo) if session is not None else []
    shared = (Photo.original_key == photo.original_key, Photo.id != photo.id, Photo.purged_at.is_(None))
    if session is None or session.scalar(select(exists().where(*shared, Photo.sha256 == photo.sha256))):
        return keys  # somebody's other picture is of the same bytes; they go with the last of them
    return [*keys, photo.original_key, *(shown_key(photo, str(size)) for size in SIZES)]


def _purge_drawn(session: Session, photo: Photo) -> list[str]:
    """What somebody drew on shows the same: it goes along."""
    copies = select(Photo).where(Photo.drawn_from_id == photo.id, Photo.purged_at.is_(None))
    return [key for copy in session.scalars(copies).all() for key in purge(copy)]


def signed(value: int) -> int:
    """A 64-bit hash as the database's signed integer."""
    return value - 2**64 if value >= 2**63 else value


def _date(photo: Photo, own: datetime | None, captured: datetime | None) -> None:
    photo.browser_at = _believed(captured)
    taken, source = (_believed(own), "exif") if own else (photo.browser_at, "browser")
    if taken is not None:
        photo.taken_at, photo.taken_from = taken, source


def _believed(said: datetime | None) -> datetime | None:
    """A moment as it was said; None where it lies ahead: a clock that is wrong proves nothing."""
    if said is None:
        return None
    moment = said.replace(tzinfo=clock.zone()) if said.tzinfo is None else said
    return moment if moment.astimezone(UTC) <= clock.now() + NEXT_DAY else None


def _place(photo: Photo, own: tuple[float, float] | None, captured: tuple[float, float] | None) -> None:
    if _on_earth(captured):
        photo.browser_latitude, photo.browser_longitude = round(captured[0], 6), round(captured[1], 6)
    place, source = (own, "exif") if own else (captured, "browser")
    if _on_earth(place):
        photo.latitude, photo.longitude, photo.place_from = round(place[0], 6), round(place[1], 6), source


def _on_earth(place: tuple[float, float] | None) -> TypeGuard[tuple[float, float]]:
    return place is not None and -90 <= place[0] <= 90 and -180 <= place[1] <= 180


def list_staged(session: Session, tokens: Iterable[str], *, by: User) -> Sequence[Photo]:
    """The user's own staged pictures with these tokens, in the order of upload."""
    return session.scalars(
        select(Photo)
        .where(
            Photo.token.in_(list(tokens)),
            Photo.uploader_id == by.id,
            *_NOWHERE,
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
    if photos:
        raise_signals(session, photos, record)
    return photos
