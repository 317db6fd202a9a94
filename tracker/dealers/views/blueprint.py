"""The blueprint that the pages of dealers hang on, and what all of them ask first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.dealers.forms.profiles import FileForm
from tracker.dealers.models import Dealer
from tracker.dealers.queries import profiles
from tracker.dealers.queries.stock import check_month
from tracker.documents.intake import stage_all
from tracker.documents.operations import list_staged
from tracker.errors import Invalid, NotFound, Refused
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to
from tracker.i18n import _
from tracker.reader import current_user

blueprint = Blueprint("dealers", __name__)


def dealer_of(dealer_id: int) -> Dealer:
    """The dealer of an address, for one of ours."""
    staff_only()
    return profiles.get_dealer(db.session, current_user, dealer_id)


def month_of_address(text: str) -> date:
    """The month that an address names as 2026-02, or NotFound."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound from None
    check_month(month, clock.today())
    return month


def carry_out(
    form: Any,
    deed: Callable[[], Any],
    done: Callable[[], str],
    again: Callable[[], ResponseReturnValue],
    field: str,
    told: str | None = "",
) -> ResponseReturnValue:
    """Validate the form, do it, commit and go on; what is refused stands beside its field, else beside `field`.

    `again` shows the page with the form, and loads anew what a rollback forgets; `told` None: the page says it.
    """
    if not form.validate_on_submit():
        return again()
    try:
        deed()
    except Refused as error:
        db.session.rollback()
        named = error.field if isinstance(error, Invalid) and error.field in form else field
        form[named].errors = [error.message]
        return again()
    address = done()
    db.session.commit()
    if told is not None:
        flash(told or _("Saved."))
    return go_to(address)


def take_files(form: FileForm) -> list[str]:
    """Take in what came with the form; the sentences for what was refused."""
    refused = list(stage_all(form))
    if form.photos.data:
        refused.append(_("Pictures are not kept with a dealer; send the paper as PDF."))
    return refused


def staged_of(form: FileForm) -> Any:
    """The documents that the form has brought so far."""
    return list_staged(db.session, form.tokens(), by=current_user)
