"""Dates and circumstances of a project: what people state until a module knows it by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, may, require
from tracker.errors import AlreadyDone, Invalid
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix import queries
from tracker.matrix.definitions import definition_of
from tracker.matrix.forms import CircumstanceForm, DateForm, LiftForm
from tracker.matrix.operations.circumstances import KEYS, lift_circumstance, state_circumstance, state_date
from tracker.matrix.views.blueprint import blueprint
from tracker.matrix.views.wording import circumstance_name
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from tracker.reader import current_user


@blueprint.get("/projects/<int:project_id>/dates")
@login_required
def dates(project_id: int) -> ResponseReturnValue:
    """The dates that tasks count from, and what stands in the way of dispatch or closing."""
    project = _project(project_id)
    return _page(project, _forms(project))


@blueprint.post("/projects/<int:project_id>/dates")
@login_required
def add_date(project_id: int) -> ResponseReturnValue:
    """State a date."""

    def state(project: Project, form: DateForm) -> None:
        state_date(db.session, project, form.anchor.data, form.on.data, by=current_user, note=form.note.data or "")

    return _state(project_id, "date", state)


@blueprint.post("/projects/<int:project_id>/circumstances")
@login_required
def add_circumstance(project_id: int) -> ResponseReturnValue:
    """State a circumstance."""

    def state(project: Project, form: CircumstanceForm) -> None:
        note = form.note.data or ""
        state_circumstance(db.session, project, form.key.data, form.since.data, by=current_user, note=note)

    return _state(project_id, "circumstance", state)


@blueprint.post("/projects/<int:project_id>/circumstances/<int:row_id>/lift")
@login_required
def lift(project_id: int, row_id: int) -> ResponseReturnValue:
    """Say that a circumstance is over."""

    def end(project: Project, form: LiftForm) -> None:
        row = queries.get_circumstance(db.session, current_user, project, row_id)
        lift_circumstance(db.session, project, row, by=current_user, note=form.note.data or "")

    return _state(project_id, "lift", end)


def _project(project_id: int) -> Project:
    project = get_project(db.session, current_user, project_id)
    staff_only()
    return project


def _state(project_id: int, name: str, state: Callable[[Project, Any], None]) -> ResponseReturnValue:
    project = _project(project_id)
    require(current_user, Action.CIRCUMSTANCE_STATE)
    forms = _forms(project)
    if not forms[name].validate_on_submit():
        return _page(project, forms, 422)
    try:
        state(project, forms[name])
    except AlreadyDone:
        db.session.rollback()
    except Invalid as error:
        db.session.rollback()
        forms[name][error.field].errors = [error.message]
        return _page(_project(project_id), forms, 422)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("matrix.dates", project_id=project_id))


def _forms(project: Project) -> dict[str, Any]:
    forms: dict[str, Any] = {
        "date": DateForm(prefix="date-"),
        "circumstance": CircumstanceForm(prefix="circumstance-"),
        "lift": LiftForm(prefix="lift-"),
    }
    forms["date"].offer(definition_of(db.session, project))
    forms["circumstance"].key.choices = [(key, circumstance_name(key)) for key in KEYS]
    for name, field in (("date", "on"), ("circumstance", "since")):
        if not forms[name].is_submitted():
            forms[name][field].data = clock.today()
    return forms


def _page(project: Project, forms: dict[str, Any], status: int = 200) -> ResponseReturnValue:
    return respond(
        "matrix/dates.html",
        status=status,
        project=project,
        definition=definition_of(db.session, project),
        forms=forms,
        stated=queries.list_dates(db.session, current_user, project),
        circumstances=queries.list_circumstances(db.session, current_user, project),
        circumstance_name=circumstance_name,
        can_state=may(current_user, Action.CIRCUMSTANCE_STATE),
    )
