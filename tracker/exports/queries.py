"""The rows of the long lists, unpaged and a handful at a time: the same conditions and order as the pages have.

The user comes first. Rows are plain tuples, by the names that the columns ask for.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, literal, select
from sqlalchemy.orm import Session, aliased

from tracker.access import visible
from tracker.assigning.queries.pool import orphaned, pool_asked
from tracker.contacts.queries import contacts_asked
from tracker.documents.models import Document
from tracker.documents.queries import documents_asked
from tracker.gallery.models import Photo
from tracker.gallery.queries import NOTHING as ALL_PHOTOS
from tracker.gallery.queries import photos_asked
from tracker.gallery.queries.narrowing import PhotoFilters
from tracker.leads.models import Lead
from tracker.leads.queries import LeadFilters, leads_asked
from tracker.merging.models import Merge
from tracker.merging.queries import merges_asked, names_of
from tracker.paging import Piece
from tracker.parties.models import Contact, Party
from tracker.parties.queries.listing import PartyFilters, parties_asked, values_of
from tracker.projects.models import CategoryLine, Project
from tracker.projects.queries import ORDERS, Filters, narrowed
from tracker.team.models import Region, Team, User

AT_ONCE = 1000  # rows
MOST = 1_000_000  # rows, as many as a workbook's sheet holds
Dealer, Above = aliased(Party), aliased(Team)

_PROJECT: tuple[str, ...] = (
    "id",
    "name",
    "address",
    "plot_number",
    "phase",
    "step",
    "state",
    "kind",
    "route",
    "source",
    "value",
)
_PROJECT += ("currency", "last_record_on", "next_due_on", "silent_after", "open_tasks", "latitude", "longitude", "note")
_MAIN = (
    select(CategoryLine.category)
    .where(CategoryLine.project_id == Project.id, CategoryLine.main)
    .limit(1)
    .scalar_subquery()
)
_PROJECTS = (
    select(*(getattr(Project, name) for name in (*_PROJECT, "created_at")))
    .add_columns(User.name.label("owner"), Team.name.label("team"), Region.name.label("region"))
    .add_columns(Party.name.label("developer"), Dealer.name.label("dealer"), _MAIN.label("category"))
    .select_from(Project)
    .outerjoin(User, User.id == Project.owner_id)
    .outerjoin(Team, Team.id == Project.team_id)
    .outerjoin(Region, Region.id == Project.region_id)
    .outerjoin(Party, Party.id == Project.developer_id)
    .outerjoin(Dealer, Dealer.id == Project.dealer_id)
)
_LEAD: tuple[str, ...] = (
    "id",
    "name",
    "address",
    "plot_number",
    "found_on",
    "state",
    "source",
    "kind",
    "step",
    "value",
    "currency",
)
_LEAD += ("area", "phone", "latitude", "longitude", "note", "owes_evidence", "review_on", "created_at")


def rows_of(session: Session, query: Select[Any]) -> Iterator[Any]:
    """The rows of a statement that selects objects, fetched a thousand at a time."""
    yield from session.execute(query.limit(MOST).execution_options(yield_per=AT_ONCE))


def _plain_rows(session: Session, query: Select[Any], values: Mapping[str, Any] | None = None) -> Iterator[Any]:
    """The rows of a statement that selects columns, a thousand at a time, past the session: it would keep nothing.

    They are named tuples, since a database row takes ten times as long to find what it is asked for by name.
    """
    result = session.connection().execute(query.execution_options(yield_per=AT_ONCE), values or {})
    shape: Any = namedtuple("Fetched", result.keys())  # type: ignore[misc]
    yield from map(shape._make, result)


def stream_projects(session: Session, by: User, filters: Filters, sort: str = "") -> Iterator[Any]:
    """The projects of a list, in its order; those without the value it is ordered by come last."""
    order = ORDERS.get(sort) or ORDERS[filters.order]
    conditions = narrowed(filters.asked, by)
    for gaps in (False, True) if order.has_gaps else (False,):
        yield from _plain_rows(session, Piece(order, gaps).of(_PROJECTS, conditions), {**filters.values, "most": MOST})


def stream_leads(session: Session, by: User, filters: LeadFilters, sort: str = "new") -> Iterator[Any]:
    """The leads of a list, in its order."""
    return _leads(session, leads_asked(by, filters, sort))


def stream_pool(session: Session, by: User, *, source: str = "", region: int | None = None) -> Iterator[Any]:
    """The leads of the pool, in its order."""
    return _leads(session, pool_asked(by, source=source, region=region))


def _leads(session: Session, query: Select[Any]) -> Iterator[Any]:
    query = query.select_from(Lead).with_only_columns(*(getattr(Lead, name) for name in _LEAD))
    query = query.add_columns(User.name.label("owner"), Team.name.label("team"), Region.name.label("region"))
    query = query.add_columns(Party.name.label("developer"))
    query = query.outerjoin(User, User.id == Lead.owner_id).outerjoin(Team, Team.id == Lead.team_id)
    query = query.outerjoin(Region, Region.id == Lead.region_id).outerjoin(Party, Party.id == Lead.developer_id)
    return _plain_rows(session, query.limit(MOST))


def stream_orphans(session: Session, by: User) -> Iterator[Any]:
    """The active projects without an owner, in the pool's order."""
    query = _PROJECTS.where(*orphaned(by)).order_by(Project.id.desc())
    return _plain_rows(session, query.limit(MOST))


_PARTY: tuple[str, ...] = ("id", "name", "short_name", "kind", "credit_code", "ownership", "staff", "annual_volume")
_PARTY += ("phone", "address", "note")


def stream_parties(session: Session, by: User, filters: PartyFilters) -> Iterator[Any]:
    """The firms of a list, in its order, with what they are worth in its currency of the projects the user sees."""
    worth, above = values_of(by, filters), aliased(Party)
    query = parties_asked(by, filters).with_only_columns(
        *(getattr(Party, name) for name in _PARTY), maintain_column_froms=True
    )
    query = query.outerjoin(worth, worth.c.party_id == Party.id).outerjoin(Region, Region.id == Party.region_id)
    query = query.outerjoin(above, above.id == Party.parent_id)
    query = query.add_columns(Region.name.label("region"), above.name.label("parent"))
    figures = (worth.c[name].label(name) for name in ("projects", "won", "open_value", "won_value"))
    query = query.add_columns(literal(filters.currency).label("currency"), *figures)
    return _plain_rows(session, query.limit(MOST).params(**filters.values))


def stream_contacts(session: Session, by: User, *, q: str = "", show: str = "") -> Iterator[Any]:
    """The people of a list, in its order."""
    names = ("id", "name", "post", "phone", "email", "note", "last_met_on", "birth_year", "birth_month", "birth_day")
    query = contacts_asked(by, q=q, show=show).select_from(Contact)
    query = query.with_only_columns(*(getattr(Contact, name) for name in names))
    query = query.add_columns(Party.name.label("firm")).join(Party, Party.id == Contact.party_id)
    return _plain_rows(session, query.limit(MOST))


def stream_photos(session: Session, by: User, filters: PhotoFilters = ALL_PHOTOS) -> Iterator[Any]:
    """The pictures of the gallery, in its order; where and how one stands, without the picture itself.

    A picture from a lead says nothing of the project that the lead became where the user does not see that.
    """
    names = ("id", "phase", "step", "taken_at", "uploaded_at", "latitude", "longitude", "caption", "file_name")
    query = photos_asked(by, filters)
    query = query.select_from(Photo).with_only_columns(*(getattr(Photo, name) for name in names))
    query = query.add_columns(Project.name.label("project"), User.name.label("uploader"))
    query = query.outerjoin(Project, and_(Project.id == Photo.project_id, visible(Project, by)))
    return _plain_rows(session, query.outerjoin(User, User.id == Photo.uploader_id).limit(MOST))


def stream_documents(session: Session, by: User, *, project_id: int | None = None, sort: str = "") -> Iterator[Any]:
    """The documents of a list, in its order; a lead or project that the user does not see is not named."""
    names = ("id", "file_name", "kind", "sort", "version", "size", "uploaded_at")
    query = documents_asked(by, project_id=project_id, sort=sort).select_from(Document)
    query = query.with_only_columns(*(getattr(Document, name) for name in names))
    query = query.add_columns(Project.name.label("project"), Lead.name.label("lead"), User.name.label("uploader"))
    query = query.outerjoin(Project, and_(Project.id == Document.project_id, visible(Project, by)))
    query = query.outerjoin(Lead, and_(Lead.id == Document.lead_id, visible(Lead, by)))
    return _plain_rows(session, query.outerjoin(User, User.id == Document.uploader_id).limit(MOST))


def stream_teams(session: Session, by: User) -> Iterator[Any]:
    """The teams in tree order, each with the one above it."""
    query = (
        select(Team.name, Team.active, Above.name.label("under"))
        .add_columns(Region.name.label("region"), User.name.label("supervisor"))
        .where(visible(Team, by))
        .outerjoin(Above, Above.id == Team.parent_id)
        .outerjoin(Region, Region.id == Team.region_id)
        .outerjoin(User, User.id == Team.supervisor_id)
        .order_by(Team.path)
    )
    return _plain_rows(session, query.limit(MOST))


class Merged(NamedTuple):
    """A merging with the names of both sides."""

    merge: Merge
    kept: str
    gone: str


def stream_merges(session: Session, by: User) -> Iterator[Merged]:
    """The mergings of a list, in its order."""
    found = session.scalars(merges_asked(by).limit(MOST).execution_options(yield_per=AT_ONCE))
    for part in found.partitions():
        names = names_of(session, part)
        for row in part:
            yield Merged(row, names.get((row.kind, row.kept_id), ""), names.get((row.kind, row.gone_id), ""))
