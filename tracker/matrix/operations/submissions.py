"""A form's one-time token: the second press of the same form finds what the first one did, also at the same moment."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.errors import AlreadyDone
from tracker.matrix.models import Submission
from tracker.team.models import User

LONGEST = 64  # characters of a token


def claim(session: Session, token: str | None, by: User) -> Submission | None:
    """Take the token, or raise AlreadyDone whose `details` is the id of what its first press made (None: unknown)."""
    if not token:
        return None
    token = token[:LONGEST]
    known = session.get(Submission, token)
    if known is None:
        try:
            with session.begin_nested():
                taken = Submission(token=token, user_id=by.id)
                session.add(taken)
            return taken
        except IntegrityError:  # both presses at once: the other one's transaction has just ended
            known = session.get(Submission, token)
    raise AlreadyDone(details=known.record_id if known else None)


def remember(taken: Submission | None, made: int) -> None:
    """Keep with the token the id of what it made."""
    if taken is not None:
        taken.record_id = made
