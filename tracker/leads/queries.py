"""Reads about leads. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access import is_dealer, visible
from tracker.clock import company_day, now
from tracker.duplicates.queries import find_hits, load_thing
from tracker.errors import NotFound
from tracker.gallery.models import Photo
from tracker.leads.models import OPEN, Lead, LeadContact, LeadParty, LeadScoring
from tracker.leads.puzzle import known_pieces
from tracker.matching.likeness import Level
from tracker.matrix.definitions import current_definition
from tracker.matrix.models import Approval, Record
from tracker.paging import Page, page_of
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectTally
from tracker.registrations.queries.checking import KIND as CLAIM
from tracker.registrations.queries.checking import load_claims
from tracker.search.indexing import holds
from tracker.team.models import User
from workflows.calendar import add_days
from workflows.definition import Definition
from workflows.facts import RegistrationFacts
from workflows.lead_clocks import RESCORE_DAYS, TO_VERIFY, VERIFY_DAYS, WORKED_ON
from workflows.suggesting import KnownLead
from workflows.text import Text

SORTS = {
    "new": (Lead.id.desc(),),
    "found": (Lead.found_on.desc(), Lead.id.desc()),
    "name": (Lead.name, Lead.id),
    "value": (Lead.value.desc(), Lead.id),
    "validity": (Lead.validity.is_(None), Lead.validity.desc(), Lead.id),
    "feasibility": (Lead.feasibility.is_(None), Lead.feasibility.desc(), Lead.id),
    "review": (Lead.review_on.is_(None), Lead.review_on, Lead.id),
}


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
    outcome: str = ""
    review: str = ""
    rescore: bool = False


def list_leads(session: Session, by: User, filters: LeadFilters, sort: str = "new", page: int = 1) -> Page[Lead]:
    """A page of leads; by default those that are still open."""
    query = leads_asked(by, filters, sort).options(joinedload(Lead.owner), joinedload(Lead.developer))
    return page_of(session, query, page)


def leads_asked(by: User, filters: LeadFilters, sort: str = "new") -> Select[Lead]:
    """The statement for a list of leads, whole and in its order."""
    query = select(Lead).where(visible(Lead, by)).order_by(*SORTS.get(sort, SORTS["new"]))
    if filters.state != "all" and not (filters.review and not filters.state):
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
        if value and (column is Lead.source or not is_dealer(by)):  # no dealer may ask by what is ours
            query = query.where(column == value)
    if filters.owes:
        query = query.where(Lead.owes_evidence)
    today = company_day(now())
    if filters.outcome:
        query = query.where(Lead.outcome == filters.outcome)
    if filters.review == "due":
        query = query.where(Lead.review_on <= today)
    if filters.rescore:
        query = query.where(to_rescore(today))
    if filters.unassigned:
        query = query.where(Lead.owner_id.is_(None))
    return query


def to_rescore(today: date) -> ColumnElement[bool]:
    """The condition that the score card is to be filled in again: its time is over, or the site stands elsewhere."""
    days = rescore_days(today)
    return rescored_before(days["old"], days["unproved"])


def rescore_days(today: date) -> dict[str, date]:
    """The days up to which a score card is old, and one that waits for its proof."""
    return {"old": add_days(today, -RESCORE_DAYS), "unproved": add_days(today, -VERIFY_DAYS)}


def rescored_before(old: Any, unproved: Any) -> ColumnElement[bool]:
    """`to_rescore` for these days (see `rescore_days`), or parameters for them."""
    waits = and_(Lead.outcome == TO_VERIFY, Lead.scored_on <= unproved)
    return and_(Lead.state.in_(WORKED_ON), or_(Lead.scored_on <= old, waits, Lead.step != Lead.scored_step))


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
    """One lead with everything its page shows: team, owner, developer, region, parties, people, names; or NotFound.

    What it is a duplicate of is there as far as the user sees that.
    """
    found = session.scalars(
        select(Lead)
        .where(Lead.id == lead_id, visible(Lead, by))
        .options(
            joinedload(Lead.team),
            joinedload(Lead.owner),
            joinedload(Lead.developer),
            joinedload(Lead.region),
            joinedload(Lead.duplicate_of.and_(visible(Lead, by))),
            joinedload(Lead.duplicate_project.and_(visible(Project, by))),
            joinedload(Lead.parties).joinedload(LeadParty.party),  # few
            selectinload(Lead.contacts).joinedload(LeadContact.contact).joinedload(Contact.party),
            joinedload(Lead.categories),  # so are these
            joinedload(Lead.names),  # and these
        )
    )
    lead = found.unique().one_or_none()
    if lead is None:
        raise NotFound
    return lead


def list_lead_records(session: Session, by: User, lead: Lead) -> Sequence[Record]:
    """The records on a lead, newest first, with their pictures."""
    return session.scalars(
        select(Record)
        .where(Record.lead_id == lead.id, visible(Record, by))
        .order_by(Record.happened_on.desc(), Record.id.desc())
        .options(joinedload(Record.author))
    ).all()


def list_waiting(session: Session, by: User, lead: Lead) -> Sequence[int]:
    """The ids of the open requests to convert a lead, as far as the user sees them."""
    query = select(Approval.id).where(Approval.lead_id == lead.id, Approval.state == "open", visible(Approval, by))
    return session.scalars(query).all()


def list_same_sites(session: Session, by: User, lead: Lead, text: str) -> tuple[Sequence[Lead], Sequence[Project]]:
    """Leads and projects he sees that a text finds, the newest first, at most ten each; not the lead itself."""
    leads = select(Lead).where(visible(Lead, by), holds(Lead, text), Lead.id != lead.id).order_by(Lead.id.desc())
    projects = select(Project).where(visible(Project, by), holds(Project, text)).order_by(Project.id.desc())
    return session.scalars(leads.limit(10)).all(), session.scalars(projects.limit(10)).all()


def find_same_site(session: Session, by: User, said: str) -> tuple[Lead | None, Project | None]:
    """The lead or project named as `lead:12` or `project:7`, where he sees it."""
    kind, _colon, number = said.partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None, None
    if kind == "lead":
        return session.scalar(select(Lead).where(Lead.id == int(number), visible(Lead, by))), None
    if kind == "project":
        return None, session.scalar(select(Project).where(Project.id == int(number), visible(Project, by)))
    return None, None


def count_hidden_doubles(session: Session, by: User, leads: Sequence[Lead]) -> int:
    """How many of these leads came in as doubles of a site that the user does not see."""
    known = {(Lead, lead.duplicate_of_id) for lead in leads} | {(Project, lead.duplicate_project_id) for lead in leads}
    hidden = 0
    for model in (Lead, Project):
        ids = [key for one, key in known if one is model and key is not None]
        if ids:
            seen = select(func.count()).select_from(model).where(model.id.in_(ids), visible(model, by))
            hidden += len(ids) - (session.scalar(seen) or 0)
    return hidden


def list_scorings(session: Session, by: User, lead_id: int) -> Sequence[LeadScoring]:
    """The score cards of a lead he sees, the newest first."""
    of_visible = select(Lead.id).where(Lead.id == lead_id, visible(Lead, by))
    query = select(LeadScoring).where(LeadScoring.lead_id.in_(of_visible)).order_by(LeadScoring.id.desc())
    return session.scalars(query.limit(20).options(joinedload(LeadScoring.by))).all()


def load_known(session: Session, by: User, lead: Lead, category: str = "") -> KnownLead:
    """What is known of a lead for the score card; the company's figures, nobody's names. Its parties and categories are
    loaded; `category`: the main one, else those that may be wanted there, else all of ours."""
    definition, found = (
        current_definition(),
        session.execute(_KNOWN, {"lead": lead.id, "developer": lead.developer_id or 0}).one(),
    )
    contacts = session.scalars(select(LeadContact.role).where(LeadContact.lead_id == lead.id)).all()
    ours = tuple(window.category for window in definition.windows)
    wanted = (category,) if category else tuple(row.category for row in lead.categories)
    categories = tuple(key for key in wanted if key in ours) or ours
    source = definition.picklist("lead_sources").get(lead.source).extra if _known_source(lead) else {}
    shot = company_day(found.photo_at) if found.photo_at else None
    days = [day for day in (found.record_on, shot) if day]
    known, claims = _on_record(session, by, lead)
    return KnownLead(
        source=lead.source,
        step=lead.step,
        kind=lead.kind,
        pieces=frozenset(known_pieces(lead)),
        verified_on=max(days, default=None),
        numbered=bool(lead.plot_number),
        located_photo=bool(found.located),
        document=source.get("required_evidence") == "document" and not lead.owes_evidence,
        noted=bool(days),
        likely_duplicate=known,
        claims=claims,
        categories=categories,
        roles=tuple(contacts),
        frame_agreement=bool(found.framed),
        value=lead.value if lead.currency == "CNY" else None,
        usual_value=found.usual / found.number if found.number else None,
    )


def _known_source(lead: Lead) -> bool:
    return lead.source in current_definition().picklist("lead_sources").keys


def _on_record(session: Session, by: User, lead: Lead) -> tuple[bool, tuple[RegistrationFacts, ...]]:
    """Whether the site is likely on record already, and what dealers registered there, whoever may see where."""
    row = ("lead", lead.id)
    _name, site = load_thing(session, by, *row)
    hits = [hit for hit in find_hits(session, by, CLAIM, site, row) if hit.level is not Level.POSSIBLE]
    claims = load_claims(session, [hit.id for hit in hits if hit.kind == CLAIM])
    return any(hit.kind != CLAIM for hit in hits), tuple(claim.facts("") for claim in claims)


def _known_statement() -> Any:
    """One row: newest record and photo, whether one is located, whether the developer has a frame agreement; number and
    value of our projects."""
    mine = bindparam("lead", type_=Integer)
    records, photos = and_(Record.lead_id == mine, Record.is_plan.is_(False)), Photo.lead_id == mine
    framed = select(Project.id).where(
        Project.developer_id == bindparam("developer", type_=Integer), Project.frame_agreement.is_not(None)
    )
    return select(
        select(func.max(Record.happened_on)).where(records).scalar_subquery().label("record_on"),
        select(func.max(Photo.taken_at)).where(photos).scalar_subquery().label("photo_at"),
        exists(select(Photo.id).where(photos, Photo.latitude.is_not(None))).label("located"),
        exists(framed).label("framed"),
        select(func.sum(ProjectTally.projects)).scalar_subquery().label("number"),
        select(func.sum(ProjectTally.value)).scalar_subquery().label("usual"),
    )


_KNOWN = _known_statement()


def outcomes(definition: Definition) -> dict[str, Text]:
    """What a score card may lead to, and its sentence: of the points, of a knock-out, of the supervisor."""
    card = definition.scorecard
    found = {knockout.result: knockout.text for knockout in card.knockouts}
    found |= {threshold.key: threshold.text for threshold in card.thresholds}
    return {**found, "to_dealer": Text("交给经销商", "Passed to a dealer")}
