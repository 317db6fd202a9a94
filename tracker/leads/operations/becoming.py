"""What becomes of a lead while it is no project: nurtured, given up, a duplicate, taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import Lead
from tracker.leads.operations.answering import mark_answered
from tracker.leads.operations.capturing import check_open
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.calendar import add_days
from workflows.lead_clocks import LONG_DAYS, NURTURE_DAYS

REVIEW_AFTER = {"nurturing": NURTURE_DAYS, "invalid": LONG_DAYS, "duplicate": LONG_DAYS}
"""Days after which a lead in such a state is looked at again, unless somebody says another day."""
LATEST = 3 * 365  # days ahead that a review may lie: further is forgotten


@dataclass(frozen=True, slots=True)
class SameSite:
    """The lead or the project that a lead is a duplicate of; the asker sees it."""

    lead: Lead | None = None
    project: Project | None = None


def set_lead_state(
    session: Session,
    lead: Lead,
    state: str,
    *,
    by: User,
    reason: str,
    review_on: date | None = None,
    same: SameSite | None = None,
) -> None:
    """Nurture a lead, give it up, mark it as a duplicate, or take it up again, with the reason.

    What rests is looked at again on `review_on`: by default after thirty days, or half a year where it is given up.
    """
    require(by, Action.LEAD_EDIT, lead)
    if state not in ("new", "following", *REVIEW_AFTER):
        raise Invalid("state", _l("Choose what becomes of the lead."))
    check_open(lead)
    if not reason.strip():
        raise Invalid("reason", _l("Say why: whoever finds this site next will ask."))
    day = _review(state, review_on)
    known = _same_site(lead, same) if state == "duplicate" else SameSite()
    before, lead.state, lead.state_reason, lead.review_on = lead.state, state, reason.strip(), day
    lead.duplicate_of_id = known.lead.id if known.lead else None
    lead.duplicate_project_id = known.project.id if known.project else None
    mark_answered(lead)
    session.flush()
    told: dict[str, Any] = {"state": state, "reason": reason.strip()}
    told |= {"review_on": day.isoformat()} if day else {}
    site = known.lead or known.project
    told |= {"same_as": site.name} if site else {}
    events.record(session, Kind.LEAD_STATE_SET, lead, by=by, before=before, **told)


def _review(state: str, wanted: date | None) -> date | None:
    """The day on which it is looked at again; None while it is worked on."""
    if state not in REVIEW_AFTER:
        return None
    today = clock.today()
    day = wanted or add_days(today, REVIEW_AFTER[state])
    if day <= today:
        raise Invalid("review_on", _l("The review date lies ahead of today."))
    if day > add_days(today, LATEST):
        raise Invalid("review_on", _l("Review it within three years at the latest."))
    return day


def _same_site(lead: Lead, same: SameSite | None) -> SameSite:
    if same is None or not (same.lead or same.project):
        raise Invalid("same", _l("Choose the lead or project that this one is a duplicate of."))
    if same.lead and (same.lead.id == lead.id or same.lead.duplicate_of_id == lead.id):
        raise Invalid("same", _l("A lead is no duplicate of itself."))
    return same
