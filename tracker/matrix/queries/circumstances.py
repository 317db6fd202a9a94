"""What people stated of a project: dates, circumstances, tasks of their own. Nothing of it for a dealer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.access import is_dealer
from tracker.errors import NotFound
from tracker.matrix.facts import ANCHOR
from tracker.matrix.models import Circumstance, Evidence, OwnTask
from tracker.projects.models import Project
from tracker.team.models import User


def list_dates(session: Session, by: User, project: Project) -> Mapping[str, Sequence[Evidence]]:
    """What was stated of each date that tasks count from, the newest statement first, by anchor."""
    if is_dealer(by):
        return {}
    query = select(Evidence).where(Evidence.project_id == project.id, Evidence.target.startswith(ANCHOR))
    found: dict[str, list[Evidence]] = {}
    for row in session.scalars(query.order_by(Evidence.id.desc())):
        found.setdefault(row.target.removeprefix(ANCHOR), []).append(row)
    return found


def list_circumstances(session: Session, by: User, project: Project) -> Sequence[Circumstance]:
    """What lasts, or did: that which still lasts first, each the newest first."""
    if is_dealer(by):
        return ()
    query = select(Circumstance).where(Circumstance.project_id == project.id).options(joinedload(Circumstance.by))
    return session.scalars(query.order_by(Circumstance.until.is_not(None), Circumstance.id.desc())).all()


def get_circumstance(session: Session, by: User, project: Project, row_id: int) -> Circumstance:
    """One circumstance of a project that the user sees, or NotFound."""
    found = session.get(Circumstance, row_id)
    if found is None or found.project_id != project.id or is_dealer(by):
        raise NotFound
    return found


def get_own_task(session: Session, by: User, project: Project, task_id: int) -> OwnTask:
    """One task that a user added to a project that the user sees, or NotFound."""
    found = session.get(OwnTask, task_id)
    if found is None or found.project_id != project.id or is_dealer(by):
        raise NotFound
    return found
