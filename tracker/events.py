"""THE audit trail: every change leaves one event, written in the change's own transaction."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.paging import Page, page_of
from tracker.team.models import User

if TYPE_CHECKING:
    from collections.abc import Sequence


class Kind(StrEnum):
    """What can happen. The value is stored; it never changes its meaning."""

    SIGNED_IN = "signed_in"
    SESSION_REVOKED = "session_revoked"
    PASSWORD_LINK_MADE = "password_link_made"
    PASSWORD_SET = "password_set"
    USER_ADDED = "user_added"
    USER_EDITED = "user_edited"
    USER_DEACTIVATED = "user_deactivated"
    USER_REACTIVATED = "user_reactivated"
    TEAM_ADDED = "team_added"
    TEAM_EDITED = "team_edited"
    ROLE_ADDED = "role_added"
    ROLE_EDITED = "role_edited"
    REGION_ADDED = "region_added"
    REGION_EDITED = "region_edited"
    PROJECT_OPENED = "project_opened"
    PROJECT_EDITED = "project_edited"
    PROJECT_REASSIGNED = "project_reassigned"
    BUILDING_ADDED = "building_added"
    BUILDING_EDITED = "building_edited"
    CATEGORY_ADDED = "category_added"
    CATEGORY_EDITED = "category_edited"
    PARTY_JOINED = "party_joined"
    PARTY_LEFT = "party_left"
    CONTACT_JOINED = "contact_joined"
    CONTACT_EDITED = "contact_edited"
    CONTACT_LEFT = "contact_left"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    PARTY_ADDED = "party_added"
    PARTY_EDITED = "party_edited"
    CONTACT_ADDED = "contact_added"
    RECORD_LOGGED = "record_logged"
    RECORD_CORRECTED = "record_corrected"
    PHOTO_ADDED = "photo_added"
    PHASE_MOVED = "phase_moved"
    STEP_MOVED = "step_moved"
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_GRANTED = "approval_granted"
    APPROVAL_DECLINED = "approval_declined"
    APPROVAL_SIGNED = "approval_signed"
    APPROVAL_LAPSED = "approval_lapsed"
    STATE_CHANGED = "state_changed"
    CATEGORY_DECIDED = "category_decided"
    ROUTE_CHANGED = "route_changed"
    PROJECT_SPLIT = "project_split"
    TASK_ADDED = "task_added"
    TASK_DROPPED = "task_dropped"
    DATE_STATED = "date_stated"
    CIRCUMSTANCE_STATED = "circumstance_stated"
    CIRCUMSTANCE_LIFTED = "circumstance_lifted"
    LEAD_ADDED = "lead_added"
    LEAD_EDITED = "lead_edited"
    LEAD_ASSIGNED = "lead_assigned"
    LEAD_CONVERTED = "lead_converted"
    LEAD_STATE_SET = "lead_state_set"
    IMPORT_STARTED = "import_started"
    IMPORT_FINISHED = "import_finished"


class Event(Base):
    """Who did what to which thing, when. `data` holds plain values: what changed, from what, to what."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[int | None] = mapped_column()
    project_id: Mapped[int | None] = mapped_column()
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    by: Mapped[User | None] = related(User)


Index("ix_event_subject", Event.subject, Event.subject_id, Event.id)
Index("ix_event_project", Event.project_id, Event.id)


def record(
    session: Session,
    kind: Kind,
    subject: Any,
    *,
    by: User | None,
    project_id: int | None = None,
    **data: Any,
) -> Event:
    """Write one event about `subject` (a stored row: flush it first). Values of `data` must be JSON-able."""
    event = Event(
        kind=kind,
        subject=subject.__tablename__,
        subject_id=subject.id,
        by_id=by.id if by else None,
        project_id=project_id,
        data=data,
    )
    session.add(event)
    return event


def timeline(session: Session, subject: Any, limit: int = 50) -> Sequence[Event]:
    """The newest events about one thing, with who did them. The caller has checked that it is visible."""
    return session.scalars(
        select(Event)
        .where(Event.subject == subject.__tablename__, Event.subject_id == subject.id)
        .order_by(Event.id.desc())
        .limit(limit)
        .options(joinedload(Event.by))
    ).all()


def project_timeline(session: Session, project_id: int, limit: int = 50) -> Sequence[Event]:
    """The newest events of a project and what belongs to it. The caller has checked that it is visible."""
    return session.scalars(
        select(Event)
        .where(Event.project_id == project_id)
        .order_by(Event.id.desc())
        .limit(limit)
        .options(joinedload(Event.by))
    ).all()


def list_events(session: Session, *, kind: str = "", by_id: int | None = None, page: int = 1) -> Page[Event]:
    """A page of the whole trail, newest first, for those who administer."""
    query = select(Event).order_by(Event.id.desc()).options(joinedload(Event.by))
    if kind:
        query = query.where(Event.kind == kind)
    if by_id is not None:
        query = query.where(Event.by_id == by_id)
    return page_of(session, query, page)
