"""What somebody chose to give away, and who covers and is good at what."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access import overseen, visible
from tracker.assigning.models import AssignmentRule, Skill, Territory
from tracker.errors import NotFound
from tracker.leads.models import OPEN, Lead, LeadMember
from tracker.team.models import User

MOST = 200  # leads or projects in one go
_WHOLE = (joinedload(Lead.owner), joinedload(Lead.team), selectinload(Lead.categories))


def list_chosen(session: Session, by: User, ids: Sequence[int]) -> Sequence[Lead]:
    """The open leads of these numbers, with what a proposal wants, in the order of their names."""
    query = select(Lead).where(Lead.id.in_(ids[:MOST]), visible(Lead, by), Lead.state.in_(OPEN))
    return session.scalars(query.order_by(Lead.name, Lead.id).options(*_WHOLE)).all()


def get_member(session: Session, lead: Lead, row_id: int) -> LeadMember:
    """One sharing of a lead, or NotFound."""
    found = session.scalar(select(LeadMember).where(LeadMember.id == row_id, LeadMember.lead_id == lead.id))
    if found is None:
        raise NotFound
    return found


def list_members(session: Session, lead: Lead) -> Sequence[LeadMember]:
    """With whom a lead is shared."""
    mine = select(LeadMember).where(LeadMember.lead_id == lead.id).order_by(LeadMember.id)
    return session.scalars(mine.options(joinedload(LeadMember.user))).all()


def list_territories(session: Session, by: User) -> Sequence[Territory]:
    """The territories of the teams that the user leads, and their people's."""
    query = (
        select(Territory).where(overseen(Territory, by)).order_by(Territory.team_id, Territory.user_id, Territory.id)
    )
    options = (joinedload(Territory.team), joinedload(Territory.user), joinedload(Territory.region))
    return session.scalars(query.options(*options)).all()


def get_territory(session: Session, by: User, territory_id: int) -> Territory:
    """One territory, or NotFound."""
    query = select(Territory).where(Territory.id == territory_id, overseen(Territory, by))
    found = session.scalar(query.options(joinedload(Territory.team)))
    if found is None:
        raise NotFound
    return found


def list_skills(session: Session, by: User, person: User) -> Sequence[Skill]:
    """What a person is good at, whom the user sees."""
    seen = select(User.id).where(User.id == person.id, visible(User, by))
    return session.scalars(select(Skill).where(Skill.user_id.in_(seen)).order_by(Skill.what, Skill.id)).all()


def list_rules(session: Session, by: User | None) -> Sequence[AssignmentRule]:
    """The rules in their order; those the user may change, or (None) all that are on."""
    query = select(AssignmentRule).order_by(AssignmentRule.seq, AssignmentRule.id)
    query = query.where(overseen(AssignmentRule, by)) if by else query.where(AssignmentRule.active)
    options = (
        joinedload(AssignmentRule.team),
        joinedload(AssignmentRule.region),
        joinedload(AssignmentRule.user),
        joinedload(AssignmentRule.to_team),
    )
    return session.scalars(query.options(*options)).all()


def get_rule(session: Session, by: User, rule_id: int) -> AssignmentRule:
    """One rule that the user may change, or NotFound."""
    query = select(AssignmentRule).where(AssignmentRule.id == rule_id, overseen(AssignmentRule, by))
    found = session.scalar(query.options(joinedload(AssignmentRule.team)))
    if found is None:
        raise NotFound
    return found


def list_newest_leads(session: Session, by: User, most: int = 50) -> Sequence[Lead]:
    """The newest leads of the part of the company that the user leads."""
    query = select(Lead).where(overseen(Lead, by)).order_by(Lead.id.desc()).limit(most)
    return session.scalars(query.options(*_WHOLE)).all()
