"""A form's one-time token: the second press of the same form finds what the first one did, also at the same moment.

Two presses at once are told apart by the database: the token is a key, and the later one waits for the earlier.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import UtcDateTime
from tracker.errors import AlreadyDone
from tracker.matrix.models import Submission
from tracker.team.models import User

LONGEST = 64  # characters of a token
_TAKE = text(
    "INSERT INTO submission (token, user_id, at) VALUES (:token, :user, :now) ON CONFLICT (token) DO NOTHING "
    "RETURNING token"
).bindparams(bindparam("now", type_=UtcDateTime()))
_MADE = select(Submission.record_id).where(Submission.token == bindparam("token"))
_REMEMBER = update(Submission).where(Submission.token == bindparam("of")).values(record_id=bindparam("made"))


def claim(session: Session, token: str | None, by: User) -> str | None:
    """Take the token, or raise AlreadyDone whose `details` is the id of what its first press made (None: unknown)."""
    if not token:
        return None
    token = token[:LONGEST]
    taken: str | None = session.scalar(_TAKE, {"token": token, "user": by.id, "now": clock.now()})
    if taken is None:
        raise AlreadyDone(details=session.scalar(_MADE, {"token": token}))
    return taken


def claim_page(session: Session, token: str | None, by: User, folder: str) -> str | None:
    """As `claim`; AlreadyDone then says under which address of `folder` what the first press made is to be seen."""
    try:
        return claim(session, token, by)
    except AlreadyDone as done:
        raise AlreadyDone(details=f"{folder}/{done.details}" if done.details else folder) from None


def remember(session: Session, taken: str | None, made: int) -> None:
    """Keep with the token the id of what it made."""
    if taken is not None:
        values = {"of": taken, "made": made}
        session.execute(_REMEMBER, values, execution_options={"synchronize_session": False})
