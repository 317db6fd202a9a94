"""Changing what a contact says of himself, and what he consented to."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.contacts.models import ContactConsent
from tracker.contacts.operations.ways import correct_main, require_edit
from tracker.contacts.wording import CARES, CONSENTS, PREFERRED
from tracker.errors import Invalid, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.parties.models import Contact
from tracker.parties.operations import change, contact_name
from tracker.team.models import User

FIELDS = ("name", "post", "phone", "email", "note", "birth_year", "birth_month", "birth_day", "preferred_way", "cares",
          "care_note")  # fmt: skip


def edit_contact(session: Session, contact: Contact, *, by: User, version: int, **values: Any) -> None:
    """Change a person's data; refuses when somebody changed it since the page was opened.

    Another phone or address takes the place of the main one: it is corrected. Further ones are `ways.add_way`.
    """
    require_edit(by, contact)
    if version != contact.version:
        raise Stale(_l("Somebody changed this contact meanwhile."), details=contact)
    values["name"] = contact_name(values.get("name", contact.name))
    _check(values)
    before = {name: getattr(contact, name) for name in ("phone", "email")}
    for group, old in before.items():
        if group in values and values[group] != old:
            correct_main(session, contact, group, values[group])
    changed = change(contact, values, FIELDS)
    if not changed:
        return
    session.flush()
    events.record(session, Kind.CONTACT_EDITED, contact, by=by, before=changed)


def _check(values: dict[str, Any]) -> None:
    if values.get("preferred_way") and values["preferred_way"] not in PREFERRED:
        raise Invalid("preferred_way", _l("Choose one of the values in the list."))
    if "cares" in values:
        values["cares"] = [key for key in CARES if key in (values["cares"] or ())]


def state_consent(
    session: Session, contact: Contact, *, by: User, what: str, given: bool, on: date, how: str
) -> ContactConsent:
    """Write down that a person agreed to be reached in a way, or took that back. What was said before stays."""
    require_edit(by, contact)
    if what not in CONSENTS:
        raise Invalid("what", _l("Choose one of the values in the list."))
    if on > clock.today():
        raise Invalid("on", _l("This day has not come yet."))
    if not how.strip():
        raise Invalid("how", _l("Say how it was said: on paper, by mail, on the phone to whom."))
    row = ContactConsent(contact_id=contact.id, what=what, given=given, on=on, how=how.strip()[:300], by_id=by.id)
    session.add(row)
    session.flush()
    told: dict[str, Any] = {"consent": what, "given": given, "on": on.isoformat(), "how": row.how}
    events.record(session, Kind.CONSENT_STATED, contact, by=by, **told)
    return row
