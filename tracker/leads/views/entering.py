"""Entering leads, one by one or many in a grid, and changing the facts of one."""

from __future__ import annotations

from typing import Any

from flask import flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.accepting import accepted
from tracker.access import Action, require
from tracker.documents.intake import stage_all
from tracker.documents.operations import list_staged as list_staged_papers
from tracker.duplicates.forms import read_answer
from tracker.duplicates.operations.asking import JOIN
from tracker.duplicates.operations.judging import SiteKnown
from tracker.duplicates.views import probing
from tracker.duplicates.views.ways import join_site
from tracker.duplicates.wording import WORDS
from tracker.errors import Invalid, Stale
from tracker.extensions import db
from tracker.gallery.operations import list_staged
from tracker.htmx import go_to, respond
from tracker.i18n import _, _n
from tracker.leads import queries
from tracker.leads.forms import LeadForm, SeveralForm
from tracker.leads.models import Lead
from tracker.leads.operations import capturing, entering
from tracker.leads.operations.firms import NAMED
from tracker.leads.views.blueprint import blueprint
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.stale import both_versions
from workflows.lead_sources import demands_of

LAST_SOURCE = "lead_source"  # the key of the session under which the source used last is remembered
INFORMANT = {"name": "informant_name", "firm": "informant_firm", "part": "informant_part", "role": "informant_name"}
"""The fields of the form in which what is wrong with whoever told us is said."""


def _offered(form: Any) -> Any:
    form.offer(current_definition())
    return form


@blueprint.get("/leads/new")
@login_required
def new() -> ResponseReturnValue:
    """The form for a lead; an address may say what is known of it already."""
    require(current_user, Action.LEAD_ADD)
    form = _offered(LeadForm(formdata=request.args or None))
    form.preset(session.get(LAST_SOURCE, ""))
    return _form(form)


@blueprint.post("/leads/new")
@login_required
def capture() -> ResponseReturnValue:
    """Enter a lead with its pictures."""
    require(current_user, Action.LEAD_ADD)
    form = _offered(LeadForm())
    refused = stage_all(form)
    if not form.validate_on_submit() or refused:
        return _form(form, refused.status, refused=refused)
    draft, said = form.draft(), read_answer(request.form)
    if said.way == JOIN:
        return join_site(entering.site_of(draft), said.reason)
    try:
        lead = entering.enter_lead(db.session, draft, said, by=current_user)
    except SiteKnown as known:
        db.session.rollback()
        probing.ease(known)
        answer = _form(form, 422, known=known)
        probing.note_hints(known.likely, form.name.data or "")
        return answer
    except Invalid as error:
        db.session.rollback()
        form[INFORMANT.get(error.field, error.field)].errors = [error.message]
        return _form(form, 422)
    address = url_for("leads.page", lead_id=lead.id)
    _commit(form)
    if request.form.get("then") == "next":
        flash(_("The lead is in. Now the next one."))
        return go_to(url_for("leads.new"))
    flash(_("The lead is in."))
    return go_to(address)


def _commit(form: LeadForm | SeveralForm) -> None:
    """Keep what was entered; the source is offered for the next one."""
    db.session.commit()
    probing.forgive()
    session[LAST_SOURCE] = form.source.data


def _form(
    form: LeadForm,
    status: int = 200,
    lead: Lead | None = None,
    refused: Any = (),
    changed: Any = None,
    known: SiteKnown | None = None,
) -> ResponseReturnValue:
    staged = list_staged(db.session, form.photos.data or (), by=current_user) if form.photos.data else ()
    return respond(
        "leads/edit.html",
        status=status,
        form=form,
        lead=lead,
        staged=staged,
        staged_papers=list_staged_papers(db.session, form.documents.data or (), by=current_user),
        refused=refused,
        changed=changed,
        known=known,
        words=WORDS,
        demands=demands_of(current_definition()),
    )


@blueprint.get("/leads/several")
@login_required
def several() -> ResponseReturnValue:
    """An empty grid."""
    require(current_user, Action.LEAD_ADD)
    form = _offered(SeveralForm())
    form.preset(session.get(LAST_SOURCE, ""))
    return _grid(form)


@blueprint.post("/leads/several")
@login_required
def capture_several() -> ResponseReturnValue:
    """Enter every row in which something is written: all of them or, where one is wrong, none."""
    require(current_user, Action.LEAD_ADD)
    form = _offered(SeveralForm())
    if not form.validate_on_submit():
        return _grid(form, 422)
    drafts = form.drafts()
    if not drafts:
        return _grid(form, 422, _("Write or paste at least one row."))
    try:
        leads = entering.enter_leads(db.session, drafts, by=current_user, token=form.token.data or None)
    except (Invalid, SiteKnown) as refusal:
        db.session.rollback()
        known = refusal if isinstance(refusal, SiteKnown) else None
        if known:
            probing.ease(known)
        answer = _grid(form, 422, str(refusal.message), known, drafts[0] if len(drafts) == 1 else None)
        if known:
            probing.note_hints(known.likely, drafts[0].name)
        return answer
    doubles = sum(lead.state == "duplicate" for lead in leads)
    hidden = queries.count_hidden_doubles(db.session, current_user, leads) if doubles else 0
    name = leads[0].name
    _commit(form)
    probing.note_met(hidden, name)
    flash(_n("%(num)d lead is in.", "%(num)d leads are in.", len(leads)))
    if doubles:
        flash(_n("%(num)d is on record already and marked as a duplicate.",
                 "%(num)d are on record already and marked as duplicates.", doubles))  # fmt: skip
    return go_to(url_for("leads.list_page"))


def _grid(
    form: SeveralForm,
    status: int = 200,
    message: str = "",
    known: SiteKnown | None = None,
    alone: capturing.LeadDraft | None = None,
) -> ResponseReturnValue:
    """The grid; `alone` is the one row that was refused and can be entered by the form for one lead."""
    return respond(
        "leads/several.html",
        status=status,
        form=form,
        message=message,
        known=known,
        words=WORDS,
        one_form=_address_of(alone) if alone else "",
    )


def _address_of(draft: capturing.LeadDraft) -> str:
    """The form for one lead, with what a row of the grid says."""
    said = ("source", "step", "kind", "found_on", "name", "address", "plot_number", "developer", "value", "note")
    return url_for("leads.new", **{name: value for name in said if (value := getattr(draft, name)) is not None})


@blueprint.get("/leads/<int:lead_id>/edit")
@login_required
def edit(lead_id: int) -> ResponseReturnValue:
    """The form with the lead's facts."""
    lead = queries.load_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_EDIT, lead)
    form = LeadForm(obj=lead)
    for name, value in _known(lead).items():
        form[name].data = value
    return _form(_offered(form), lead=lead)


def _known(lead: Lead) -> dict[str, Any]:
    """What the form's fields that are no columns of the lead hold."""
    return {**named_firms(lead), "categories": [row.category for row in lead.categories]}


def named_firms(lead: Lead) -> dict[str, str]:
    """The names of the firms that forms ask for; of several in one role the first one."""
    firms = {row.role: row.party.name for row in reversed(lead.parties)}
    named = {name: firms.get(role, "") for name, role in NAMED.items()}
    return {**named, "developer": lead.developer.name if lead.developer else ""}


@blueprint.post("/leads/<int:lead_id>/edit")
@login_required
def save(lead_id: int) -> ResponseReturnValue:
    """Change the facts; a stale page comes back with both versions."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_EDIT, lead)
    form = _offered(LeadForm())
    if not form.validate_on_submit():
        return _form(form, 422, lead)
    version, values = request.form.get("version", type=int) or 0, form.values()
    try:
        if not accepted(
            form, lambda: capturing.edit_lead(db.session, lead, by=current_user, version=version, **values)
        ):
            return _form(form, 422, queries.get_lead(db.session, current_user, lead_id))
    except Stale:
        db.session.rollback()
        lead = queries.load_lead(db.session, current_user, lead_id)
        return _form(form, 409, lead, changed=both_versions(form, lead, **_known(lead)))
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("leads.page", lead_id=lead_id))
