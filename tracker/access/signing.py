"""In whose names requests are signed, and what lets a user do so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.access import Action, is_dealer, may, oversees
from tracker.i18n import _l

if TYPE_CHECKING:
    from tracker.matrix.models import Approval
    from tracker.projects.models import Project
    from tracker.team.models import User

PARTS: dict[str, Action] = {
    "general_manager": Action.SIGN_GENERAL,
    "regional_director": Action.SIGN_DIRECTOR,
    "compliance": Action.SIGN_COMPLIANCE,
    "supervisor": Action.APPROVAL_DECIDE,
}
"""In whose name requests are signed, and what lets a user do so. A department's desk signs in the department's name."""
PART_NAMES: dict[str, Any] = {
    "general_manager": _l("general manager"),
    "regional_director": _l("regional director"),
    "compliance": _l("compliance"),
    "supervisor": _l("supervisor"),
}


def parts(user: User, project: Project | Approval) -> tuple[str, ...]:
    """In whose names the user may sign requests of a project he sees, the rarest first; `team` must be loaded.

    For a request to open one: the request itself.
    """
    if is_dealer(user):
        return ()
    held = [part for part, action in PARTS.items() if may(user, action) and oversees(user, project)]
    return (*held, *_departments_signed(user))


def _departments_signed(user: User) -> tuple[str, ...]:
    return (user.department,) if user.department and may(user, Action.DESK_SERVE) else ()


def parts_anywhere(user: User) -> tuple[str, ...]:
    """In whose names the user may sign at all: those of his role where he oversees the project, and his department."""
    return (*(part for part, action in PARTS.items() if may(user, action)), *_departments_signed(user))
