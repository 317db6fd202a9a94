"""The blueprint that the pages about who has a lead hang on, who sets what they go by, and how a form ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from tracker.accepting import accepted
from tracker.access import Action, reaches, require
from tracker.access.leading import require_leading
from tracker.extensions import db
from tracker.forms import Form
from tracker.gates import staff_only
from tracker.htmx import go_to
from tracker.i18n import _
from tracker.reader import current_user
from tracker.team.models import Team, User
from tracker.team.queries import get_user, list_teams

blueprint = Blueprint("assigning", __name__)


def leaders_only() -> None:
    """Raise unless the user is one of ours who gives leads away."""
    staff_only()
    require(current_user, Action.LEAD_ASSIGN)


def led_teams() -> Sequence[Team]:
    """The teams that the user's scope covers."""
    return [team for team in list_teams(db.session, current_user) if reaches(current_user, team)]


def led_person(user_id: int, reason: Any) -> User:
    """A person of a team that the user leads; else he hears the reason."""
    person = get_user(db.session, current_user, user_id)
    require_leading(current_user, person.team, reason)
    return person


def settled(
    form: Form, deed: Callable[[], Any], again: Callable[[Any, int], ResponseReturnValue], address: str
) -> ResponseReturnValue:
    """Do what the form asks and go on to the address; where it cannot be, its page once more (`again`)."""
    if not form.validate_on_submit() or not accepted(form, deed):
        return again(form, 422)
    db.session.commit()
    return saved(address)


def saved(address: str) -> ResponseReturnValue:
    """Go on after something was saved."""
    flash(_("Saved."))
    return go_to(address)
