"""Evaluating dealers: the quarters of one, all of them, giving points, confirming, taking back."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.accepting import carry_out
from tracker.access import Action, can, require
from tracker.dealers.forms.judging import BeginForm, EvaluationForm, ReopenForm, past_quarters, read_marks
from tracker.dealers.models import SHUT_OUT, Dealer, DealerEvaluation
from tracker.dealers.operations import evaluating as operations
from tracker.dealers.queries import evaluations as queries
from tracker.dealers.views.blueprint import blueprint, dealer_of
from tracker.dealers.wording import quarter_name
from tracker.errors import Invalid, Refused, Stale
from tracker.exports.dealers import EVALUATIONS
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user
from workflows.dealers import LIST, ends_contract, grade_text, is_last


@blueprint.get("/dealers/evaluations")
@login_required
def all_evaluations() -> ResponseReturnValue:
    """The evaluations of all dealers, of one quarter or all."""
    staff_only()
    quarter = _quarter(request.args.get("quarter", ""))
    if format_asked():
        return send_list(EVALUATIONS, queries.stream_evaluations(db.session, current_user, quarter))
    number = request.args.get("page", 1, type=int)
    return respond(
        "dealers/evaluations.html",
        page=queries.list_all_evaluations(db.session, current_user, quarter, number),
        quarter=quarter,
        quarters=past_quarters(),
        quarter_name=quarter_name,
    )


def _quarter(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@blueprint.get("/dealers/<int:dealer_id>/evaluations")
@login_required
def evaluations(dealer_id: int) -> ResponseReturnValue:
    """A dealer's quarters, and the one to begin."""
    return _evaluations_page(dealer_of(dealer_id))


def _evaluations_page(dealer: Dealer, form: BeginForm | None = None, status: int = 200) -> ResponseReturnValue:
    form = form or BeginForm(formdata=None)
    form.offer()
    listed = queries.list_evaluations(db.session, current_user, dealer)
    graded = [(one.quarter, one.grade) for one in listed if one.grade]
    definition = queries.definition_for_dealers(db.session)
    return respond(
        "dealers/of_dealer.html",
        status=status,
        dealer=dealer,
        tab="evaluations",
        evaluations=listed,
        form=form,
        quarter_name=quarter_name,
        twice=ends_contract(definition, graded) is not None and dealer.state not in SHUT_OUT,
        last=is_last(definition, graded[0][1]) if graded else False,
        can_manage=can(current_user, Action.DEALER_MANAGE),
        can_decide=can(current_user, Action.DEALER_DECIDE),
    )


@blueprint.post("/dealers/<int:dealer_id>/evaluations")
@login_required
def begin(dealer_id: int) -> ResponseReturnValue:
    """Begin a quarter's evaluation, or go on with it."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.DEALER_MANAGE)
    form = BeginForm()
    form.offer()
    begun: list[DealerEvaluation] = []

    def deed() -> None:
        quarter = date.fromisoformat(form.quarter.data)
        begun.append(operations.begin_evaluation(db.session, dealer, quarter, by=current_user))

    return carry_out(
        form,
        deed,
        lambda: url_for("dealers.evaluation", dealer_id=dealer_id, evaluation_id=begun[0].id),
        lambda status, _message: _evaluations_page(dealer_of(dealer_id), form, status),
        told=None,
        field="quarter",
    )


@blueprint.get("/dealers/<int:dealer_id>/evaluations/<int:evaluation_id>")
@login_required
def evaluation(dealer_id: int, evaluation_id: int) -> ResponseReturnValue:
    """One evaluation: its points, or the form for them while it is open."""
    dealer = dealer_of(dealer_id)
    found = queries.get_evaluation(db.session, current_user, dealer_id, evaluation_id)
    form = EvaluationForm(formdata=None, obj=found)
    return _evaluation_page(dealer, found, form)


@blueprint.post("/dealers/<int:dealer_id>/evaluations/<int:evaluation_id>")
@login_required
def give_points(dealer_id: int, evaluation_id: int) -> ResponseReturnValue:
    """Keep points and evidence; with `confirm` they count from now on."""
    dealer = dealer_of(dealer_id)
    found = queries.get_evaluation(db.session, current_user, dealer_id, evaluation_id)
    require(current_user, Action.DEALER_MANAGE)
    form, definition = EvaluationForm(), queries.definition_of_evaluation(db.session, found)
    form.offer(definition)
    drafts, typed, wrong = read_marks(request.form, definition)
    if not form.validate_on_submit() or wrong:
        return _evaluation_page(dealer, found, form, 422, typed, wrong)
    told: dict[str, Any] = {"vetoes": form.vetoes.data or (), "note": form.note.data or ""}
    version = request.form.get("version", type=int) or 0
    try:
        operations.give_marks(db.session, found, drafts, by=current_user, version=version, **told)
        if "confirm" in request.form:
            operations.confirm_evaluation(db.session, dealer, found, by=current_user, improve_by=form.improve_by.data)
    except Stale:
        db.session.rollback()
        return _shown_again(dealer_id, evaluation_id, form, 409, typed, {})
    except Invalid as error:
        db.session.rollback()
        if error.field in form:
            form[error.field].errors = [error.message]
        else:
            wrong = {error.field: error.message}
        return _shown_again(dealer_id, evaluation_id, form, 422, typed, wrong)
    db.session.commit()
    flash(_("The evaluation counts; the dealer is told.") if "confirm" in request.form else _("Saved."))
    return go_to(url_for("dealers.evaluation", dealer_id=dealer_id, evaluation_id=evaluation_id))


def _shown_again(
    dealer_id: int, evaluation_id: int, form: EvaluationForm, status: int, typed: Any, wrong: Any
) -> ResponseReturnValue:
    found = queries.get_evaluation(db.session, current_user, dealer_id, evaluation_id)
    if status == 409:
        form.version.data = str(found.version)
    return _evaluation_page(dealer_of(dealer_id), found, form, status, typed, wrong)


def _evaluation_page(
    dealer: Dealer, found: DealerEvaluation, form: EvaluationForm, status: int = 200, typed: Any = None,
    wrong: Any = None, reopening: ReopenForm | None = None,
) -> ResponseReturnValue:  # fmt: skip
    definition = queries.definition_of_evaluation(db.session, found)
    form.offer(definition)
    listed = definition.picklist(LIST)
    return respond(
        "dealers/evaluation.html",
        status=status,
        dealer=dealer,
        evaluation=found,
        marks={mark.criterion: mark for mark in found.marks},
        criteria=listed.items,
        grades=sorted(listed.extra["grades"], key=lambda grade: -grade["min"]),
        vetoes=[veto for veto in listed.extra["veto"] if veto["key"] in found.vetoes],
        means=grade_text(definition, found.grade) if found.grade else None,
        leads_to=operations.leads_to(definition, found.grade) if found.grade else (),
        weakest=listed.get(operations.weakest(definition, found)).name if found.grade else None,
        form=form,
        typed=typed,
        wrong=wrong or {},
        changed=status == 409,
        reopening=reopening or ReopenForm(formdata=None),
        quarter_name=quarter_name,
        evidence=request.form if typed is not None else None,
        can_manage=can(current_user, Action.DEALER_MANAGE),
        can_decide=can(current_user, Action.DEALER_DECIDE),
    )


@blueprint.post("/dealers/<int:dealer_id>/evaluations/<int:evaluation_id>/reopen")
@login_required
def reopen(dealer_id: int, evaluation_id: int) -> ResponseReturnValue:
    """Take an evaluation that counts back, to correct it."""
    dealer = dealer_of(dealer_id)
    found = queries.get_evaluation(db.session, current_user, dealer_id, evaluation_id)
    require(current_user, Action.DEALER_DECIDE)
    form = ReopenForm()
    if not form.validate_on_submit():
        return _evaluation_page(dealer, found, EvaluationForm(formdata=None, obj=found), 422, reopening=form)
    try:
        operations.reopen_evaluation(db.session, dealer, found, by=current_user, reason=form.reason.data or "")
    except Refused as error:
        form.reason.errors = [error.message]
        return _evaluation_page(dealer, found, EvaluationForm(formdata=None, obj=found), 422, reopening=form)
    db.session.commit()
    flash(_("It is open again and counts for nothing until it is confirmed."))
    return go_to(url_for("dealers.evaluation", dealer_id=dealer_id, evaluation_id=evaluation_id))
