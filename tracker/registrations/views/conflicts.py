"""Where two claim one site: both sides' facts in their order, the orders step by step, the ruling, the appeal."""

from __future__ import annotations

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, require
from tracker.access.of_registrations import decides_conflicts_above, sees_all_registrations
from tracker.errors import NotFound, Refused
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _, lang
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.registrations.forms import AppealForm, EvidenceForm, RulingForm
from tracker.registrations.models import Conflict
from tracker.registrations.operations import conflicts as operations
from tracker.registrations.operations.splitting import sides_of, whole_of
from tracker.registrations.queries.conflicts import get_conflict, list_facts, list_like_cases, load_steps
from tracker.registrations.queries.sides import sides_beside
from tracker.registrations.views.blueprint import NAMES, blueprint, mailing, show_refusal, staged_of, take_files
from tracker.registrations.views.sides import compared
from tracker.registrations.wording import CONFLICT_NAMES, WINNER_NAMES
from workflows.registering import DECIDED_ABOVE


@blueprint.get("/registrations/conflicts/<int:conflict_id>")
@login_required
def conflict_page(conflict_id: int) -> ResponseReturnValue:
    """A conflict as far as the reader may know it."""
    staff_only()
    return _page(get_conflict(db.session, current_user, conflict_id))


def _page(conflict: Conflict, status: int = 200, refused: Any = (), **forms: Any) -> ResponseReturnValue:
    session = db.session
    steps = load_steps(session, conflict)
    orders = {
        one["key"]: one for one in current_definition().picklist("dealer_registration").extra["arbitration_order"]
    }
    ruling = forms.get("ruling_form") or RulingForm(formdata=None)
    _offer(ruling, conflict, steps, orders)
    evidence = forms.get("evidence_form") or EvidenceForm(formdata=None)
    evidence.on.data = evidence.on.data or clock.today()
    sees_all = sees_all_registrations(current_user)
    both = sides_beside(session, current_user, conflict) if sees_all else None
    return respond(
        "registrations/conflict.html",
        status=status,
        conflict=conflict,
        compared=compared(*both) if both else (),
        above_key=DECIDED_ABOVE,
        facts=list_facts(session, current_user, conflict),
        steps=steps if sees_all else (),
        orders=orders,
        like_cases=list_like_cases(session, conflict),
        definition=current_definition(),
        conflict_names=CONFLICT_NAMES,
        winners=WINNER_NAMES,
        may_rule=operations.may_rule(current_user, conflict),
        above=_is_above(conflict, steps),
        ruling_form=ruling,
        evidence_form=evidence,
        appeal_form=forms.get("appeal_form") or AppealForm(formdata=None),
        refused=refused,
        **staged_of(evidence),
        **NAMES,
    )


def _is_above(conflict: Conflict, steps: Any) -> bool:
    """Whether it waits for the director, and the reader is not he."""
    open_still = conflict.state == "open" and steps[-1].key == DECIDED_ABOVE
    return (open_still or conflict.state == "appealed") and not decides_conflicts_above(current_user)


def _offer(form: RulingForm, conflict: Conflict, steps: Any, orders: Any) -> None:
    """The orders that were looked at, the deciding one first; who gets it as the steps say; what each side claims."""
    sides = sides_of(db.session, conflict)
    form.offer({side: whole_of(conflict, side, one) for side, one in sides.items()}, current_definition())
    keys = [step.key for step in steps] + ([] if steps[-1].key == DECIDED_ABOVE else [DECIDED_ABOVE])
    form.order_key.choices = [(key, orders[key][lang()]) for key in keys]
    form.winner.choices = list(WINNER_NAMES.items())
    if not form.is_submitted():
        form.order_key.data, form.winner.data = steps[-1].key, steps[-1].winner or None


@blueprint.post("/registrations/conflicts/<int:conflict_id>/<deed>")
@login_required
def conflict_do(conflict_id: int, deed: str) -> ResponseReturnValue:
    """Rule on it, hand in evidence of our own side, or appeal for it."""
    staff_only()
    conflict = get_conflict(db.session, current_user, conflict_id)
    made = {"rule": RulingForm, "evidence": EvidenceForm, "appeal": AppealForm}.get(deed)
    if made is None:
        raise NotFound
    require(current_user, Action.DEALER_DECIDE if deed == "rule" else Action.RECORD_LOG)
    form: Any = made()
    name = {"rule": "ruling_form", "evidence": "evidence_form", "appeal": "appeal_form"}[deed]
    refused = take_files(form) if deed == "evidence" else []
    if deed == "rule":
        orders = current_definition().picklist("dealer_registration").extra["arbitration_order"]
        _offer(form, conflict, load_steps(db.session, conflict), {one["key"]: one for one in orders})
    if refused or not form.validate_on_submit():
        return _page(conflict, 422, refused, **{name: form})
    try:
        _carry_out(conflict, deed, form)
    except Refused as error:
        db.session.rollback()
        show_refusal(form, error, "reason" if deed == "rule" else "text")
        return _page(get_conflict(db.session, current_user, conflict_id), 422, **{name: form})
    db.session.commit()
    flash(_("Both sides are told.") if deed == "rule" else _("Sent."))
    return go_to(url_for("registrations.conflict_page", conflict_id=conflict_id))


def _carry_out(conflict: Conflict, deed: str, form: Any) -> None:
    match deed:
        case "rule":
            operations.rule(db.session, conflict, form.ruling(), by=current_user, mailing=mailing())
        case "evidence":
            operations.give_evidence(db.session, conflict, form.what.data, form.draft(), by=current_user)
        case _:
            operations.appeal(db.session, conflict, by=current_user, reason=form.text.data or "", mailing=mailing())
