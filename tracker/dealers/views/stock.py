"""A dealer's figures, as we see and enter them, with the signs in them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.accepting import carry_out
from tracker.access import Action, can, require
from tracker.dealers.forms.profiles import FindingForm
from tracker.dealers.forms.stock import StockForm
from tracker.dealers.models import Dealer
from tracker.dealers.operations.stock import Askew, answer_signal, report_stock
from tracker.dealers.queries import stock as queries
from tracker.dealers.queries.profiles import get_dealer
from tracker.dealers.queries.signals import list_signs
from tracker.dealers.views.blueprint import blueprint, dealer_of, month_of_address
from tracker.dealers.wording import SIGNAL_NAMES, SOURCE_NAMES, month_name
from tracker.errors import Invalid, Refused, Stale
from tracker.exports.dealers import STOCK
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user


@blueprint.get("/dealers/<int:dealer_id>/stock")
@login_required
def stock(dealer_id: int) -> ResponseReturnValue:
    """Months, where the goods went beside what was needed there, and the signs."""
    dealer = dealer_of(dealer_id)
    if format_asked():
        return send_list(STOCK, queries.stream_stock(db.session, current_user, dealer))
    return _stock_page(dealer, FindingForm(formdata=None))


def _stock_page(dealer: Dealer, finding: FindingForm, status: int = 200) -> ResponseReturnValue:
    return respond(
        "dealers/stock.html",
        status=status,
        dealer=dealer,
        tab="stock",
        definition=current_definition(),
        months=queries.list_months(db.session, current_user, dealer, clock.today()),
        supplied=queries.list_supplied(db.session, current_user, dealer),
        signs=list_signs(db.session, current_user, dealer),
        finding=finding,
        signal_names=SIGNAL_NAMES,
        sources=SOURCE_NAMES,
        month_name=month_name,
        can_report=can(current_user, Action.STOCK_REPORT, dealer),
        can_manage=can(current_user, Action.DEALER_MANAGE),
    )


@blueprint.get("/dealers/lines/<int:stock_line_id>")
@login_required
def line(stock_line_id: int) -> ResponseReturnValue:
    """The figures among which a line stands."""
    staff_only()
    found = queries.get_line(db.session, current_user, stock_line_id)
    return go_to(url_for("dealers.stock", dealer_id=found.report.dealer_id))


@blueprint.post("/dealers/<int:dealer_id>/signals")
@login_required
def answer_sign(dealer_id: int) -> ResponseReturnValue:
    """Write down what one found out about a sign."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.DEALER_MANAGE)
    form = FindingForm()
    return carry_out(
        form,
        lambda: answer_signal(db.session, dealer, form.key.data or "", by=current_user, text=form.text.data or ""),
        url_for("dealers.stock", dealer_id=dealer_id),
        lambda status, _message: _stock_page(dealer_of(dealer_id), form, status),
        field="text",
    )


@blueprint.get("/dealers/<int:dealer_id>/stock/<month>")
@login_required
def month(dealer_id: int, month: str) -> ResponseReturnValue:
    """The form with a month's figures."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.STOCK_REPORT, dealer)
    return show_month(dealer, month_of_address(month), url_for("dealers.stock", dealer_id=dealer_id))


@blueprint.post("/dealers/<int:dealer_id>/stock/<month>")
@login_required
def report(dealer_id: int, month: str) -> ResponseReturnValue:
    """Keep a month's figures."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.STOCK_REPORT, dealer)
    back = url_for("dealers.stock", dealer_id=dealer_id)
    return take_month(dealer, month_of_address(month), back)


def show_month(dealer: Dealer, month: date, back: str) -> ResponseReturnValue:
    """The form of a month: what was reported, else what the month before left."""
    form = StockForm(formdata=None)
    known = queries.find_report(db.session, current_user, dealer, month)
    before = None if known else queries.last_before(db.session, dealer, month)
    form.begin(known, before, dealer.categories)
    return _month_page(dealer, month, form, back, known=known)


def take_month(dealer: Dealer, month: date, back: str) -> ResponseReturnValue:
    """Keep the figures that came, or show them again with what is wrong; `more` only makes room."""
    form = StockForm()
    _offer(form, dealer)
    if "more" in request.form:
        form.enlarge(request.form["more"])
        return _month_page(dealer, month, form, back)
    if not form.validate_on_submit():
        return _month_page(dealer, month, form, back, 422)
    version = request.form.get("version", type=int) or 0
    message: Any = ""
    try:
        report_stock(
            db.session, dealer, month, form.drafts(), by=current_user, collected=form.collected.data, version=version
        )
        db.session.commit()
        flash(_("The figures of %(month)s are in.", month=month_name(month)))
        return go_to(back)
    except Askew as askew:
        form.show_askew(askew)
        message, status = askew.message, 422
    except Invalid as error:
        if error.field == "collected":
            form.collected.errors = [error.message]
        message, status = error.message, 422
    except Refused as error:
        message, status = error.message, 422
    except Stale as stale:
        message, status = stale.message, 409
    db.session.rollback()
    return _month_page(_again(dealer), month, form, back, status, message)


def _again(dealer: Dealer) -> Dealer:
    """The dealer after a rollback, which forgets what was loaded."""
    return get_dealer(db.session, current_user, dealer.id)


def _offer(form: StockForm, dealer: Dealer) -> None:
    form.offer(current_definition(), queries.list_sellable(db.session, current_user, dealer), dealer.categories)


def _month_page(
    dealer: Dealer, month: date, form: StockForm, back: str, status: int = 200, message: Any = "", known: Any = None
) -> ResponseReturnValue:
    known = known or queries.find_report(db.session, current_user, dealer, month)
    if status == 409:
        form.version.data = str(known.version if known else 0)
    _offer(form, dealer)
    return respond(
        "dealers/month.html",
        status=status,
        dealer=dealer,
        month=month,
        month_name=month_name,
        form=form,
        faults=form.faults(),
        message=message,
        back=back,
        known=known,
        changed=status == 409,
        sources=SOURCE_NAMES,
        definition=current_definition(),
    )
