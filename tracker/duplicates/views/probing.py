"""Who feels about for what he may not see is slowed down, and it is written down.

Only what showed something hidden counts, whether while typing, at saving or as rows of a grid that came in marked. What
is saved forgives an hour's count, but not the day's: who enters sites all day meets others', and nobody meets hundreds.
Counts live where Flask-Limiter keeps its own, so that all processes share them once it has a shared storage.
"""

from __future__ import annotations

from dataclasses import replace

import structlog
from limits import RateLimitItem, parse

from tracker import database, events
from tracker.access import is_dealer
from tracker.duplicates.operations.judging import SiteKnown
from tracker.duplicates.queries import Likely
from tracker.events import Kind
from tracker.extensions import db, limiter
from tracker.reader import current_user
from tracker.team.queries import get_user

log = structlog.get_logger()
HINTS, DEALER_HINTS = parse("40 per hour"), parse("15 per hour")
DAY, DEALER_DAY = parse("150 per day"), parse("50 per day")  # saved or not
NOTED = parse("12 per hour")  # hints after which it is written down, once an hour
TOLD = parse("1 per hour")
CHECKS = "150 per 10 minutes"  # while typing, whatever they show


def who() -> str:
    """Under whose name checks are counted."""
    return f"checks|{current_user.get_id()}"


def may_look() -> bool:
    """Whether the user may still be shown what he may not see."""
    return all(limiter.limiter.test(item, *_mine(name)) for name, item in (("hints", _most()), ("day", _day())))


def ease(known: SiteKnown) -> None:
    """Who probed too much is still refused, but told nothing more of what he may not see."""
    if known.likely.hints and not may_look():
        known.likely, known.tired = replace(known.likely, hidden=()), True


def note_hints(likely: Likely, typed: str) -> None:
    """Count a check that showed something hidden; from the twelfth in an hour on it is in the audit trail and the log.

    Commits by itself: the check may be a page that only reads.
    """
    if likely.hints:
        note_met(1, typed)


def note_met(count: int, typed: str) -> None:
    """Count so many sites of others that somebody met at once; written down as `note_hints` says, and where a day's
    count is over."""
    if not count:
        return
    limits = limiter.limiter
    limits.hit(_most(), *_mine("hints"), cost=count)
    fresh = limits.hit(NOTED, *_mine("noted"), cost=count)
    limits.hit(_day(), *_mine("day"), cost=count)
    spent = not limits.test(_day(), *_mine("day"))
    if (fresh and not spent) or not limits.hit(TOLD, *_mine("told")):
        return
    user_id = int(current_user.get_id())
    log.warning("known sites are probed", user=user_id)
    db.session.rollback()
    database.begin_for(False)
    user = get_user(db.session, current_user, user_id)
    events.record(db.session, Kind.SITES_PROBED, user, by=user, count=NOTED.amount, name=typed[:100])
    db.session.commit()


def forgive() -> None:
    """Something was saved: whoever enters sites all day meets others' sites."""
    for name, item in (("hints", _most()), ("noted", NOTED)):
        limiter.limiter.clear(item, *_mine(name))


def _most() -> RateLimitItem:
    return DEALER_HINTS if is_dealer(current_user) else HINTS


def _day() -> RateLimitItem:
    return DEALER_DAY if is_dealer(current_user) else DAY


def _mine(name: str) -> tuple[str, str]:
    return f"duplicates.{name}", str(current_user.get_id())
