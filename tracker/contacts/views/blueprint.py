"""The blueprint of contacts, and who may see and change them."""

from __future__ import annotations

from flask import Blueprint

from tracker.access import Action, require
from tracker.contacts.queries import get_contact
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.parties.models import Contact
from tracker.reader import current_user

blueprint = Blueprint("contacts", __name__)


def edited(contact_id: int) -> Contact:
    """The contact, for somebody who may change it."""
    contact = get_contact(db.session, current_user, contact_id)
    staff_only()
    require(current_user, Action.PARTY_EDIT)
    return contact
