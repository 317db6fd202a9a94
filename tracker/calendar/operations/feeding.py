"""Making, renewing and ending the address under which calendar programs read."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.calendar.models import CalendarFeed
from tracker.events import Kind
from tracker.team.models import User


def make_feed(session: Session, *, by: User) -> CalendarFeed:
    """Make him an address; one he had before ends."""
    feed = session.get(CalendarFeed, by.id)
    if feed is None:
        feed = CalendarFeed(user_id=by.id)
        session.add(feed)
    feed.token, feed.made_at = secrets.token_urlsafe(32), clock.now()
    session.flush()
    events.record(session, Kind.FEED_MADE, by, by=by)
    return feed


def end_feed(session: Session, *, by: User) -> None:
    """End his address; programs find nothing there any more."""
    feed = session.get(CalendarFeed, by.id)
    if feed is None:
        return
    session.delete(feed)
    session.flush()
    events.record(session, Kind.FEED_ENDED, by, by=by)
