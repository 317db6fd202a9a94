"""Who of the dealers sells in a project: it has one at a time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.errors import Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.operations.refreshing import refresh
from tracker.parties.models import Party
from tracker.projects.models import Project, ProjectParty
from tracker.team.models import User


def join_project(session: Session, project: Project, party_id: int, *, by: User) -> None:
    """The dealer sells in this project from now on; Refused where another one does."""
    role, other = "dealer", project.dealer_id
    if other == party_id:
        return
    if other is not None:
        raise Refused(_l("Another dealer sells in this project. Open its own project for this registration."))
    party = session.get_one(Party, party_id)
    session.add(ProjectParty(project_id=project.id, party_id=party_id, role=role))
    refresh(session, project)
    told: dict[str, Any] = {"party_id": party_id, "party": party.name, "role": role}
    events.record(session, Kind.PARTY_JOINED, project, by=by, project_id=project.id, **told)


def leave_project(session: Session, project: Project, party_id: int, *, by: User | None) -> None:
    """The dealer sells in this project no more."""
    row = ProjectParty
    query = select(row).where(row.project_id == project.id, row.party_id == party_id, row.role == "dealer")
    for found in session.scalars(query).all():
        session.delete(found)
        told: dict[str, Any] = {"party_id": party_id, "role": "dealer"}
        events.record(session, Kind.PARTY_LEFT, project, by=by, project_id=project.id, **told)
    refresh(session, project)
