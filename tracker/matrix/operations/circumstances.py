"""Dates and circumstances of a project that later modules will know by themselves: tender, award, arrival, acceptance,
money overdue, open complaints. Until then people state them, with the evidence in a note.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import AlreadyDone, Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import ANCHOR
from tracker.matrix.models import Circumstance, Evidence
from tracker.matrix.operations.judging import lapse_overtaken
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.definition import CELL_ENTRY

KEYS = ("overdue", "credit_exceeded", "complaint", "account_unpaid", "retention_unpaid")


def state_date(session: Session, project: Project, anchor: str, on: date, *, by: User, note: str) -> None:
    """State a day from which tasks count, such as the tender's issue or the acceptance; what is stated last counts."""
    require(by, Action.CIRCUMSTANCE_STATE)
    anchors = definition_of(session, project).anchors
    if anchor not in anchors or anchor == CELL_ENTRY:
        raise Invalid("anchor", _l("Choose which date it is."))
    note = _known(note)
    row = Evidence(
        project_id=project.id,
        target=ANCHOR + anchor,
        kind="document",
        dated_on=on,
        recorded_on=clock.today(),
        by_id=by.id,
        note=note[:300],
    )
    session.add(row)
    refresh(session, project)
    lapse_overtaken(session, project)
    told = {"anchor": anchor, "on": on.isoformat(), "note": note[:300]}
    events.record(session, Kind.DATE_STATED, project, by=by, project_id=project.id, **told)


def state_circumstance(
    session: Session, project: Project, key: str, since: date, *, by: User, note: str
) -> Circumstance:
    """State something that lasts until it is lifted. `since`: for money overdue the day it fell due."""
    require(by, Action.CIRCUMSTANCE_STATE)
    if key not in KEYS:
        raise Invalid("key", _l("Choose what it is."))
    if since > clock.today():
        raise Invalid("since", _l("This day is still to come."))
    note = _known(note)
    row = Circumstance(project_id=project.id, key=key, since=since, note=note, by_id=by.id)
    session.add(row)
    refresh(session, project)
    lapse_overtaken(session, project)
    told = {"circumstance": key, "since": since.isoformat(), "note": note}
    events.record(session, Kind.CIRCUMSTANCE_STATED, row, by=by, project_id=project.id, **told)
    return row


def lift_circumstance(session: Session, project: Project, row: Circumstance, *, by: User, note: str) -> None:
    """Say that it is over, and how; from today on it does not hold any more."""
    require(by, Action.CIRCUMSTANCE_STATE)
    if row.until is not None:
        raise AlreadyDone(details=f"/projects/{project.id}")
    note = _known(note)
    row.until, row.lifted_by_id, row.lifted_at = clock.today(), by.id, clock.now()
    row.lifted_note = note
    refresh(session, project)
    lapse_overtaken(session, project)
    told = {"circumstance": row.key, "note": note}
    events.record(session, Kind.CIRCUMSTANCE_LIFTED, row, by=by, project_id=project.id, **told)


def _known(note: str) -> str:
    """How it is known, without which nothing is stated."""
    if not note.strip():
        raise Invalid("note", _l("Say how it is known: which paper, who said so."))
    return note.strip()
