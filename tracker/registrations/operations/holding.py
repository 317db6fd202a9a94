"""Who at a dealer's looks after his registrations; those of somebody who leaves go to a colleague."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require, visible
from tracker.access.of_people import require_managing
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.registrations.models import Registration
from tracker.registrations.queries.people import OPEN
from tracker.team.models import User


def hand_on(session: Session, person: User, successor: User | None, *, by: User) -> int:
    """Give everything that is open and that somebody of the company looks after to a colleague; returns how much."""
    require_managing(by, person.party_id)
    require(by, Action.REGISTRATION_FILE)
    if successor is None or not successor.active or successor.id == person.id or successor.party_id != by.party_id:
        raise Invalid("successor_id", _l("Choose a colleague whose account is on."))
    query = select(Registration).where(
        Registration.held_by_id == person.id, Registration.state.in_(OPEN), visible(Registration, by)
    )
    found = session.scalars(query.order_by(Registration.id).with_for_update()).all()
    for registration in found:
        registration.held_by_id = successor.id
        told: dict[str, Any] = {"before": {"held_by": person.name}, "held_by": successor.name}
        events.record(session, Kind.REGISTRATION_HANDED, registration, by=by, **told)
    session.flush()
    return len(found)
