"""Planned records with what hangs on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.calendar.models import Plan, PlanPerson
from tracker.calendar.queries.dated import Asked
from tracker.errors import NotFound
from tracker.handover.models import Takeover
from tracker.leads.models import Lead
from tracker.matrix.models import Record
from tracker.projects.models import Project
from tracker.team.models import User

MOST = 300  # plans of one page


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan: its record (with project and author), what it has beside its day (None: nothing), its lead, who comes
    along."""

    record: Record
    plan: Plan | None
    lead: Lead | None
    people: Sequence[User] = field(default_factory=list)

    @property
    def on(self) -> date:
        """The day."""
        return self.record.happened_on

    @property
    def at(self) -> str:
        """The time of day, "" for none."""
        return (self.plan and self.plan.at) or ""

    @property
    def site(self) -> Project | Lead | None:
        """The project or lead it is about."""
        return self.record.project or self.lead

    @property
    def latitude(self) -> float | None:
        """Where it is, in WGS-84 degrees."""
        return self.site.latitude if self.site else None

    @property
    def longitude(self) -> float | None:
        """Where it is, in WGS-84 degrees."""
        return self.site.longitude if self.site else None

    @property
    def kept(self) -> bool:
        """Whether somebody logged what was done."""
        return bool(self.plan and self.plan.kept_by_id)

    @property
    def off(self) -> bool:
        """Whether it was called off."""
        return bool(self.plan and self.plan.called_off_at)

    @property
    def open(self) -> bool:
        """Whether it is still to be kept, moved or called off."""
        return not self.kept and not self.off

    @property
    def version(self) -> int:
        """Which version this is; it grows with every change."""
        return self.record.version + (self.plan.turn if self.plan else 0)

    def missed(self, today: date) -> bool:
        """Whether its day is over and nobody said what became of it."""
        return self.open and self.on < today


def planned_with(by: User) -> Any:
    """The statement for plans that the user sees, each with its further row and its lead."""
    return (
        select(Record, Plan, Lead)
        .select_from(Record)
        .outerjoin(Plan, Plan.record_id == Record.id)
        .outerjoin(Lead, Lead.id == Record.lead_id)
        .where(Record.is_plan, visible(Record, by))
        .options(joinedload(Record.project), joinedload(Record.author))
    )


def is_still_open() -> ColumnElement[bool]:
    """The condition that a plan was neither kept nor called off."""
    return and_(Plan.kept_by_id.is_(None), Plan.called_off_at.is_(None))


def plans_of(person_id: int) -> ColumnElement[bool]:
    """The condition that a plan is somebody's: he made it, comes along, or took the project over from who made it."""
    along = select(PlanPerson.record_id).where(PlanPerson.user_id == person_id)
    taken = (
        select(Takeover.id)
        .where(Takeover.to_id == person_id, Takeover.from_id == Record.author_id)
        .where(Takeover.project_id == Record.project_id)
        .correlate(Record)
    )
    return or_(Record.author_id == person_id, Record.id.in_(along), taken.exists())


def list_plans(
    session: Session, by: User, first: date, last: date, asked: Asked, most: int = MOST, *, along: bool = True
) -> list[Planned]:
    """The plans from one day to another, by day and time; `along`: with who comes along."""
    query = planned_with(by).where(Record.happened_on.between(first, last))
    if asked.person:
        query = query.where(plans_of(asked.person))
    if asked.team:
        query = query.where(Record.author_id.in_(select(User.id).where(User.team_id == asked.team)))
    if asked.project:
        query = query.where(Record.project_id == asked.project)
    query = query.order_by(Record.happened_on, Plan.at.is_(None), Plan.at, Record.id).limit(most)
    return load_planned(session, query, along=along)


def load_planned(session: Session, query: Select[Any], *, along: bool = True) -> list[Planned]:
    """What such a statement gives, with who comes along."""
    rows = session.execute(query).all()
    people = _along(session, [record.id for record, _plan, _lead in rows]) if along else {}
    return [Planned(record, plan, lead, people.get(record.id, ())) for record, plan, lead in rows]


def _along(session: Session, ids: Sequence[int]) -> Mapping[int, list[User]]:
    query = (
        select(PlanPerson.record_id, User)
        .join(User, User.id == PlanPerson.user_id)
        .where(PlanPerson.record_id.in_(ids))
        .order_by(User.name, User.id)
    )
    found: dict[int, list[User]] = {}
    for record_id, person in session.execute(query) if ids else ():
        found.setdefault(record_id, []).append(person)
    return found


def find_plan(session: Session, by: User, record_id: int) -> Planned | None:
    """One plan that the user sees."""
    found = load_planned(session, planned_with(by).where(Record.id == record_id))
    return found[0] if found else None


def get_plan(session: Session, by: User, record_id: int) -> Planned:
    """One plan that the user sees, or NotFound."""
    found = find_plan(session, by, record_id)
    if found is None:
        raise NotFound
    return found
