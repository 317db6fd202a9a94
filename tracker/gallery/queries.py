"""Reads about pictures. The user comes first; a picture of what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.errors import NotFound
from tracker.gallery.models import Photo
from tracker.paging import Page, page_of
from tracker.team.models import User


def get_photo(session: Session, by: User, token: str) -> Photo:
    """One picture by its token: of a project or lead the user sees, or staged by himself; or NotFound."""
    staged = and_(Photo.uploader_id == by.id, Photo.project_id.is_(None), Photo.lead_id.is_(None))
    found = session.scalar(select(Photo).where(Photo.token == token, or_(visible(Photo, by), staged)))
    if found is None:
        raise NotFound
    return found


def list_photos(
    session: Session, by: User, *, project_id: int | None = None, step: str = "", page: int = 1, size: int = 60
) -> Page[Photo]:
    """A page of pictures, newest first, with project and uploader."""
    query = select(Photo).where(visible(Photo, by)).order_by(Photo.id.desc())
    if project_id is not None:
        query = query.where(Photo.project_id == project_id)
    if step:
        query = query.where(Photo.step == step)
    return page_of(session, query.options(joinedload(Photo.project), joinedload(Photo.uploader)), page, size)


def list_of_cell(
    session: Session, by: User, project_id: int, phase: str, step: str, limit: int = 60
) -> Sequence[Photo]:
    """The newest pictures of one cell."""
    return session.scalars(
        select(Photo)
        .where(visible(Photo, by), Photo.project_id == project_id, Photo.phase == phase, Photo.step == step)
        .order_by(Photo.id.desc())
        .limit(limit)
    ).all()
