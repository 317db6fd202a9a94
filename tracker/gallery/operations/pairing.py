"""Two pictures of one place made a pair: before and after."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, is_dealer, require
from tracker.errors import Forbidden, Invalid
from tracker.events import Kind
from tracker.gallery.models import Photo, PhotoPair
from tracker.i18n import _l
from tracker.team.models import User


def pair_photos(session: Session, photos: Sequence[Photo], *, by: User) -> PhotoPair:
    """The pair of two pictures (with project) of one project that `by` sees; made once, the earlier one is before."""
    require(by, Action.RECORD_LOG)
    if is_dealer(by):
        raise Forbidden(_l("Only our own people make pairs of pictures."))
    if len(photos) != 2:
        raise Invalid("photos", _l("A pair is two pictures: choose exactly two."))
    first, last = sorted(photos, key=lambda photo: (photo.taken_at or photo.uploaded_at, photo.id))
    if first.project_id is None or first.project_id != last.project_id:
        raise Invalid("photos", _l("The two pictures of a pair belong to one project."))
    known = select(PhotoPair).where(PhotoPair.before_id == first.id, PhotoPair.after_id == last.id)
    pair = session.scalars(known).first()
    if pair is None:
        pair = PhotoPair(before_id=first.id, after_id=last.id, by_id=by.id)
        session.add(pair)
        session.flush()
        events.record(session, Kind.PHOTO_PAIRED, pair, by=by, project_id=first.project_id)
    return pair


def name_pair(session: Session, pair: PhotoPair, title: str, *, by: User) -> None:
    """Say what a pair (with its pictures) shows."""
    require(by, Action.RECORD_LOG)
    pair.title = title.strip()[:120] or None
    session.flush()
    events.record(session, Kind.PHOTO_PAIRED, pair, by=by, project_id=pair.after.project_id, title=pair.title)


def part_pair(session: Session, pair: PhotoPair, *, by: User) -> None:
    """The two are no pair any more; both pictures stay as they are."""
    require(by, Action.RECORD_LOG)
    events.record(session, Kind.PHOTO_UNPAIRED, pair, by=by, project_id=pair.after.project_id,
                  before=pair.before_id, after=pair.after_id)  # fmt: skip
    session.delete(pair)
    session.flush()
