"""Judging designers, and saying who leads a project's design."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.designers.models import AdvocacyEntry
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact
from tracker.team.models import User
from workflows.advocacy import LEVELS


def set_level(session: Session, contact: Contact, *, by: User, level: str, reason: str) -> AdvocacyEntry:
    """Set how far a designer stands up for us, with the reason; what stood before stays."""
    require(by, Action.PARTY_EDIT)
    if level not in LEVELS:
        raise Invalid("level", _l("Choose one of the values in the list."))
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why."))
    newest = select(AdvocacyEntry.level).where(AdvocacyEntry.contact_id == contact.id).order_by(AdvocacyEntry.id.desc())
    entry = AdvocacyEntry(
        contact_id=contact.id,
        level=level,
        before=session.scalar(newest.limit(1)),
        on=clock.today(),
        reason=reason.strip(),
        by_id=by.id,
    )
    session.add(entry)
    session.flush()
    told: dict[str, Any] = {"before": entry.before, "level": level, "reason": entry.reason}
    events.record(session, Kind.DESIGNER_JUDGED, contact, by=by, **told)
    return entry


def set_lead(session: Session, project: Project, row: ProjectContact, *, by: User, leads: bool) -> None:
    """Say that somebody of the circle leads the project's design, or joined it."""
    require(by, Action.PROJECT_EDIT, project)
    if row.leads_design == leads:
        return
    row.leads_design = leads
    session.flush()
    told: dict[str, Any] = {"contact_id": row.contact_id, "leads": leads}
    events.record(session, Kind.DESIGN_PART_SET, project, by=by, project_id=project.id, **told)
