"""Whose accounts somebody manages: an administrator everybody's, a dealer's own administrator those of his company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.access import Action, is_dealer, require
from tracker.errors import NotFound

if TYPE_CHECKING:
    from tracker.team.models import User


def require_managing(user: User, party_id: int | None) -> None:
    """Raise unless the user manages the people of this dealer's company (None: ours).

    For a dealer's own administrator the people of anybody else do not exist.
    """
    if not is_dealer(user):
        return require(user, Action.PEOPLE_MANAGE)
    require(user, Action.DEALER_PEOPLE)
    if party_id is None or party_id != user.party_id:
        raise NotFound
    return None
