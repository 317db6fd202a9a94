"""Pictures put together into one file for who asked: few of them at once, many by the worker.

What is in a parcel is judged when it is made, not when it was asked for: what its owner does not see any more by then,
and what was purged, is left out. The file lies in the storage for some days and goes out to him alone.
"""

from __future__ import annotations

import secrets
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, BinaryIO

import structlog
from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session, joinedload

from tracker import clock, events
from tracker.access import visible
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.gallery.models import Photo, PhotoParcel
from tracker.gallery.operations.files import shown_key
from tracker.gallery.operations.reporting import ReportWishes, checked, outline_report
from tracker.i18n import _l, speaking
from tracker.paper import PaperFault, draw
from tracker.storage import Storage, StorageFull
from tracker.team.models import User

log = structlog.get_logger()
MOST = {"zip": 600, "report": 120}  # pictures in one
AT_ONCE = {"zip": 30, "report": 8}  # pictures, up to which it is made within the request
KEPT = timedelta(days=3)  # how long the file is there
LOST = timedelta(minutes=10)  # after which whoever had claimed it is taken for dead
TOLD_EVERY = 10  # pictures between two words of how far it is
OPEN = ("waiting", "working")
MOST_OPEN = 5  # parcels that one person may wait for


def ask_parcel(
    session: Session, photos: Sequence[Photo], kind: str, wishes: ReportWishes | None = None, *, by: User
) -> PhotoParcel:
    """Ask for a file of pictures that `by` sees; `wishes` are a report's."""
    if not photos:
        raise Invalid("photos", _l("Choose at least one picture."))
    if len(photos) > MOST[kind]:
        raise Invalid("photos", _l("At most %(max)s pictures at once, please.", max=MOST[kind]))
    mine = select(PhotoParcel.id).where(PhotoParcel.by_id == by.id, PhotoParcel.state.in_(OPEN)).limit(MOST_OPEN)
    if len(session.scalars(mine).all()) >= MOST_OPEN:
        raise Invalid("photos", _l("Several files are being made for you already; wait for one of them."))
    asked: dict[str, Any] = {"photos": [photo.id for photo in photos], "zone": clock.zone().key}
    if kind == "report":
        asked["report"] = checked(wishes or ReportWishes(""), by).to_json()
    parcel = PhotoParcel(token=secrets.token_urlsafe(18), by_id=by.id, kind=kind, wishes=asked, total=len(photos))
    parcel.state, parcel.done = "waiting", 0
    session.add(parcel)
    session.flush()
    events.record(session, Kind.PHOTOS_TAKEN_OUT, parcel, by=by, form=kind, photos=len(photos))
    return parcel


def is_small(parcel: PhotoParcel) -> bool:
    """Whether it may be made while its owner waits."""
    return parcel.total <= AT_ONCE[parcel.kind]


def any_waiting(session: Session) -> bool:
    """Whether somebody waits for a parcel that nobody makes."""
    return bool(session.scalar(select(exists().where(_to_make()))))


def _to_make() -> Any:
    lost = and_(PhotoParcel.state == "working", PhotoParcel.claimed_at < clock.now() - LOST)
    return or_(PhotoParcel.state == "waiting", lost)


def work_off(session: Session, storage: Storage, commit: Callable[[], None]) -> Iterator[int]:
    """Make all parcels that wait, the oldest first; yields after each. `commit` is the entry point's."""
    while True:
        waiting = select(PhotoParcel.id).where(_to_make()).order_by(PhotoParcel.id).limit(1)
        number = session.scalar(waiting)
        if number is None:
            return
        yield int(make_parcel(session, storage, number, commit))


def make_parcel(session: Session, storage: Storage, number: int, commit: Callable[[], None]) -> bool:
    """Make one parcel, unless somebody else does; what breaks is said on its page and kept in the log."""
    mine = update(PhotoParcel).where(PhotoParcel.id == number, _to_make())
    values = {"state": "working", "claimed_at": clock.now(), "done": 0}
    ours = session.execute(mine.values(values).returning(PhotoParcel.id)).first() is not None
    commit()
    if not ours:
        return False
    parcel = session.scalars(select(PhotoParcel).where(PhotoParcel.id == number).options(_OWNER)).one()
    clock.use_zone(parcel.wishes["zone"])  # days are those of who asked
    key, ended = f"parcels/{parcel.token}", {"state": "failed", "ended_at": clock.now()}
    try:
        with tempfile.TemporaryFile() as file:
            MAKERS[parcel.kind](session, parcel, file, _Reading(session, storage, number, commit))
            size = file.tell()
            file.seek(0)
            storage.put_file(key, file)
        ended |= {"state": "ready", "file_key": key, "size": size, "done": PhotoParcel.total}
    except (PaperFault, StorageFull, OSError, MemoryError):
        log.exception("a parcel of pictures broke off", parcel=number)
    _say(session, number, ended)
    commit()
    return True


_OWNER = joinedload(PhotoParcel.by).options(joinedload(User.role), joinedload(User.team))


def _say(session: Session, number: int, values: dict[str, Any]) -> None:
    session.execute(update(PhotoParcel).where(PhotoParcel.id == number).values(values))


class _Reading:
    """Reads the pictures of a parcel, and says on its page how many it has read."""

    def __init__(self, session: Session, storage: Storage, number: int, commit: Callable[[], None]) -> None:
        self.session, self.storage, self.number, self.commit, self.done = session, storage, number, commit, 0

    def __call__(self, key: str) -> bytes | None:
        """The bytes under this key, None where they are gone."""
        self.done += 1
        if self.done % TOLD_EVERY == 0:
            _say(self.session, self.number, {"done": self.done})
            self.commit()
        try:
            with self.storage.open(key) as picture:
                return picture.read()
        except FileNotFoundError:
            return None


def _photos_of(session: Session, parcel: PhotoParcel) -> Sequence[Photo]:
    """The pictures of a parcel that its owner sees now, in the order in which he chose them."""
    ids: list[int] = parcel.wishes["photos"]
    query = select(Photo).where(Photo.id.in_(ids), visible(Photo, parcel.by)).options(joinedload(Photo.project))
    found = {photo.id: photo for photo in session.scalars(query)}
    return [found[number] for number in ids if number in found]


def _zip(session: Session, parcel: PhotoParcel, file: BinaryIO, read: _Reading) -> None:
    """The pictures as they are shown, without anything that a phone wrote into them."""
    photos = _photos_of(session, parcel)
    named = [(shown_key(photo, "1600"), _name(number, photo)) for number, photo in enumerate(photos, 1)]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for key, name in named:
            data = read(key)
            if data is not None:
                archive.writestr(name, data)


def _report(session: Session, parcel: PhotoParcel, file: BinaryIO, read: _Reading) -> None:
    """The pictures as a paper, drawn by a process of its own."""
    wishes = ReportWishes.from_json(parcel.wishes["report"])
    with speaking(wishes.language):
        outline = outline_report(session, _photos_of(session, parcel), wishes, by=parcel.by)
        file.write(draw(outline.paper(read)))


MAKERS: dict[str, Callable[[Session, PhotoParcel, Any, _Reading], None]] = {"zip": _zip, "report": _report}


def _name(number: int, photo: Photo) -> str:
    return f"{number:03d}_{clock.local(photo.taken_at or photo.uploaded_at):%Y-%m-%d}_{photo.step or 'photo'}.jpg"


def sweep_parcels(session: Session) -> list[str]:
    """Forget the files of some days ago; their keys, to be deleted once it is committed."""
    over = (PhotoParcel.file_key.is_not(None), PhotoParcel.ended_at < clock.now() - KEPT)
    old = session.scalars(select(PhotoParcel).where(*over).limit(200)).all()
    keys = [parcel.file_key for parcel in old if parcel.file_key]
    for parcel in old:
        parcel.file_key, parcel.state = None, "gone"
    session.flush()
    return keys
