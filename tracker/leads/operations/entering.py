"""Entering leads by hand: nothing twice. What is certainly on record is refused, what is likely wants a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, is_dealer, require
from tracker.duplicates.operations.asking import ARBITRATION, ask_for_arbitration
from tracker.duplicates.operations.bulk import judge_rows, marks_of
from tracker.duplicates.operations.differing import keep_apart
from tracker.duplicates.operations.judging import NO_ANSWER, Answer, SiteKnown, hold_entries, judge_site
from tracker.duplicates.queries import Hit
from tracker.events import Kind
from tracker.gallery.operations import list_staged
from tracker.i18n import _l
from tracker.leads.models import Lead
from tracker.leads.operations.capturing import FOLDER, LeadDraft, capture_lead, capture_leads, naming
from tracker.matching.likeness import Level
from tracker.matching.things import Site
from tracker.matrix.operations import submissions
from tracker.team.models import User


def enter_lead(session: Session, draft: LeadDraft, answer: Answer, *, by: User) -> Lead:
    """Capture a lead unless its site is on record; raises SiteKnown with what is, AlreadyDone for a second press."""
    require(by, Action.LEAD_ADD)
    submission = submissions.claim_page(session, draft.token, by, FOLDER)
    hold_entries(session)
    site = site_of(_placed(session, draft, by))
    told = judge_site(session, site, answer, by=by, claims=True)
    hits = [hit for hit in told if not hit.is_claim]
    lead = capture_lead(session, replace(draft, token=None), by=by)
    submissions.remember(session, submission, lead.id)
    if any(hit.level is Level.CERTAIN for hit in hits) or (hits and is_dealer(by)):
        ask_for_arbitration(session, lead, hits, site, by=by, reason=answer.reason)
    elif told:
        _note_look(session, lead, told, answer, by)
    return lead


def enter_leads(session: Session, drafts: Sequence[LeadDraft], *, by: User, token: str | None = None) -> list[Lead]:
    """Enter the rows of one form, all or none; raises Invalid or SiteKnown naming the site.

    A row alone is entered as by the form for one lead: with its evidence, and not where it is on record. Several bring
    their evidence later and owe it; those that certainly are on record come in marked, as from a file. Of a dealer's
    rows nobody tells him more than that they are looked at.
    """
    require(by, Action.LEAD_ADD)
    if len(drafts) == 1 or is_dealer(by):
        submission = submissions.claim_page(session, token, by, FOLDER)
        answer = Answer(way=ARBITRATION) if is_dealer(by) else NO_ANSWER
        leads = [_enter_row(session, draft, answer, later=len(drafts) > 1, by=by) for draft in drafts]
        submissions.remember(session, submission, leads[0].id)
        return leads
    hold_entries(session)
    known = judge_rows(session, [site_of(draft) for draft in drafts])
    leads = capture_leads(session, [replace(draft, later=True) for draft in drafts], by=by, token=token)
    for lead, sure in zip(leads, known, strict=True):
        for name, value in marks_of(sure).items():
            setattr(lead, name, value)
    session.flush()
    return leads


def _enter_row(session: Session, draft: LeadDraft, answer: Answer, *, later: bool, by: User) -> Lead:
    try:
        with naming(draft):
            return enter_lead(session, replace(draft, later=later, token=None), answer, by=by)
    except SiteKnown as known:
        known.message = _l("%(name)s: %(why)s", name=draft.name, why=known.message)
        raise


def _placed(session: Session, draft: LeadDraft, by: User) -> LeadDraft:
    """The draft with the place of its first located picture, where it names none."""
    if draft.latitude is not None or not draft.photos:
        return draft
    for photo in list_staged(session, draft.photos, by=by):
        if photo.latitude is not None:
            return replace(draft, latitude=photo.latitude, longitude=photo.longitude)
    return draft


def site_of(draft: LeadDraft) -> Site:
    """The site of a lead that is being entered."""
    place = None
    if draft.latitude is not None and draft.longitude is not None:
        place = (draft.latitude, draft.longitude)
    phones = (draft.phone,) if draft.phone else ()
    firms = (draft.developer,) if draft.developer else ()
    names = (draft.name,) if draft.name.strip() else ()
    return Site(names, draft.address, draft.plot_number, place, phones, firms, draft.kind)


def _note_look(session: Session, lead: Lead, hits: Sequence[Hit], answer: Answer, by: User) -> None:
    """He looked: what he could see is not offered again; what he could not stays for those who can."""
    for hit in hits:
        if hit.seen and not hit.is_claim:
            keep_apart(session, ("lead", lead.id), hit.ref, by=by, reason=answer.reason)
    events.record(session, Kind.SAID_DIFFERENT, lead, by=by, count=len(hits), reason=answer.reason)
