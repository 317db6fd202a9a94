"""Who may lead a team, and who sits above one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select

from tracker.access import Action, Scope, may, reaches

if TYPE_CHECKING:
    from tracker.team.models import Team, User


def can_lead(user: User, team: Team) -> bool:
    """Whether the user may be named as the team's supervisor: his role decides, and his place reaches it."""
    return may(user, Action.APPROVAL_DECIDE) and reaches(user, team)


def sits_above(team: Team) -> ColumnElement[bool]:
    """The condition under which a user sits in or above `team` with a scope that covers it."""
    from tracker.team.models import Role
    from tracker.team.models import User as UserModel

    above = [int(part) for part in team.path.strip("/").split("/") if part]
    below, same = (select(Role.id).where(Role.scope == scope) for scope in (Scope.BELOW, Scope.TEAM))
    return or_(
        and_(UserModel.team_id.in_(above), UserModel.role_id.in_(below)),
        and_(UserModel.team_id == team.id, UserModel.role_id.in_(same)),
    )
