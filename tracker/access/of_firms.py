"""Which firms and people exist for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select

from tracker.access import is_dealer, visible

if TYPE_CHECKING:
    from tracker.team.models import User


def visible_parties(user: User) -> ColumnElement[bool]:
    """All of ours see every firm that stands; a dealer's people their own, and the developers of their projects."""
    from tracker.parties.models import Party
    from tracker.projects.models import Project

    if not is_dealer(user):
        return and_(Party.withdrawn.is_(False), Party.merged_into_id.is_(None))
    mine = select(Project.developer_id).where(visible(Project, user), Project.developer_id.is_not(None))
    return or_(Party.id == user.party_id, Party.id.in_(mine))


def visible_contacts(user: User) -> ColumnElement[bool]:
    """All of ours see every person who stands; a dealer's people those whom their own company entered."""
    from tracker.parties.models import Contact
    from tracker.team.models import User as UserModel

    if not is_dealer(user):
        return and_(Contact.withdrawn.is_(False), Contact.merged_into_id.is_(None))
    return Contact.created_by_id.in_(select(UserModel.id).where(visible(UserModel, user)))
