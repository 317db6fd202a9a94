"""Reads about leads and the runs that imported them. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access import visible
from tracker.errors import NotFound
from tracker.leads.models import ImportRun, Lead, LeadParty
from tracker.matrix.models import Record
from tracker.paging import Page, page_of
from tracker.search.indexing import holds
from tracker.team.models import User

SORTS = {
    "new": (Lead.id.desc(),),
    "found": (Lead.found_on.desc(), Lead.id.desc()),
    "name": (Lead.name, Lead.id),
    "value": (Lead.value.desc(), Lead.id),
}
OPEN = ("new", "nurture")


@dataclass(frozen=True, slots=True)
class LeadFilters:
    """What the list can be narrowed by; empty values do not count."""

    q: str = ""
    state: str = ""
    source: str = ""
    region: int | None = None
    team: int | None = None
    owner: int | None = None
    run: int | None = None
    owes: bool = False
    unassigned: bool = False


def list_leads(session: Session, by: User, filters: LeadFilters, sort: str = "new", page: int = 1) -> Page[Lead]:
    """A page of leads; by default those that are still open."""
    query = select(Lead).where(visible(Lead, by)).order_by(*SORTS.get(sort, SORTS["new"]))
    if filters.state != "all":
        query = query.where(Lead.state == filters.state) if filters.state else query.where(Lead.state.in_(OPEN))
    if filters.q:
        query = query.where(holds(Lead, filters.q))
    equal = {
        Lead.source: filters.source,
        Lead.region_id: filters.region,
        Lead.team_id: filters.team,
        Lead.owner_id: filters.owner,
        Lead.import_run_id: filters.run,
    }
    for column, value in equal.items():
        if value:
            query = query.where(column == value)
    if filters.owes:
        query = query.where(Lead.owes_evidence)
    if filters.unassigned:
        query = query.where(Lead.owner_id.is_(None))
    return page_of(session, query.options(joinedload(Lead.owner), joinedload(Lead.developer)), page)


def get_lead(session: Session, by: User, lead_id: int) -> Lead:
    """One lead with what `access.can` needs (its team) and its developer, or NotFound."""
    found = session.scalar(
        select(Lead)
        .where(Lead.id == lead_id, visible(Lead, by))
        .options(joinedload(Lead.team), joinedload(Lead.developer))
    )
    if found is None:
        raise NotFound
    return found


def load_lead(session: Session, by: User, lead_id: int) -> Lead:
    """One lead with everything its page shows: team, owner, developer, region, parties; or NotFound."""
    found = session.scalar(
        select(Lead)
        .where(Lead.id == lead_id, visible(Lead, by))
        .options(
            joinedload(Lead.team),
            joinedload(Lead.owner),
            joinedload(Lead.developer),
            joinedload(Lead.region),
            selectinload(Lead.parties).joinedload(LeadParty.party),
        )
    )
    if found is None:
        raise NotFound
    return found


def list_lead_records(session: Session, by: User, lead: Lead) -> Sequence[Record]:
    """The records on a lead, newest first, with their pictures."""
    return session.scalars(
        select(Record)
        .where(Record.lead_id == lead.id, visible(Record, by))
        .order_by(Record.happened_on.desc(), Record.id.desc())
        .options(joinedload(Record.author), selectinload(Record.photos))
    ).all()


def get_run(session: Session, by: User, run_id: int) -> ImportRun:
    """One import, or NotFound."""
    found = session.scalar(select(ImportRun).where(ImportRun.id == run_id, visible(ImportRun, by)))
    if found is None:
        raise NotFound
    return found


def list_runs(session: Session, by: User) -> Sequence[ImportRun]:
    """The newest imports."""
    return session.scalars(
        select(ImportRun)
        .where(visible(ImportRun, by))
        .order_by(ImportRun.id.desc())
        .limit(50)
        .options(joinedload(ImportRun.by))
    ).all()
