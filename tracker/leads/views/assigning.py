"""Giving leads to people."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, require
from tracker.extensions import db
from tracker.htmx import go_to
from tracker.i18n import _
from tracker.leads import queries
from tracker.leads.operations import assigning
from tracker.leads.views.blueprint import blueprint
from tracker.reader import current_user
from tracker.team.queries import get_user


@blueprint.post("/leads/<int:lead_id>/assign")
@login_required
def assign(lead_id: int) -> ResponseReturnValue:
    """Give the lead to a colleague."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_ASSIGN, lead)
    owner = get_user(db.session, current_user, request.form.get("owner_id", 0, type=int))
    keeps = bool(request.form.get("keeps_reading"))
    assigning.assign_lead(db.session, lead, owner, by=current_user, keeps_reading=keeps)
    db.session.commit()
    flash(_("%(name)s has the lead now.", name=owner.name))
    return go_to(url_for("leads.page", lead_id=lead_id))
