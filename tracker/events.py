"""THE audit trail: every change leaves one event, written in the change's own transaction."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, Select, String, select
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
    PARTY_NAMED = "party_named"
    PARTY_NAME_DROPPED = "party_name_dropped"
    PARTY_ROLE_ADDED = "party_role_added"
    PARTY_ROLE_DROPPED = "party_role_dropped"
    PARTY_ESTIMATED = "party_estimated"
    LICENCE_ADDED = "licence_added"
    LICENCE_DROPPED = "licence_dropped"
    CONTACT_ADDED = "contact_added"
    RECORD_LOGGED = "record_logged"
    RECORD_CORRECTED = "record_corrected"
    PHOTO_ADDED = "photo_added"
    PHOTO_DESCRIBED = "photo_described"
    PHOTO_ASKED = "photo_asked"
    PHOTO_SHARED = "photo_shared"
    PHOTO_UNSHARED = "photo_unshared"
    PHOTO_MOVED = "photo_moved"
    PHOTO_PAIRED = "photo_paired"
    PHOTO_UNPAIRED = "photo_unpaired"
    PHOTO_DRAWN = "photo_drawn"
    PHOTOS_TAKEN_OUT = "photos_taken_out"
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_SORTED = "document_sorted"
    DOCUMENT_RENEWED = "document_renewed"
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
    LEAD_CLAIMED = "lead_claimed"
    LEAD_RETURNED = "lead_returned"
    LEAD_EXPIRED = "lead_expired"
    LEAD_TIME_GIVEN = "lead_time_given"
    LEAD_SHARED = "lead_shared"
    LEAD_UNSHARED = "lead_unshared"
    TERRITORY_SET = "territory_set"
    TERRITORY_DROPPED = "territory_dropped"
    SKILLS_SET = "skills_set"
    ABSENCE_TOLD = "absence_told"
    ABSENCE_ENDED = "absence_ended"
    ABSENCE_PROVEN = "absence_proven"
    RULE_SET = "rule_set"
    RULE_DROPPED = "rule_dropped"
    POOL_LIMIT_SET = "pool_limit_set"
    LEAD_STATE_SET = "lead_state_set"
    SAID_DIFFERENT = "said_different"
    JOIN_ASKED = "join_asked"
    JOIN_ANSWERED = "join_answered"
    ARBITRATION_ASKED = "arbitration_asked"
    ARBITRATION_ANSWERED = "arbitration_answered"
    SITES_PROBED = "sites_probed"
    MERGED = "merged"
    MERGE_UNDONE = "merge_undone"
    SITE_NAMED = "site_named"
    SITE_NAME_DROPPED = "site_name_dropped"
    LEAD_SCORED = "lead_scored"
    IMPORT_STARTED = "import_started"
    IMPORT_FINISHED = "import_finished"
    IMPORT_UNDONE = "import_undone"
    THING_WITHDRAWN = "thing_withdrawn"
    DEFINITION_DRAFTED = "definition_drafted"
    DEFINITION_EDITED = "definition_edited"
    DEFINITION_DISCARDED = "definition_discarded"
    DEFINITION_PUBLISHED = "definition_published"
    DEFINITION_CHOSEN = "definition_chosen"
    PROJECT_MAPPED = "project_mapped"
    DUE_ESCALATED = "due_escalated"
    LIST_EXPORTED = "list_exported"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_EDITED = "account_edited"
    ACCOUNT_FIRM_JOINED = "account_firm_joined"
    ACCOUNT_FIRM_LEFT = "account_firm_left"
    AGREEMENT_ADDED = "agreement_added"
    AGREEMENT_EDITED = "agreement_edited"
    AGREEMENT_ENDED = "agreement_ended"
    AGREEMENT_TERMS_SET = "agreement_terms_set"
    CALLED_OFF = "called_off"
    CALL_OFF_VOIDED = "call_off_voided"
    GOAL_SET = "goal_set"
    GOAL_DROPPED = "goal_dropped"
    ACTION_PLANNED = "action_planned"
    ACTION_DONE = "action_done"
    ACCOUNT_REVIEWED = "account_reviewed"
    WALLET_ESTIMATED = "wallet_estimated"
    LADDER_STEP_SET = "ladder_step_set"
    LADDER_SIGN_NOTED = "ladder_sign_noted"
    RELATION_ADDED = "relation_added"
    RELATION_EDITED = "relation_edited"
    RELATION_DROPPED = "relation_dropped"
    SHARE_AGREED = "share_agreed"
    SHARE_ENDED = "share_ended"
    DESIGNER_JUDGED = "designer_judged"
    DESIGN_PART_SET = "design_part_set"
    REWARD_ENTERED = "reward_entered"
    REWARD_GIVEN = "reward_given"
    REWARD_CALLED_OFF = "reward_called_off"
    REWARD_ANSWERED = "reward_answered"
    REWARD_PAPERS_FILED = "reward_papers_filed"
    OCCASION_PLANNED = "occasion_planned"
    OCCASION_CALLED_OFF = "occasion_called_off"
    DEALER_ADDED = "dealer_added"
    DEALER_EDITED = "dealer_edited"
    DEALER_TERRITORY = "dealer_territory"
    DEALER_PAPER = "dealer_paper"
    DEALER_CONTRACT = "dealer_contract"
    DEALER_STATE = "dealer_state"
    DEALER_EVALUATED = "dealer_evaluated"
    DEALER_MARKED = "dealer_marked"
    DEALER_SUPPORTED = "dealer_supported"
    DEALER_SIGNAL = "dealer_signal"
    STOCK_REPORTED = "stock_reported"
    STOCK_CORRECTED = "stock_corrected"
    QUOTA_PROPOSED = "quota_proposed"
    QUOTA_CORRECTED = "quota_corrected"
    QUOTA_TOLD = "quota_told"
    REGISTRATION_DRAFTED = "registration_drafted"
    REGISTRATION_SUBMITTED = "registration_submitted"
    REGISTRATION_STATE = "registration_state"
    REGISTRATION_NOTED = "registration_noted"
    REGISTRATION_HANDED = "registration_handed"
    COMPLAINT_ENTERED = "complaint_entered"
    COMPLAINT_DECIDED = "complaint_decided"
    CONFLICT_OPENED = "conflict_opened"
    CONFLICT_RULED = "conflict_ruled"
    CONFLICT_APPEALED = "conflict_appealed"
    CONTACT_MOVED = "contact_moved"
    CONTACT_GONE = "contact_gone"
    CONTACT_WAYS_CHANGED = "contact_ways_changed"
    CONTACT_LINKED = "contact_linked"
    CONTACT_UNLINKED = "contact_unlinked"
    CONSENT_STATED = "consent_stated"
    CARD_KEPT = "card_kept"
    CONTACT_FORGOTTEN = "contact_forgotten"
    PURGED = "purged"
    HANDED_OVER = "handed_over"
    PASSED_ON = "passed_on"
    PLAN_MADE = "plan_made"
    PLAN_MOVED = "plan_moved"
    PLAN_CALLED_OFF = "plan_called_off"
    PLAN_KEPT = "plan_kept"
    TODO_ADDED = "todo_added"
    TODO_EDITED = "todo_edited"
    TODO_DELEGATED = "todo_delegated"
    TODO_FOLLOWED = "todo_followed"
    TODO_SNOOZED = "todo_snoozed"
    TODO_DONE = "todo_done"
    TODO_DROPPED = "todo_dropped"
    FEED_MADE = "feed_made"
    FEED_ENDED = "feed_ended"
    WEEK_TICKED = "week_ticked"
    PRACTICE_BEGUN = "practice_begun"
    PRACTICE_WON = "practice_won"
    ANNOTATED = "annotated"
    ANNOTATION_ANSWERED = "annotation_answered"
    ANNOTATION_WITHDRAWN = "annotation_withdrawn"
    REPORT_REMARKED = "report_remarked"
    REPORT_FORM_ARRANGED = "report_form_arranged"
    REPORT_SUBSCRIBED = "report_subscribed"
    FORECAST_SET = "forecast_set"
    SUGGESTED = "suggested"
    SUGGESTION_ANSWERED = "suggestion_answered"


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
    return page_of(session, events_asked(kind=kind, by_id=by_id), page)


def events_asked(*, kind: str = "", by_id: int | None = None) -> Select[Event]:
    """The statement for the whole trail, newest first, for those who administer."""
    query = select(Event).order_by(Event.id.desc()).options(joinedload(Event.by))
    if kind:
        query = query.where(Event.kind == kind)
    if by_id is not None:
        query = query.where(Event.by_id == by_id)
    return query
