"""Reads about files of pictures that were put together: each is its owner's alone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import NotFound
from tracker.gallery.models import PhotoParcel
from tracker.team.models import User


def list_parcels(session: Session, by: User) -> Sequence[PhotoParcel]:
    """What the user asked for, the newest first."""
    query = select(PhotoParcel).where(PhotoParcel.by_id == by.id).order_by(PhotoParcel.id.desc())
    return session.scalars(query.limit(30)).all()


def get_parcel(session: Session, by: User, token: str) -> PhotoParcel:
    """One of the user's own, or NotFound."""
    found = session.scalar(select(PhotoParcel).where(PhotoParcel.token == token, PhotoParcel.by_id == by.id))
    if found is None:
        raise NotFound
    return found
