"""A lead becomes a project, and its history comes along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from tracker import events
from tracker.access import Action, require
from tracker.errors import AlreadyDone, Refused
from tracker.events import Kind
from tracker.gallery.models import Photo
from tracker.i18n import _l
from tracker.leads.models import Lead, LeadParty
from tracker.matrix.definitions import definition_of
from tracker.matrix.models import Record
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project
from tracker.projects.operations import ProjectDraft, open_project
from tracker.team.models import User


def convert_lead(session: Session, lead: Lead, draft: ProjectDraft, *, by: User) -> Project:
    """Open a project from a lead; raises Blocked where the matrix does not allow the cell.

    Parties come along in their roles; records and pictures with their dates and authors, into the first phase's row at
    the construction step at which they were made.
    """
    require(by, Action.LEAD_CONVERT, lead)
    if lead.project_id is not None:
        raise AlreadyDone(details=f"/projects/{lead.project_id}")
    if lead.state == "discarded":
        raise Refused(_l("This lead was given up. Take it up again first."))
    parties = tuple(dict.fromkeys((*draft.parties, *_parties_of(session, lead))))
    draft = replace(draft, parties=parties, source=draft.source or lead.source)
    project = open_project(session, draft, by=by, owner=_owner_of(session, lead) or by)
    lead.project_id, lead.state = project.id, "converted"
    session.flush()
    definition = definition_of(session, project)
    first = definition.phases[0].key
    for model in (Record, Photo):
        mine = update(model).where(model.lead_id == lead.id)
        session.execute(mine.values(project_id=project.id, phase=first))
        session.execute(mine.where(model.step.not_in(list(definition.step_index))).values(step=project.step))
    refresh(session, project)
    events.record(session, Kind.LEAD_CONVERTED, lead, by=by, project_id=project.id, name=lead.name)
    return project


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
