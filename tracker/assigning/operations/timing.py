"""The time an owner has for his answer, as a supervisor changes it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import Lead
from tracker.leads.operations.answering import end_of
from tracker.leads.operations.capturing import check_open
from tracker.team.models import User


def give_time(session: Session, lead: Lead, *, by: User, until: date | None, reason: str) -> None:
    """Let the owner answer until another day, or (None) without a limit until a day is set again; with the reason."""
    require(by, Action.LEAD_ASSIGN, lead)
    check_open(lead)
    if lead.owner_id is None or lead.answered_at is not None:
        raise Refused(_l("Nobody's answer is awaited on this lead."))
    if until is not None and until < clock.today():
        raise Invalid("until", _l("This day is over. Choose today or a later one."))
    if not reason.strip():
        raise Invalid("reason", _l("Say why the owner gets more time."))
    before = clock.company_day(lead.answer_by).isoformat() if lead.answer_by else None
    lead.answer_by = end_of(until) if until else None
    lead.assigned_at = lead.assigned_at or clock.now()
    session.flush()
    told: dict[str, Any] = {"before": before, "due_on": until.isoformat() if until else None, "reason": reason.strip()}
    events.record(session, Kind.LEAD_TIME_GIVEN, lead, by=by, **told)
