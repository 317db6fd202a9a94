"""Firms and people on a lead, found again by their names or made from them.

A dealer may name a firm or somebody there, though parties and contacts are not his to edit: he learns nothing of whom
we know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import visible
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import Lead, LeadContact, LeadParty
from tracker.matching.normalise import firm_key
from tracker.matrix.definitions import current_definition
from tracker.parties.models import Contact, Party
from tracker.parties.queries import find_same_firm
from tracker.team.models import User

NAMED = {"developer": "owner", "designer": "design_institute", "contractor": "main_contractor"}
"""The firms that the form asks for, by the role in which each joins the lead."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a firm. `part`: what the firm is to the site (pick-list `participant_kinds`), '' where unknown;
    `role`: his part in the decision (pick-list `relationship_roles`), or None."""

    name: str
    firm: str
    part: str = ""
    post: str | None = None
    phone: str | None = None
    role: str | None = None


def use_firm(session: Session, name: str | None, kind: str, by: User) -> int | None:
    """The id of the firm of this name, made where nobody knows it; None without a name."""
    wanted = (name or "").strip()
    if not wanted:
        return None
    found = find_same_firm(session, wanted)
    if found is None:
        found = Party(name=wanted[:200], name_key=firm_key(wanted)[:200], kind=kind, created_by_id=by.id)
        session.add(found)
        session.flush()
        events.record(session, Kind.PARTY_ADDED, found, by=by, name=found.name)
    return found.id


def use_person(
    session: Session, party_id: int, name: str, by: User, *, post: str | None = None, phone: str | None = None
) -> Contact:
    """The person of this name at the firm as far as the user sees him, else a new contact."""
    wanted = name.strip()[:80]
    if not wanted:
        raise Invalid("name", _l("A contact needs a name."))
    same = select(Contact).where(Contact.party_id == party_id, Contact.name == wanted, visible(Contact, by))
    found = session.scalars(same.where(Contact.merged_into_id.is_(None)).order_by(Contact.id).limit(1)).first()
    if found is None:
        found = Contact(party_id=party_id, name=wanted, post=post or None, phone=phone or None, created_by_id=by.id)
        session.add(found)
        session.flush()
        events.record(session, Kind.CONTACT_ADDED, found, by=by, name=wanted)
    return found


def join_firm(session: Session, lead: Lead, party_id: int, role: str) -> None:
    """Put a firm into the lead in a role, once."""
    known = select(LeadParty.id).where(
        LeadParty.lead_id == lead.id, LeadParty.party_id == party_id, LeadParty.role == role
    )
    if session.scalar(known) is None:
        session.add(LeadParty(lead_id=lead.id, party_id=party_id, role=role))
        session.flush()


def name_firm(session: Session, lead: Lead, role: str, party_id: int | None) -> int | None:
    """Make the firm the first in its role on the lead, in the place of who was; returns who that was.

    The developer's column, by which lists are filtered, follows the role of the owner.
    """
    before = lead.developer_id if role == "owner" else first_in(session, lead, [role])
    if before == party_id:
        if party_id:
            join_firm(session, lead, party_id, role)
        return before
    if before:
        gone = LeadParty.lead_id == lead.id, LeadParty.party_id == before, LeadParty.role == role
        session.execute(delete(LeadParty).where(*gone))
    if role == "owner":
        lead.developer_id = party_id
    if party_id:
        join_firm(session, lead, party_id, role)
    return before


def first_in(session: Session, lead: Lead, roles: Iterable[str]) -> int | None:
    """The firm that joined the lead first in one of these roles."""
    fitting = select(LeadParty.party_id).where(LeadParty.lead_id == lead.id, LeadParty.role.in_(list(roles)))
    return session.scalars(fitting.order_by(LeadParty.id).limit(1)).first()


def meet_person(session: Session, lead: Lead, person: Person, by: User) -> Contact:
    """The contact a person is, his firm found or made; the firm joins the lead in its part where that is said."""
    definition = current_definition()
    if not person.name.strip():
        raise Invalid("name", _l("A contact needs a name."))
    if not person.firm.strip():
        raise Invalid("firm", _l("Say which firm this person works at."))
    if person.part and person.part not in definition.picklist("participant_kinds").keys:
        raise Invalid("part", _l("Choose the role."))
    if person.role and person.role not in definition.picklist("relationship_roles").keys:
        raise Invalid("role", _l("Choose the role."))
    party_id = use_firm(session, person.firm, person.part or "owner", by)
    assert party_id is not None  # it has a name
    if person.part:
        join_firm(session, lead, party_id, person.part)
        if person.part == "owner" and lead.developer_id is None:
            lead.developer_id = party_id
    return use_person(session, party_id, person.name, by, post=person.post, phone=person.phone)


def find_row(session: Session, lead: Lead, contact: Contact) -> LeadContact | None:
    """The row with which a contact is on the lead."""
    return session.scalar(
        select(LeadContact).where(LeadContact.lead_id == lead.id, LeadContact.contact_id == contact.id)
    )


def join_person(session: Session, lead: Lead, contact: Contact, role: str | None, by: User) -> LeadContact:
    """Write down that a contact is on the lead, with its event."""
    row = LeadContact(lead_id=lead.id, contact_id=contact.id, role=role or None)
    session.add(row)
    session.flush()
    told: dict[str, Any] = {"contact_id": contact.id, "contact": contact.name, "role": role}
    events.record(session, Kind.CONTACT_JOINED, lead, by=by, **told)
    return row
