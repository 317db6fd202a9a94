"""The pool as one user sees it, and how much he may take from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.access import visible
from tracker.assigning.models import LeadClaim, PoolLimit
from tracker.leads.models import OPEN, Lead
from tracker.paging import Page, page_of
from tracker.projects.models import Project
from tracker.team.models import User

WAITING, A_DAY, LOAD = 5, 5, 40  # where nobody said otherwise
SHOWN = 20  # projects without an owner


@dataclass(frozen=True, slots=True)
class Allowance:
    """Claims of a user that wait for his answer, and those of today; of how many at most."""

    waiting: int
    most_waiting: int
    today: int
    most_a_day: int

    @property
    def left(self) -> int:
        """How many he may still take today."""
        return max(0, min(self.most_waiting - self.waiting, self.most_a_day - self.today))


def load_limits(session: Session) -> Mapping[int | None, PoolLimit]:
    """The limits by role; those of None count where a role has none of its own."""
    return {one.role_id: one for one in session.scalars(select(PoolLimit).options(joinedload(PoolLimit.role)))}


def limit_of(limits: Mapping[int | None, PoolLimit], role_id: int) -> PoolLimit:
    """What counts for a role."""
    found = limits.get(role_id) or limits.get(None)
    return found or PoolLimit(role_id=None, waiting=WAITING, a_day=A_DAY, load=LOAD)


def load_allowance(session: Session, by: User) -> Allowance:
    """What the user claimed already, and may."""
    limit = limit_of(load_limits(session), by.role_id)
    waits = (
        select(func.count(LeadClaim.id))
        .join(Lead, Lead.id == LeadClaim.lead_id)
        .where(
            LeadClaim.user_id == by.id,
            LeadClaim.ended_at.is_(None),
            Lead.owner_id == by.id,
            Lead.answered_at.is_(None),
            Lead.state.in_(OPEN),
        )
    )
    began = clock.day_begins(clock.today())
    today = select(func.count(LeadClaim.id)).where(LeadClaim.user_id == by.id, LeadClaim.at >= began)
    row = session.execute(select(waits.scalar_subquery(), today.scalar_subquery())).one()
    return Allowance(row[0], limit.waiting, row[1], limit.a_day)


def pool_asked(by: User, *, source: str = "", region: int | None = None) -> Select[Lead]:
    """Open leads without an owner, the newest first."""
    query = select(Lead).where(visible(Lead, by), Lead.owner_id.is_(None), Lead.state.in_(OPEN))
    if source:
        query = query.where(Lead.source == source)
    if region:
        query = query.where(Lead.region_id == region)
    return query.order_by(Lead.id.desc())


def list_pool(session: Session, by: User, *, source: str = "", region: int | None = None, page: int = 1) -> Page[Lead]:
    """A page of the pool."""
    options = (joinedload(Lead.developer), joinedload(Lead.region), joinedload(Lead.team))
    return page_of(session, pool_asked(by, source=source, region=region).options(*options), page)


def list_waiting_claims(session: Session, by: User) -> Sequence[Lead]:
    """The user's own leads that wait for his answer, the most urgent first."""
    return session.scalars(
        select(Lead)
        .where(
            Lead.owner_id == by.id,
            Lead.assigned_at.is_not(None),
            Lead.answered_at.is_(None),
            Lead.state.in_(OPEN),
        )
        .order_by(Lead.answer_by, Lead.id)
        .limit(50)
    ).all()


def orphaned(by: User) -> tuple[ColumnElement[bool], ...]:
    """What a project without an owner meets."""
    return visible(Project, by), Project.owner_id.is_(None), Project.state == "active"


def list_orphans(session: Session, by: User) -> Sequence[Project]:
    """Active projects without an owner, the newest of them."""
    return session.scalars(select(Project).where(*orphaned(by)).order_by(Project.id.desc()).limit(SHOWN)).all()
