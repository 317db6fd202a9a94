"""What Today shows: what is due, what has gone quiet, what one promised, what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import sight, visible
from tracker.leads.models import Lead
from tracker.matrix.models import Record
from tracker.matrix.queries import count_to_decide
from tracker.projects.models import Project
from tracker.projects.queries import Listed, list_pressing
from tracker.remembering import remembered
from tracker.team.models import User

SOON = timedelta(days=3)
MOST = 12  # rows in each list


@dataclass(frozen=True, slots=True)
class Today:
    """The lists of the start page, each at most `MOST` rows."""

    due: Sequence[Listed]
    stalled: Sequence[Listed]
    promised: Sequence[Record]
    leads: Sequence[Lead]
    to_decide: int

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.due or self.stalled or self.promised or self.leads or self.to_decide)


def load_today(session: Session, by: User, today: date) -> Today:
    """What needs the user today, the most pressing first."""
    return Today(
        due=list_pressing(session, by, Project.next_due_on, today + SOON, MOST),
        stalled=list_pressing(session, by, Project.silent_after, today - timedelta(days=1), MOST),
        promised=session.scalars(_promised(by), {"first": today - timedelta(days=14), "last": today + SOON}).all(),
        leads=session.scalars(_new_leads(by)).all(),
        to_decide=count_to_decide(session, by),
    )


@remembered(sight)
def _promised(by: User) -> Any:
    return (
        select(Record)
        .where(Record.author_id == by.id, Record.next_on.between(bindparam("first"), bindparam("last")))
        .where(visible(Record, by), Record.project_id.is_not(None))
        .order_by(Record.next_on, Record.id)
        .limit(MOST)
        .options(joinedload(Record.project))
    )


@remembered(sight)
def _new_leads(by: User) -> Any:
    return (
        select(Lead)
        .where(visible(Lead, by), Lead.state == "new", Lead.owner_id == by.id)
        .order_by(Lead.found_on.desc(), Lead.id.desc())
        .limit(MOST)
    )
