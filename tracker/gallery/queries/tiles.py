"""The gallery's pages: of each picture what its tile shows, in one statement that is put together once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session

from tracker.access import sight, visible
from tracker.gallery.models import Photo
from tracker.gallery.queries.narrowing import CONDITIONS, PhotoFilters
from tracker.paging import FARTHEST, Page
from tracker.projects.models import Project
from tracker.remembering import remembered
from tracker.team.models import User

NOTHING = PhotoFilters()


class Tile(NamedTuple):
    """A picture as the gallery shows it: `at` is when it was `taken`, else when it was sent; `project_name` is None for
    one that was taken on a lead."""

    id: int
    token: str
    caption: str | None
    at: datetime
    taken: bool
    step: str
    project_id: int | None
    project_name: str | None


def list_tiles(
    session: Session,
    by: User,
    filters: PhotoFilters = NOTHING,
    *,
    after: int | None = None,
    page: int = 1,
    size: int = 60,
) -> Page[Tile]:
    """A page of pictures, newest first: of those older than the picture `after`, if given."""
    page = max(1, min(page, FARTHEST))
    skipped = (page - 1) * size if after is None else 0
    asked = {**filters.values, "after": after, "most": size + 1, "skipped": skipped}
    query = _tiles(filters.asked, after is not None, skipped > 0, by)
    rows: Sequence[Tile] = [Tile(*row) for row in session.execute(query, asked)]
    shown = rows[:size]
    return Page(shown, page, len(rows) > size, size, str(shown[-1].id) if shown else "")


@remembered(sight)
def _tiles(asked: tuple[str, ...], follows: bool, skips: bool, by: User) -> Any:
    found = [visible(Photo, by), *(CONDITIONS[name] for name in asked)]
    if follows:
        found.append(Photo.id < bindparam("after", type_=Integer))
    order, most = Photo.id.desc(), bindparam("most", type_=Integer)
    if skips:  # in the index alone, without what is shown
        keys = select(Photo.id).where(*found).order_by(order).offset(bindparam("skipped", type_=Integer)).limit(most)
        return _SHOWN.where(Photo.id.in_(keys)).order_by(order)
    return _SHOWN.where(*found).order_by(order).limit(most)


_SHOWN = (
    select(Photo.id, Photo.token, Photo.caption, func.coalesce(Photo.taken_at, Photo.uploaded_at))
    .add_columns(Photo.taken_at.is_not(None), Photo.step, Project.id, Project.name)
    .select_from(Photo)
    .outerjoin(Project, Project.id == Photo.project_id)
)
