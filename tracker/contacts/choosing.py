"""The contact whom a field names as in its list: "Wang Li · Hengyue #12"."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from tracker.contacts.queries import get_contact
from tracker.errors import Invalid, NotFound
from tracker.i18n import _l
from tracker.parties.models import Contact
from tracker.team.models import User

_NUMBERED = re.compile(r".*#(\d{1,9})\s*", re.DOTALL)


def chosen_contact(session: Session, by: User, text: str | None, field: str) -> Contact:
    """The one who is meant, where the user sees him; else Invalid at the field."""
    found = _NUMBERED.fullmatch(text or "")
    try:
        if found:
            return get_contact(session, by, int(found.group(1)))
    except NotFound:
        pass
    raise Invalid(field, _l("Choose the contact from the list."))
