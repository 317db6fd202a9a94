"""Reads of the matrix: a project's, a cell's, the portfolio's, and the approvals. The user comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Integer, bindparam, case, func, literal, select, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from tracker import clock
from tracker.access import Action, beyond, can, is_dealer, may, overseen, seen_traces, sight, sits_above, visible
from tracker.database import Money
from tracker.errors import NotFound
from tracker.gallery.models import Photo
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts
from tracker.matrix.models import Approval, Correction, Evidence, Record, RecordContact, RecordHint
from tracker.paging import Page, page_of
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact, ProjectTally
from tracker.projects.queries import CONDITIONS, LIVE, Filters
from tracker.remembering import remembered
from tracker.team.models import User
from workflows.definition import CellKey, Definition
from workflows.engine import Board, Decision, MovePhase, Useful, board, decide, next_useful
from workflows.facts import ProjectFacts


@dataclass(frozen=True)
class Matrix:
    """One project's matrix on a day as somebody sees it (`of_dealer`: a dealer), with what it is computed from."""

    project: Project
    definition: Definition
    facts: ProjectFacts
    today: date
    of_dealer: bool = False

    @cached_property
    def board(self) -> Board:
        """The matrix itself, worked out when somebody looks at it."""
        view = board(self.definition, self.facts, self.today)
        return _without_tasks(view) if self.of_dealer else view

    def useful(self, today: date) -> Useful | None:
        """The next useful thing."""
        return next_useful(self.definition, self.facts, today, self.board)


def load_matrix(session: Session, by: User, project: Project) -> Matrix:
    """The matrix of a project that the user sees; a dealer's holds his own people's traces and none of our tasks."""
    definition = definition_of(session, project)
    facts = load_facts(session, definition, project, seen_by=by if is_dealer(by) else None)
    return Matrix(project, definition, facts, clock.today(), is_dealer(by))


def _without_tasks(view: Board) -> Board:
    """The board without what our departments owe: a dealer sees no proof, so that to him all of it would look late."""
    cells = {key: replace(cell, tasks=(), open_tasks=0, late_tasks=0) for key, cell in view.cells.items()}
    return replace(view, cells=cells, exits=())


def list_records(
    session: Session, by: User, project: Project, phase: str | None = None, step: str | None = None, limit: int = 50
) -> Sequence[Record]:
    """The newest records of a project that the user sees, or of one of its cells, with all that is shown of them."""
    asked = {"project": project.id, "phase": phase, "step": step, "most": limit}
    return session.scalars(_newest_records(bool(phase and step), by), asked).all()


@remembered(sight)
def _newest_records(of_cell: bool, by: User) -> Any:
    query = select(Record).where(Record.project_id == bindparam("project"), seen_traces(Record, by))
    if of_cell:
        query = query.where(Record.phase == bindparam("phase"), Record.step == bindparam("step"))
    return (
        query.order_by(Record.happened_on.desc(), Record.id.desc())
        .limit(bindparam("most", type_=Integer))
        .options(joinedload(Record.author), selectinload(Record.photos))
    )


def list_photos(session: Session, by: User, project: Project, limit: int) -> Sequence[Photo]:
    """The newest pictures of a project that the user sees."""
    return session.scalars(_newest_photos(by), {"project": project.id, "most": limit}).all()


@remembered(sight)
def _newest_photos(by: User) -> Any:
    query = select(Photo).where(Photo.project_id == bindparam("project"), seen_traces(Photo, by))
    return query.order_by(Photo.id.desc()).limit(bindparam("most", type_=Integer))


@dataclass(slots=True)
class Marks:
    """What hangs on one record: ids of hints followed, targets proven, contacts met as (id, name)."""

    hints: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    met: list[tuple[int, str]] = field(default_factory=list)


def load_marks(session: Session, records: Sequence[Record]) -> Mapping[int, Marks]:
    """The marks of these records, in one round trip. The records were read as visible."""
    ids = [record.id for record in records]
    if not ids:
        return {}
    marks: dict[int, Marks] = {}
    for kind, record_id, number, text in session.execute(_MARKS, {"records": ids}):
        mark = marks.setdefault(record_id, Marks())
        if kind == "c":
            mark.met.append((number, text))
        else:
            (mark.hints if kind == "h" else mark.closed).append(text)
    return marks


_NOBODY = literal(0)
_RECORDS: Any = bindparam("records", expanding=True)
_MARKS: Any = union_all(
    select(literal("h"), RecordHint.record_id, _NOBODY, RecordHint.hint_id).where(RecordHint.record_id.in_(_RECORDS)),
    select(literal("e"), Evidence.record_id, _NOBODY, Evidence.target).where(Evidence.record_id.in_(_RECORDS)),
    select(literal("c"), RecordContact.record_id, Contact.id, Contact.name)
    .join(Contact, Contact.id == RecordContact.contact_id)
    .where(RecordContact.record_id.in_(_RECORDS)),
)


def list_known_contacts(session: Session, by: User, project: Project) -> Sequence[Contact]:
    """The contacts of a project whom one may have met, those met last first."""
    return session.scalars(_known_contacts(by), {"project": project.id}).all()


@remembered(sight)
def _known_contacts(by: User) -> Any:
    return (
        select(Contact)
        .join(ProjectContact, ProjectContact.contact_id == Contact.id)
        .where(ProjectContact.project_id == bindparam("project"), visible(Contact, by))
        .order_by(ProjectContact.last_met_on.desc(), Contact.name)
    )


def list_waiting(session: Session, by: User, project: Project) -> Sequence[Approval]:
    """The open requests of a project that the user sees; none for a dealer."""
    return [] if is_dealer(by) else session.scalars(_WAITING, {"project": project.id}).all()


_WAITING = select(Approval).where(Approval.project_id == bindparam("project"), Approval.state == "open")


def get_record(session: Session, by: User, record_id: int) -> Record:
    """One record with author, project, pictures and its corrections; or NotFound."""
    found = session.scalar(
        select(Record)
        .where(Record.id == record_id, visible(Record, by))
        .options(
            joinedload(Record.author),
            joinedload(Record.project),
            selectinload(Record.corrections).joinedload(Correction.by),
            selectinload(Record.photos),
            selectinload(Record.evidence),
            selectinload(Record.contacts).joinedload(RecordContact.contact),
            selectinload(Record.hints),
        )
    )
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Way:
    """A phase the project could move to, with the engine's answer."""

    phase: str
    decision: Decision


def list_ways(matrix: Matrix, today: date) -> Sequence[Way]:
    """What the engine says to a move into every other phase."""
    others = [phase.key for phase in matrix.definition.phases if phase.key != matrix.facts.phase]
    return [Way(key, decide(matrix.definition, matrix.facts, MovePhase(key), today)) for key in others]


@dataclass(frozen=True, slots=True)
class PortfolioCell:
    """Projects standing in one cell: how many, worth what, how many of them silent for too long."""

    count: int = 0
    value: Decimal = Decimal(0)
    stalled: int = 0


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All projects one may see on one grid."""

    cells: Mapping[CellKey, PortfolioCell]

    def within(self, definition: Definition) -> Portfolio:
        """What stands in cells of this definition."""
        return Portfolio({key: cell for key, cell in self.cells.items() if key in definition.lookups["cell"]})

    @property
    def total(self) -> PortfolioCell:
        """The sum over all cells."""
        cells = self.cells.values()
        return PortfolioCell(
            sum(cell.count for cell in cells),
            sum((cell.value for cell in cells), Decimal(0)),
            sum(cell.stalled for cell in cells),
        )

    def levels(self, by_value: bool = False) -> Mapping[CellKey, int]:
        """The shade of each cell that holds projects, from 1 to 6 (the fullest), by count or by value."""
        sizes = {key: float(cell.value if by_value else cell.count) for key, cell in self.cells.items()}
        most = max(sizes.values(), default=0)
        return {key: 1 + int(5 * (size / most) ** 0.5) if most else 1 for key, size in sizes.items()}


def load_portfolio(session: Session, by: User, filters: Filters) -> Portfolio:
    """Counts, value and stalled share per cell of the projects the user sees.

    What he oversees comes from the tallies where nothing but team and state is asked for; all else is counted.
    """
    cells: dict[CellKey, PortfolioCell] = {}
    for phase, step, count, value, stalled in session.execute(_portfolio(filters.asked, by), filters.values).all():
        known = cells.get((phase, step), PortfolioCell())
        cells[phase, step] = PortfolioCell(known.count + count, known.value + value, known.stalled + stalled)
    return Portfolio({key: cell for key, cell in cells.items() if cell.count})


@remembered(sight)
def _portfolio(asked: tuple[str, ...], by: User) -> Any:
    if set(asked) <= {"team", "state", "live"} and not is_dealer(by):
        return union_all(_tallied(by, asked), _counted(beyond(by), asked))
    return _counted(visible(Project, by), asked)


def _counted(seen: Any, asked: tuple[str, ...]) -> Any:
    stalled = case((Project.silent_after < bindparam("today"), 1), else_=0)
    value = func.sum(Project.value, type_=Money())
    query = select(Project.phase, Project.step, func.count(), value, func.sum(stalled))
    return query.where(seen, *(CONDITIONS[name] for name in asked)).group_by(Project.phase, Project.step)


def _tallied(by: User, asked: tuple[str, ...]) -> Any:
    """The tallies of the teams one oversees; the stalled change with the day and are counted in their index."""
    kept = ProjectTally
    stalled = (
        select(func.count())
        .where(Project.team_id == kept.team_id, Project.phase == kept.phase, Project.step == kept.step)
        .where(Project.silent_after < bindparam("today"))
        .correlate(kept)
        .scalar_subquery()
    )
    late = func.sum(case((kept.state == "active", stalled), else_=0))
    query = select(kept.phase, kept.step, func.sum(kept.projects), func.sum(kept.value, type_=Money()), late)
    query = query.where(
        overseen(kept, by), kept.state == bindparam("state") if "state" in asked else kept.state.in_(LIVE)
    )
    if "team" in asked:
        query = query.where(kept.team_id == bindparam("team"))
    return query.group_by(kept.phase, kept.step)


def list_approvals(session: Session, by: User, which: str = "open", page: int = 1) -> Page[Approval]:
    """Requests: `open` (to decide, or one's own that wait), `mine` (all one asked), `decided`."""
    query = select(Approval).where(visible(Approval, by)).order_by(Approval.id.desc())
    match which:
        case "mine":
            query = query.where(Approval.asked_by_id == by.id)
        case "decided":
            query = query.where(Approval.state != "open")
        case _:
            query = query.where(Approval.state == "open")
    options = (joinedload(Approval.project), joinedload(Approval.asked_by), joinedload(Approval.decided_by))
    return page_of(session, query.options(*options), page)


def get_approval(session: Session, by: User, approval_id: int) -> Approval:
    """One request with its project (team and members loaded) and who asked (with what he may do), or NotFound."""
    found = session.scalar(
        select(Approval)
        .where(Approval.id == approval_id, visible(Approval, by))
        .options(
            joinedload(Approval.asked_by).options(joinedload(User.role), joinedload(User.team)),
            joinedload(Approval.decided_by),
            joinedload(Approval.project).options(
                joinedload(Project.team), joinedload(Project.owner), selectinload(Project.members)
            ),
        )
    )
    if found is None:
        raise NotFound
    return found


def count_to_decide(session: Session, by: User, most: int = 100) -> int:
    """How many open requests wait for this user, counted up to `most`."""
    if not may(by, Action.APPROVAL_DECIDE):
        return 0
    waiting = (
        select(Approval.id)
        .where(visible(Approval, by), Approval.state == "open", Approval.asked_by_id != by.id)
        .limit(most)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(waiting)) or 0


def list_deciders(session: Session, project: Project) -> Sequence[User]:
    """Who decides requests of this project, the nearest first: its team's supervisor, then those of the teams above."""
    from tracker.team.models import Team

    if project.team is None:
        return []
    people = session.scalars(
        select(User)
        .join(Team, Team.id == User.team_id)
        .where(User.active, sits_above(project.team))
        .order_by((User.id == project.team.supervisor_id).desc(), func.length(Team.path).desc(), User.name)
        .options(joinedload(User.role), contains_eager(User.team))
    )
    return [person for person in people if can(person, Action.APPROVAL_DECIDE, project)][:5]
