"""Plans for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock
from tracker.calendar.operations.planning import PlanDraft, plan_on_project
from tracker.calendar.queries import Planned, get_plan
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from tracker.team.models import User


def make_plan(session: Session, by: User, project: Project, *, days: int = 1, **values: Any) -> Planned:
    """A visit so many days from today."""
    plain: dict[str, Any] = {"kind": "site_visit", "text": "Look at the mock-up"}
    draft = PlanDraft(on=clock.today() + timedelta(days=days), **{**plain, **values})
    record = plan_on_project(session, get_project(session, by, project.id), draft, by=by)
    session.commit()
    return get_plan(session, by, record.id)


def again(session: Session, by: User, planned: Planned) -> Planned:
    """The plan as it is now."""
    session.expire_all()
    return get_plan(session, by, planned.record.id)
