"""The blueprint that the pages of firms hang on, and who may come in."""

from __future__ import annotations

from flask import Blueprint

from tracker.access import Action, is_dealer, require
from tracker.errors import NotFound
from tracker.reader import current_user

blueprint = Blueprint("parties", __name__)


def staff_only() -> None:
    """Dealers learn nothing of our firms and people."""
    if is_dealer(current_user):
        raise NotFound


def editors_only() -> None:
    """To be asked once the thing itself is found."""
    staff_only()
    require(current_user, Action.PARTY_EDIT)
