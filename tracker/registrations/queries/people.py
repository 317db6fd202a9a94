"""The people of a dealer's company, and what each looks after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.dealers.models import Dealer
from tracker.registrations.models import MENDABLE, STANDING, Registration
from tracker.team.models import User

OPEN = (*MENDABLE, *STANDING)
"""States in which somebody has to look after a registration."""
MOST = 200


def list_own_people(session: Session, by: User, dealer: Dealer) -> Sequence[tuple[User, int]]:
    """Everybody of the company with how many open registrations he looks after; whose account is on comes first."""
    people = select(User).where(User.party_id == dealer.party_id, visible(User, by)).options(joinedload(User.role))
    held = count_held(session, by)
    rows = session.scalars(people.order_by(User.active.desc(), User.name, User.id).limit(MOST))
    return [(one, held.get(one.id, 0)) for one in rows]


def count_held(session: Session, by: User) -> dict[int, int]:
    """How many open registrations each of the company's people looks after."""
    query = select(Registration.held_by_id, func.count()).where(
        Registration.state.in_(OPEN), Registration.held_by_id.is_not(None), visible(Registration, by)
    )
    found: Sequence[Any] = session.execute(query.group_by(Registration.held_by_id)).all()
    return dict(found)
