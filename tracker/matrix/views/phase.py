"""Moving a project to another phase: every way with the engine's answer to it."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, require
from tracker.access.signing import parts
from tracker.errors import Invalid, Refused
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _, lang
from tracker.matrix import queries
from tracker.matrix.forms import PhaseForm
from tracker.matrix.operations.approvals import ask_approval
from tracker.matrix.operations.moves import move_phase
from tracker.matrix.views.blueprint import blueprint
from tracker.matrix.views.wording import parts_in_words
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from tracker.reader import current_user
from workflows.wishes import MovePhase


@blueprint.get("/projects/<int:project_id>/phase")
@login_required
def phase(project_id: int) -> ResponseReturnValue:
    """Where the project could go from here, and what stands in the way."""
    project = get_project(db.session, current_user, project_id)
    require(current_user, Action.PHASE_MOVE, project)
    return _page(project, PhaseForm())


@blueprint.post("/projects/<int:project_id>/phase")
@login_required
def change_phase(project_id: int) -> ResponseReturnValue:
    """Move it, or ask the supervisor for what a rule leaves to him."""
    project = get_project(db.session, current_user, project_id)
    require(current_user, Action.PHASE_MOVE, project)
    form = PhaseForm()
    matrix = queries.load_matrix(db.session, current_user, project)
    if not form.validate_on_submit():
        return _page(project, form, 422)
    if form.to.data not in matrix.definition.phase_index:
        return _page(project, form, 422, _("Choose the phase to move to."))
    reason = (form.reason.data or "").strip()
    try:
        if request.form.get("action") == "ask":
            wish = MovePhase(form.to.data, reason or None)
            ask_approval(db.session, project, wish, by=current_user, reason=reason, complete_by=form.complete_by.data)
            message = _("The request waits under Approvals; you see the answer there.")
        else:
            promised = form.complete_by.data
            move_phase(db.session, project, form.to.data, by=current_user, reason=reason, complete_by=promised)
            name = matrix.definition.phase(form.to.data).name.get(lang())
            message = _("The project is now in %(phase)s.", phase=name)
    except Refused as error:
        db.session.rollback()
        return _refused(project_id, form, error)
    db.session.commit()
    flash(message)
    return go_to(url_for("matrix.project", project_id=project_id))


def _refused(project_id: int, form: PhaseForm, error: Refused) -> ResponseReturnValue:
    if isinstance(error, Invalid):
        getattr(form, error.field, form.reason).errors = [error.message]
    project = get_project(db.session, current_user, project_id)
    return _page(project, form, 422, str(error.message))


def _page(project: Project, form: PhaseForm, status: int = 200, message: str = "") -> ResponseReturnValue:
    matrix = queries.load_matrix(db.session, current_user, project)
    return respond(
        "matrix/phase.html",
        status=status,
        project=project,
        matrix=matrix,
        definition=matrix.definition,
        ways=queries.list_ways(matrix, clock.today()),
        held=parts(current_user, project),
        parts_in_words=parts_in_words,
        form=form,
        message=message,
    )
