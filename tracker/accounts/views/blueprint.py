"""The blueprint that the pages of key accounts hang on, and what they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from tracker.access import Action, is_dealer, require
from tracker.accounts.models import Account
from tracker.accounts.queries.accounts import get_account
from tracker.errors import Invalid, NotFound, Refused
from tracker.extensions import db
from tracker.htmx import go_to
from tracker.i18n import _
from tracker.reader import current_user

blueprint = Blueprint("accounts", __name__)
Again = Callable[[int, str], ResponseReturnValue]


def staff_only() -> None:
    """No dealer sees anything of key accounts."""
    if is_dealer(current_user):
        raise NotFound


def edited(account_id: int) -> Account:
    """The account, where the user may change it."""
    account = get_account(db.session, current_user, account_id)
    require(current_user, Action.ACCOUNT_EDIT, account)
    return account


def carry_out(
    form: Any, deed: Callable[[], Any], done: str | Callable[[], str], again: Again, told: str = ""
) -> ResponseReturnValue:
    """Validate the form, do it, commit and go on; what is refused comes back with what was typed (`again`: status and
    a message that belongs to no field)."""
    if not form.validate_on_submit():
        return again(422, "")
    try:
        deed()
    except Invalid as error:
        db.session.rollback()
        if error.field not in form:
            return again(422, str(error.message))
        form[error.field].errors = [error.message]
        return again(422, "")
    except Refused as error:
        db.session.rollback()
        return again(422, str(error.message))
    db.session.commit()
    flash(told or _("Saved."))
    return go_to(done if isinstance(done, str) else done())
