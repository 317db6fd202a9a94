"""Sharing one lead."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.absences.choosing import colleagues_to_choose
from tracker.accepting import accepted
from tracker.access import Action, require
from tracker.assigning.forms import ShareForm, owner_forms
from tracker.assigning.operations.sharing import share_lead, unshare_lead
from tracker.assigning.queries.chosen import get_member
from tracker.assigning.views.blueprint import blueprint
from tracker.extensions import db
from tracker.htmx import go_to
from tracker.i18n import _
from tracker.leads.queries import get_lead
from tracker.leads.views.pages import lead_page
from tracker.reader import current_user
from tracker.team.queries import get_user


@blueprint.post("/leads/<int:lead_id>/share")
@login_required
def share_one(lead_id: int) -> ResponseReturnValue:
    """Let a colleague see the lead and log on it."""
    lead, form = get_lead(db.session, current_user, lead_id), ShareForm(prefix="share-")
    require(current_user, Action.LEAD_EDIT, lead)
    form.offer(colleagues_to_choose(db.session, current_user))
    valid = form.validate_on_submit()
    person = get_user(db.session, current_user, form.user_id.data or 0) if valid else None
    if person is None or not accepted(form, lambda: share_lead(db.session, lead, person, by=current_user)):
        return lead_page(lead_id, status=422, having=owner_forms(sharing=form))
    db.session.commit()
    flash(_("%(name)s sees the lead now.", name=person.name))
    return go_to(url_for("leads.page", lead_id=lead_id))


@blueprint.post("/leads/<int:lead_id>/unshare/<int:row_id>")
@login_required
def unshare_one(lead_id: int, row_id: int) -> ResponseReturnValue:
    """End the sharing with a colleague."""
    lead = get_lead(db.session, current_user, lead_id)
    member = get_member(db.session, lead, row_id)
    leaves = member.user_id == current_user.id
    unshare_lead(db.session, lead, member, by=current_user)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("leads.list_page") if leaves else url_for("leads.page", lead_id=lead_id))
