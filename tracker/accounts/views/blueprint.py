"""The blueprint that the pages of key accounts hang on, and what they share."""

from __future__ import annotations

from flask import Blueprint

from tracker.access import Action, require
from tracker.accounts.models import Account
from tracker.accounts.queries.accounts import get_account
from tracker.extensions import db
from tracker.reader import current_user

blueprint = Blueprint("accounts", __name__)


def edited(account_id: int) -> Account:
    """The account, where the user may change it."""
    account = get_account(db.session, current_user, account_id)
    require(current_user, Action.ACCOUNT_EDIT, account)
    return account
