"""A lead becomes a project."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, require
from tracker.duplicates.queries import find_drawn_up
from tracker.errors import Invalid
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.leads import queries
from tracker.leads.models import Lead
from tracker.leads.operations.converting import ask_to_convert, convert_lead
from tracker.leads.unnamed import is_unnamed
from tracker.leads.views.blueprint import blueprint
from tracker.leads.views.entering import named_firms
from tracker.matrix.definitions import newest_definition
from tracker.matrix.operations.judging import Blocked
from tracker.projects.forms import OpenForm
from tracker.projects.operations import ProjectDraft
from tracker.projects.views.editing import ask_instead, draft_of
from tracker.reader import current_user
from tracker.team.queries import list_regions
from workflows.definition import Definition


@blueprint.get("/leads/<int:lead_id>/convert")
@login_required
def convert(lead_id: int) -> ResponseReturnValue:
    """The form to open the project, filled with what the lead knows."""
    lead = queries.load_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_CONVERT, lead)
    if lead.project_id:
        return go_to(url_for("matrix.project", project_id=lead.project_id))
    form = OpenForm(obj=lead)
    form.building.data = "1#"
    if is_unnamed(lead.name):
        form.name.data = ""
    definition = newest_definition(db.session)
    form.offer(definition, list_regions(db.session))
    form.phase.data = definition.phases[0].key
    form.since.data = lead.found_on
    form.categories.data = [row.category for row in lead.categories]
    for name, firm in named_firms(lead).items():
        form[name].data = firm
    _take_up(form, lead, definition)
    return _page(lead, form)


def _take_up(form: OpenForm, lead: Lead, definition: Definition) -> None:
    """Fill in what was typed of the project before the lead stood for it, as far as this matrix knows the words."""
    kept = find_drawn_up(db.session, current_user, lead.id)
    draft = ProjectDraft.from_json(kept) if kept else None
    if draft is None or draft.definition not in ("", definition.key):
        return
    for name in ("route", "phase", "building", "floors", "region_id", "reason"):
        form[name].data = getattr(draft, name)
    dealer = next((party_id for party_id, role in draft.parties if role == "dealer"), None)
    form.dealer.data = next((row.party.name for row in lead.parties if row.party_id == dealer), "")


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
        lead = queries.get_lead(db.session, current_user, lead_id)
        asked, why_not = ask_instead(
            block, lambda why: ask_to_convert(db.session, lead, draft_of(form), by=current_user, reason=why)
        )
        if asked is None:
            return _page(queries.get_lead(db.session, current_user, lead_id), form, 422, block, why_not)
        return asked
    db.session.commit()
    flash(_("The project is open. Its records and pictures came along."))
    return go_to(url_for("matrix.project", project_id=project.id))


def _page(
    lead: Lead, form: OpenForm, status: int = 200, block: Blocked | None = None, ask_error: str = ""
) -> ResponseReturnValue:
    shown = {"lead": lead, "form": form, "block": block, "ask_error": ask_error}
    return respond("leads/convert.html", status=status, **shown, today=clock.today())
