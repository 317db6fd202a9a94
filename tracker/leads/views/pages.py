"""The list of leads, and one lead's page."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock, events
from tracker.absences.choosing import colleagues_to_choose
from tracker.access import Action, can, is_dealer, may, require
from tracker.annotations.views import threads_of
from tracker.assigning.forms import OwnerForms, owner_forms
from tracker.assigning.queries.chosen import list_members
from tracker.calendar.queries import find_plan
from tracker.documents.intake import stage_all
from tracker.documents.operations import list_staged as list_staged_papers
from tracker.errors import Invalid
from tracker.event_words import sentence
from tracker.exports.listings import LEADS
from tracker.exports.queries import stream_leads
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gallery.operations import list_staged
from tracker.htmx import go_to, respond
from tracker.i18n import _, _l
from tracker.incoming import optional_key
from tracker.leads import queries
from tracker.leads.facts import clock_facts
from tracker.leads.forms import STATES, AssignForm, LeadRecordForm, PersonForm, RestForm
from tracker.leads.models import OPEN, Lead
from tracker.leads.operations import noting
from tracker.leads.puzzle import PIECES, known_pieces, missing_pieces
from tracker.leads.views.blueprint import blueprint
from tracker.matrix.definitions import current_definition
from tracker.matrix.queries import load_marks
from tracker.merging.views import merged_part
from tracker.projects.forms import NameForm
from tracker.projects.queries import Filters, load_filter_options
from tracker.reader import current_user
from workflows.lead_clocks import due_on_lead


@blueprint.get("/leads")
@login_required
def list_page() -> ResponseReturnValue:
    """Leads the user sees, filtered and sorted."""
    args, filters = request.args, asked_filters()
    sort = args.get("sort", "new")
    can_assign = may(current_user, Action.LEAD_ASSIGN)
    if format_asked():
        return send_list(LEADS, stream_leads(db.session, current_user, filters, sort))
    return respond(
        "leads/list.html",
        page=queries.list_leads(db.session, current_user, filters, sort, args.get("page", 1, type=int)),
        filters=filters,
        options=load_filter_options(db.session, current_user, Filters(clock.today())),
        sort=sort,
        states=STATES,
        outcomes=queries.outcomes(current_definition()),
        definition=current_definition(),
        can_add=may(current_user, Action.LEAD_ADD),
        can_import=may(current_user, Action.LEAD_IMPORT),
        people=colleagues_to_choose(db.session, current_user) if can_assign else (),
        can_assign=can_assign,
        is_dealer=is_dealer(current_user),
    )


def asked_filters() -> queries.LeadFilters:
    """What the address asks for; the list and the map read it alike."""
    args = request.args
    return queries.LeadFilters(
        q=args.get("q", "").strip()[:200],
        state=args.get("state", ""),
        source=args.get("source", ""),
        region=args.get("region", type=int),
        team=args.get("team", type=int),
        owner=args.get("owner", type=int),
        run=args.get("run", type=int),
        owes=args.get("owes") == "1",
        unassigned=args.get("unassigned") == "1",
        outcome=args.get("outcome", "")[:32],
        review=args.get("review", ""),
        rescore=args.get("rescore") == "1",
    )


@blueprint.get("/leads/<int:lead_id>")
@login_required
def page(lead_id: int) -> ResponseReturnValue:
    """One lead: what is known, what is missing, what was done."""
    form = LeadRecordForm()
    form.offer(current_definition())
    form.preset()
    return lead_page(lead_id, form)


def lead_page(
    lead_id: int,
    form: LeadRecordForm | None = None,
    status: int = 200,
    refused: Any = (),
    state_form: RestForm | None = None,
    person_form: PersonForm | None = None,
    name_form: NameForm | None = None,
    having: OwnerForms | None = None,
) -> ResponseReturnValue:
    """One lead's page; `status` 422 with the form that was refused."""
    user = current_user
    lead = queries.load_lead(db.session, user, lead_id)
    if form is None:
        form = LeadRecordForm(formdata=None)
        form.offer(current_definition())
        form.preset()
        planned = find_plan(db.session, user, request.args.get("plan", 0, type=int)) if "plan" in request.args else None
        if planned is not None and planned.record.lead_id == lead.id and planned.open:
            form.keep(planned.record.kind, planned.record.text, planned.record.id)
    records = queries.list_lead_records(db.session, user, lead)
    assign, having = AssignForm(formdata=None), having or owner_forms()
    can_edit = can(user, Action.LEAD_EDIT, lead) and lead.state != "converted"
    if can_edit:
        people = colleagues_to_choose(db.session, user)
        assign.owner_id.choices = list(people)
        assign.owner_id.data = lead.owner_id
        having.sharing.offer(people)
    trail = () if is_dealer(user) else events.timeline(db.session, lead)
    return respond(
        "leads/page.html",
        status=status,
        lead=lead,
        records=records,
        marks=load_marks(db.session, records),
        trail=[(event, sentence(event)) for event in trail],
        missing=missing(lead),
        waiting=queries.list_waiting(db.session, user, lead),
        **merged_part("lead", lead),
        pieces=(len(known_pieces(lead)), len(PIECES)),
        person_form=person_form or person_form_of(None),
        name_form=name_form or NameForm(formdata=None, prefix="name-"),
        definition=current_definition(),
        form=form,
        staged=list_staged(db.session, form.photos.data, by=user) if form.photos.data else (),
        staged_papers=list_staged_papers(db.session, form.documents.data or (), by=user),
        refused=refused,
        assign=assign,
        state_form=state_form or RestForm(formdata=None),
        is_dealer=is_dealer(user),
        having=having,
        members=() if is_dealer(user) else list_members(db.session, lead),
        can_edit=can_edit,
        can_assign=can(user, Action.LEAD_ASSIGN, lead) and lead.state != "converted",
        can_convert=can(user, Action.LEAD_CONVERT, lead) and lead.state in OPEN,
        outcomes=queries.outcomes(current_definition()),
        due=() if is_dealer(user) else due_on_lead(current_definition(), clock_facts(lead), clock.today()),
        can_log=may(user, Action.RECORD_LOG) and lead.state != "converted",
        **({} if is_dealer(user) else threads_of("lead", lead.id, lead)),
    )


def person_form_of(formdata: Any) -> PersonForm:
    """The form for somebody on a lead; `formdata` None: empty."""
    form = PersonForm(formdata=formdata, prefix="person-")
    form.offer(current_definition())
    return form


MISSING: dict[str, tuple[Any, str]] = {
    "owner": (_l("the developer"), "developer"),
    "designer": (_l("the designer"), "designer"),
    "contractor": (_l("the main contractor"), "contractor"),
    "area": (_l("the area"), "area"),
    "materials": (_l("the materials that may be wanted"), "categories-0"),
    "dates": (_l("when it begins or is finished"), "starts_on"),
    "name": (_l("what people call the site"), "name"),
    "place": (_l("the place"), "latitude"),
    "address": (_l("the address"), "address"),
    "kind": (_l("what is being built"), "kind"),
    "value": (_l("the value of our materials"), "value"),
    "evidence": (_l("the evidence that its source demands"), ""),
    "responsible": (_l("an owner"), ""),
}
"""What is still to be found out, and the field of the form in which it is written ('': elsewhere on the page)."""


def missing(lead: Lead) -> list[tuple[str, Any, str]]:
    """What is still to be found out to see the whole picture: (key, words, address of the field or '')."""
    found = []
    for key in missing_pieces(lead):
        words, field = MISSING[key]
        form = url_for("leads.edit", lead_id=lead.id, _anchor=field) if field else ""
        found.append((key, words, "#note-title" if key == "evidence" else form))
    return found


@blueprint.post("/leads/<int:lead_id>/records")
@login_required
def note(lead_id: int) -> ResponseReturnValue:
    """Log what was done on a lead."""
    lead = queries.get_lead(db.session, current_user, lead_id)
    require(current_user, Action.RECORD_LOG)
    form = LeadRecordForm()
    form.offer(current_definition())
    refused = stage_all(form)
    if not form.validate_on_submit() or refused:
        return lead_page(lead_id, form, refused.status, refused)
    try:
        noting.note_on_lead(
            db.session,
            lead,
            by=current_user,
            kind=form.kind.data,
            on=form.on.data or clock.today(),
            text=form.text.data or "",
            photos=tuple(form.photos.data or ()),
            documents=tuple(form.documents.data or ()),
            token=form.token.data or None,
            keeps=optional_key(form.keeps.data),
        )
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        return lead_page(lead_id, form, 422)
    db.session.commit()
    flash(_("Logged."))
    return go_to(url_for("leads.page", lead_id=lead_id))
