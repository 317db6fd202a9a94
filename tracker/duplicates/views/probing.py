"""Who feels about for what he may not see is slowed down, and it is written down.

Only checks that showed something hidden count, whether while typing or at saving; what is saved forgives them. Counts
live where Flask-Limiter keeps its own, so that all processes share them once it has a shared storage.
"""

from __future__ import annotations

import structlog
from limits import RateLimitItem, parse

from tracker import database, events
from tracker.access import is_dealer
from tracker.duplicates.queries import Likely
from tracker.events import Kind
from tracker.extensions import db, limiter
from tracker.reader import current_user
from tracker.team.queries import get_user

log = structlog.get_logger()
HINTS, DEALER_HINTS = parse("40 per hour"), parse("15 per hour")
NOTED = parse("12 per hour")  # hints after which it is written down, once an hour
TOLD = parse("1 per hour")
CHECKS = "150 per 10 minutes"  # while typing, whatever they show


def who() -> str:
    """Under whose name checks are counted."""
    return f"checks|{current_user.get_id()}"


def may_look() -> bool:
    """Whether the user may still be shown what he may not see."""
    return bool(limiter.limiter.test(_most(), *_mine("hints")))


def note_hints(likely: Likely, typed: str) -> None:
    """Count a check that showed something hidden; from the twelfth in an hour on it is in the audit trail and the log.

    Commits by itself: the check may be a page that only reads.
    """
    if not likely.hints:
        return
    limiter.limiter.hit(_most(), *_mine("hints"))
    if limiter.limiter.hit(NOTED, *_mine("noted")) or not limiter.limiter.hit(TOLD, *_mine("told")):
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


def _mine(name: str) -> tuple[str, str]:
    return f"duplicates.{name}", str(current_user.get_id())
