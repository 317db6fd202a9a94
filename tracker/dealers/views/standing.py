"""Deciding what becomes of a dealer."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, require
from tracker.dealers.forms.profiles import StandingForm
from tracker.dealers.models import SHUT_OUT, Dealer
from tracker.dealers.operations.standing import MAY_BECOME, set_standing
from tracker.dealers.queries.profiles import list_projects, list_released
from tracker.dealers.views.blueprint import blueprint, dealer_of
from tracker.dealers.wording import STATE_NAMES
from tracker.errors import Invalid, Refused
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user


@blueprint.get("/dealers/<int:dealer_id>/standing")
@login_required
def standing(dealer_id: int) -> ResponseReturnValue:
    """The form with what a dealer may become, and what that leads to."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.DEALER_DECIDE)
    form = StandingForm(data={"to": request.args.get("to", "")})
    return _form(dealer, form)


@blueprint.post("/dealers/<int:dealer_id>/standing")
@login_required
def decide(dealer_id: int) -> ResponseReturnValue:
    """Change a dealer's state with its effects."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.DEALER_DECIDE)
    form = StandingForm()
    form.offer(MAY_BECOME[dealer.state])
    if not form.validate_on_submit():
        return _form(dealer, form, 422)
    try:
        set_standing(
            db.session, dealer, form.to.data, by=current_user, reason=form.reason.data or "",
            improve_by=form.improve_by.data, return_projects=bool(form.return_projects.data),
        )  # fmt: skip
    except Refused as error:
        db.session.rollback()
        field = form[error.field] if isinstance(error, Invalid) else form.to
        field.errors = [error.message]
        return _form(dealer_of(dealer_id), form, 422)
    db.session.commit()
    flash(_("Done. He is %(state)s.", state=STATE_NAMES[form.to.data]))
    return go_to(url_for("dealers.page", dealer_id=dealer_id))


def _form(dealer: Dealer, form: StandingForm, status: int = 200) -> ResponseReturnValue:
    form.offer(MAY_BECOME[dealer.state])
    out = dealer.state in SHUT_OUT
    return respond(
        "dealers/standing.html",
        status=status,
        dealer=dealer,
        form=form,
        states=STATE_NAMES,
        out=out,
        projects=(list_released if out else list_projects)(db.session, current_user, dealer),
    )
