"""Pictures that come in pieces over a bad line: begun, continued where they stopped, finished by the hash of the whole.

Each step may be repeated: a step whose answer was lost on the way answers the same again, and nothing is there twice.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.access import Action, require
from tracker.errors import NotFound, Refused
from tracker.gallery.models import Photo, Upload
from tracker.gallery.operations import REFUSALS, printable_name, stage_photo
from tracker.i18n import _l
from tracker.images import MOST_BYTES, Reason
from tracker.storage import Storage
from tracker.team.models import User

PIECE = 1024 * 1024  # bytes that a piece may have
KEPT = timedelta(days=3)  # how long an unfinished upload is kept
MOST_OPEN = 200  # uploads that one person may have begun and not finished
VIDEOS = (".mp4", ".mov", ".m4v", ".3gp", ".avi", ".mkv", ".webm", ".wmv")  # names, before a byte of it is sent
_SHA256 = re.compile(r"[0-9a-f]{64}")


def begin_upload(session: Session, file_name: str, size: int, sha256: str, *, by: User) -> Upload:
    """A new upload, or the one of the same picture that its sender began before: it goes on where it stopped."""
    require(by, Action.RECORD_LOG)
    name = printable_name(file_name)
    if not _SHA256.fullmatch(sha256) or size < 1:
        raise Refused(_l("%(name)s: %(why)s.", name=name, why=REFUSALS[Reason.UNREADABLE]))
    if name.lower().endswith(VIDEOS):
        raise Refused(_l("%(name)s: %(why)s.", name=name, why=REFUSALS[Reason.VIDEO]))
    if size > MOST_BYTES:
        raise Refused(_l("%(name)s: %(why)s.", name=name, why=REFUSALS[Reason.TOO_LARGE]))
    mine = (Upload.user_id == by.id, Upload.photo_id.is_(None))
    known = session.scalars(select(Upload).where(*mine, Upload.sha256 == sha256, Upload.size == size).limit(1)).first()
    if known is not None:
        return known
    if (session.scalar(select(func.count()).select_from(Upload).where(*mine)) or 0) >= MOST_OPEN:
        raise Refused(_l("Too many pictures are on their way at once; let some of them arrive first."))
    upload = Upload(token=secrets.token_urlsafe(18), user_id=by.id, file_name=name[-200:], size=size, sha256=sha256)
    upload.received = 0
    session.add(upload)
    session.flush()
    return upload


def get_upload(session: Session, token: str, *, by: User) -> Upload:
    """One's own upload, or NotFound."""
    found = session.scalar(select(Upload).where(Upload.token == token, Upload.user_id == by.id))
    if found is None:
        raise NotFound
    return found


def add_piece(session: Session, storage: Storage, upload: Upload, offset: int, data: bytes) -> bool:
    """Keep a piece that follows what is here; False where it does not, and `received` says where to go on.

    The row's count is moved by a conditional UPDATE, so that of two that come at once one counts.
    """
    end = offset + len(data)
    if upload.photo_id is not None or offset != upload.received or not data or len(data) > PIECE or end > upload.size:
        return False
    storage.put(_piece(upload, offset), data)
    moved = (
        update(Upload)
        .where(Upload.id == upload.id, Upload.received == offset)
        .values(received=end)
        .returning(Upload.id)
        .execution_options(synchronize_session=False)
    )
    counted = session.execute(moved).first() is not None
    session.refresh(upload)
    return counted


def finish_upload(
    session: Session,
    storage: Storage,
    upload: Upload,
    *,
    by: User,
    captured_at: datetime | None = None,
    captured_place: tuple[float, float] | None = None,
) -> tuple[Photo, Sequence[str]]:
    """The staged picture of an upload that is whole, and the keys of its pieces, to be deleted once it is committed.

    Finished before, it answers the same picture. Where the bytes are not those that were said, it begins anew:
    raises Incomplete. Raises Refused and StorageFull like `stage_photo`.
    """
    if upload.photo_id is not None:
        return session.get_one(Photo, upload.photo_id), ()
    keys = sorted(storage.keys(f"uploads/{upload.token}/"))
    data = b"".join(_bytes(storage, key) for key in keys)
    if upload.received != upload.size or hashlib.sha256(data).hexdigest() != upload.sha256:
        upload.received = 0
        session.flush()
        raise Incomplete(keys)
    photo = stage_photo(
        session, storage, data, upload.file_name, by=by, captured_at=captured_at, captured_place=captured_place
    )
    upload.photo_id = photo.id
    session.flush()
    return photo, keys


def sweep_uploads(session: Session, storage: Storage, *, by: User) -> list[str]:
    """Forget one's uploads of days ago, finished or not; the keys of their pieces, to be deleted once committed."""
    old = session.scalars(select(Upload).where(Upload.user_id == by.id, Upload.begun_at < clock.now() - KEPT)).all()
    keys = [key for upload in old for key in storage.keys(f"uploads/{upload.token}/")]
    for upload in old:
        session.delete(upload)
    session.flush()
    return keys


def sweep_all_uploads(session: Session, storage: Storage) -> list[str]:
    """Forget everybody's uploads of days ago, some at a time; the keys of their pieces."""
    old = session.scalars(select(Upload).where(Upload.begun_at < clock.now() - KEPT).limit(100)).all()
    keys = [key for upload in old for key in storage.keys(f"uploads/{upload.token}/")]
    for upload in old:
        session.delete(upload)
    session.flush()
    return keys


class Incomplete(Exception):
    """What arrived is not what was said; the upload begins anew. The caller commits, and deletes the `keys`."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self.keys = keys


def _piece(upload: Upload, offset: int) -> str:
    return f"uploads/{upload.token}/{offset:09d}"


def _bytes(storage: Storage, key: str) -> bytes:
    with storage.open(key) as file:
        return file.read()
