"""How much is told of what somebody may not see: the part of the permissions that duplicates need.

All rows are compared with what is entered, whoever may see them; what is shown of them is decided here alone.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, exists, false, or_

from tracker.access import is_dealer, overseen, sight
from tracker.remembering import remembered
from tracker.team.models import User


class Telling(StrEnum):
    """How much somebody is told of a thing that is like what he enters."""

    ALL = "all"
    MASKED = "masked"
    WORD = "word"


def telling(user: User, seen: bool) -> Telling:
    """How much of a likely duplicate a user is told.

    All of what he sees. Of what he may not see, one of ours learns that it is there, how sure, by what kinds of
    likeness (never a name, an address, a value, a distance) and whom to ask; a dealer only that it must be looked at.
    """
    if seen:
        return Telling.ALL
    return Telling.WORD if is_dealer(user) else Telling.MASKED


def visible_requests(user: User) -> ColumnElement[bool]:
    """The condition under which requests about known sites exist for a user: his own, and those he could answer."""
    from tracker.duplicates.models import SiteRequest

    return false() if is_dealer(user) else or_(SiteRequest.by_id == user.id, overseen_requests(user))


@remembered(sight)
def overseen_requests(user: User) -> ColumnElement[bool]:
    """The condition under which requests are about sites of the part of the company that the user's scope covers.

    Whether he answers them is decided by his role, as with assigning and reassigning.
    """
    from tracker.duplicates.models import SiteRequest
    from tracker.leads.models import Lead
    from tracker.projects.models import Project

    of_lead = exists().where(Lead.id == SiteRequest.lead_id, overseen(Lead, user)).correlate(SiteRequest)
    of_project = exists().where(Project.id == SiteRequest.project_id, overseen(Project, user)).correlate(SiteRequest)
    return or_(of_lead, of_project)
