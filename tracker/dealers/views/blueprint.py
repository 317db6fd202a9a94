"""The blueprint that the pages of dealers hang on, and what all of them ask first."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint

from tracker import clock
from tracker.dealers.forms.profiles import FileForm
from tracker.dealers.models import Dealer
from tracker.dealers.queries import profiles
from tracker.dealers.queries.stock import check_month
from tracker.documents.intake import stage_all
from tracker.documents.operations import list_staged
from tracker.errors import NotFound
from tracker.extensions import db
from tracker.gates import staff_only
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


def take_files(form: FileForm) -> list[str]:
    """Take in what came with the form; the sentences for what was refused."""
    refused = list(stage_all(form))
    if form.photos.data:
        refused.append(_("Pictures are not kept with a dealer; send the paper as PDF."))
    return refused


def staged_of(form: FileForm) -> Any:
    """The documents that the form has brought so far."""
    return list_staged(db.session, form.tokens(), by=current_user)
