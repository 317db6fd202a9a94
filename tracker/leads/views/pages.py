"""The list of leads, capturing one, and one lead's page."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from tracker import clock, events
from tracker.access import Action, can, is_dealer, may, require
from tracker.errors import Invalid, Stale
from tracker.event_words import sentence
from tracker.extensions import db
from tracker.gallery.intake import stage_files
from tracker.gallery.operations import list_staged
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.leads import queries
from tracker.leads.forms import AssignForm, LeadForm, LeadRecordForm, StateForm
from tracker.leads.models import Lead
from tracker.leads.operations import capturing
from tracker.leads.views.blueprint import blueprint
from tracker.matrix.definitions import current_definition
from tracker.matrix.queries import load_marks
from tracker.projects.queries import Filters, load_filter_options
from tracker.stale import both_versions
from tracker.team.queries import get_user, list_colleagues


@blueprint.get("/leads")
@login_required
def list_page() -> ResponseReturnValue:
    """Leads the user sees, filtered and sorted."""
    args = request.args
    filters = queries.LeadFilters(
        q=args.get("q", "").strip()[:200],
        state=args.get("state", ""),
        source=args.get("source", ""),
        region=args.get("region", type=int),
        team=args.get("team", type=int),
        owner=args.get("owner", type=int),
        run=args.get("run", type=int),
        owes=args.get("owes") == "1",
        unassigned=args.get("unassigned") == "1",
    )
    sort = args.get("sort", "new")
    return respond(
        "leads/list.html",
        page=queries.list_leads(db.session, current_user, filters, sort, args.get("page", 1, type=int)),
        filters=filters,
        options=load_filter_options(db.session, current_user, Filters(clock.today())),
        sort=sort,
        definition=current_definition(),
        can_add=may(current_user, Action.LEAD_ADD),
        can_import=may(current_user, Action.LEAD_IMPORT),
    )


@blueprint.get("/leads/new")
@login_required
def new() -> ResponseReturnValue:
    """The form for a lead."""
    require(current_user, Action.LEAD_ADD)
    form = LeadForm()
    form.offer(current_definition())
    form.preset()
    return _form(form)


@blueprint.post("/leads/new")
@login_required
def capture() -> ResponseReturnValue:
    """Enter a lead with its pictures."""
    require(current_user, Action.LEAD_ADD)
    form = LeadForm()
    form.offer(current_definition())
    refused = stage_files(form)
    if not form.validate_on_submit() or refused:
        return _form(form, 422, refused=refused)
    try:
        lead = capturing.capture_lead(db.session, form.draft(), by=current_user)
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        return _form(form, 422)
    db.session.commit()
    flash(_("The lead is in."))
    return go_to(url_for("leads.page", lead_id=lead.id))


def _form(
    form: LeadForm, status: int = 200, lead: Lead | None = None, refused: Any = (), changed: Any = None
) -> ResponseReturnValue:
    staged = list_staged(db.session, form.photos.data or (), by=current_user) if form.photos.data else ()
    return respond(
        "leads/edit.html", status=status, form=form, lead=lead, staged=staged, refused=refused, changed=changed
    )


@blueprint.get("/leads/<int:lead_id>")
@login_required
def page(lead_id: int) -> ResponseReturnValue:
    """One lead: what is known, what is missing, what was done."""
    form = LeadRecordForm()
    form.offer(current_definition())
    form.preset()
    return _page(lead_id, form)


def _page(
    lead_id: int,
    form: LeadRecordForm | None = None,
    status: int = 200,
    refused: Any = (),
    state_form: StateForm | None = None,
) -> ResponseReturnValue:
    user = current_user
    lead = queries.load_lead(db.session, user, lead_id)
    if form is None:
        form = LeadRecordForm(formdata=None)
        form.offer(current_definition())
        form.preset()
    records = queries.list_lead_records(db.session, user, lead)
    assign = AssignForm(formdata=None)
    if can(user, Action.LEAD_ASSIGN, lead):
        assign.owner_id.choices = [(person.id, person.name) for person in list_colleagues(db.session, user)]
        assign.owner_id.data = lead.owner_id
    trail = () if is_dealer(user) else events.timeline(db.session, lead)
    return respond(
        "leads/page.html",
        status=status,
        lead=lead,
        records=records,
        marks=load_marks(db.session, records),
        trail=[(event, sentence(event)) for event in trail],
        missing=missing(lead),
        definition=current_definition(),
        form=form,
        staged=list_staged(db.session, form.photos.data, by=user) if form.photos.data else (),
        refused=refused,
        assign=assign,
        state_form=state_form or StateForm(formdata=None),
        is_dealer=is_dealer(user),
        can_edit=can(user, Action.LEAD_EDIT, lead) and lead.state != "converted",
        can_assign=can(user, Action.LEAD_ASSIGN, lead) and lead.state != "converted",
        can_convert=can(user, Action.LEAD_CONVERT, lead) and lead.state in queries.OPEN,
        can_log=may(user, Action.RECORD_LOG) and lead.state != "converted",
    )


def missing(lead: Lead) -> list[str]:
    """What is still to be found out to see the whole picture."""
    wanted = {
        _("the address"): lead.address,
        _("the place"): lead.latitude,
        _("the developer"): lead.developer_id,
        _("what is being built"): lead.kind,
        _("the value of our materials"): lead.value,
        _("a photo or document as proof"): not lead.owes_evidence,
        _("an owner"): lead.owner_id,
    }
    return [name for name, value in wanted.items() if not value]


@blueprint.post("/leads/<int:lead_id>/records")
@login_required
def note(lead_id: int) -> ResponseReturnValue:
    """Log what was done on a lead."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.RECORD_LOG)
    form = LeadRecordForm()
    form.offer(current_definition())
    refused = stage_files(form)
    if not form.validate_on_submit() or refused:
        return _page(lead_id, form, 422, refused)
    try:
        capturing.note_on_lead(
            db.session,
            lead,
            by=current_user,
            kind=form.kind.data,
            on=form.on.data or clock.today(),
            text=form.text.data or "",
            photos=tuple(form.photos.data or ()),
            token=form.token.data or None,
        )
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        return _page(lead_id, form, 422)
    db.session.commit()
    flash(_("Logged."))
    return go_to(url_for("leads.page", lead_id=lead_id))


@blueprint.get("/leads/<int:lead_id>/edit")
@login_required
def edit(lead_id: int) -> ResponseReturnValue:
    """The form with the lead's facts."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_EDIT, lead)
    form = LeadForm(obj=lead)
    form.photos.data = []
    form.developer.data = lead.developer.name if lead.developer else ""
    form.offer(current_definition())
    return _form(form, lead=lead)


@blueprint.post("/leads/<int:lead_id>/edit")
@login_required
def save(lead_id: int) -> ResponseReturnValue:
    """Change the facts; a stale page comes back with both versions."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_EDIT, lead)
    form = LeadForm()
    form.offer(current_definition())
    if not form.validate_on_submit():
        return _form(form, 422, lead)
    version = request.form.get("version", type=int) or 0
    try:
        capturing.edit_lead(db.session, lead, by=current_user, version=version, **form.values())
    except Stale:
        db.session.rollback()
        lead = queries.get_lead(db.session, current_user, lead_id)
        developer = lead.developer.name if lead.developer else None
        return _form(form, 409, lead, changed=both_versions(form, lead, developer=developer))
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        return _form(form, 422, queries.get_lead(db.session, current_user, lead_id))
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("leads.page", lead_id=lead_id))


@blueprint.post("/leads/<int:lead_id>/assign")
@login_required
def assign(lead_id: int) -> ResponseReturnValue:
    """Give the lead to a colleague."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_ASSIGN, lead)
    owner = get_user(db.session, current_user, request.form.get("owner_id", 0, type=int))
    capturing.assign_lead(db.session, lead, owner, by=current_user)
    db.session.commit()
    flash(_("%(name)s has the lead now.", name=owner.name))
    return go_to(url_for("leads.page", lead_id=lead_id))


@blueprint.post("/leads/<int:lead_id>/state")
@login_required
def set_state(lead_id: int) -> ResponseReturnValue:
    """Nurture it, give it up, or take it up again."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_EDIT, lead)
    form = StateForm()
    if not form.validate_on_submit():
        return _page(lead_id, status=422, state_form=form)
    try:
        capturing.set_lead_state(
            db.session, lead, form.state.data or "", by=current_user, reason=form.reason.data or ""
        )
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        return _page(lead_id, status=422, state_form=form)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("leads.page", lead_id=lead_id))
