"""Reads of one project's matrix, of its cells and records. The user comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.access import (
    is_dealer,
    seen_traces,
    sight,
    visible,
)
from tracker.database import UtcDateTime
from tracker.documents.models import Document
from tracker.errors import NotFound
from tracker.gallery.models import Photo
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts
from tracker.matrix.models import Correction, Evidence, Record, RecordContact, RecordHint
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact
from tracker.remembering import remembered
from tracker.team.models import User
from workflows.definition import Definition
from workflows.engine import (
    Board,
    CellView,
    Decision,
    MovePhase,
    Notice,
    Useful,
    board,
    cell_view,
    decide,
    next_useful,
    notices,
    partly_lost,
)
from workflows.facts import ProjectFacts


@dataclass(frozen=True)
class Matrix:
    """One project's matrix on a day as somebody sees it (`of_dealer`: a dealer), with what it is computed from.

    `cells_at`: how the address of a cell begins where that is not its page of today.
    """

    project: Project
    definition: Definition
    facts: ProjectFacts
    today: date
    of_dealer: bool = False
    cells_at: str = ""

    @cached_property
    def board(self) -> Board:
        """The matrix itself, worked out when somebody looks at it."""
        view = board(self.definition, self.facts, self.today)
        return _without_tasks(view) if self.of_dealer else view

    def cell(self, phase: str, step: str) -> CellView | None:
        """One cell of it, or None for one the definition does not have."""
        if not self.definition.knows("cell", (phase, step)):
            return None
        view = cell_view(self.definition, self.facts, (phase, step), self.today)
        return _owing_nothing(view) if self.of_dealer else view

    def useful(self, today: date) -> Useful | None:
        """The next useful thing."""
        return next_useful(self.definition, self.facts, today, self.board)

    @property
    def partly_lost(self) -> bool:
        """Whether some line is lost while others are won or go on."""
        return partly_lost(self.facts.categories)

    def notices(self) -> Sequence[Notice]:
        """What whoever opens the project should know; nothing for a dealer."""
        return () if self.of_dealer else notices(self.definition, self.facts, self.today)


def load_matrix(session: Session, by: User, project: Project) -> Matrix:
    """The matrix of a project that the user sees; a dealer's holds his own people's traces and none of our tasks."""
    definition = definition_of(session, project)
    facts = load_facts(session, definition, project, seen_by=by if is_dealer(by) else None)
    return Matrix(project, definition, facts, clock.today(), is_dealer(by))


def _without_tasks(view: Board) -> Board:
    """The board without what our departments owe: a dealer sees no proof, so that to him all of it would look late."""
    return replace(view, cells={key: _owing_nothing(cell) for key, cell in view.cells.items()}, exits=())


def _owing_nothing(view: CellView) -> CellView:
    return replace(view, tasks=(), open_tasks=0, late_tasks=0)


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
        .options(joinedload(Record.author))
    )


def list_photos(session: Session, by: User, project: Project, limit: int) -> Sequence[Thumb]:
    """The newest pictures of a project that the user sees."""
    return [Thumb(*row) for row in session.execute(_newest_photos(by), {"project": project.id, "most": limit})]


@remembered(sight)
def _newest_photos(by: User) -> Any:
    query = select(Photo.token, Photo.caption, Photo.taken_at)
    query = query.where(Photo.project_id == bindparam("project"), Photo.purged_at.is_(None), seen_traces(Photo, by))
    return query.order_by(Photo.id.desc()).limit(bindparam("most", type_=Integer))


class Thumb(NamedTuple):
    """A picture as much as its thumbnail shows of it."""

    token: str
    caption: str | None
    taken_at: datetime | None


@dataclass(slots=True)
class Marks:
    """What hangs on one record: ids of hints followed, targets proven, contacts met as (id, name), documents as
    (token, file name), its pictures."""

    hints: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    met: list[tuple[int, str]] = field(default_factory=list)
    photos: list[Thumb] = field(default_factory=list)
    papers: list[tuple[str, str]] = field(default_factory=list)


def load_marks(session: Session, records: Sequence[Record]) -> Mapping[int, Marks]:
    """The marks of these records, in one round trip. The records were read as visible."""
    ids = [record.id for record in records]
    if not ids:
        return {}
    marks: dict[int, Marks] = {}
    rows = session.execute(_MARKS, {"records": ids}).all()
    for kind, record_id, number, text, caption, taken_at in sorted(rows, key=itemgetter(2)):
        mark = marks.setdefault(record_id, Marks())
        match kind:
            case "c":
                mark.met.append((number, text))
            case "d":
                mark.papers.append((text, caption or ""))
            case "p":
                mark.photos.append(Thumb(text, caption, taken_at))
            case _:
                (mark.hints if kind == "h" else mark.closed).append(text)
    return marks


_RECORDS: Any = bindparam("records", expanding=True)
_NO_TEXT, _NEVER = cast(null(), String), cast(null(), UtcDateTime)
_MARKS: Any = union_all(
    select(literal("h"), RecordHint.record_id, literal(0), RecordHint.hint_id, _NO_TEXT, _NEVER).where(
        RecordHint.record_id.in_(_RECORDS)
    ),
    select(literal("e"), Evidence.record_id, Evidence.id, Evidence.target, _NO_TEXT, _NEVER).where(
        Evidence.record_id.in_(_RECORDS)
    ),
    select(literal("c"), RecordContact.record_id, Contact.id, Contact.name, _NO_TEXT, _NEVER)
    .join(Contact, Contact.id == RecordContact.contact_id)
    .where(RecordContact.record_id.in_(_RECORDS)),
    select(literal("p"), Photo.record_id, Photo.id, Photo.token, Photo.caption, Photo.taken_at).where(
        Photo.record_id.in_(_RECORDS), Photo.purged_at.is_(None)
    ),
    select(literal("d"), Document.record_id, Document.id, Document.token, Document.file_name, _NEVER).where(
        Document.record_id.in_(_RECORDS)
    ),
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


def get_record(session: Session, by: User, record_id: int) -> Record:
    """One record with author, project, pictures and its corrections; or NotFound."""
    found = session.scalar(
        select(Record)
        .where(Record.id == record_id, visible(Record, by))
        .options(
            joinedload(Record.author),
            joinedload(Record.project).joinedload(Project.team),
            selectinload(Record.corrections).joinedload(Correction.by),
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
