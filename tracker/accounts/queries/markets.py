"""The six markets of an account: who matters in each, how we stand with them, what is next, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access import visible
from tracker.accounts.models import Account, AccountAction, AccountRelation
from tracker.accounts.queries import figures
from tracker.errors import NotFound
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact
from tracker.projects.queries import LIVE
from tracker.team.models import User

MARKETS = ("customer", "suppliers", "referrers", "influencers", "recruits", "internal")
STATES = ("none", "cold", "growing", "strong")
COLD = ("none", "cold")


@dataclass(frozen=True, slots=True)
class Market:
    """One of the six markets with those who matter there. `gaps` are keys: nobody, cold, no_action, unmet."""

    key: str
    relations: Sequence[AccountRelation]
    gaps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Markets:
    """All six; `unmet`: the decision makers in the account's live projects whom nobody has met."""

    markets: Sequence[Market]
    unmet: int


def next_action(relation: AccountRelation) -> AccountAction | None:
    """The first action for a relation that is not done."""
    return next((action for action in relation.actions if action.done_on is None), None)


def load_markets(session: Session, by: User, account: Account) -> Markets:
    """The six markets of an account, with the gaps in each."""
    query = select(AccountRelation).where(AccountRelation.account_id == account.id, AccountRelation.gone_on.is_(None))
    relations = session.scalars(
        query.order_by(AccountRelation.id).options(
            joinedload(AccountRelation.party),
            joinedload(AccountRelation.contact).joinedload(Contact.party),
            joinedload(AccountRelation.user),
            selectinload(AccountRelation.actions).joinedload(AccountAction.user),
        )
    ).all()
    unmet = _unmet(session, by, account)
    found = []
    for key in MARKETS:
        inside = [relation for relation in relations if relation.market == key]
        found.append(Market(key, inside, _gaps(key, inside, unmet)))
    return Markets(found, unmet)


def _gaps(key: str, relations: Sequence[AccountRelation], unmet: int) -> list[str]:
    gaps = [] if relations else ["nobody"]
    if relations and all(relation.state in COLD for relation in relations):
        gaps.append("cold")
    if any(relation.state in COLD and next_action(relation) is None for relation in relations):
        gaps.append("no_action")
    if key == "customer" and unmet:
        gaps.append("unmet")
    return gaps


def _unmet(session: Session, by: User, account: Account) -> int:
    theirs = figures.projects_of([account.id])
    query = (
        select(func.count(func.distinct(ProjectContact.contact_id)))
        .join(Project, Project.id == ProjectContact.project_id)
        .join(theirs, theirs.c.project_id == Project.id)
        .where(visible(Project, by), Project.state.in_(LIVE))
        .where(ProjectContact.role == "decision_maker", ProjectContact.last_met_on.is_(None))
    )
    return session.scalar(query) or 0


def get_relation(session: Session, account: Account, relation_id: int) -> AccountRelation:
    """A relation of this account, or NotFound."""
    relation = AccountRelation
    query = select(relation).where(relation.id == relation_id, relation.account_id == account.id)
    found = session.scalar(query.where(relation.gone_on.is_(None)))
    if found is None:
        raise NotFound
    return found
