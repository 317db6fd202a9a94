"""Starting a company: what every installation needs before the first person can sign in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import Invalid, Refused
from tracker.i18n import _l
from tracker.matrix.definitions import publish_standard
from tracker.team import operations
from tracker.team.models import User


def start_company(session: Session, company: str, *, username: str, name: str, password: str) -> User:
    """Add the roles, the matrix, a root team and the first administrator, whom it returns.

    Raises Refused where somebody can sign in already, Invalid for an empty name or a short password.
    """
    if session.scalar(select(User.id).limit(1)) is not None:
        raise Refused(_l("There are users already; this company has been started."))
    if not company.strip() or not name.strip():
        raise Invalid("name", _l("Type the name."))
    roles = operations.add_builtin_roles(session)
    publish_standard(session)
    team = operations.add_team(session, company, by=None)
    admin = operations.add_user(
        session, by=None, username=username, name=name, role_id=roles["administrator"].id, team_id=team.id
    )
    operations.set_password(session, admin, password, by=None)
    return admin
