"""The blueprint that the pages about definitions hang on, and who may see them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from tracker.access import Action, may
from tracker.errors import NotFound
from tracker.reader import current_user

blueprint = Blueprint("definitions", __name__)


@blueprint.before_request
def _administrators_only() -> None:
    """For everybody else these pages do not exist; who is not signed in is asked to by the page itself."""
    if current_user.is_authenticated and not may(current_user, Action.ADMINISTER):
        raise NotFound


def version_of(form: Any) -> int:
    """The state of the draft on which a form was decided; 0 where it says none."""
    text = form.version.data or ""
    return int(text) if text.isdecimal() and len(text) < 10 else 0
