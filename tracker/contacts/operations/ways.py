"""Numbers and addresses of a contact."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.contacts.models import ContactWay
from tracker.contacts.wording import NUMBERS, WAYS, group_of, way_key
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.parties.models import Contact
from tracker.team.models import User

LONGEST = {"phone": 60, "email": 200}  # characters of the contact's own columns


def add_way(session: Session, contact: Contact, *, by: User, kind: str, value: str, main: bool = False) -> ContactWay:
    """Add a number or address. The first number and the first mail address are the main ones."""
    require_edit(by, contact)
    row = put_way(session, contact, kind, value, main=main)
    events.record(session, Kind.CONTACT_WAYS_CHANGED, contact, by=by, added=row.value, way=kind)
    return row


def put_way(session: Session, contact: Contact, kind: str, value: str, *, main: bool = False) -> ContactWay:
    """Like `add_way`, as a part of something that has its own event."""
    kind, value = _checked(kind, value)
    key = way_key(kind, value)
    if any(way.kind == kind and way.key == key for way in _ways(session, contact)):
        raise Invalid("value", _l("This is known already."))
    row = ContactWay(contact_id=contact.id, kind=kind, value=value, key=key)
    session.add(row)
    session.flush()
    group = group_of(kind)
    if group and (main or not getattr(contact, group)):
        setattr(contact, group, value)
    session.flush()
    return row


def make_main(session: Session, contact: Contact, way: ContactWay, *, by: User) -> None:
    """Let this number or address be the one that is called or written to."""
    require_edit(by, contact)
    group = group_of(way.kind)
    if not group:
        raise Refused(_l("Only a phone number or a mail address can be the main one."))
    if getattr(contact, group) == way.value:
        return
    before = {group: getattr(contact, group)}
    setattr(contact, group, way.value)
    session.flush()
    events.record(session, Kind.CONTACT_WAYS_CHANGED, contact, by=by, before=before, main_way=way.value)


def drop_way(session: Session, contact: Contact, way: ContactWay, *, by: User) -> None:
    """Take a number or address away that is wrong; of those that are left another becomes the main one."""
    require_edit(by, contact)
    group, value, kind = group_of(way.kind), way.value, way.kind
    session.delete(way)
    session.flush()
    if group and getattr(contact, group) == value:
        rest = [one for one in _ways(session, contact) if group_of(one.kind) == group]
        setattr(contact, group, rest[0].value if rest else None)
        session.flush()
    events.record(session, Kind.CONTACT_WAYS_CHANGED, contact, by=by, before={"way": kind, "value": value})


def correct_main(session: Session, contact: Contact, group: str, value: str | None) -> None:
    """Let the row of the main number or address say `value` too, so that the wrong one is not kept as a further one.

    The caller changes the contact's own column in the same flush.
    """
    rows = _ways(session, contact)
    row = next((way for way in rows if way.main and group_of(way.kind) == group), None)
    if row is None:
        return
    if value is None:
        session.delete(row)
        return
    key = way_key(row.kind, value)
    if any(way.id != row.id and way.kind == row.kind and way.key == key for way in rows):
        return  # it is known: that one becomes the main one
    row.value, row.key = value, key


def require_edit(by: User, contact: Contact) -> None:
    """Raise unless the user may change the contact and there is still somebody to change."""
    require(by, Action.PARTY_EDIT)
    if contact.forgotten_at is not None:
        raise Refused(_l("This person was forgotten. Nothing is added to what is left of him."))


def _checked(kind: str, value: str) -> tuple[str, str]:
    value = " ".join(value.split())
    if kind not in WAYS:
        raise Invalid("kind", _l("Choose one of the values in the list."))
    if not value:
        raise Invalid("value", _l("Write the number or address."))
    if kind in NUMBERS and not any(sign.isdigit() for sign in value):
        raise Invalid("value", _l("A phone number has digits."))
    if kind == "email" and "@" not in value:
        raise Invalid("value", _l("A mail address has an @."))
    if len(value) > LONGEST.get(group_of(kind), 200):
        raise Invalid("value", _l("That is too long for a number or address."))
    return kind, value


def _ways(session: Session, contact: Contact) -> list[ContactWay]:
    query = select(ContactWay).where(ContactWay.contact_id == contact.id).order_by(ContactWay.id)
    return list(session.scalars(query))
