"""The clocks of projects against their facts: nothing falls due unnoticed, and the radar shows what is true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.doctor.findings import Finding, notice
from tracker.notifications.models import OutboxMail, ProjectClock, WindowClock
from tracker.notifications.operations.winding import Window, winding, window_values
from tracker.projects.models import Project
from workflows.definition import Definition
from workflows.facts import ProjectFacts


def load_clocks(
    session: Session, ids: Sequence[int]
) -> tuple[Mapping[int, ProjectClock], Mapping[int, dict[str, Any]]]:
    """The clocks and the windows by category of these projects, as they are kept."""
    clocks = session.scalars(select(ProjectClock).where(ProjectClock.project_id.in_(ids)))
    windows: dict[int, dict[str, Any]] = {project_id: {} for project_id in ids}
    for row in session.scalars(select(WindowClock).where(WindowClock.project_id.in_(ids))):
        values = {name: getattr(row, name) for name in ("owner_id", *Window.__dataclass_fields__)}
        windows[row.project_id][row.category] = values
    return {clock.project_id: clock for clock in clocks}, windows


def clock_faults(
    definition: Definition,
    project: Project,
    facts: ProjectFacts,
    clock: ProjectClock | None,
    windows: Mapping[str, Any],
    today: date,
) -> Iterator[Finding]:
    """What is kept of one project's clock against its facts. Whose day has come waits for the worker: no judging it."""
    if clock is None:
        yield Finding(f"project {project.id}: it has no clock, so nobody is reminded of it")
        return
    told = winding(definition, facts, today, looked=True)
    if clock.wake_on is not None and clock.wake_on <= today:
        return
    if clock.wake_on != told.wake_on:
        yield Finding(f"project {project.id}: its clock wakes on {clock.wake_on}, the facts say {told.wake_on}")
    said = {window.category: window_values(project.owner_id, window) for window in told.windows}
    for category in sorted(said.keys() | windows.keys()):
        if said.get(category) != windows.get(category):
            kept, true = (_words(values.get(category)) for values in (windows, said))
            yield Finding(f"project {project.id}: the window of {category} is {kept}, the facts say {true}")


def _words(values: Mapping[str, Any] | None) -> str:
    return f"{values['activity']} until {values['closes_on']}" if values else "none"


def examine_worker(session: Session, today: date) -> Iterator[Finding]:
    """Whether reminders and mails get out: what waits since before today, and what was given up."""
    waiting = select(func.count()).select_from(ProjectClock).where(ProjectClock.wake_on < today)
    if late := session.scalar(waiting):
        yield notice(f"worker: {late:,} of the projects wait since before today to be looked at; does it run?")
    for state, what in (("failed", "were given up"), ("unknown", "were cut off while being sent")):
        if number := session.scalar(select(func.count()).select_from(OutboxMail).where(OutboxMail.state == state)):
            yield notice(f"worker: {number:,} of the mails {what}; the log says why")
