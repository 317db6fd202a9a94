"""What the people of Anhe were told in the last two weeks, the older part of it read."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.accounts.operations.waking import deliver_accounts
from tracker.dealers.operations.waking import deliver_dealers
from tracker.leads.operations.waking import deliver_leads
from tracker.notifications.models import Notification, ProjectClock
from tracker.notifications.operations.delivering import deliver
from tracker.rewards.operations.waking import deliver_rewards
from tracker.todos.operations.telling import deliver_todos

TOLD_FOR = timedelta(days=14)
FRESH_FOR = timedelta(days=3)


def remind(session: Session) -> None:
    """Deliver what fell due lately, as the worker would have done on each of those days."""
    today = clock.today()
    session.execute(update(ProjectClock).values(quiet_before=today - TOLD_FOR))
    clocks = (deliver, deliver_leads, deliver_accounts, deliver_dealers, deliver_rewards, deliver_todos)
    for _number in chain.from_iterable(clock_of(session, today) for clock_of in clocks):
        session.flush()
    for told in session.scalars(select(Notification).options(joinedload(Notification.thing))):
        told.at = told.thing.delivered_at = min(clock.now(), clock.at_noon(told.thing.due_on))
        if told.thing.due_on < today - FRESH_FOR:
            told.read_at = min(clock.now(), told.at + timedelta(hours=5))
    session.flush()
