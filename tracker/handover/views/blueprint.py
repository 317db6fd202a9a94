"""The blueprint that the pages of handing over hang on."""

from __future__ import annotations

from flask import Blueprint

from tracker.access import is_dealer
from tracker.errors import NotFound
from tracker.reader import current_user

blueprint = Blueprint("handover", __name__)


def staff_only() -> None:
    """What we hand over among ourselves does not exist for a dealer."""
    if is_dealer(current_user):
        raise NotFound
