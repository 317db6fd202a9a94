"""Who has a lead."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import Lead, LeadMember
from tracker.leads.operations.answering import start_answering
from tracker.leads.operations.capturing import check_open
from tracker.team.models import Team, User


def assign_lead(
    session: Session, lead: Lead, owner: User, *, by: User, keeps_reading: bool = False, reason: str = ""
) -> None:
    """Give a lead to a colleague; its team follows him. Records and events stay their authors'.

    `keeps_reading`: the former owner goes on seeing the lead, and logs on it.
    """
    require(by, Action.LEAD_ASSIGN, lead)
    check_open(lead)
    if not owner.active or owner.party_id is not None:
        raise Invalid("owner_id", _l("Choose an active colleague."))
    before = lead.owner_id
    give_lead(session, lead, owner)
    if keeps_reading and before and before != owner.id:
        let_read(session, lead, before)
    session.flush()
    told: dict[str, Any] = {
        "before": before,
        "owner_id": owner.id,
        "owner": owner.name,
        "reason": reason.strip() or None,
    }
    events.record(session, Kind.LEAD_ASSIGNED, lead, by=by, **told)


def give_lead(session: Session, lead: Lead, owner: User) -> None:
    """Make somebody the owner: team and region follow him, and his time for an answer begins."""
    lead.owner_id, lead.team_id = owner.id, owner.team_id
    team = session.get(Team, owner.team_id) if owner.team_id else None
    lead.region_id = (team.region_id if team else None) or lead.region_id
    start_answering(lead)


def let_read(session: Session, lead: Lead, user_id: int) -> bool:
    """Share the lead with somebody; False where it was already."""
    known = select(LeadMember.id).where(LeadMember.lead_id == lead.id, LeadMember.user_id == user_id)
    if session.scalar(known) is not None:
        return False
    session.add(LeadMember(lead_id=lead.id, user_id=user_id))
    return True
