"""What the card of a person shows, wherever it is shown."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from tracker.access import Action, may
from tracker.extensions import db
from tracker.matrix.definitions import current_definition
from tracker.team import queries
from tracker.team.models import User


def card_of(person: User, *, link: str | None = None, message: Any = None) -> dict[str, Any]:
    """The context of `team/person.html`; `link` is a password link just made, `message` why something was refused."""
    return {
        "person": person,
        "definition": current_definition(),
        "manages": may(current_user, Action.PEOPLE_MANAGE),
        "owned": queries.count_owned(db.session, current_user, person),
        "link": link,
        "message": message,
    }
