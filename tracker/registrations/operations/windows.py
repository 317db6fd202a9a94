"""Protection is bound to the site: it ends for a product when its entry window closes there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.matrix.definitions import definition_of
from tracker.matrix.operations.judging import facts_of
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.registrations.queries.checking import building_key
from workflows.definition import Definition
from workflows.facts import CategoryFacts
from workflows.status import is_lost, progress_of


def closed_windows(session: Session, registration: Registration, today: date) -> Sequence[str]:
    """The registered categories that are too late on all buildings registered, and that no contract covers."""
    project = session.scalar(select(Project).where(Project.id == registration.project_id))
    if project is None or not _may_have_closed(session, project, registration):
        return ()
    definition, facts = facts_of(session, project)
    mine = {building_key(name) for name in registration.buildings}
    buildings = [one for one in facts.buildings if building_key(one.name) in mine] or facts.buildings
    held = {line.key for line in facts.categories if _is_held(definition, line, facts.phase)}
    known = _known(definition)
    return [
        key
        for key in registration.categories
        if key in known
        and key not in held
        and all(is_lost(definition, key, progress_of(definition, one, today)) for one in buildings)
    ]


def _is_held(definition: Definition, line: CategoryFacts, phase: str) -> bool:
    """Whether it is won, or so far in the contract that no window counts any more."""
    return line.result == "won" or definition.is_signed(line.phase or phase)


def _may_have_closed(session: Session, project: Project, registration: Registration) -> bool:
    """Whether the building furthest on has reached a step in which any of it can close; only then facts are read."""
    definition = definition_of(session, project)
    known, index = _known(definition), definition.step_index
    ends = [index[definition.window(key).lost_step] for key in registration.categories if key in known]
    return project.step in index and bool(ends) and index[project.step] >= min(ends)


def _known(definition: Definition) -> set[str]:
    return {window.category for window in definition.windows}
