"""A lead becomes a project, and its history comes along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from tracker import events
from tracker.access import Action, require
from tracker.documents.models import Document
from tracker.errors import AlreadyDone, Refused
from tracker.events import Kind
from tracker.gallery.models import Photo
from tracker.i18n import _l
from tracker.leads.models import Lead, LeadContact, LeadMember, LeadParty
from tracker.leads.unnamed import is_unnamed
from tracker.matrix.definitions import definition_of
from tracker.matrix.models import Approval, Record
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project, ProjectContact, ProjectMember, SiteName
from tracker.projects.operations import ProjectDraft, ask_to_open, open_project
from tracker.team.models import Team, User

KEY_PROJECT = "key_project"  # the outcome of the score card that makes a project one


def convert_lead(
    session: Session, lead: Lead, draft: ProjectDraft, *, by: User, approval: Approval | None = None
) -> Project:
    """Open a project from a lead; raises Blocked where the matrix does not allow the cell.

    All that the lead has comes along: parties and people in their roles, other names, colleagues it was shared with;
    records, pictures and documents with their dates and authors, at the construction step at which they were made.
    """
    draft = _drawn_up(session, lead, draft, by)
    project = open_project(session, draft, by=by, owner=_owner_of(session, lead) or by, approval=approval)
    lead.project_id, lead.state = project.id, "converted"
    session.flush()
    _carry_traces(session, lead, project)
    _carry_people(session, lead, project)
    _carry_team(session, lead, project, by)
    _carry_names(session, lead, project)
    refresh(session, project)
    events.record(session, Kind.LEAD_CONVERTED, lead, by=by, project_id=project.id, name=lead.name)
    return project


def _carry_traces(session: Session, lead: Lead, project: Project) -> None:
    """Records, pictures and documents become the project's, with their days and authors; in the first phase's row."""
    definition = definition_of(session, project)
    first = definition.phases[0].key
    for model in (Record, Photo):
        mine = update(model).where(model.lead_id == lead.id)
        session.execute(mine.values(project_id=project.id, phase=first))
        session.execute(mine.where(model.step.not_in(list(definition.step_index))).values(step=project.step))
    session.execute(update(Document).where(Document.lead_id == lead.id).values(project_id=project.id))


def _carry_people(session: Session, lead: Lead, project: Project) -> None:
    """The lead's contacts join the circle with their roles."""
    circle = {
        row.contact_id: row
        for row in session.scalars(select(ProjectContact).where(ProjectContact.project_id == project.id))
    }
    for known in session.scalars(select(LeadContact).where(LeadContact.lead_id == lead.id).order_by(LeadContact.id)):
        row = circle.get(known.contact_id)
        if row is None:
            session.add(ProjectContact(project_id=project.id, contact_id=known.contact_id, role=known.role))
        else:
            row.role = row.role or known.role
    session.flush()


def _carry_team(session: Session, lead: Lead, project: Project, by: User) -> None:
    """Whom the lead was shared with joins the team; of a key project also the supervisor, who owns it together."""
    shared = select(LeadMember.user_id).where(LeadMember.lead_id == lead.id)
    joining = list(session.scalars(shared))
    if lead.outcome == KEY_PROJECT:
        project.key_project = True
        joining += _supervisor_over(session, project)
    ours = select(User).where(User.id.in_(joining), User.id != project.owner_id, User.active, User.party_id.is_(None))
    for user in session.scalars(ours.order_by(User.id)).all():
        session.add(ProjectMember(project_id=project.id, user_id=user.id, department=user.department))
        told = {"user_id": user.id, "name": user.name}
        events.record(session, Kind.MEMBER_JOINED, project, by=by, project_id=project.id, **told)
    session.flush()


def _supervisor_over(session: Session, project: Project) -> list[int]:
    """The supervisor of the project's team, or of the nearest team above that has one."""
    path = session.scalar(select(Team.path).where(Team.id == project.team_id)) or ""
    above = [int(part) for part in path.strip("/").split("/") if part]
    led = select(Team.supervisor_id).where(Team.id.in_(above), Team.supervisor_id.is_not(None))
    found = session.scalars(led.order_by(func.length(Team.path).desc()).limit(1)).first()
    return [found] if found else []


def _carry_names(session: Session, lead: Lead, project: Project) -> None:
    """The site's other names, with who gave them when; the lead's own name where the project has another."""
    names = session.scalars(select(SiteName).where(SiteName.lead_id == lead.id).order_by(SiteName.id)).all()
    for row in names:
        session.add(SiteName(project_id=project.id, kind=row.kind, name=row.name, by_id=row.by_id, at=row.at))
    if not is_unnamed(lead.name) and lead.name not in (project.name, *(row.name for row in names)):
        named = {"by_id": lead.created_by_id, "at": lead.created_at}
        session.add(SiteName(project_id=project.id, kind="site", name=lead.name[:200], **named))
    session.flush()


def ask_to_convert(session: Session, lead: Lead, draft: ProjectDraft, *, by: User, reason: str) -> Approval:
    """Ask the supervisor to let a lead become a project in a cell that takes his consent."""
    draft = _drawn_up(session, lead, draft, by)
    return ask_to_open(session, draft, by=by, reason=reason, owner=_owner_of(session, lead), lead=lead)


def _drawn_up(session: Session, lead: Lead, draft: ProjectDraft, by: User) -> ProjectDraft:
    """The project with what the lead knows of it; raises where the lead cannot become one."""
    require(by, Action.LEAD_CONVERT, lead)
    if lead.project_id is not None:
        raise AlreadyDone(details=f"/projects/{lead.project_id}")
    if lead.state == "invalid":
        raise Refused(_l("This lead was given up. Take it up again first."))
    parties = tuple(dict.fromkeys((*draft.parties, *_parties_of(session, lead))))
    return replace(draft, parties=parties, source=draft.source or lead.source)


def _parties_of(session: Session, lead: Lead) -> Sequence[tuple[int, str]]:
    joined = session.execute(
        select(LeadParty.party_id, LeadParty.role).where(LeadParty.lead_id == lead.id).order_by(LeadParty.id)
    )
    dealer = [(lead.dealer_id, "dealer")] if lead.dealer_id else []
    return [*((party_id, role) for party_id, role in joined), *dealer]


def _owner_of(session: Session, lead: Lead) -> User | None:
    """The lead's owner where he can own a project: one of ours who still works here."""
    return session.scalar(
        select(User)
        .where(User.id == lead.owner_id, User.active, User.party_id.is_(None))
        .options(joinedload(User.team))
    )
