"""A lead becomes a project."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from tracker import clock
from tracker.access import Action, require
from tracker.errors import Invalid
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.leads import queries
from tracker.leads.models import Lead
from tracker.leads.operations.converting import convert_lead
from tracker.leads.views.blueprint import blueprint
from tracker.matrix.definitions import newest_definition
from tracker.matrix.operations.judging import Blocked
from tracker.projects.forms import OpenForm
from tracker.projects.views.editing import draft_of
from tracker.team.queries import list_regions


@blueprint.get("/leads/<int:lead_id>/convert")
@login_required
def convert(lead_id: int) -> ResponseReturnValue:
    """The form to open the project, filled with what the lead knows."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_CONVERT, lead)
    if lead.project_id:
        return go_to(url_for("matrix.project", project_id=lead.project_id))
    form = OpenForm(obj=lead)
    form.building.data = "1#"
    definition = newest_definition(db.session)
    form.offer(definition, list_regions(db.session))
    form.phase.data = definition.phases[0].key
    form.since.data = lead.found_on
    form.categories.data = []
    form.developer.data = lead.developer.name if lead.developer else ""
    return _page(lead, form)


@blueprint.post("/leads/<int:lead_id>/convert")
@login_required
def open_project(lead_id: int) -> ResponseReturnValue:
    """Open it; the lead's parties, records and pictures come along."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_CONVERT, lead)
    form = OpenForm()
    form.offer(newest_definition(db.session), list_regions(db.session))
    if not form.validate_on_submit():
        return _page(lead, form, 422)
    try:
        project = convert_lead(db.session, lead, draft_of(form), by=current_user)
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field, form.name).errors = [error.message]
        return _page(queries.get_lead(db.session, current_user, lead_id), form, 422)
    except Blocked as block:
        db.session.rollback()
        return _page(queries.get_lead(db.session, current_user, lead_id), form, 422, block)
    db.session.commit()
    flash(_("The project is open. Its records and pictures came along."))
    return go_to(url_for("matrix.project", project_id=project.id))


def _page(lead: Lead, form: OpenForm, status: int = 200, block: Blocked | None = None) -> ResponseReturnValue:
    return respond("leads/convert.html", status=status, lead=lead, form=form, block=block, today=clock.today())
