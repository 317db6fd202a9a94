"""A receipt for a line of the register: what was on record at which moment, with its hash."""

from __future__ import annotations

import json

from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from tracker.access import is_dealer
from tracker.extensions import db
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.registrations.queries.registrations import get_entry, get_registration
from tracker.registrations.views.blueprint import NAMES, blueprint


@blueprint.get("/registrations/<int:registration_id>/receipts/<int:entry_id>")
@login_required
def receipt(registration_id: int, entry_id: int) -> ResponseReturnValue:
    """To be printed or kept; for the dealer of the registration, and for ours who see it."""
    registration = get_registration(db.session, current_user, registration_id)
    entry = get_entry(db.session, current_user, registration_id, entry_id)
    return respond(
        "registrations/receipt.html",
        registration=registration,
        entry=entry,
        content=json.loads(entry.content),
        own=is_dealer(current_user),
        definition=current_definition(),
        states=current_definition().picklist("dealer_registration"),
        **NAMES,
    )
