"""People and other names on a lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.accepting import accepted
from tracker.access import Action, require
from tracker.errors import NotFound
from tracker.extensions import db
from tracker.forms import Form
from tracker.htmx import go_to
from tracker.i18n import _
from tracker.leads import queries
from tracker.leads.models import Lead
from tracker.leads.operations import naming, people
from tracker.leads.views.blueprint import blueprint
from tracker.leads.views.pages import lead_page, person_form_of
from tracker.projects.forms import NameForm
from tracker.reader import current_user


@blueprint.post("/leads/<int:lead_id>/people")
@login_required
def add_person(lead_id: int) -> ResponseReturnValue:
    """Put somebody on the lead; a new person or firm is made from the name."""
    form = person_form_of(request.form)

    def add(lead: Lead) -> None:
        people.add_person(db.session, lead, form.person(), by=current_user)

    return _added(lead_id, "people", add, person_form=form)


@blueprint.post("/leads/<int:lead_id>/names")
@login_required
def add_name(lead_id: int) -> ResponseReturnValue:
    """Add another name of the site."""
    form = NameForm(prefix="name-")

    def add(lead: Lead) -> None:
        naming.add_lead_name(db.session, lead, form.kind.data, form.name.data or "", by=current_user)

    return _added(lead_id, "names", add, name_form=form)


def _added(lead_id: int, part: str, add: Callable[[Lead], Any], **named: Form) -> ResponseReturnValue:
    """Add what the one form in `named` says to a part of the lead's page; what is refused comes back in it."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_EDIT, lead)
    (form,) = named.values()
    if not form.validate_on_submit() or not accepted(form, lambda: add(lead)):
        return lead_page(lead_id, status=422, **named)
    return _back(lead_id, part, _("Added."))


@blueprint.post("/leads/<int:lead_id>/people/<int:row_id>/remove")
@login_required
def remove_person(lead_id: int, row_id: int) -> ResponseReturnValue:
    """Take somebody off the lead."""
    lead = queries.load_lead(db.session, current_user, lead_id)
    people.remove_person(db.session, lead, _row(lead.contacts, row_id), by=current_user)
    return _back(lead_id, "people", _("Taken out. The history keeps it."))


@blueprint.post("/leads/<int:lead_id>/names/<int:row_id>/remove")
@login_required
def remove_name(lead_id: int, row_id: int) -> ResponseReturnValue:
    """Take another name of the site away."""
    lead = queries.load_lead(db.session, current_user, lead_id)
    naming.drop_lead_name(db.session, lead, _row(lead.names, row_id), by=current_user)
    return _back(lead_id, "names", _("Taken out. The history keeps it."))


def _row(rows: Iterable[Any], row_id: int) -> Any:
    for row in rows:
        if row.id == row_id:
            return row
    raise NotFound


def _back(lead_id: int, part: str, said: str) -> ResponseReturnValue:
    """To the changed part of the lead's page."""
    db.session.commit()
    flash(said)
    return go_to(url_for("leads.page", lead_id=lead_id, _anchor=part))
