"""Opening, editing and reassigning a project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.absences.choosing import colleagues_to_choose
from tracker.access import Action, require
from tracker.accounts.queries.agreements import list_usable
from tracker.duplicates.forms import read_answer
from tracker.duplicates.operations.asking import ARBITRATION, JOIN
from tracker.duplicates.operations.judging import SiteKnown
from tracker.duplicates.views import probing
from tracker.duplicates.views.ways import join_site, kept_as_lead
from tracker.duplicates.wording import WORDS
from tracker.errors import Invalid, Refused, Stale
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import definition_of, list_newest, newest_definition
from tracker.matrix.models import Approval
from tracker.matrix.operations.judging import Blocked
from tracker.parties.operations import use_contact, use_party
from tracker.projects import operations, queries
from tracker.projects.forms import EditForm, OpenForm, ReassignForm
from tracker.projects.models import Project
from tracker.projects.operations import entering
from tracker.projects.views.blueprint import blueprint
from tracker.reader import current_user
from tracker.stale import both_versions
from tracker.team.queries import get_user, list_regions

ROLE_FIELDS = {
    "developer": "owner",
    "contractor": "main_contractor",
    "designer": "design_institute",
    "dealer": "dealer",
}


@blueprint.get("/projects/new")
@login_required
def new() -> ResponseReturnValue:
    """The form to open a project."""
    require(current_user, Action.PROJECT_OPEN)
    form = _open_form()
    form.preset()
    return respond("projects/new.html", form=form, block=None)


@blueprint.post("/projects/new")
@login_required
def open_it() -> ResponseReturnValue:
    """Open it where the matrix allows; firms that are not known yet are made from their names."""
    require(current_user, Action.PROJECT_OPEN)
    form = _open_form()
    if not form.validate_on_submit():
        return respond("projects/new.html", status=422, form=form, block=None)
    try:
        draft, said = draft_of(form), read_answer(request.form)
        if said.way == JOIN:
            site = entering.site_of(db.session, draft)
            db.session.rollback()  # the firms named in the form are not kept
            return join_site(site, said.reason)
        if said.way == ARBITRATION:
            return kept_as_lead(entering.contest_site(db.session, draft, said, by=current_user))
        project = entering.enter_project(db.session, draft, said, by=current_user)
    except SiteKnown as known:
        db.session.rollback()
        if known.field in form:
            form[known.field].errors = [known.message]
        probing.ease(known)
        answer = respond("projects/new.html", status=422, form=_offered(form), block=None, known=known, words=WORDS)
        probing.note_hints(known.likely, form.name.data or "")
        return answer
    except Invalid as error:
        db.session.rollback()
        field = getattr(form, error.field, form.name)
        field.errors = [*field.errors, error.message]
        return respond("projects/new.html", status=422, form=_offered(form), block=None)
    except Blocked as block:
        db.session.rollback()
        asked, why_not = ask_instead(
            block, lambda why: operations.ask_to_open(db.session, draft_of(form), by=current_user, reason=why)
        )
        if asked is None:
            return respond("projects/new.html", status=422, form=_offered(form), block=block, ask_error=why_not)
        return asked
    target = url_for("matrix.project", project_id=project.id)
    db.session.commit()
    probing.forgive()
    flash(_("The project is open. Log the first visit next."))
    return go_to(target)


def ask_instead(block: Blocked, ask: Callable[[str], Approval]) -> tuple[ResponseReturnValue | None, str]:
    """Ask for consent where the user chose to: the way to the request; else None, and why it could not be asked."""
    if request.form.get("action") != "ask" or not block.decision.overridable:
        return None, ""
    try:
        approval = ask((request.form.get("ask_reason") or "").strip())
    except Refused as error:
        db.session.rollback()
        return None, str(error.message)
    target = url_for("matrix.approval", approval_id=approval.id)
    db.session.commit()
    flash(_("The request waits under Approvals; you see the answer there."))
    return go_to(target), ""


def _open_form() -> OpenForm:
    return _offered(OpenForm())


def _offered(form: Any) -> Any:
    """The form of the definition that its address or its hidden field names, by default of the chosen one."""
    keys = {definition.key: definition for definition in list_newest(db.session)}
    key = form.definition.data or request.args.get("definition", "")
    definition = keys.get(key) or newest_definition(db.session)
    form.offer(definition, list_regions(db.session))
    form.definition.data, form.others = definition.key, [one for one in keys.values() if one.key != definition.key]
    return form


def draft_of(form: OpenForm) -> operations.ProjectDraft:
    """The project to open, from the form; firms and a contact not known yet are made from their names."""
    named = [(role, (form[field].data or "").strip()) for field, role in ROLE_FIELDS.items()]
    parties = tuple((use_party(db.session, name, role, by=current_user).id, role) for role, name in named if name)
    return operations.ProjectDraft(
        **form.facts(),
        phase=form.phase.data,
        step=form.step.data,
        since=form.since.data,
        building=(form.building.data or "").strip(),
        floors=form.floors.data,
        categories=tuple(form.categories.data or ()),
        parties=parties,
        contacts=_contact_of(form),
        reason=(form.reason.data or "").strip() or None,
        token=form.token.data or None,
        definition=form.definition.data or "",
    )


def _contact_of(form: OpenForm) -> tuple[int, ...]:
    """The contact named in the form; of the developer where no other firm is named."""
    name = (form.contact_name.data or "").strip()
    if not name:
        return ()
    firm = (form.contact_firm.data or "").strip() or (form.developer.data or "").strip()
    if not firm:
        raise Invalid("contact_firm", _("Say which firm this person works at."))
    party = use_party(db.session, firm, "owner", by=current_user)
    post, phone = form.contact_post.data, form.contact_phone.data
    return (use_contact(db.session, party, name, by=current_user, post=post, phone=phone).id,)


@blueprint.get("/projects/<int:project_id>/edit")
@login_required
def edit(project_id: int) -> ResponseReturnValue:
    """The form with the project's facts."""
    project = queries.get_project(db.session, current_user, project_id)
    require(current_user, Action.PROJECT_EDIT, project)
    form = EditForm(obj=project)
    form.offer(definition_of(db.session, project), list_regions(db.session))
    return _edit_page(project, form)


@blueprint.post("/projects/<int:project_id>/edit")
@login_required
def save(project_id: int) -> ResponseReturnValue:
    """Change the facts; a stale page is answered with 409 and both versions."""
    project = queries.get_project(db.session, current_user, project_id)
    require(current_user, Action.PROJECT_EDIT, project)
    form = EditForm()
    form.offer(definition_of(db.session, project), list_regions(db.session))
    if not form.validate_on_submit():
        return _edit_page(project, form, 422)
    version = request.form.get("version", type=int) or 0
    try:
        operations.edit_project(db.session, project, by=current_user, version=version, **form.facts())
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field, form.name).errors = [error.message]
        return _edit_page(queries.get_project(db.session, current_user, project_id), form, 422)
    except Stale:
        db.session.rollback()
        project = queries.get_project(db.session, current_user, project_id)
        return _edit_page(project, form, 409, changed=both_versions(form, project))
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("matrix.project", project_id=project_id))


def _edit_page(project: Project, form: EditForm, status: int = 200, changed: Any = None) -> ResponseReturnValue:
    agreements = list_usable(db.session, current_user, project, clock.today())
    return respond(
        "projects/edit.html", status=status, form=form, project=project, changed=changed, agreements=agreements
    )


@blueprint.get("/projects/<int:project_id>/reassign")
@login_required
def reassign(project_id: int) -> ResponseReturnValue:
    """Choose the new owner."""
    project = queries.get_project(db.session, current_user, project_id)
    require(current_user, Action.PROJECT_REASSIGN, project)
    return respond("projects/reassign.html", form=_reassign_form(), project=project)


@blueprint.post("/projects/<int:project_id>/reassign")
@login_required
def give(project_id: int) -> ResponseReturnValue:
    """Give the project to somebody else."""
    project = queries.get_project(db.session, current_user, project_id)
    require(current_user, Action.PROJECT_REASSIGN, project)
    form = _reassign_form()
    if not form.validate_on_submit():
        return respond("projects/reassign.html", status=422, form=form, project=project)
    owner = get_user(db.session, current_user, form.owner_id.data or 0)
    try:
        handover = operations.Handover(form.note.data or "", bool(form.introduced.data), bool(form.leaver.data))
        operations.reassign_project(
            db.session, project, owner, by=current_user, reason=form.reason.data or "", handover=handover
        )
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        project = queries.get_project(db.session, current_user, project_id)
        return respond("projects/reassign.html", status=422, form=form, project=project)
    db.session.commit()
    flash(_("%(name)s owns the project now.", name=owner.name))
    return go_to(url_for("projects.list_page"))


def _reassign_form() -> ReassignForm:
    form = ReassignForm()
    form.owner_id.choices = list(colleagues_to_choose(db.session, current_user))
    return form
