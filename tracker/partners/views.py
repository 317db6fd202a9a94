"""Partner makers: what they supply in a project, and the list of all one sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, can, require
from tracker.documents.intake import stage_all
from tracker.documents.operations import list_staged
from tracker.errors import Invalid
from tracker.exports.accounts import SHARES
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition, definition_of
from tracker.parties.operations import use_party
from tracker.partners import operations, queries
from tracker.partners.forms import EndForm, ShareForm
from tracker.projects.models import Project
from tracker.projects.queries import load_project
from tracker.reader import current_user
from tracker.team.models import User
from tracker.team.queries import list_colleagues
from workflows.naming import PARTNER_MAKER

blueprint = Blueprint("partners", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/partners")
@login_required
def list_page() -> ResponseReturnValue:
    """What partner makers supply in the projects one sees, by maker."""
    staff_only()
    q, ended = request.args.get("q", "").strip()[:200], request.args.get("ended") == "1"
    if format_asked():
        return send_list(SHARES, queries.stream_shares(db.session, current_user, q=q, ended=ended))
    number = request.args.get("page", 1, type=int)
    page = queries.list_all_shares(db.session, current_user, q=q, ended=ended, page=number)
    return respond("partners/list.html", page=page, q=q, ended=ended, definition=current_definition())


@blueprint.get("/projects/<int:project_id>/partners")
@login_required
def project(project_id: int) -> ResponseReturnValue:
    """What partner makers supply in one project, with a form to add to it."""
    return _page(_project(project_id))


def _project(project_id: int) -> Project:
    found = load_project(db.session, current_user, project_id)
    staff_only()
    return found


def _page(
    project: Project, form: ShareForm | None = None, status: int = 200, message: str = "", staged: Sequence[Any] = ()
) -> ResponseReturnValue:
    shares = queries.list_shares(db.session, current_user, project)
    can_edit = can(current_user, Action.PROJECT_EDIT, project)
    return respond(
        "partners/project.html",
        status=status,
        project=project,
        shares=shares,
        clashes=queries.clashes_of(shares),
        form=(form or _form(project)) if can_edit else None,
        end_form=EndForm(formdata=None),
        staged_papers=staged,
        message=message,
        definition=definition_of(db.session, project),
        can_edit=can_edit,
    )


def _form(project: Project) -> ShareForm:
    form = ShareForm()
    form.offer(project, definition_of(db.session, project), list_colleagues(db.session, current_user))
    return form


@blueprint.post("/projects/<int:project_id>/partners")
@login_required
def agree(project_id: int) -> ResponseReturnValue:
    """Write down what a partner maker supplies; a maker that is not on record yet is added."""
    project = _project(project_id)
    require(current_user, Action.PROJECT_EDIT, project)
    form = _form(project)
    refused = stage_all(form)
    papers = list_staged(db.session, form.documents.data or (), by=current_user)
    if not form.validate_on_submit() or refused:
        status = refused.status if refused else 422
        return _page(_project(project_id), form, status, " ".join(refused), papers)
    try:
        party = use_party(db.session, form.party.data or "", PARTNER_MAKER, by=current_user)
        share = operations.agree_share(db.session, project, party, _draft(form, papers), by=current_user)
    except Invalid as error:
        db.session.rollback()
        form[error.field].errors = [error.message]
        papers = list_staged(db.session, form.documents.data or (), by=current_user)
        return _page(_project(project_id), form, 422, staged=papers)
    shares = queries.list_shares(db.session, current_user, project)
    if any(share.id in (clash.one.id, clash.other.id) for clash in queries.clashes_of(shares)):
        flash(_("Another maker supplies this category here too: settle it with both."), "warning")
    db.session.commit()
    flash(_("Added."))
    return go_to(url_for("partners.project", project_id=project_id))


def _draft(form: ShareForm, papers: Sequence[Any]) -> operations.ShareDraft:
    named = set(form.viewers.data or ())
    viewers: list[User] = [one for one in list_colleagues(db.session, current_user) if str(one.id) in named]
    values: dict[str, Any] = {name: form[name].data for name in ("category", "agreed_on", "building_id", "quantity")}
    values |= {name: form[name].data or None for name in ("unit", "terms")}
    return operations.ShareDraft(**values, viewers=viewers, documents=papers)


@blueprint.post("/projects/<int:project_id>/partners/<int:share_id>/end")
@login_required
def end(project_id: int, share_id: int) -> ResponseReturnValue:
    """End what a maker supplies here."""
    project = _project(project_id)
    share = queries.get_share(db.session, current_user, project, share_id)
    require(current_user, Action.PROJECT_EDIT, project)
    form = EndForm()
    if not form.validate_on_submit():
        return _page(project, status=422, message=_("Say in a sentence why."))
    operations.end_share(db.session, project, share, by=current_user, reason=form.reason.data or "")
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("partners.project", project_id=project_id))
