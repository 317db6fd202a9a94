"""Who knows whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.contacts.models import ContactLink
from tracker.contacts.operations.ways import require_edit
from tracker.contacts.wording import LINKS, STRENGTHS
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.parties.models import Contact
from tracker.team.models import User


def add_link(
    session: Session,
    source: Contact | User,
    target: Contact,
    *,
    by: User,
    kind: str = "knows",
    strength: int = 2,
    note: str = "",
) -> ContactLink:
    """Write down that one of ours, or another contact, knows a contact, reports to him or influences him. What is
    known already gets the new strength and note."""
    require_edit(by, target)
    if isinstance(source, Contact):
        require_edit(by, source)
    _check(source, target, kind, strength)
    end = {"from_contact_id" if isinstance(source, Contact) else "from_user_id": source.id}
    same = select(ContactLink).filter_by(contact_id=target.id, kind=kind, **end)
    row = session.scalar(same) or ContactLink(contact_id=target.id, kind=kind, by_id=by.id, **end)
    row.strength, row.note = strength, note.strip()[:300] or None
    session.add(row)
    session.flush()
    told: dict[str, Any] = {"who": source.name, "link": kind, "target_contact": target.name, "strength": strength}
    events.record(session, Kind.CONTACT_LINKED, target, by=by, **told)
    return row


def _check(source: Contact | User, target: Contact, kind: str, strength: int) -> None:
    if kind not in LINKS:
        raise Invalid("kind", _l("Choose one of the values in the list."))
    if strength not in STRENGTHS:
        raise Invalid("strength", _l("Choose one of the values in the list."))
    if isinstance(source, Contact) and source.id == target.id:
        raise Invalid("other", _l("That is the same person."))
    if isinstance(source, User) and kind == "reports_to":
        raise Invalid("kind", _l("None of ours reports to a contact."))
    if isinstance(source, User) and (not source.active or source.party_id is not None):
        raise Invalid("user_id", _l("Choose an active colleague."))


def drop_link(session: Session, contact: Contact, row: ContactLink, *, by: User) -> None:
    """Take a link away that is not, or not any more; its event stays."""
    require_edit(by, contact)
    before = {"link": row.kind, "strength": row.strength}
    session.delete(row)
    session.flush()
    events.record(session, Kind.CONTACT_UNLINKED, contact, by=by, before=before)
