"""Designers: who they are, and what of their projects we know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from tracker.access import visible
from tracker.designers.models import AdvocacyEntry
from tracker.leads.models import Lead, LeadContact
from tracker.matrix.models import Evidence
from tracker.paging import Page, page_of
from tracker.parties.models import Contact, Party, PartyRole
from tracker.parties.queries.fingerprint import fixing_targets
from tracker.projects.models import Project, ProjectContact
from tracker.search.indexing import holds
from tracker.team.models import User
from workflows.advocacy import AdvocacyFacts, SuggestedLevel, suggest_level
from workflows.definition import Definition
from workflows.rewards import DESIGNERS

DRAWN = "spec_clause"  # the exit criterion by whose proof a drawing carries us
AT_ONCE = 500  # people of a file read together
MOST = 100  # projects and entries on a designer's page


@dataclass(frozen=True, slots=True)
class DesignerLine:
    """A designer in the list: his level, in how many projects that the reader sees he leads or joins, how many of
    their drawings carry us, how many were won."""

    contact: Contact
    level: str | None
    leads: int
    joins: int
    drawn: int
    won: int


@dataclass(frozen=True, slots=True)
class DesignerProject:
    """A project of his: whether he leads its design, since when its drawings carry us (None: not)."""

    row: ProjectContact
    drawn_on: date | None

    @property
    def project(self) -> Project:
        """The project."""
        return self.row.project


@dataclass(frozen=True, slots=True)
class DesignerPage:
    """All of one: his projects that the reader sees, the history of his level, and the level the facts speak for."""

    projects: Sequence[DesignerProject]
    history: Sequence[AdvocacyEntry]
    suggested: SuggestedLevel

    @property
    def level(self) -> str | None:
        """The level somebody set last."""
        return self.history[0].level if self.history else None


def designers_asked(
    by: User, definition: Definition, *, q: str = "", level: str = "", show: str = ""
) -> Select[Contact]:
    """The statement for a list of designers, whole and in its order: the people of design firms, and whoever was
    judged or leads a design."""
    of_firm = select(Party.id).where(Party.kind.in_(DESIGNERS))
    of_role = select(PartyRole.party_id).where(PartyRole.role.in_(DESIGNERS))
    judged = exists().where(AdvocacyEntry.contact_id == Contact.id)
    leading = exists().where(ProjectContact.contact_id == Contact.id, ProjectContact.leads_design.is_(True))
    is_one = or_(Contact.party_id.in_(of_firm), Contact.party_id.in_(of_role), judged, leading)
    query = select(Contact).where(visible(Contact, by), Contact.forgotten_at.is_(None), is_one)
    if q:
        query = query.where(holds(Contact, q))
    if level:
        query = query.where(Contact.id.in_(_at_level(level)))
    match show:
        case "away":
            return query.where(Contact.last_met_on.is_not(None)).order_by(Contact.last_met_on, Contact.id)
        case "projects":
            query = query.where(_takes_part(by))
            return query.order_by(Contact.last_met_on.desc().nulls_last(), Contact.id)
        case "drawn":
            query = query.where(_takes_part(by, _is_drawn(definition)))
        case "never":
            query = query.where(Contact.last_met_on.is_(None))
    return query.order_by(Contact.name, Contact.id)


def _takes_part(by: User, *conditions: Any) -> Any:
    """The condition that somebody takes part in a project that the user sees and that meets the conditions."""
    part = (ProjectContact.contact_id == Contact.id, Project.id == ProjectContact.project_id, visible(Project, by))
    return exists().where(*part, *conditions).correlate(Contact)


def _at_level(level: str) -> Any:
    """The people whose newest entry says this level: few were judged, however many people there are."""
    return select(AdvocacyEntry.contact_id).where(AdvocacyEntry.level == level, _is_newest())


def _is_newest() -> Any:
    later = aliased(AdvocacyEntry)
    return ~exists().where(later.contact_id == AdvocacyEntry.contact_id, later.id > AdvocacyEntry.id)


def list_designers(
    session: Session, by: User, definition: Definition, *, q: str = "", level: str = "", show: str = "", page: int = 1
) -> Page[DesignerLine]:
    """A page of designers with what their projects say."""
    query = designers_asked(by, definition, q=q, level=level, show=show).options(selectinload(Contact.party))
    found = page_of(session, query, page)
    lines = lines_of(session, by, definition, found.items)
    return Page(lines, found.number, found.has_next, found.size)


def lines_of(session: Session, by: User, definition: Definition, contacts: Sequence[Contact]) -> Sequence[DesignerLine]:
    """The lines of these people, in their order; in two statements."""
    ids = [contact.id for contact in contacts]
    if not ids:
        return []
    levels = _levels(session, ids)
    counted: dict[int, list[int]] = {number: [0, 0, 0, 0] for number in ids}
    rows = (
        select(ProjectContact.contact_id, ProjectContact.leads_design, Project.state, _is_drawn(definition))
        .join(Project, Project.id == ProjectContact.project_id)
        .where(ProjectContact.contact_id.in_(ids), visible(Project, by))
    )
    for contact_id, leads, state, is_drawn in session.execute(rows):
        counts = counted[contact_id]
        counts[0 if leads else 1] += 1
        counts[2] += bool(is_drawn)
        counts[3] += state in ("won", "closed")
    return [DesignerLine(contact, levels.get(contact.id), *counted[contact.id]) for contact in contacts]


def _levels(session: Session, ids: Sequence[int]) -> dict[int, str]:
    rows = select(AdvocacyEntry.contact_id, AdvocacyEntry.level)
    rows = rows.where(AdvocacyEntry.contact_id.in_(ids), _is_newest())
    return dict(session.execute(rows).all())


def _is_drawn(definition: Definition) -> Any:
    targets = [target for target, kind in fixing_targets(definition).items() if kind == DRAWN]
    return exists().where(Evidence.project_id == Project.id, Evidence.target.in_(targets)).correlate(Project)


def load_designer(session: Session, by: User, contact: Contact, definition: Definition, today: date) -> DesignerPage:
    """What a designer's page shows. The suggestion counts the projects that the reader sees."""
    targets = [target for target, kind in fixing_targets(definition).items() if kind == DRAWN]
    drawn = (
        select(func.min(Evidence.dated_on))
        .where(Evidence.project_id == Project.id, Evidence.target.in_(targets))
        .correlate(Project)
        .scalar_subquery()
    )
    query = (
        select(ProjectContact, drawn)
        .join(ProjectContact.project)
        .where(ProjectContact.contact_id == contact.id, visible(Project, by))
        .options(contains_eager(ProjectContact.project))
        .order_by(ProjectContact.leads_design.desc(), ProjectContact.id.desc())
        .limit(MOST)
    )
    projects = [DesignerProject(row, on) for row, on in session.execute(query)]
    entries = select(AdvocacyEntry).where(AdvocacyEntry.contact_id == contact.id).options(joinedload(AdvocacyEntry.by))
    history = session.scalars(entries.order_by(AdvocacyEntry.id.desc()).limit(MOST)).all()
    attitudes = [one.row.attitude for one in projects]
    facts = AdvocacyFacts(
        met=contact.last_met_on is not None,
        carried=[one.drawn_on for one in projects if one.drawn_on],
        champions=attitudes.count("champion"),
        opposed=attitudes.count("opposed"),
        leads=_leads_from(session, by, contact),
    )
    return DesignerPage(projects, history, suggest_level(facts, today))


def _leads_from(session: Session, by: User, contact: Contact) -> int:
    """How many leads came from him: those whose source is designers and that name him."""
    named = exists().where(LeadContact.lead_id == Lead.id, LeadContact.contact_id == contact.id)
    counted = select(func.count()).select_from(Lead)
    return session.scalar(counted.where(and_(Lead.source == "design_institute", named, visible(Lead, by)))) or 0


def stream_designers(
    session: Session, by: User, definition: Definition, *, q: str = "", level: str = "", show: str = ""
) -> Iterator[DesignerLine]:
    """All lines of a list, for a file."""
    query = designers_asked(by, definition, q=q, level=level, show=show).options(selectinload(Contact.party))
    for some in session.scalars(query.execution_options(yield_per=AT_ONCE)).partitions(AT_ONCE):
        yield from lines_of(session, by, definition, some)
