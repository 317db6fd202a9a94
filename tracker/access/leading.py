"""Who leads which people: gives them leads, says what they cover and when they are away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.access import Action, may, reaches, require
from tracker.errors import Forbidden

if TYPE_CHECKING:
    from tracker.team.models import Team, User


def leads_team(user: User, team: Team | None) -> bool:
    """Whether the user leads the people of this team."""
    return may(user, Action.LEAD_ASSIGN) and reaches(user, team)


def require_leading(user: User, team: Team | None, reason: Any) -> None:
    """Raise Forbidden, for a team that is not his with the reason given, unless he leads its people."""
    require(user, Action.LEAD_ASSIGN)
    if not reaches(user, team):
        raise Forbidden(reason)
