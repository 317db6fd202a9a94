"""Designers: who they are, and what of their projects we know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, and_, bindparam, exists, func, null, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from tracker.access import sight, visible
from tracker.designers.models import AdvocacyEntry
from tracker.leads.models import Lead, LeadContact
from tracker.matrix.models import Evidence
from tracker.paging import FARTHEST, SIZE, Page
from tracker.parties.models import Contact, Party, PartyRole
from tracker.parties.queries.fingerprint import fixing_targets
from tracker.projects.models import Project, ProjectContact
from tracker.remembering import remembered
from tracker.search.indexing import Wanted, holds_wanted, looks_like, pattern_of
from tracker.search.words import wanted_of
from tracker.team.models import User
from workflows.advocacy import AdvocacyFacts, SuggestedLevel, suggest_level
from workflows.definition import Definition
from workflows.rewards import DESIGNERS

DRAWN = "spec_clause"  # the exit criterion by whose proof a drawing carries us
AT_ONCE = 500  # people of a file read together
MOST = 100  # projects and entries on a designer's page


@dataclass(frozen=True, slots=True)
class DesignerLine:
    """A designer in the list: who and where he is, his level, in how many projects that the reader sees he leads or
    joins, how many of their drawings carry us, how many were won."""

    id: int
    name: str
    post: str | None
    firm_id: int
    firm: str
    left_on: date | None
    last_met_on: date | None
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


def list_designers(
    session: Session, by: User, definition: Definition, *, q: str = "", level: str = "", show: str = "", page: int = 1
) -> Page[DesignerLine]:
    """A page of designers with what their projects say: ids first, then what is shown of them."""
    number = max(1, min(page, FARTHEST))
    targets = drawing_targets(definition)
    ids = session.scalars(_page(_named(q, level), show, targets, by), {
        **_values(q, level), "skipped": (number - 1) * SIZE,
    }).all()  # fmt: skip
    return Page(lines_of(session, by, targets, ids[:SIZE]), number, len(ids) > SIZE)


def stream_designers(
    session: Session, by: User, definition: Definition, *, q: str = "", level: str = "", show: str = ""
) -> Iterator[DesignerLine]:
    """All lines of a list, for a file."""
    targets = drawing_targets(definition)
    asked = _asked(_named(q, level), show, targets, by).execution_options(yield_per=AT_ONCE)
    for some in session.scalars(asked, _values(q, level)).partitions(AT_ONCE):
        yield from lines_of(session, by, targets, some)


def drawing_targets(definition: Definition) -> tuple[str, ...]:
    """The targets of evidence by whose proof a drawing carries us."""
    return tuple(target for target, kind in fixing_targets(definition).items() if kind == DRAWN)


def _named(q: str, level: str) -> tuple[str, ...]:
    """The names of the conditions that are asked for."""
    words = () if not q else ("q",) if wanted_of(q) else ("q_signs",)
    return (*words, *(("level",) if level else ()))


def _values(q: str, level: str) -> dict[str, Any]:
    known = {"q": wanted_of(q), "q_signs": pattern_of(q), "level": level}
    return {name: known[name] for name in _named(q, level)}


@remembered(sight)
def _page(named: tuple[str, ...], show: str, targets: tuple[str, ...], by: User) -> Any:
    return _asked(named, show, targets, by).offset(bindparam("skipped", type_=Integer)).limit(SIZE + 1)


@remembered(sight)
def _asked(named: tuple[str, ...], show: str, targets: tuple[str, ...], by: User) -> Any:
    """The ids of a list of designers, whole and in its order: the people of design firms, and whoever was judged or
    leads a design."""
    conditions = (*(CONDITIONS[name] for name in named), *(() if "level" in named else (IS_DESIGNER,)))
    query = select(Contact.id).where(visible(Contact, by), Contact.forgotten_at.is_(None), *conditions)
    match show:
        case "projects":
            query = query.where(_takes_part(by))
        case "drawn":
            query = query.where(Contact.id.in_(_drawing(targets, by)))
        case "away":
            return query.where(Contact.last_met_on.is_not(None)).order_by(Contact.last_met_on, Contact.id)
        case "never":
            # not as it stands: the index on it would bring most of all people, to be sorted
            query = query.where(func.coalesce(Contact.last_met_on, null()).is_(None))
    return query.order_by(Contact.name, Contact.id)


def _takes_part(by: User) -> Any:
    """The condition that somebody takes part in a project that the user sees."""
    part = (ProjectContact.contact_id == Contact.id, Project.id == ProjectContact.project_id, visible(Project, by))
    return exists().where(*part).correlate(Contact)


def _drawing(targets: tuple[str, ...], by: User) -> Any:
    """The people of projects that the user sees and whose drawings carry us."""
    query = select(ProjectContact.contact_id).join(Evidence, Evidence.project_id == ProjectContact.project_id)
    query = query.join(Project, Project.id == ProjectContact.project_id)
    return query.where(Evidence.target.in_(targets), visible(Project, by))


def _is_newest() -> Any:
    later = aliased(AdvocacyEntry)
    return ~exists().where(later.contact_id == AdvocacyEntry.contact_id, later.id > AdvocacyEntry.id)


IS_DESIGNER = or_(
    exists().where(Party.id == Contact.party_id, Party.kind.in_(DESIGNERS)).correlate(Contact),
    exists().where(PartyRole.party_id == Contact.party_id, PartyRole.role.in_(DESIGNERS)).correlate(Contact),
    exists().where(AdvocacyEntry.contact_id == Contact.id).correlate(Contact),
    exists().where(ProjectContact.contact_id == Contact.id, ProjectContact.leads_design.is_(True)).correlate(Contact),
)
"""The condition that somebody is a designer. It looks at each of the people in their order: one in five is."""
CONDITIONS: dict[str, Any] = {
    "q": holds_wanted(Contact, bindparam("q", type_=Wanted())),
    "q_signs": looks_like(Contact, bindparam("q_signs")),
    "level": Contact.id.in_(
        select(AdvocacyEntry.contact_id).where(AdvocacyEntry.level == bindparam("level"), _is_newest())
    ),
}
"""What filters ask, with parameters. Of a level there are few, however many people there are."""
_NEWEST_LEVEL = (
    select(AdvocacyEntry.level)
    .where(AdvocacyEntry.contact_id == Contact.id)
    .order_by(AdvocacyEntry.id.desc())
    .limit(1)
    .correlate(Contact)
    .scalar_subquery()
)
_SHOWN = (
    select(Contact.id, Contact.name, Contact.post, Contact.party_id, Party.name, Contact.left_on, Contact.last_met_on,
           _NEWEST_LEVEL)
    .join(Party, Party.id == Contact.party_id)
    .where(Contact.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip


def lines_of(session: Session, by: User, targets: tuple[str, ...], ids: Sequence[int]) -> Sequence[DesignerLine]:
    """The lines of these people, in their order; in two statements."""
    if not ids:
        return []
    counted: dict[int, list[int]] = {number: [0, 0, 0, 0] for number in ids}
    for contact_id, leads, state, is_drawn in session.execute(_parts(targets, by), {"ids": list(ids)}):
        counts = counted[contact_id]
        counts[0 if leads else 1] += 1
        counts[2] += bool(is_drawn)
        counts[3] += state in ("won", "closed")
    rows = {row[0]: row for row in session.execute(_SHOWN, {"ids": list(ids)})}
    return [DesignerLine(*rows[number], *counted[number]) for number in ids]


@remembered(sight)
def _parts(targets: tuple[str, ...], by: User) -> Any:
    """Each part of these people in a project that the user sees."""
    query = select(ProjectContact.contact_id, ProjectContact.leads_design, Project.state, _is_drawn(targets))
    query = query.join(Project, Project.id == ProjectContact.project_id)
    return query.where(ProjectContact.contact_id.in_(bindparam("ids", expanding=True)), visible(Project, by))


def _is_drawn(targets: tuple[str, ...]) -> Any:
    return exists().where(Evidence.project_id == Project.id, Evidence.target.in_(targets)).correlate(Project)


def load_designer(session: Session, by: User, contact: Contact, definition: Definition, today: date) -> DesignerPage:
    """What a designer's page shows. The suggestion counts the projects that the reader sees."""
    targets = drawing_targets(definition)
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
