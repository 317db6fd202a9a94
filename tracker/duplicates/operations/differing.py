"""Saying that two things are not one, however alike they are."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.duplicates.models import Difference
from tracker.duplicates.queries import Ref
from tracker.duplicates.things import ALIKE, MODELS
from tracker.errors import Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.team.models import User

EDITING = {"lead": Action.LEAD_EDIT, "project": Action.PROJECT_EDIT, "party": Action.PARTY_EDIT,
           "contact": Action.PARTY_EDIT}  # fmt: skip
"""What lets one say so of a kind."""


def say_different(session: Session, one: Ref, other: Ref, *, by: User, reason: str) -> None:
    """Remember that two rows, both of which the user sees, are not one; neither is offered as the other's any more."""
    require(by, EDITING[one[0]])
    if other[0] not in ALIKE[one[0]] or one == other:
        raise Refused(_l("These two cannot be one."))
    if not keep_apart(session, one, other, by=by, reason=reason):
        return
    row = session.get_one(MODELS[one[0]], one[1])
    project_id = one[1] if one[0] == "project" else None
    events.record(session, Kind.SAID_DIFFERENT, row, by=by, project_id=project_id, reason=reason.strip()[:300])


def keep_apart(session: Session, one: Ref, other: Ref, *, by: User, reason: str) -> bool:
    """Remember the pair, in order; False where it was remembered already."""
    (kind, row_id), (other_kind, other_id) = sorted((one, other))
    pair = {"kind": kind, "row_id": row_id, "other_kind": other_kind, "other_id": other_id}
    if session.scalar(select(Difference.id).filter_by(**pair)) is not None:
        return False
    session.add(Difference(**pair, by_id=by.id, reason=reason.strip()[:300] or None))
    session.flush()
    return True
