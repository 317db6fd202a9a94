"""Tasks that users add in a cell."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, require
from tracker.errors import AlreadyDone, Invalid, NotFound, Refused
from tracker.extensions import db
from tracker.htmx import go_to, respond, wants_fragment
from tracker.i18n import _
from tracker.matrix import queries
from tracker.matrix.definitions import definition_of
from tracker.matrix.forms import LogForm
from tracker.matrix.operations.tasks import add_own_task, drop_own_task
from tracker.matrix.views.blueprint import blueprint
from tracker.matrix.views.project import cell_context, task_form
from tracker.projects.queries import get_project
from tracker.reader import current_user


@blueprint.get("/projects/<int:project_id>/cells/<phase>/<step>/tasks")
@login_required
def task(project_id: int, phase: str, step: str) -> ResponseReturnValue:
    """The form to add a task, for the drawer; without one the cell's page, which holds it."""
    project = get_project(db.session, current_user, project_id)
    require(current_user, Action.TASK_ADD)
    definition = definition_of(db.session, project)
    if not definition.knows("cell", (phase, step)):
        raise NotFound
    if not wants_fragment():
        return go_to(url_for("matrix.cell", project_id=project_id, phase=phase, step=step))
    form = task_form(definition)
    return respond("matrix/_task_form.html", project=project, phase=phase, step=step, task_form=form)


@blueprint.post("/projects/<int:project_id>/cells/<phase>/<step>/tasks")
@login_required
def add_task(project_id: int, phase: str, step: str) -> ResponseReturnValue:
    """Add a task in this cell; what is refused stays typed in the cell's page."""
    project = get_project(db.session, current_user, project_id)
    require(current_user, Action.TASK_ADD)
    matrix = queries.load_matrix(db.session, current_user, project)
    if matrix.cell(phase, step) is None:
        raise NotFound
    form = task_form(matrix.definition)
    wrong = not form.validate_on_submit()
    try:
        if not wrong:
            add_own_task(
                db.session, project, by=current_user, phase=phase, step=step, department=form.department.data,
                text=form.text.data or "", evidence=form.evidence.data, due_on=form.due_on.data,
                token=form.token.data,
            )  # fmt: skip
    except AlreadyDone:
        db.session.rollback()
    except Invalid as error:
        db.session.rollback()
        form[error.field if error.field in form else "text"].errors = [error.message]
        wrong = True
    if wrong:
        return _cell_again(project_id, phase, step, form)
    db.session.commit()
    flash(_("The task is added; it is due like the others."))
    return go_to(url_for("matrix.cell", project_id=project_id, phase=phase, step=step))


def _cell_again(project_id: int, phase: str, step: str, form: object) -> ResponseReturnValue:
    project = get_project(db.session, current_user, project_id)
    matrix = queries.load_matrix(db.session, current_user, project)
    log_form = LogForm(formdata=None)
    log_form.offer(matrix.definition, matrix.facts.buildings)
    log_form.preset(phase, step, matrix.facts.leading_building(matrix.definition).id)  # type: ignore[arg-type]
    context = cell_context(project, matrix, phase, step, log_form)
    return respond("matrix/cell.html", "drawer", 422, **{**context, "task_form": form})


@blueprint.post("/projects/<int:project_id>/tasks/<int:task_id>/drop")
@login_required
def drop_task(project_id: int, task_id: int) -> ResponseReturnValue:
    """Say that a task is not needed any more."""
    project = get_project(db.session, current_user, project_id)
    require(current_user, Action.TASK_ADD)
    task = queries.get_own_task(db.session, current_user, project, task_id)
    try:
        drop_own_task(db.session, project, task, by=current_user, reason=request.form.get("reason", ""))
    except AlreadyDone:
        db.session.rollback()
    except Refused as error:
        db.session.rollback()
        flash(str(error.message))
        return go_to(url_for("matrix.cell", project_id=project_id, phase=task.phase, step=task.step))
    phase, step = task.phase, task.step
    db.session.commit()
    flash(_("The task is dropped; the history keeps it."))
    return go_to(url_for("matrix.cell", project_id=project_id, phase=phase, step=step))
