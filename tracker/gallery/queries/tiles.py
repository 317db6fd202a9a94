"""The gallery's pages: of each picture what its tile shows, in one statement that is put together once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from tracker.access import sight, visible
from tracker.access.of_pictures import sees_most_pictures, ways_to_pictures
from tracker.gallery.models import Photo
from tracker.gallery.queries.narrowing import CONDITIONS, PhotoFilters
from tracker.paging import FARTHEST, Page
from tracker.projects.models import Project
from tracker.remembering import remembered
from tracker.team.models import User

NOTHING = PhotoFilters()
NEXT = 3000  # pictures among which somebody who sees every fiftieth finds a page


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
    asked = {**filters.values, "after": after, "most": size + 1, "skipped": skipped, "next": NEXT}

    def read(near: bool, way_by_way: bool) -> Sequence[Tile]:
        query = _tiles(filters.asked, after is not None, skipped > 0, near, way_by_way, by)
        return [Tile(*row) for row in session.execute(query, asked)]

    walks, near = sees_most_pictures(by), skipped == 0
    rows = read(near=False, way_by_way=False) if walks else read(near=True, way_by_way=False) if near else ()
    if not walks and len(rows) <= size and (after is None or after > NEXT):  # he sees few of those sent at that time
        rows = read(near=False, way_by_way=True)
    shown = rows[:size]
    return Page(shown, page, len(rows) > size, size, str(shown[-1].id) if shown else "")


@remembered(sight)
def _tiles(asked: tuple[str, ...], follows: bool, skips: bool, near: bool, way_by_way: bool, by: User) -> Any:
    """`near`: only among the few thousand pictures that come next; `way_by_way`: looked for where the user sees any."""
    found, after = [CONDITIONS[name] for name in asked], bindparam("after", type_=Integer)
    if follows:
        found.append(Photo.id < after)
    order, most = Photo.id.desc(), bindparam("most", type_=Integer)
    if near:
        beyond = select(Photo.id).where(*found).order_by(order).offset(bindparam("next", type_=Integer)).limit(1)
        found.append(Photo.id > func.coalesce(beyond.scalar_subquery(), 0))
    found = [seen_way_by_way(by) if way_by_way else visible(Photo, by), *found]
    if skips:  # in the index alone, without what is shown
        keys = select(Photo.id).where(*found).order_by(order).offset(bindparam("skipped", type_=Integer)).limit(most)
        return _SHOWN.where(Photo.id.in_(keys)).order_by(order)
    return _SHOWN.where(*found).order_by(order).limit(most)


def seen_way_by_way(by: User) -> Any:
    """The condition that the user sees a picture, all that he sees being gathered first."""
    return Photo.id.in_(union_all(*(select(Photo.id).where(way).correlate(None) for way in ways_to_pictures(by))))


_SHOWN = (
    select(Photo.id, Photo.token, Photo.caption, func.coalesce(Photo.taken_at, Photo.uploaded_at))
    .add_columns(Photo.taken_at.is_not(None), Photo.step, Project.id, Project.name)
    .select_from(Photo)
    .outerjoin(Project, Project.id == Photo.project_id)
)
