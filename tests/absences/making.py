"""People who are away, for tests."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from tracker import clock
from tracker.absences.models import Absence
from tracker.absences.operations import Leave, tell_absence
from tracker.team.models import User


def make_away(
    session: Session, person: User, stand_in: User | None = None, *, first: int = 0, last: int = 3, **said: str
) -> Absence:
    """Somebody away from one day to another, counted from today; he says so himself."""
    days = (clock.today() + timedelta(days=first), clock.today() + timedelta(days=last))
    absence = tell_absence(session, person, Leave(*days, stand_in.id if stand_in else None, **said), by=person)
    session.commit()
    return absence
