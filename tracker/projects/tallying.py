"""How many projects stand where, kept beside them so that the board need not count all of them.

A row of `ProjectTally` holds number and value of one team's projects in one cell and state. A session that writes
projects writes the differences in the same flush; what is written in bulk, past the session's objects, calls
`recount`. Projects without a team are few and counted each time. `tracker doctor` compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, bindparam, delete, event, func, insert, inspect, select, text
from sqlalchemy.orm import Session

from tracker.database import Money
from tracker.projects.models import Project, ProjectTally

Place = tuple[int | None, str, str, str]
KEYS = ("team_id", "phase", "step", "state")

_ADD = text(
    "INSERT INTO project_tally (team_id, phase, step, state, projects, value) "
    "VALUES (:team_id, :phase, :step, :state, :projects, :value) "
    "ON CONFLICT (team_id, phase, step, state) DO UPDATE SET "
    "projects = project_tally.projects + excluded.projects, value = project_tally.value + excluded.value"
).bindparams(bindparam("value", type_=Money()))


def recount(session: Session) -> None:
    """Count all projects anew."""
    columns = [*KEYS, "projects", "value"]
    session.execute(delete(ProjectTally))
    session.execute(insert(ProjectTally).from_select(columns, _counted()))


def faults(session: Session) -> Iterator[Place]:
    """The places whose tally is not what counting says."""
    kept = select(*(getattr(ProjectTally, name) for name in (*KEYS, "projects", "value")))
    told = {tuple(row[:4]): tuple(row[4:]) for row in session.execute(kept.where(ProjectTally.projects != 0))}
    true = {tuple(row[:4]): tuple(row[4:]) for row in session.execute(_counted())}
    yield from sorted(place for place in told.keys() | true.keys() if told.get(place) != true.get(place))


def _counted() -> Select[Any]:
    keys = [getattr(Project, name) for name in KEYS]
    counted = select(*keys, func.count(), func.sum(Project.value, type_=Money())).where(Project.team_id.is_not(None))
    return counted.group_by(*keys)


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    """Write the differences this flush made, in one order for all sessions, so that none waits for another's row."""
    changes: dict[Any, list[Any]] = {}
    for project in _projects(session.new):
        _count(changes, _now(project), 1)
    for project in _projects(session.deleted):
        _count(changes, _before(project), -1)
    for project in _projects(session.dirty):
        if _before(project) != _now(project):
            _count(changes, _before(project), -1)
            _count(changes, _now(project), 1)
    values = [
        dict(zip(KEYS, place, strict=True), projects=number, value=value)
        for place, (number, value) in sorted(changes.items())
        if number or value
    ]
    if values:
        session.execute(_ADD, values)


def _projects(rows: Any) -> list[Project]:
    return [row for row in rows if isinstance(row, Project)]


def _now(project: Project) -> tuple[Any, ...]:
    return tuple(getattr(project, name) for name in (*KEYS, "value"))


def _before(project: Project) -> tuple[Any, ...]:
    """What the database held before the flush."""
    attributes = inspect(project).attrs
    old = (attributes[name].history.deleted for name in (*KEYS, "value"))
    return tuple(was[0] if was else now for was, now in zip(old, _now(project), strict=True))


def _count(changes: dict[Any, list[Any]], standing: tuple[Any, ...], number: int) -> None:
    *place, value = standing
    if place[0] is None:
        return
    kept = changes.setdefault(tuple(place), [0, Decimal(0)])
    kept[0] += number
    kept[1] += number * value
