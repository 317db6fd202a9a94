"""A plan is kept when what was done then is logged."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import visible
from tracker.calendar.models import Plan
from tracker.events import Kind
from tracker.matrix.models import Record
from tracker.team.models import User


def plan_row(session: Session, record: Record) -> Plan:
    """What a plan has beside its day; made where it had nothing yet."""
    row = session.get(Plan, record.id)
    if row is None:
        row = Plan(record_id=record.id, zone=str(clock.zone()), turn=0)
        session.add(row)
    return row


def keep_plan(session: Session, record_id: int | None, done: Record, *, by: User) -> bool:
    """Count a plan of the same site as kept by what was logged; False where there is no such, or not any more."""
    if record_id is None or done.is_plan:
        return False
    query = select(Record).where(Record.id == record_id, Record.is_plan, visible(Record, by))
    planned = session.scalar(query)
    if planned is None or (planned.project_id, planned.lead_id) != (done.project_id, done.lead_id):
        return False
    row = plan_row(session, planned)
    if row.kept_by_id is not None or row.called_off_at is not None:
        return False
    row.kept_by_id, row.changed_at, row.turn = done.id, clock.now(), row.turn + 1
    session.flush()
    events.record(session, Kind.PLAN_KEPT, planned, by=by, project_id=planned.project_id, record_id=done.id)
    return True
