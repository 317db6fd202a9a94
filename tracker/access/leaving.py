"""Who may let somebody go: hand over all he has, and switch his account off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.access import Action, Scope, is_dealer, may, reaches

if TYPE_CHECKING:
    from tracker.team.models import User

_WIDTH = {Scope.TEAM: 1, Scope.BELOW: 2, Scope.ALL: 3}


def may_let_go(user: User, person: User) -> bool:
    """Whether the user may let this person of ours go (role and team of both loaded).

    Whoever manages people may; else whoever leads the person's team, unless that person leads him in turn: nobody
    locks out his own supervisor, or the one beside him.
    """
    if user.id == person.id or is_dealer(person):
        return False
    if may(user, Action.PEOPLE_MANAGE):
        return True
    if not may(user, Action.LEAD_ASSIGN) or may(person, Action.PEOPLE_MANAGE) or not reaches(user, person.team):
        return False
    leads_him = may(person, Action.LEAD_ASSIGN) and reaches(person, user.team)
    return not leads_him or _width(person) < _width(user)


def _width(user: User) -> int:
    return _WIDTH.get(Scope(user.role.scope), 0)
