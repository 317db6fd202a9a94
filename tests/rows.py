"""What tests look up in the database, whichever feature they are about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.events import Event
from tracker.projects.models import Project


def count(session: Session, model: Any) -> int:
    """How many rows there are."""
    return session.scalar(select(func.count()).select_from(model)) or 0


def events_of(session: Session, project: Project) -> list[str]:
    """The kinds of what happened to a project, in order."""
    return list(session.scalars(select(Event.kind).where(Event.project_id == project.id).order_by(Event.id)))


def told_of(session: Session, thing: Any, kind: str) -> list[dict[str, Any]]:
    """What the events of one kind about a thing tell, in order."""
    query = select(Event.data).where(Event.subject == thing.__tablename__, Event.subject_id == thing.id)
    return list(session.scalars(query.where(Event.kind == kind).order_by(Event.id)))
