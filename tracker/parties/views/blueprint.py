"""The blueprint that the pages of firms hang on, and who may come in."""

from __future__ import annotations

from flask import Blueprint

from tracker.access import Action, require
from tracker.gates import staff_only
from tracker.reader import current_user

blueprint = Blueprint("parties", __name__)


def editors_only() -> None:
    """To be asked once the thing itself is found."""
    staff_only()
    require(current_user, Action.PARTY_EDIT)
