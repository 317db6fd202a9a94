"""Logging a visit: the picker of sites, the form, and what happens when a rule stands in the way."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, is_dealer, may, require
from tracker.calendar.queries import find_plan
from tracker.documents.intake import stage_all
from tracker.documents.operations import list_staged as list_staged_papers
from tracker.errors import AlreadyDone, Invalid, NotFound, Refused
from tracker.extensions import db
from tracker.gallery.operations import list_staged
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix import queries
from tracker.matrix.definitions import definition_of
from tracker.matrix.forms import LogForm
from tracker.matrix.operations.approvals import ask_approval
from tracker.matrix.operations.judging import Blocked
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.matrix.views.blueprint import blueprint
from tracker.matrix.views.project import contract_parts, provable
from tracker.projects.models import Project
from tracker.projects.queries import Filters, get_project, list_buildings, list_nearest, list_projects, list_recent
from tracker.reader import current_user
from workflows.wishes import MoveStep


@blueprint.get("/visit")
@login_required
def visit() -> ResponseReturnValue:
    """Pick the site: nearest first where the browser gives a place, else the recent ones, or by name."""
    require(current_user, Action.RECORD_LOG)
    place = (request.args.get("lat", type=float), request.args.get("lon", type=float))
    wanted = request.args.get("q", "").strip()
    near: Any = ()
    if wanted:
        found = list_projects(db.session, current_user, Filters(clock.today(), q=wanted), "name").items[:20]
        sites: Any = [(project, None) for project in found]
    elif place[0] is not None and place[1] is not None and abs(place[0]) <= 90 and abs(place[1]) <= 180:
        near = list_nearest(db.session, current_user, place[0], place[1])
        sites = list(near)
    else:
        sites = [(project, None) for project in list_recent(db.session, current_user)]
    return respond(
        "matrix/visit.html",
        "sites",
        sites=sites,
        q=wanted,
        near=bool(near),
        can_add_lead=may(current_user, Action.LEAD_ADD),
    )


@blueprint.get("/projects/<int:project_id>/log")
@login_required
def log(project_id: int) -> ResponseReturnValue:
    """The form to log a visit, in the present cell unless another is named."""
    project = get_project(db.session, current_user, project_id)
    require(current_user, Action.RECORD_LOG, project)
    matrix = queries.load_matrix(db.session, current_user, project)
    phase, step = matrix.board.current
    phase, step = request.args.get("phase", phase), request.args.get("step", step)
    if (phase, step) not in matrix.board.cells:
        raise NotFound
    form = LogForm()
    form.offer(matrix.definition, matrix.facts.buildings)
    form.preset(phase, step, matrix.facts.leading_building(matrix.definition).id)  # type: ignore[arg-type]
    planned = find_plan(db.session, current_user, request.args.get("plan", 0, type=int))
    if planned is not None and planned.record.project_id == project.id and planned.open:
        form.keep(planned.record.kind, planned.record.text, planned.record.id)
    return _form_page(project, matrix, form)


@blueprint.post("/projects/<int:project_id>/log")
@login_required
def log_visit(project_id: int) -> ResponseReturnValue:
    """Log it: all of it, or nothing and the form again with everything that was typed and uploaded."""
    user = current_user
    project = get_project(db.session, user, project_id)
    require(user, Action.RECORD_LOG, project)
    form = LogForm()
    form.offer(definition_of(db.session, project), list_buildings(db.session, project))
    refused = stage_all(form)
    if not form.validate_on_submit() or refused:
        project = get_project(db.session, user, project_id)  # staged pictures are committed, which lets go of it
        matrix = queries.load_matrix(db.session, user, project)
        return _form_page(project, matrix, form, refused.status, refused=refused)
    draft = form.draft()
    try:
        logged = log_record(db.session, project, draft, by=user)
    except AlreadyDone as done:
        db.session.rollback()
        return go_to(url_for("matrix.project", project_id=project_id, logged=done.details))
    except Blocked as block:
        db.session.rollback()
        return _blocked(project_id, form, block)
    except Invalid as error:
        db.session.rollback()
        return _again(project_id, form, error)
    target = url_for("matrix.project", project_id=project_id, logged=logged.record.id)
    db.session.commit()
    return go_to(target)


def _again(project_id: int, form: LogForm, error: Invalid) -> ResponseReturnValue:
    field = getattr(form, error.field, form.text)
    field.errors = [*field.errors, error.message]
    project = get_project(db.session, current_user, project_id)
    return _form_page(project, queries.load_matrix(db.session, current_user, project), form, 422)


def _blocked(project_id: int, form: LogForm, block: Blocked) -> ResponseReturnValue:
    """A rule stands in the way: ask the supervisor where the user chose to, else say which and what to do."""
    user = current_user
    project = get_project(db.session, user, project_id)
    reason = (request.form.get("ask_reason") or "").strip()
    ask_error = ""
    if request.form.get("action") == "ask" and block.decision.overridable:
        try:
            return _ask(project, form.draft(), block, reason)
        except Refused as error:
            db.session.rollback()
            ask_error = str(error.message)
            project = get_project(db.session, user, project_id)
    matrix = queries.load_matrix(db.session, user, project)
    return _form_page(project, matrix, form, 422, block=block, ask_error=ask_error)


def _ask(project: Project, draft: RecordDraft, block: Blocked, reason: str) -> ResponseReturnValue:
    """Ask for what the rule leaves to the supervisor; raises Refused. Where only the progress is doubted, the visit is
    logged now."""
    user = current_user
    if isinstance(block.wish, MoveStep):
        plain = RecordDraft.from_json({**draft.to_json(), "progress": None, "progress_on": None})
        logged = log_record(db.session, project, plain, by=user)
        ask_approval(db.session, project, block.wish, by=user, reason=reason, extra={"floor": draft.floor})
        target = url_for("matrix.project", project_id=project.id, logged=logged.record.id)
    else:
        kept = {**draft.to_json(), "token": None}
        ask_approval(db.session, project, block.wish, by=user, reason=reason, extra={"draft": kept})
        target = url_for("matrix.project", project_id=project.id)
    db.session.commit()
    flash(
        _("Our supervisor decides; a record that he accepts appears here.")
        if is_dealer(user)
        else _("The request waits under Approvals; you see the answer there.")
    )
    return go_to(target)


def _form_page(
    project: Project,
    matrix: queries.Matrix,
    form: LogForm,
    status: int = 200,
    *,
    block: Blocked | None = None,
    ask_error: str = "",
    refused: list[str] | None = None,
) -> ResponseReturnValue:
    phase, step = form.phase.data or "", form.step.data or ""
    if (phase, step) not in matrix.board.cells:
        phase, step = matrix.board.current
        form.phase.data, form.step.data = phase, step
    return respond(
        "matrix/log.html",
        "form",
        status,
        project=project,
        matrix=matrix,
        definition=matrix.definition,
        cell=matrix.definition.cell(phase, step),
        view=matrix.board.cells[phase, step],
        form=form,
        staged=list_staged(db.session, form.photos.data or (), by=current_user) if form.photos.data else (),
        staged_papers=list_staged_papers(db.session, form.documents.data or (), by=current_user),
        contacts=queries.list_known_contacts(db.session, current_user, project),
        provable=provable(matrix, phase, step),
        can_report=may(current_user, Action.STEP_MOVE),
        can_introduce=may(current_user, Action.PARTY_EDIT),
        **contract_parts(matrix, phase, step),
        block=block,
        ask_error=ask_error,
        refused=refused or [],
    )
