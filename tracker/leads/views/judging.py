"""The score card of a lead, and what its supervisor says where the points leave it to him."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, can, require
from tracker.errors import Invalid
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.leads import queries
from tracker.leads.forms import DecideForm, RestForm, ScoreForm, card_form
from tracker.leads.models import Lead, LeadScoring
from tracker.leads.operations import judging
from tracker.leads.views.blueprint import blueprint
from tracker.matrix.definitions import current_definition
from tracker.parties.queries import list_dealers
from tracker.reader import current_user
from workflows.suggesting import suggest


@blueprint.get("/leads/<int:lead_id>/score")
@login_required
def score(lead_id: int) -> ResponseReturnValue:
    """The score card, filled with what is known, what it led to, and the cards before."""
    lead = queries.load_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_EDIT, lead)
    return _card(lead)


@blueprint.post("/leads/<int:lead_id>/score")
@login_required
def save_score(lead_id: int) -> ResponseReturnValue:
    """Write the score card down and show what it leads to."""
    lead = queries.load_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_EDIT, lead)
    form = card_form(current_definition())
    if not form.validate_on_submit():
        return _card(lead, form, 422)
    draft = judging.ScoreDraft(
        form.answers(), form.proofs(), form.knockouts.data or (), form.note.data, form.token.data or None
    )
    try:
        judging.score_lead(db.session, lead, draft, by=current_user)
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        return _card(queries.load_lead(db.session, current_user, lead_id), form, 422)
    db.session.commit()
    flash(_("Scored."))
    return go_to(url_for("leads.score", lead_id=lead_id) + "#outcome")


@blueprint.post("/leads/<int:lead_id>/decide")
@login_required
def decide(lead_id: int) -> ResponseReturnValue:
    """The supervisor decides what becomes of it."""
    lead = queries.load_lead(db.session, current_user, lead_id)
    require(current_user, Action.LEAD_ASSIGN, lead)
    form = _decide_form(request.form)
    scorings = queries.list_scorings(db.session, current_user, lead_id)
    if not form.validate_on_submit() or not scorings:
        return _card(lead, status=422, deciding=form)
    dealers = list_dealers(db.session, current_user)
    dealer = next((one for one in dealers if one.id == form.dealer_id.data), None)
    told: dict[str, Any] = {"reason": form.reason.data or "", "dealer": dealer}
    try:
        judging.decide_lead(db.session, lead, scorings[0], form.choice.data or "", by=current_user, **told)
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        return _card(queries.load_lead(db.session, current_user, lead_id), status=422, deciding=form)
    db.session.commit()
    flash(_("Decided."))
    return go_to(url_for("leads.page", lead_id=lead_id))


def _decide_form(formdata: Any = None) -> DecideForm:
    form = DecideForm(formdata=formdata)
    dealers = list_dealers(db.session, current_user)
    form.dealer_id.choices = [("", _("choose")), *((dealer.id, dealer.name) for dealer in dealers)]
    return form


def _card(
    lead: Lead, form: ScoreForm | None = None, status: int = 200, deciding: DecideForm | None = None
) -> ResponseReturnValue:
    definition, category = current_definition(), request.args.get("category", "")
    known = queries.load_known(db.session, current_user, lead, category)
    suggested = suggest(definition, known, clock.today())
    scorings = queries.list_scorings(db.session, current_user, lead.id)
    records = queries.list_lead_records(db.session, current_user, lead)
    return respond(
        "leads/score.html",
        status=status,
        lead=lead,
        form=form or _filled(definition, suggested, scorings),
        card=definition.scorecard,
        definition=definition,
        suggested=suggested,
        category=category,
        scorings=scorings,
        proofs=[f"{one.happened_on} {one.text[:80]}" for one in records],
        outcomes=queries.outcomes(definition),
        rest_form=RestForm(formdata=None),
        deciding=deciding or _decide_form(),
        can_decide=can(current_user, Action.LEAD_ASSIGN, lead),
        can_convert=can(current_user, Action.LEAD_CONVERT, lead) and not lead.project_id,
    )


def _filled(definition: Any, suggested: Any, scorings: Any) -> ScoreForm:
    """An empty card with the points that are suggested, else those of the last card."""
    last: LeadScoring | None = scorings[0] if scorings else None
    points = dict(last.answers if last else {}) | {key: one.points for key, one in suggested.items()}
    values = {f"points_{key}": number for key, number in points.items()}
    proofs = {f"proof_{key}": text for key, text in (last.evidence if last else {}).items()}
    kept = {"knockouts": last.knockouts if last else [], "token": secrets.token_urlsafe(18)}
    return card_form(definition, formdata=None, data={**values, **proofs, **kept})
