"""What the tests of projects send and look at."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.events import Event
from tracker.projects.models import Project
from tracker.projects.operations import ProjectDraft


def opening_form(**values: Any) -> dict[str, Any]:
    """The form that opens a project in a cell where the rules have nothing against it."""
    plain = {
        "name": "Riverside Tower 3",
        "kind": "residential_fitted",
        "route": "design_led",
        "phase": "qualify",
        "step": "land",
        "since": "2026-03-16",
        "building": "1#",
        "categories": ["tiles"],
        "currency": "CNY",
        "source": "",
        "region_id": "",
    }
    return {**plain, **values}


def facts_form(project: Project, **values: Any) -> dict[str, Any]:
    """The form of a project's facts as it stands, with other `values` typed into it."""
    plain = {
        "name": project.name,
        "kind": project.kind,
        "route": project.route,
        "source": project.source or "",
        "value": str(project.value),
        "currency": project.currency,
        "address": project.address or "",
        "region_id": str(project.region_id or ""),
        "version": str(project.version),
    }
    return {**plain, **values}


def opening_draft(**values: Any) -> ProjectDraft:
    """A project to open where the rules have nothing against it."""
    plain: dict[str, Any] = {
        "name": "Riverside Tower 3",
        "kind": "residential_fitted",
        "route": "design_led",
        "phase": "qualify",
        "step": "land",
        "categories": ("tiles",),
    }
    return ProjectDraft(**{**plain, **values})


def data_of(session: Session, kind: str) -> dict[str, Any]:
    """What the only event of a kind tells."""
    return session.scalars(select(Event.data).where(Event.kind == kind)).one()
