"""The people of a project as a map: who stands where, who met him last, who knows whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, false, func, select
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.access import visible
from tracker.contacts.models import ContactLink, ContactPost
from tracker.errors import NotFound
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts
from tracker.matrix.models import Record, RecordContact
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectContact, ProjectParty
from tracker.team.models import User
from workflows.work import ExitView, exit_views


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a project's circle. `met_on` and `met_by`: the last meeting on this project and who logged it;
    `came_from`: the firm he was at before, if he moved from one to another on a known day (`moved_on`); `left_on`:
    since when he is at his firm no more; `outside`: he moved from a firm that takes part here to one that does not."""

    contact_id: int
    name: str
    post: str | None
    firm: str
    role: str | None
    attitude: str
    met_on: date | None
    met_by: str | None
    came_from: str | None = None
    moved_on: date | None = None
    left_on: date | None = None
    outside: bool = False

    @property
    def gone_on(self) -> date | None:
        """Since when the post in which he stands in this circle is his no more; None while it is."""
        return self.left_on or (self.moved_on if self.outside else None)

    @property
    def gone_from(self) -> str:
        """The firm he left, where he did."""
        return self.firm if self.left_on else self.came_from or ""

    def covered(self, today: date, days: int) -> bool:
        """Whether somebody met him within so many days."""
        return self.met_on is not None and (today - self.met_on).days <= days


@dataclass(frozen=True, slots=True)
class Tie:
    """That somebody (a contact of the circle, or one of ours) stands somehow to a contact of the circle. `left`: he of
    ours is with us no more."""

    kind: str
    strength: int
    target_id: int
    contact_id: int | None
    user_id: int | None
    who: str
    left: bool = False


@dataclass(frozen=True, slots=True)
class Relations:
    """The people of a project and the ties between them."""

    members: Sequence[Member]
    ties: Sequence[Tie]


def load_relations(session: Session, by: User, project: Project) -> Relations:
    """The map of a project that the user sees, in two statements."""
    if session.scalar(select(Project.id).where(Project.id == project.id, visible(Project, by))) is None:
        raise NotFound
    members = [Member(*row) for row in session.execute(_members(project.id))]
    return Relations(_once(members), [Tie(*row) for row in session.execute(_ties(project.id))])


def load_exits(session: Session, project: Project) -> Sequence[ExitView]:
    """The exit criteria of the project's phase that people prove, met and open."""
    definition = definition_of(session, project)
    facts = load_facts(session, definition, project)
    views = exit_views(definition, facts, project.phase, clock.today())
    return [view for view in views if view.criterion.evidence == "contact"]


def _once(members: Sequence[Member]) -> list[Member]:
    """Each of them once, with the firm that he left last: the rows of one come in the order in which he left."""
    return list({member.contact_id: member for member in members}.values())


def _members(project_id: int) -> Any:
    newest = (Record.happened_on.desc(), Record.id.desc())
    order = func.row_number().over(partition_by=RecordContact.contact_id, order_by=newest).label("place")
    met = (
        select(RecordContact.contact_id, Record.happened_on, User.name.label("author"), order)
        .join(Record, Record.id == RecordContact.record_id)
        .outerjoin(User, User.id == Record.author_id)
        .where(Record.project_id == project_id, Record.is_plan.is_(False))
        .subquery()
    )
    present, former, left = aliased(ContactPost), aliased(ContactPost), aliased(Party)
    moved = and_(
        former.contact_id == Contact.id,
        former.present.is_(False),
        former.until <= present.since,
        former.party_id != present.party_id,
    )
    last_met = func.coalesce(met.c.happened_on, ProjectContact.last_met_on)
    return (
        select(Contact.id, Contact.name, Contact.post, Party.name, ProjectContact.role, ProjectContact.attitude,
               last_met, met.c.author, left.name, former.until, Contact.left_on,
               and_(_takes_part(former.party_id), ~_takes_part(Contact.party_id)))
        .join(Contact, Contact.id == ProjectContact.contact_id)
        .join(Party, Party.id == Contact.party_id)
        .outerjoin(met, and_(met.c.contact_id == Contact.id, met.c.place == 1))
        .outerjoin(present, and_(present.contact_id == Contact.id, present.present.is_(True)))
        .outerjoin(former, moved)
        .outerjoin(left, left.id == former.party_id)
        .where(ProjectContact.project_id == project_id)
        .order_by(ProjectContact.id, former.until, former.id)
    )  # fmt: skip


def _takes_part(party_id: Any) -> Any:
    """Whether a firm takes part in the project of somebody's circle."""
    theirs = (ProjectParty.project_id == ProjectContact.project_id, ProjectParty.party_id == party_id)
    return exists().where(*theirs).correlate_except(ProjectParty)


def _ties(project_id: int) -> Any:
    inside = select(ProjectContact.contact_id).where(ProjectContact.project_id == project_id)
    source, ours = aliased(Contact), aliased(User)
    return (
        select(ContactLink.kind, ContactLink.strength, ContactLink.contact_id, ContactLink.from_contact_id,
               ContactLink.from_user_id, func.coalesce(source.name, ours.name), func.coalesce(~ours.active, false()))
        .outerjoin(source, source.id == ContactLink.from_contact_id)
        .outerjoin(ours, ours.id == ContactLink.from_user_id)
        .where(ContactLink.contact_id.in_(inside))
        .where(ContactLink.from_user_id.is_not(None) | ContactLink.from_contact_id.in_(inside))
        .where(ContactLink.from_contact_id.is_distinct_from(ContactLink.contact_id))
        .order_by(ContactLink.id)
    )  # fmt: skip
