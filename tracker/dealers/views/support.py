"""What a dealer was given, and what came of it."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.accepting import carry_out
from tracker.access import Action, can, require
from tracker.dealers.forms.profiles import ResultForm, SupportForm
from tracker.dealers.models import Dealer
from tracker.dealers.operations import supporting
from tracker.dealers.queries import profiles, stock
from tracker.dealers.views.blueprint import blueprint, dealer_of
from tracker.dealers.wording import SUPPORT_NAMES
from tracker.exports.dealers import SUPPORT
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user


@blueprint.get("/dealers/<int:dealer_id>/support")
@login_required
def support(dealer_id: int) -> ResponseReturnValue:
    """Training, discounts and samples, the newest first."""
    dealer = dealer_of(dealer_id)
    if format_asked():
        return send_list(SUPPORT, profiles.list_support(db.session, current_user, dealer))
    form = SupportForm(formdata=None)
    form.on.data = clock.today()
    return _page(dealer, form)


def _page(dealer: Dealer, form: SupportForm, status: int = 200) -> ResponseReturnValue:
    form.offer(stock.list_sellable(db.session, current_user, dealer))
    return respond(
        "dealers/support.html",
        status=status,
        dealer=dealer,
        tab="support",
        rows=profiles.list_support(db.session, current_user, dealer),
        names=SUPPORT_NAMES,
        form=form,
        result_form=ResultForm(formdata=None),
        can_manage=can(current_user, Action.DEALER_MANAGE),
    )


@blueprint.post("/dealers/<int:dealer_id>/support")
@login_required
def grant(dealer_id: int) -> ResponseReturnValue:
    """Write down what he was given."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.DEALER_MANAGE)
    form = SupportForm()
    form.offer(stock.list_sellable(db.session, current_user, dealer))

    def deed() -> None:
        assert form.on.data is not None
        supporting.grant_support(
            db.session, dealer, by=current_user, kind=form.kind.data, what=form.what.data or "", on=form.on.data,
            value=form.value.data, project_id=form.project_id.data, result=form.result.data or "",
        )  # fmt: skip

    done = url_for("dealers.support", dealer_id=dealer_id)
    return carry_out(form, deed, done, lambda status, _message: _page(dealer_of(dealer_id), form, status), field="what")


@blueprint.post("/dealers/<int:dealer_id>/support/<int:support_id>")
@login_required
def tell_result(dealer_id: int, support_id: int) -> ResponseReturnValue:
    """Say what came of it."""
    dealer = dealer_of(dealer_id)
    row = profiles.get_support(db.session, current_user, dealer_id, support_id)
    require(current_user, Action.DEALER_MANAGE)
    form = ResultForm()
    if not form.validate_on_submit():
        again = SupportForm(formdata=None)
        again.on.data = clock.today()
        again.what.errors = list(form.result.errors)
        return _page(dealer, again, 422)
    supporting.tell_result(db.session, dealer, row, by=current_user, result=form.result.data or "")
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("dealers.support", dealer_id=dealer_id))
