"""What looks like a row that is there already, and saying that it is another one."""

from __future__ import annotations

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import can
from tracker.duplicates import queries
from tracker.duplicates.forms import DifferentForm
from tracker.duplicates.operations.differing import EDITING, say_different
from tracker.duplicates.things import SITES
from tracker.duplicates.views.blueprint import blueprint
from tracker.duplicates.wording import WORDS
from tracker.errors import NotFound
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user

PAGES = {
    "lead": ("leads.page", "lead_id"),
    "project": ("matrix.project", "project_id"),
    "party": ("parties.page", "party_id"),
    "contact": ("contacts.page", "contact_id"),
}
"""The page of each kind, and what it calls the id."""


def address_of(kind: str, row_id: int) -> str:
    """The page of a row."""
    endpoint, name = PAGES[kind]
    values: dict[str, Any] = {name: row_id}
    return url_for(endpoint, **values)


@blueprint.get("/duplicates/<kind>/<int:row_id>")
@login_required
def page(kind: str, row_id: int) -> ResponseReturnValue:
    """What looks like this row; its own page asks for the part."""
    name, thing = queries.load_thing(db.session, current_user, kind, row_id)
    likely = queries.load_likely(db.session, current_user, kind, thing, (kind, row_id))
    return respond(
        "duplicates/page.html",
        "panel",
        kind=kind,
        row_id=row_id,
        name=name,
        likely=likely,
        words=WORDS,
        form=DifferentForm(formdata=None),
        requests=queries.list_requests_of(db.session, current_user, kind, row_id) if kind in SITES else (),
        can_say=can(current_user, EDITING[kind]),
        back=address_of(kind, row_id),
    )


@blueprint.post("/duplicates/<kind>/<int:row_id>/different")
@login_required
def different(kind: str, row_id: int) -> ResponseReturnValue:
    """Remember that the other one is not this one."""
    queries.load_thing(db.session, current_user, kind, row_id)
    form = DifferentForm()
    other_kind, _sign, other_id = (form.other.data or "").partition("-")
    if not other_id.isdecimal() or len(other_id) > 18:
        raise NotFound
    queries.load_thing(db.session, current_user, other_kind, int(other_id))
    other = (other_kind, int(other_id))
    say_different(db.session, (kind, row_id), other, by=current_user, reason=form.why.data or "")
    db.session.commit()
    flash(_("Kept apart. Neither is shown as the other's double any more."))
    return go_to(address_of(kind, row_id))
