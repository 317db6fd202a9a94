"""Who leads: one row says which process does the job and until when. Several may run; the others wait until it ran out.

The lease spares work; that nothing is delivered twice does not hang on it. A lease that would last longer than one may
be taken for was written before the clock was set back, and counts as run out: else a clock that had leapt ahead would
lock everybody out until then.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, text, update
from sqlalchemy.orm import Session

from tracker.database import UtcDateTime
from tracker.notifications.models import Lease

LASTS = timedelta(seconds=150)  # two turns of the worker and some more
SKEW = timedelta(seconds=60)  # by which the clocks of two machines may differ

_FIRST = text(
    "INSERT INTO lease (name, holder, until) VALUES (:name, :holder, :until) ON CONFLICT (name) DO NOTHING"
).bindparams(bindparam("until", type_=UtcDateTime()))


def lead(session: Session, name: str, holder: str, now: datetime) -> bool:
    """Take or renew the lease; False while somebody else has it. The caller commits."""
    until = now + LASTS
    first: Any = session.execute(_FIRST, {"name": name, "holder": holder, "until": until})
    if first.rowcount == 1:
        return True
    free = or_(Lease.holder == holder, Lease.until < now, Lease.until > until + SKEW)
    return _set(session, name, free, {"holder": holder, "until": until})


def step_down(session: Session, name: str, holder: str, now: datetime) -> None:
    """Give the lease up, so that another need not wait for it to run out. The caller commits."""
    _set(session, name, Lease.holder == holder, {"until": now - SKEW})


def _set(session: Session, name: str, condition: Any, values: dict[str, Any]) -> bool:
    statement = update(Lease).where(Lease.name == name, condition).values(**values)
    done: Any = session.execute(statement.execution_options(synchronize_session=False))
    return bool(done.rowcount == 1)
