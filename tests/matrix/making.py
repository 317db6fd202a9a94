"""What the tests of the matrix send and look at."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.matrix.models import Evidence
from tracker.matrix.operations.records import RecordDraft
from tracker.projects.models import Building, Project
from tracker.projects.queries import get_project
from tracker.team.models import User
from workflows.loading import load_standard

STANDARD = load_standard()


def draft(**values: Any) -> RecordDraft:
    """A visit of today in map/structure, where `make_project` puts a project."""
    plain: dict[str, Any] = {
        "phase": "map",
        "step": "structure",
        "kind": "site_visit",
        "on": clock.today(),
        "text": "Met the buyer on site.",
    }
    return RecordDraft(**{**plain, **values})


def log_form(building: Building, **values: Any) -> dict[str, Any]:
    """The form that logs a visit of today in map/structure."""
    plain = {
        "phase": "map",
        "step": "structure",
        "kind": "site_visit",
        "on": "2026-03-16",
        "text": "Met the buyer on site.",
        "building_id": str(building.id),
        "progress": "",
    }
    return {**plain, **values}


def building_of(session: Session, project: Project) -> Building:
    """The project's only building."""
    return session.scalars(select(Building).where(Building.project_id == project.id)).one()


def as_seen(session: Session, by: User, project: Project) -> Project:
    """The project as somebody's page loads it."""
    return get_project(session, by, project.id)


def meet_exits(session: Session, project: Project, phase: str, without: tuple[str, ...] = ()) -> None:
    """Give evidence of today for every exit criterion of a phase but those named."""
    for criterion in STANDARD.phase(phase).exit:
        if criterion.key not in without:
            session.add(
                Evidence(
                    project_id=project.id,
                    target=criterion.id,
                    kind=criterion.evidence,
                    dated_on=clock.today(),
                    recorded_on=clock.today(),
                )
            )
    session.commit()


def day(text: str) -> date:
    """`2026-03-16` as a date."""
    return date.fromisoformat(text)


def text_of(page: str) -> str:
    """What a page says, without its marks and with single blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
