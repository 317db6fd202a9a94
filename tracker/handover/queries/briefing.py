"""What whoever takes over must know, written from the records: of a project, and of a person. The user comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from tracker.access import seen_traces, visible
from tracker.accounts.models import Account
from tracker.accounts.queries.accounts import list_accounts_of_project
from tracker.contacts.gaps import USUAL, Gap, gaps
from tracker.contacts.queries import list_circles, load_person
from tracker.contacts.queries.circle import Member
from tracker.contacts.queries.people import Person
from tracker.handover.models import Takeover
from tracker.handover.queries.taken import list_takeovers
from tracker.i18n import lang
from tracker.matrix.models import Approval, LifecycleChange, Record, RecordContact, Signature
from tracker.matrix.queries import Matrix, list_photos, list_records, load_matrix
from tracker.matrix.queries.matrices import Thumb
from tracker.parties.models import Contact
from tracker.partners.models import ProjectShare
from tracker.partners.queries import list_shares
from tracker.projects.circle import Circle, JoinedContact, load_circle
from tracker.projects.models import Project, ProjectContact
from tracker.team.models import User
from workflows.engine import next_closing
from workflows.pace import Closing
from workflows.work import TaskView

RECORDS, PICTURES, PROMISES, MEETINGS = 6, 6, 20, 10
OWED_FOR = timedelta(days=90)  # how long a promise whose day is over is still told


class LastMeeting(NamedTuple):
    """Who of us met somebody last, and when."""

    user_id: int | None
    name: str | None
    on: date


class Owed(NamedTuple):
    """A task that is still to be done: in which cell, by which department, and its view."""

    cell: tuple[str, str]
    view: TaskView


@dataclass(frozen=True, slots=True)
class ProjectBriefing:
    """A project for its successor. `met`: the last meeting with each contact of its circle, whoever of us it was."""

    matrix: Matrix
    circle: Circle
    takeovers: Sequence[Takeover]
    records: Sequence[Record]
    promises: Sequence[Record]
    met: Mapping[int, LastMeeting]
    requests: Sequence[Approval]
    losses: Sequence[LifecycleChange]
    photos: Sequence[Thumb]
    today: date
    accounts: Sequence[Account]
    shares: Sequence[ProjectShare]

    @property
    def owed(self) -> Sequence[Owed]:
        """The open tasks of all cells, what is due first."""
        cells = self.matrix.board.cells.items()
        found = [Owed(key, task) for key, cell in cells for task in cell.tasks if task.open]
        return sorted(found, key=lambda one: one.view.due or date.max)

    @property
    def closing(self) -> Sequence[Closing]:
        """The window of each open line that closes next at this site's pace, the first first."""
        definition, facts = self.matrix.definition, self.matrix.facts
        found = [next_closing(definition, facts, line.key, self.today) for line in facts.open_categories]
        return sorted((one for one in found if one), key=lambda one: one.closes_on)

    @property
    def gaps(self) -> Sequence[Gap]:
        """What the map of its people lacks, in the reader's language."""
        members = []
        for one in self.circle.contacts:
            met = self.met.get(one.contact_id)
            on, who = (met.on, met.name) if met else (one.last_met_on, None)
            stands = (one.contact_id, one.name, one.post, "", one.role, one.attitude, on, who)
            members.append(Member(*stands, left_on=one.left_on))
        return gaps(self.matrix.definition, members, self.today, USUAL, lang())

    @property
    def people(self) -> Sequence[JoinedContact]:
        """The circle, in the order of who decides."""
        parts = self.matrix.definition.picklist("relationship_roles").items
        order = {part.key: number for number, part in enumerate(parts)}
        return sorted(self.circle.contacts, key=lambda one: order.get(one.role or "", len(order)))


def load_project_briefing(session: Session, by: User, project: Project, today: date) -> ProjectBriefing:
    """Everything about a project that the user sees (one of ours) that its successor must know."""
    circle = load_circle(session, by, project)
    return ProjectBriefing(
        load_matrix(session, by, project),
        circle,
        list_takeovers(session, project),
        list_records(session, by, project, limit=RECORDS),
        _promises(session, by, project, today),
        _last_meetings(session, [one.contact_id for one in circle.contacts], project),
        _requests(session, by, project) if circle.waiting else (),
        _losses(session, project),
        list_photos(session, by, project, PICTURES),
        today,
        list_accounts_of_project(session, by, project),
        [share for share in list_shares(session, by, project) if share.ended_on is None or share.ended_on >= today],
    )


def _promises(session: Session, by: User, project: Project, today: date) -> Sequence[Record]:
    """What we said we would do next: still ahead, or overdue and not long forgotten."""
    query = select(Record).where(Record.project_id == project.id, seen_traces(Record, by))
    query = query.where(Record.next_step.is_not(None), Record.next_on >= today - OWED_FOR)
    return session.scalars(query.order_by(Record.next_on).limit(PROMISES).options(joinedload(Record.author))).all()


def _last_meetings(session: Session, contacts: Sequence[int], project: Project) -> dict[int, LastMeeting]:
    """Who met each of these last in this project."""
    if not contacts:
        return {}
    number = func.row_number().over(
        partition_by=RecordContact.contact_id, order_by=(Record.happened_on.desc(), Record.id.desc())
    )
    ranked = (
        select(RecordContact.contact_id, Record.author_id, Record.happened_on, number.label("number"))
        .join(Record, Record.id == RecordContact.record_id)
        .where(RecordContact.contact_id.in_(contacts), Record.project_id == project.id, Record.is_plan.is_(False))
        .subquery()
    )
    rows = session.execute(
        select(ranked.c.contact_id, ranked.c.author_id, User.name, ranked.c.happened_on)
        .outerjoin(User, User.id == ranked.c.author_id)
        .where(ranked.c.number == 1)
    )
    return {contact_id: LastMeeting(*rest) for contact_id, *rest in rows}


def _requests(session: Session, by: User, project: Project) -> Sequence[Approval]:
    query = select(Approval).where(Approval.project_id == project.id, Approval.state == "open", visible(Approval, by))
    options = (joinedload(Approval.asked_by), selectinload(Approval.signatures).joinedload(Signature.by))
    return session.scalars(query.order_by(Approval.id).options(*options)).all()


def _losses(session: Session, project: Project) -> Sequence[LifecycleChange]:
    """What was lost here, to whom and why; lines of their own and the whole."""
    lost = select(LifecycleChange).where(LifecycleChange.project_id == project.id, LifecycleChange.target == "lost")
    return session.scalars(lost.order_by(LifecycleChange.id)).all()


@dataclass(frozen=True, slots=True)
class ContactBriefing:
    """A person for whoever takes over: his roles, what was spoken with him lately, and who of us knows him how well."""

    contact: Contact
    person: Person
    circles: Sequence[ProjectContact]
    meetings: Sequence[Record]
    known_by: Sequence[tuple[User, int, date]]


def load_contact_briefing(session: Session, by: User, contact: Contact) -> ContactBriefing:
    """Everything about a person that the user sees (one of ours) that his next visitor must know."""
    circles = list_circles(session, by, contact)
    person = load_person(session, contact)
    return ContactBriefing(contact, person, circles, _meetings(session, by, contact), _known_by(session, by, contact))


def _meetings(session: Session, by: User, contact: Contact) -> Sequence[Record]:
    query = (
        select(Record)
        .join(RecordContact, RecordContact.record_id == Record.id)
        .outerjoin(Record.project)
        .where(RecordContact.contact_id == contact.id, visible(Record, by))
        .order_by(Record.happened_on.desc(), Record.id.desc())
        .limit(MEETINGS)
    )
    return session.scalars(query.options(joinedload(Record.author), contains_eager(Record.project))).all()


def _known_by(session: Session, by: User, contact: Contact) -> Sequence[tuple[User, int, date]]:
    """Who of us met him how often and when last, of the meetings that the user sees; the last first."""
    times = (
        select(Record.author_id, func.count().label("times"), func.max(Record.happened_on).label("last_on"))
        .join(RecordContact, RecordContact.record_id == Record.id)
        .where(RecordContact.contact_id == contact.id, Record.is_plan.is_(False), visible(Record, by))
        .group_by(Record.author_id)
        .subquery()
    )
    person = aliased(User)
    rows = session.execute(
        select(person, times.c.times, times.c.last_on)
        .join(times, times.c.author_id == person.id)
        .order_by(times.c.last_on.desc(), person.id)
    )
    return [(one, number, last_on) for one, number, last_on in rows]
