"""Reads about pairs of pictures. One whose pictures the user does not both see does not exist."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.errors import NotFound
from tracker.gallery.models import Photo, PhotoPair
from tracker.team.models import User


def _seen(by: User) -> Select[PhotoPair]:
    sides = (PhotoPair.before_id, PhotoPair.after_id)
    seen = (exists().where(Photo.id == side, visible(Photo, by)).correlate(PhotoPair) for side in sides)
    whole = (joinedload(PhotoPair.before), joinedload(PhotoPair.after), joinedload(PhotoPair.by))
    return select(PhotoPair).where(*seen).options(*whole)


def list_pairs(session: Session, by: User, project_id: int) -> Sequence[PhotoPair]:
    """The pairs of a project, the newest first."""
    ours = exists().where(Photo.id == PhotoPair.after_id, Photo.project_id == project_id).correlate(PhotoPair)
    return session.scalars(_seen(by).where(ours).order_by(PhotoPair.id.desc()).limit(100)).all()


def get_pair(session: Session, by: User, pair_id: int) -> PhotoPair:
    """One pair, or NotFound."""
    found = session.scalars(_seen(by).where(PhotoPair.id == pair_id)).first()
    if found is None:
        raise NotFound
    return found
