"""Whose calendars somebody looks at."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.access import overseen, sees_others, visible
from tracker.team.models import User


def list_led(session: Session, by: User) -> Sequence[User]:
    """Our own active people in the part of the company that the user's scope covers, by name, each with his team."""
    if not sees_others(by):
        return ()
    query = select(User).where(visible(User, by), overseen(User, by), User.active, User.party_id.is_(None))
    return session.scalars(query.order_by(User.name, User.id).options(joinedload(User.team))).all()
