"""Contacts and colleagues of a project."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import definition_of
from tracker.matrix.operations.refreshing import refresh
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact, ProjectMember
from tracker.projects.operations.changing import change
from tracker.team.models import User


def add_contact(
    session: Session, project: Project, contact: Contact, *, by: User, role: str | None, attitude: str = "unknown"
) -> ProjectContact:
    """Put a contact into the project's circle, with his role in the decision and his attitude to us."""
    require(by, Action.PROJECT_EDIT, project)
    role, attitude = _known_contact_words(session, project, role, attitude)
    row = session.scalar(
        select(ProjectContact).where(ProjectContact.project_id == project.id, ProjectContact.contact_id == contact.id)
    )
    if row is not None:
        raise Refused(_l("This contact is in the project already; change the role or attitude there."))
    row = ProjectContact(project_id=project.id, contact_id=contact.id, role=role, attitude=attitude)
    session.add(row)
    session.flush()
    events.record(
        session,
        Kind.CONTACT_JOINED,
        project,
        by=by,
        project_id=project.id,
        contact_id=contact.id,
        contact=contact.name,
        role=role,
        attitude=attitude,
    )
    return row


def _known_contact_words(session: Session, project: Project, role: str | None, attitude: str) -> tuple[str | None, str]:
    definition = definition_of(session, project)
    if role and role not in definition.picklist("relationship_roles").keys:
        raise Invalid("role", _l("Choose the role."))
    if attitude != "unknown" and attitude not in definition.picklist("attitude_scale").keys:
        raise Invalid("attitude", _l("Choose the attitude."))
    return role or None, attitude


def edit_contact(
    session: Session, project: Project, row: ProjectContact, *, by: User, role: str | None, attitude: str
) -> None:
    """Change a contact's role or attitude in this project."""
    require(by, Action.PROJECT_EDIT, project)
    role, attitude = _known_contact_words(session, project, role, attitude)
    before = change(row, {"role": role, "attitude": attitude}, ("role", "attitude"))
    if before:
        session.flush()
        events.record(
            session,
            Kind.CONTACT_EDITED,
            project,
            by=by,
            project_id=project.id,
            contact_id=row.contact_id,
            before=before,
        )


def remove_contact(session: Session, project: Project, row: ProjectContact, *, by: User) -> None:
    """Take a contact out of the project's circle; the person and every record with him stay."""
    require(by, Action.PROJECT_EDIT, project)
    contact = session.get_one(Contact, row.contact_id)
    session.delete(row)
    session.flush()
    events.record(
        session,
        Kind.CONTACT_LEFT,
        project,
        by=by,
        project_id=project.id,
        contact_id=contact.id,
        contact=contact.name,
    )


def add_member(session: Session, project: Project, member: User, *, by: User) -> ProjectMember:
    """Take a colleague into the project's team; he answers for his department's tasks here."""
    require(by, Action.PROJECT_EDIT, project)
    if not member.active or member.party_id is not None:
        raise Invalid("user_id", _l("Choose an active colleague."))
    found = session.scalar(
        select(ProjectMember).where(ProjectMember.project_id == project.id, ProjectMember.user_id == member.id)
    )
    if found is not None:
        raise Invalid("user_id", _l("This colleague is in the team already."))
    return take_in(session, project, member, by=by)


def take_in(session: Session, project: Project, member: User, *, by: User) -> ProjectMember:
    """The same without asking; the caller knows why he belongs to it from now on."""
    row = ProjectMember(project_id=project.id, user_id=member.id, department=member.department)
    session.add(row)
    refresh(session, project)
    events.record(
        session, Kind.MEMBER_JOINED, project, by=by, project_id=project.id, user_id=member.id, name=member.name
    )
    return row


def remove_member(session: Session, project: Project, row: ProjectMember, *, by: User) -> None:
    """Take a colleague out of the project's team; his records stay."""
    require(by, Action.PROJECT_EDIT, project)
    member = session.get_one(User, row.user_id)
    session.delete(row)
    refresh(session, project)
    events.record(session, Kind.MEMBER_LEFT, project, by=by, project_id=project.id, user_id=member.id, name=member.name)
