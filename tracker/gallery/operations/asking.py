"""Signals: what somebody may ask about a picture. They accuse nobody, change nothing and are settled by a sentence."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, can
from tracker.errors import AlreadyDone, Forbidden, Invalid
from tracker.events import Kind
from tracker.gallery import likeness
from tracker.gallery.models import Photo, PhotoBand, PhotoSignal
from tracker.gallery.operations.files import shown_key
from tracker.i18n import _l
from tracker.matching.distance import metres
from tracker.matrix.models import Record
from tracker.projects.models import Building, Project
from tracker.storage import Storage
from tracker.team.models import User

FAR = 1000  # metres from the site, from which one may ask; a large site and a poor fix stay below
DAYS = timedelta(days=2)  # between the picture's own day and what the record says
SEVERAL = 3  # bits that each further hash counts which is near as well
AT_ONCE = 500  # numbers looked up by one statement, which a long list would make large
MOST_LOOKED_AT = 5  # pictures that are laid over a new one
OWN_WORD = ("exif", "browser")  # what the picture or the phone says, not who sends it
EDITORS = ("photoshop", "lightroom", "snapseed", "gimp", "picsart", "meitu", "美图", "醒图", "vsco", "pixelmator",
           "affinity", "facetune", "canva", "paint.net", "黄油相机")  # fmt: skip
KNOWN_CAMERAS = 5  # pictures after which a camera that somebody never used is worth a word


def keep_marks(session: Session, photo: Photo, shown: bytes) -> likeness.Small:
    """Keep a picture findable by its copies; `shown` is one of its shown sizes."""
    with Image.open(io.BytesIO(shown)) as image:
        small = likeness.Small(image)
    session.add_all(
        PhotoBand(band=band, photo_id=photo.id, hash=value) for band, value in likeness.bands(small).items()
    )
    return small


def look_for_copies(session: Session, storage: Storage, photo: Photo, small: likeness.Small) -> Photo | None:
    """The earliest picture of the company that this one is a copy of; it becomes a signal."""
    same = select(Photo).where(Photo.sha256 == photo.sha256, Photo.id != photo.id, Photo.purged_at.is_(None))
    found = session.scalars(same.order_by(Photo.id).limit(1)).first()
    if found is None:
        for other, kind in _candidates(session, photo, small):
            if likeness.alike(small, _small_of(storage, other), kind) >= likeness.MATCH:
                found = other
                break
    if found is not None:
        session.add(PhotoSignal(photo_id=photo.id, kind="reused", other_id=found.id))
        session.flush()
    return found


def _candidates(session: Session, photo: Photo, small: likeness.Small) -> Sequence[tuple[Photo, int]]:
    """The nearest pictures by their hashes, each with the kind of hash that brought it up."""
    wanted = likeness.lookups(small)
    near: dict[int, dict[int, tuple[int, int]]] = {}  # by picture the hashes that are near, with bits and kind
    rows = select(PhotoBand.photo_id, PhotoBand.band, PhotoBand.hash).where(PhotoBand.photo_id != photo.id)
    keys = sorted(wanted)
    pieces = (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))
    found = (row for piece in pieces for row in session.execute(rows.where(PhotoBand.band.in_(piece))))
    for number, band, value in found:
        bits, kind = likeness.distance(likeness.unsigned(value), wanted[band]), likeness.kind_of(band)
        if likeness.is_near(kind, bits):
            hashes = near.setdefault(number, {})
            hashes[value] = min(hashes.get(value, (65, 0)), (bits, kind))
    ranks = {number: _rank(hashes.values()) for number, hashes in near.items()}
    nearest = sorted(ranks, key=lambda number: (ranks[number], number))[:MOST_LOOKED_AT]
    there = session.scalars(select(Photo).where(Photo.id.in_(nearest), Photo.purged_at.is_(None))).all()
    ordered = sorted(there, key=lambda other: (ranks[other.id], other.id))
    return [(other, ranks[other.id][1]) for other in ordered]


def _rank(hashes: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """How far a picture is from another by its near hashes, in bits less what several of them count, and the kind of
    the nearest."""
    nearest = sorted(hashes)
    return nearest[0][0] - SEVERAL * (len(nearest) - 1), nearest[0][1]


def _small_of(storage: Storage, photo: Photo) -> likeness.Small:
    try:
        with storage.open(shown_key(photo, "320")) as file, Image.open(file) as image:
            return likeness.Small(image)
    except (FileNotFoundError, OSError):
        return likeness.Small(Image.new("L", (8, 8)))  # nothing to see is like nothing


def raise_signals(session: Session, photos: Sequence[Photo], home: Record | Project) -> None:
    """What may be asked about pictures that now belong to a record, or to a project without one; what was found before
    joins it."""
    on = home.happened_on if isinstance(home, Record) else None
    project_id, lead_id = (home.project_id, home.lead_id) if isinstance(home, Record) else (home.id, None)
    project = session.get(Project, project_id) if project_id else None
    for photo in photos:
        session.add_all(_signals(session, photo, project, on))
    session.flush()
    ids = [photo.id for photo in photos]
    homes = {"project_id": project_id, "lead_id": lead_id}
    session.execute(update(PhotoSignal).where(PhotoSignal.photo_id.in_(ids)).values(homes))


def _signals(session: Session, photo: Photo, project: Project | None, on: date | None) -> Iterator[PhotoSignal]:
    if photo.place_from in OWN_WORD and photo.latitude is not None and project and project.latitude is not None:
        far = metres(photo.latitude, photo.longitude or 0, project.latitude, project.longitude or 0)
        if far > FAR:
            yield PhotoSignal(photo_id=photo.id, kind="far", amount=round(far))
    if on is not None and photo.taken_from in OWN_WORD and photo.taken_at is not None:
        days = (clock.local(photo.taken_at).date() - on).days
        if abs(days) > DAYS.days:
            yield PhotoSignal(photo_id=photo.id, kind="time", amount=days)
    if photo.software and any(name in photo.software.lower() for name in EDITORS):
        yield PhotoSignal(photo_id=photo.id, kind="edited", seen=photo.software)
    if photo.camera and _new_camera(session, photo):
        yield PhotoSignal(photo_id=photo.id, kind="camera", seen=photo.camera)


def _new_camera(session: Session, photo: Photo) -> bool:
    """Whether its sender has sent several pictures, and none of them with this camera."""
    his = select(Photo.camera).where(
        Photo.uploader_id == photo.uploader_id, Photo.id < photo.id, Photo.camera.is_not(None)
    )
    cameras = session.scalars(his.order_by(Photo.id.desc()).limit(200)).all()
    return len(cameras) >= KNOWN_CAMERAS and photo.camera not in cameras


def say_step(session: Session, photo: Photo, project: Project, seen: str | None) -> None:
    """What step a picture shows, as its sender sees it. Where the column says another, its owner is asked: a question,
    never a silent change. One that does not contradict any more is withdrawn."""
    photo.seen_step = seen
    building = session.get(Building, photo.building_id) if photo.building_id else None
    column = building.step if building else project.step
    openly = (PhotoSignal.photo_id == photo.id, PhotoSignal.kind == "step", PhotoSignal.settled_at.is_(None))
    asked = session.scalars(select(PhotoSignal).where(*openly)).first()
    if seen and seen != column:
        question = asked or PhotoSignal(photo_id=photo.id, kind="step", project_id=project.id)
        question.seen = seen
        session.add(question)
    elif asked is not None:
        session.delete(asked)
    session.flush()


def settle_signal(session: Session, signal: PhotoSignal, answer: str, *, by: User) -> None:
    """What somebody found out about a signal; of two who answer the first counts. It comes whole."""
    project = signal.project
    owns = project is not None and signal.kind == "step" and project.owner_id == by.id
    if project is None or not (owns or can(by, Action.APPROVAL_DECIDE, project)):
        raise Forbidden(
            _l("Only a supervisor of the project's team, or its owner where the step is asked, answers this.")
        )
    if not answer.strip():
        raise Invalid("answer", _l("Say in a sentence what you found out."))
    mine = update(PhotoSignal).where(PhotoSignal.id == signal.id, PhotoSignal.settled_at.is_(None))
    values = {"settled_at": clock.now(), "settled_by_id": by.id, "answer": answer.strip()[:300]}
    if session.execute(mine.values(values).returning(PhotoSignal.id)).first() is None:
        raise AlreadyDone(details="/photos/questions")
    session.refresh(signal, ["settled_at", "settled_by_id", "answer"])
    events.record(session, Kind.PHOTO_ASKED, signal.photo, by=by, project_id=project.id, answer=signal.answer)
