"""Cards: the picture of one, and people who come in as vCards."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker import events
from tracker.contacts.operations.ways import put_way, require_edit
from tracker.contacts.vcards import Card
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.gallery.models import Photo
from tracker.parties.models import Contact, Party
from tracker.parties.operations import use_contact
from tracker.team.models import User


def keep_card(session: Session, contact: Contact, photo: Photo, *, by: User) -> None:
    """Make a picture that was staged the picture of a person's card."""
    require_edit(by, contact)
    photo.contact_id = contact.id
    session.flush()
    events.record(session, Kind.CARD_KEPT, contact, by=by, photos=1)


def add_card(session: Session, card: Card, party: Party, *, by: User) -> Contact:
    """Add the person a vCard tells of at a firm; one of the same name there is the same, and gains the numbers that are
    not known of him. Numbers that make no sense are left out."""
    contact = use_contact(session, party, card.name, by=by, post=card.post)
    require_edit(by, contact)
    contact.note = contact.note or card.note or None
    if card.birthday is not None and contact.birth_month is None:
        contact.birth_year, contact.birth_month, contact.birth_day = card.birthday
    for kind, value in card.ways:
        try:
            put_way(session, contact, kind, value)
        except Invalid:
            continue
    session.flush()
    return contact
