"""Saying that one has seen what changed."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.events import Event
from tracker.home.models import LastLook
from tracker.team.models import User


def look(session: Session, *, by: User, up_to: int) -> None:
    """He has seen what changed up to an event; an older one changes nothing, none lies ahead."""
    newest = session.scalar(select(func.max(Event.id))) or 0
    row = session.get(LastLook, by.id)
    if row is None:
        row = LastLook(user_id=by.id, event_id=0)
        session.add(row)
    row.event_id, row.at = max(row.event_id, min(up_to, newest)), clock.now()
    session.flush()
