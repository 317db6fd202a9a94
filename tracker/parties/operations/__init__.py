"""What can be done to parties, and people added at them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.errors import Invalid, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matching.normalise import firm_key
from tracker.parties.models import Contact, Party
from tracker.parties.operations.belongings import (
    add_estimate,
    add_licence,
    add_name,
    add_role,
    drop_licence,
    drop_name,
    drop_role,
    holder_of,
    place_in_group,
)
from tracker.parties.queries import find_same_firm
from tracker.team.models import User

__all__ = [
    "add_contact",
    "add_estimate",
    "add_licence",
    "add_name",
    "add_party",
    "add_role",
    "drop_licence",
    "drop_name",
    "drop_role",
    "edit_party",
    "holder_of",
    "use_contact",
    "use_party",
]
PARTY_FIELDS = ("name", "short_name", "kind", "region_id", "ownership", "staff", "annual_volume", "currency",
                "credit_code", "address", "phone", "note")  # fmt: skip


def add_party(session: Session, *, by: User, name: str, kind: str, parent: Party | None = None, **values: Any) -> Party:
    """Add a firm. The caller has looked for the same firm first (`queries.find_same_firm`)."""
    require(by, Action.PARTY_EDIT)
    name = _party_name(name)
    party = Party(name=name, name_key=firm_key(name), kind=kind, created_by_id=by.id, **values)
    party.parent_id = parent.id if parent else None
    session.add(party)
    session.flush()
    events.record(session, Kind.PARTY_ADDED, party, by=by, name=name)
    return party


def edit_party(session: Session, party: Party, *, by: User, version: int, **values: Any) -> None:
    """Change a firm's data; refuses when somebody changed it since the page was opened. `parent`: the firm above it."""
    require(by, Action.PARTY_EDIT)
    if version != party.version:
        raise Stale(_l("Somebody changed this party meanwhile."), details=party)
    values["name"] = _party_name(values.get("name", party.name))
    above = party.parent_id
    if "parent" in values:
        place_in_group(session, party, values["parent"])
    before = change(party, values, PARTY_FIELDS)
    if above != party.parent_id:
        before["parent_id"] = above
    if not before:
        return
    party.name_key = firm_key(party.name)
    session.flush()
    events.record(session, Kind.PARTY_EDITED, party, by=by, before=before)


def _party_name(text: str) -> str:
    name = text.strip()
    if not name:
        raise Invalid("name", _l("A party needs a name."))
    return name


def add_contact(session: Session, party: Party, *, by: User, name: str, **values: Any) -> Contact:
    """Add a person at a party."""
    require(by, Action.PARTY_EDIT)
    name = contact_name(name)
    contact = Contact(party_id=party.id, name=name, created_by_id=by.id, **values)
    session.add(contact)
    session.flush()
    events.record(session, Kind.CONTACT_ADDED, contact, by=by, name=name, party=party.name)
    return contact


def contact_name(text: str) -> str:
    """A person's name as it is kept; Invalid where there is none."""
    name = text.strip()
    if not name:
        raise Invalid("name", _l("A contact needs a name."))
    return name


def change(row: Any, values: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """Set the values that differ; returns what they were, as JSON-able values."""
    before: dict[str, Any] = {}
    for field in fields:
        if field in values and getattr(row, field) != values[field]:
            old = getattr(row, field)
            before[field] = str(old) if isinstance(old, (date, Decimal)) else old
            setattr(row, field, values[field])
    return before


def use_party(session: Session, name: str, kind: str, *, by: User) -> Party:
    """The firm of this name: the known one where it is the same by its folded name, else a new one."""
    name = _party_name(name)
    return find_same_firm(session, name) or add_party(session, by=by, name=name[:200], kind=kind)


def use_contact(
    session: Session, party: Party, name: str, *, by: User, post: str | None = None, phone: str | None = None
) -> Contact:
    """The person of this name at the firm: the known one, else a new one."""
    wanted = name.strip()
    known = session.scalar(
        select(Contact).where(Contact.party_id == party.id, Contact.name == wanted).order_by(Contact.id).limit(1)
    )
    return known or add_contact(session, party, by=by, name=wanted, post=post or None, phone=phone or None)
