"""What becomes of a lead."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, require
from tracker.errors import Invalid
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.leads import queries
from tracker.leads.forms import RestForm, SameForm
from tracker.leads.models import Lead
from tracker.leads.operations import becoming
from tracker.leads.views.blueprint import blueprint
from tracker.leads.views.pages import lead_page
from tracker.reader import current_user


@blueprint.post("/leads/<int:lead_id>/state")
@login_required
def set_state(lead_id: int) -> ResponseReturnValue:
    """Nurture it, give it up, or take it up again; what rests is looked at again on a day."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_EDIT, lead)
    form = RestForm()
    if not form.validate_on_submit():
        return lead_page(lead_id, status=422, state_form=form)
    try:
        told = {"reason": form.reason.data or "", "review_on": form.review_on.data}
        becoming.set_lead_state(db.session, lead, form.state.data or "", by=current_user, **told)
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        return lead_page(lead_id, status=422, state_form=form)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("leads.page", lead_id=lead_id))


@blueprint.get("/leads/<int:lead_id>/duplicate")
@login_required
def same_site(lead_id: int) -> ResponseReturnValue:
    """Look for the lead or project that this one is a duplicate of, among those one sees."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_EDIT, lead)
    return _same_page(lead, SameForm(formdata=None))


@blueprint.post("/leads/<int:lead_id>/duplicate")
@login_required
def mark_duplicate(lead_id: int) -> ResponseReturnValue:
    """Say of which lead or project it is a duplicate."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_EDIT, lead)
    form = SameForm()
    if not form.validate_on_submit():
        return _same_page(lead, form, 422)
    same = becoming.SameSite(*queries.find_same_site(db.session, current_user, form.same.data or ""))
    told = {"reason": form.reason.data or "", "review_on": form.review_on.data, "same": same}
    try:
        becoming.set_lead_state(db.session, lead, "duplicate", by=current_user, **told)
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        return _same_page(queries.get_lead(db.session, current_user, lead_id), form, 422)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("leads.page", lead_id=lead_id))


def _same_page(lead: Lead, form: SameForm, status: int = 200) -> ResponseReturnValue:
    text = request.values.get("q", "").strip()[:200] or lead.name
    leads, projects = queries.list_same_sites(db.session, current_user, lead, text)
    context = {"lead": lead, "form": form, "q": text, "leads": leads, "projects": projects}
    return respond("leads/duplicate.html", status=status, **context)
