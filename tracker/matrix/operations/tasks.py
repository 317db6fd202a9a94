"""Tasks that users add in a cell, beside those of the definition."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import AlreadyDone, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import definition_of
from tracker.matrix.models import OwnTask
from tracker.matrix.operations import submissions
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project
from tracker.team.models import User

LONGEST = 300  # characters of a task


def add_own_task(
    session: Session,
    project: Project,
    *,
    by: User,
    phase: str,
    step: str,
    department: str,
    text: str,
    evidence: str = "note",
    due_on: date | None = None,
    token: str | None = None,
) -> OwnTask:
    """Add a task in a cell: what a department owes, proven by which kind of evidence, until when (None: open-ended)."""
    require(by, Action.TASK_ADD)
    definition = definition_of(session, project)
    submission = submissions.claim(session, token, by)
    if (phase not in definition.phase_index) or (step not in definition.step_index):
        raise Invalid("cell", _l("There is no such cell in the matrix."))
    if department not in {one.key for one in definition.departments}:
        raise Invalid("department", _l("Choose the department that owes it."))
    if evidence not in {kind.key for kind in definition.evidence_kinds}:
        raise Invalid("evidence", _l("Choose what proves it."))
    if not text.strip():
        raise Invalid("text", _l("Say in a sentence what is to be done."))
    if due_on is not None and due_on < clock.today():
        raise Invalid("due_on", _l("This day has passed."))
    task = OwnTask(
        project_id=project.id,
        phase=phase,
        step=step,
        department=department,
        evidence=evidence,
        text=text.strip()[:LONGEST],
        due_on=due_on,
        added_on=clock.today(),
        by_id=by.id,
    )
    session.add(task)
    refresh(session, project)
    submissions.remember(session, submission, task.id)
    events.record(
        session,
        Kind.TASK_ADDED,
        task,
        by=by,
        project_id=project.id,
        cell=f"{phase}/{step}",
        department=department,
        text=task.text,
        due_on=due_on.isoformat() if due_on else None,
    )
    return task


def drop_own_task(session: Session, project: Project, task: OwnTask, *, by: User, reason: str) -> None:
    """Say that a task is not needed any more, and why; it stays in the history."""
    require(by, Action.TASK_ADD)
    if task.dropped_at is not None:
        raise AlreadyDone(details=f"/projects/{project.id}")
    if task.by_id != by.id and not (by.department == task.department or by.id == project.owner_id):
        require(by, Action.APPROVAL_DECIDE, project)
    if not reason.strip():
        raise Refused(_l("Say in a sentence why it is not needed any more."))
    task.dropped_at, task.dropped_reason = clock.now(), reason.strip()[:LONGEST]
    refresh(session, project)
    events.record(session, Kind.TASK_DROPPED, task, by=by, project_id=project.id, text=task.text, reason=reason.strip())
