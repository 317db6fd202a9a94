"""People on a lead: who told us, who decides there, whom to ask."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import Lead, LeadContact
from tracker.leads.operations.capturing import check_open
from tracker.leads.operations.evidence import settle_evidence
from tracker.leads.operations.firms import Person, find_row, join_person, meet_person
from tracker.parties.models import Contact
from tracker.team.models import User


def add_person(session: Session, lead: Lead, person: Person, *, by: User) -> LeadContact:
    """Put somebody on a lead, known or new; his firm joins in its part. A person joins once."""
    require(by, Action.LEAD_EDIT, lead)
    check_open(lead)
    contact = meet_person(session, lead, person, by)
    if find_row(session, lead, contact) is not None:
        raise Invalid("name", _l("This contact is on the lead already."))
    row = join_person(session, lead, contact, person.role, by)
    settle_evidence(session, lead)
    return row


def remove_person(session: Session, lead: Lead, row: LeadContact, *, by: User) -> None:
    """Take somebody off the lead; the person and every record with him stay."""
    require(by, Action.LEAD_EDIT, lead)
    check_open(lead)
    contact = session.get_one(Contact, row.contact_id)
    session.delete(row)
    session.flush()
    events.record(session, Kind.CONTACT_LEFT, lead, by=by, contact_id=contact.id, contact=contact.name)
    settle_evidence(session, lead)
