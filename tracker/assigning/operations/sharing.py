"""Sharing a lead with colleagues: they see it and log on it; who has it, and who may give it away, stays as it is."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import Lead, LeadMember
from tracker.leads.operations.assigning import let_read
from tracker.leads.operations.capturing import check_open
from tracker.team.models import User


def share_lead(session: Session, lead: Lead, person: User, *, by: User) -> bool:
    """Let a colleague see the lead and log on it; False where he could already by an earlier sharing."""
    require(by, Action.LEAD_EDIT, lead)
    check_open(lead)
    if not person.active or person.party_id is not None:
        raise Invalid("user_id", _l("Choose an active colleague."))
    if person.id == lead.owner_id:
        raise Invalid("user_id", _l("The lead is this colleague's own."))
    if not let_read(session, lead, person.id):
        return False
    session.flush()
    events.record(session, Kind.LEAD_SHARED, lead, by=by, user_id=person.id, name=person.name)
    return True


def unshare_lead(session: Session, lead: Lead, member: LeadMember, *, by: User) -> None:
    """End the sharing with one colleague; what he logged stays."""
    if member.user_id != by.id:  # whoever was let in may leave by himself
        require(by, Action.LEAD_EDIT, lead)
    person = session.get_one(User, member.user_id)
    session.delete(member)
    session.flush()
    events.record(session, Kind.LEAD_UNSHARED, lead, by=by, user_id=person.id, name=person.name)
