"""One row that belongs to a contact, or NotFound. The caller has checked that the contact is visible."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.contacts.models import ContactLink, ContactPost, ContactWay
from tracker.errors import NotFound
from tracker.parties.models import Contact

T = TypeVar("T", ContactWay, ContactPost, ContactLink)


def get_way(session: Session, contact: Contact, row_id: int) -> ContactWay:
    """A number or address of his."""
    return _one(session, ContactWay, row_id, ContactWay.contact_id == contact.id)


def get_post(session: Session, contact: Contact, row_id: int) -> ContactPost:
    """A post of his."""
    return _one(session, ContactPost, row_id, ContactPost.contact_id == contact.id)


def get_link(session: Session, contact: Contact, row_id: int) -> ContactLink:
    """A link at one of whose ends he stands."""
    ends = or_(ContactLink.contact_id == contact.id, ContactLink.from_contact_id == contact.id)
    return _one(session, ContactLink, row_id, ends)


def _one(session: Session, model: type[T], row_id: int, his: Any) -> T:
    found = session.scalar(select(model).where(model.id == row_id, his))
    if found is None:
        raise NotFound
    return found
