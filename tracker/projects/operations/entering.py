"""Opening a project by hand: nothing twice, as with a lead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.duplicates.operations.asking import keep_drawn_up
from tracker.duplicates.operations.differing import keep_apart
from tracker.duplicates.operations.judging import Answer, SiteKnown, hold_entries, judge_site
from tracker.duplicates.queries import shown_to
from tracker.errors import Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import Lead, LeadContact
from tracker.leads.operations.capturing import LeadDraft
from tracker.leads.operations.entering import enter_lead
from tracker.leads.operations.evidence import settle_evidence
from tracker.leads.operations.firms import NAMED, join_firm, join_person
from tracker.matching.likeness import Level
from tracker.matching.things import Site
from tracker.matrix.definitions import current_definition
from tracker.matrix.operations import submissions
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.projects.operations.opening import ProjectDraft, open_project
from tracker.team.models import User


def enter_project(session: Session, draft: ProjectDraft, answer: Answer, *, by: User) -> Project:
    """Open a project unless its site is on record; raises SiteKnown with what is, and whatever opening it raises."""
    require(by, Action.PROJECT_OPEN)
    submission = submissions.claim_page(session, draft.token, by, "/projects")
    hold_entries(session)
    hits = judge_site(session, site_of(session, draft), answer, by=by, contests=False)
    project = open_project(session, replace(draft, token=None), by=by)
    submissions.remember(session, submission, project.id)
    for hit in hits:
        if hit.seen:
            keep_apart(session, ("project", project.id), hit.ref, by=by, reason=answer.reason)
    if hits:
        told = {"count": len(hits), "reason": answer.reason}
        events.record(session, Kind.SAID_DIFFERENT, project, by=by, project_id=project.id, **told)
    return project


def contest_site(session: Session, draft: ProjectDraft, answer: Answer, *, by: User) -> Lead:
    """Keep a project whose site certainly is on record as a lead until its arbitration: granted, it can be converted.

    Raises SiteKnown while he says neither why nor where he knows of it, Refused where nothing is like it any more.
    """
    require(by, Action.PROJECT_OPEN)
    hits = judge_site(session, site_of(session, draft), answer, by=by)
    if not any(hit.level is Level.CERTAIN for hit in hits):
        raise Refused(_l("Nothing like it is on record any more. Open it."))
    if not draft.source:
        why = _l("Choose the source: it is kept as a lead until it is decided.")
        raise SiteKnown(shown_to(by, hits), certain=True, message=why, field="source")
    lead = enter_lead(session, _as_lead(session, draft), answer, by=by)
    for party_id, role in draft.parties:
        join_firm(session, lead, party_id, role)
    known = set(session.scalars(select(LeadContact.contact_id).where(LeadContact.lead_id == lead.id)))
    for contact in session.scalars(select(Contact).where(Contact.id.in_(set(draft.contacts) - known))).all():
        join_person(session, lead, contact, None, by)
    settle_evidence(session, lead)
    keep_drawn_up(session, lead, replace(draft, token=None).to_json())
    return lead


def _as_lead(session: Session, draft: ProjectDraft) -> LeadDraft:
    """What a lead takes of a project; its evidence is brought later, for the project's form does not ask for it."""
    known = current_definition()  # leads speak the words of the chosen matrix, a project may be of another
    joining = select(Party).where(Party.id.in_({party_id for party_id, _role in draft.parties}))
    names = {party.id: party.name for party in session.scalars(joining)}
    firms = {role: names[party_id] for party_id, role in reversed(draft.parties)}
    named: dict[str, Any] = {field: firms.get(role) for field, role in NAMED.items()}
    return LeadDraft(
        name=draft.name,
        source=draft.source or "",
        step=draft.step if draft.step in known.step_index else "",
        found_on=draft.since,
        kind=draft.kind if draft.kind in known.picklist("project_types").keys else None,
        address=draft.address,
        plot_number=draft.plot_number,
        latitude=draft.latitude,
        longitude=draft.longitude,
        value=draft.value or None,
        currency=draft.currency,
        note=draft.note,
        categories=draft.categories,
        **named,
        later=True,
        token=draft.token,
    )


def site_of(session: Session, draft: ProjectDraft) -> Site:
    """The site of a project that is being opened."""
    owners = [party_id for party_id, role in draft.parties if role == "owner"]
    firms = tuple(session.scalars(select(Party.name).where(Party.id.in_(owners)))) if owners else ()
    place = None
    if draft.latitude is not None and draft.longitude is not None:
        place = (draft.latitude, draft.longitude)
    return Site((draft.name,), draft.address, draft.plot_number, place, (), firms, draft.kind)
