"""What somebody took over lately, from whom, and whether the decision maker was met since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from tracker import clock
from tracker.access import sight, visible
from tracker.contacts.models import ContactLink
from tracker.handover.models import Handing, Takeover
from tracker.leads.models import Lead
from tracker.matrix.facts import OWN_TASK
from tracker.matrix.models import Evidence, OwnTask, Record, RecordContact
from tracker.parties.models import Contact
from tracker.projects.models import Project
from tracker.remembering import remembered
from tracker.team.models import User
from workflows.guards.records import FINISHED

LATELY = timedelta(days=60)
MOST = 400


@dataclass(frozen=True, slots=True)
class Taken:
    """A project or lead that one took over. `state` of the task to meet the decision maker: none, owed, late, done or
    dropped."""

    row: Takeover
    state: str

    @property
    def note(self) -> str:
        """What was written about this one alone."""
        return self.row.note or ""


@dataclass(slots=True)
class Bundle:
    """What came in one step from one person."""

    giver: User | None
    at: datetime
    by: User
    leaver: bool
    note: str
    reason: str
    projects: list[Taken] = field(default_factory=list)
    leads: list[Taken] = field(default_factory=list)

    @property
    def to_meet(self) -> int:
        """Decision makers who are still to be met."""
        return sum(one.state in ("owed", "late") for one in self.projects)


def list_taken(session: Session, by: User) -> Sequence[Bundle]:
    """What the user took over in the last days and still has, the newest first; the largest projects first."""
    bundles: dict[Any, Bundle] = {}
    for taken in stream_taken(session, by):
        row = taken.row
        key = (row.handing_id, row.from_id) if row.handing_id else ("single", row.from_id, clock.company_day(row.at))
        if key not in bundles:
            note, reason = (row.handing.note or "", row.handing.reason) if row.handing else ("", "")
            bundles[key] = Bundle(row.giver, row.at, row.by, row.leaver, note, reason)
        (bundles[key].projects if row.project_id else bundles[key].leads).append(taken)
    return list(bundles.values())


def stream_taken(session: Session, by: User) -> Sequence[Taken]:
    """The same as plain lines."""
    today = clock.today()
    rows = session.execute(_taken(by), {"since": lately()}).all()
    return [Taken(row, _state(row.task, proven, today)) for row, proven in rows]


@remembered(sight)
def _taken(by: User) -> Any:
    query = (
        select(Takeover, _PROVEN)
        .outerjoin(Takeover.project)
        .outerjoin(Takeover.lead)
        .where(*_lately(by))
        .where(or_(visible(Project, by), visible(Lead, by)))
        .where(or_(Project.owner_id == by.id, Lead.owner_id == by.id))
        .order_by(Takeover.at.desc(), Takeover.handing_id.desc(), Project.value.desc(), Takeover.id)
        .limit(MOST)
    )
    loaded = (Takeover.project, Takeover.lead, Takeover.giver, Takeover.by, Takeover.task)
    return query.options(joinedload(Takeover.handing), *(joinedload(one) for one in loaded))


def _lately(by: User) -> tuple[Any, ...]:
    return (Takeover.to_id == by.id, Takeover.at > bindparam("since"))


_PROVEN: Any = (
    exists()
    .where(
        Evidence.project_id == Takeover.project_id,
        Evidence.target == literal(OWN_TASK) + cast(Takeover.task_id, String),
    )
    .correlate(Takeover)
)


def _state(task: OwnTask | None, proven: bool, today: date) -> str:
    if task is None:
        return "none"
    if proven:
        return "done"
    if task.dropped_at is not None:
        return "dropped"
    return "late" if task.due_on and task.due_on < today else "owed"


def lately() -> datetime:
    """Since when what was handed over is news: what statements of this module call `since`."""
    return clock.now() - LATELY


def number_to_meet(by: User) -> Any:
    """How many decision makers of projects that he took over `since` the user is still to meet, as a part of another
    statement."""
    return (
        select(func.count())
        .select_from(Takeover)
        .join(OwnTask, OwnTask.id == Takeover.task_id)
        .join(Project, Project.id == Takeover.project_id)
        .where(*_lately(by), Project.owner_id == by.id, Project.state.not_in(FINISHED))
        .where(OwnTask.dropped_at.is_(None), ~_PROVEN)
        .scalar_subquery()
    )


def list_takeovers(session: Session, project: Project, most: int = 3) -> Sequence[Takeover]:
    """How a project that the user sees was handed over, the newest first."""
    rows = select(Takeover).where(Takeover.project_id == project.id).order_by(Takeover.id.desc()).limit(most)
    loaded = (joinedload(Takeover.giver), joinedload(Takeover.taker), joinedload(Takeover.handing))
    return session.scalars(rows.options(*loaded)).all()


@dataclass(frozen=True, slots=True)
class ToMeet:
    """A person whom somebody knew who left, and whom his successor has not met yet."""

    contact: Contact
    leaver: User
    strength: int


def list_to_meet(session: Session, by: User, most: int = 50) -> Sequence[ToMeet]:
    """Whom those knew who left and from whom the user took over lately, and whom he has not met since: who was known
    best comes first."""
    leaver = aliased(User)
    met = (
        select(RecordContact.record_id)
        .join(Record, Record.id == RecordContact.record_id)
        .where(RecordContact.contact_id == Contact.id, Record.author_id == by.id, Record.is_plan.is_(False))
    )
    query = (
        select(Contact, leaver, ContactLink.strength)
        .join(ContactLink, ContactLink.contact_id == Contact.id)
        .join(leaver, leaver.id == ContactLink.from_user_id)
        .join(Handing, Handing.user_id == leaver.id)
        .where(Handing.leaves.is_(True), Handing.successor_id == by.id, Handing.at > lately())
        .where(visible(Contact, by), Contact.forgotten_at.is_(None), ~met.exists())
        .order_by(ContactLink.strength.desc(), Contact.name, Contact.id)
        .limit(most)
        .options(joinedload(Contact.party))
    )
    return [ToMeet(*row) for row in session.execute(query)]
