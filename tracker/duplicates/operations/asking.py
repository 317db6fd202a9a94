"""Asking about a site that is on record: to join it, or for arbitration; and the answer of who oversees it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, is_dealer, require
from tracker.duplicates.models import SiteRequest
from tracker.duplicates.operations.differing import keep_apart
from tracker.duplicates.queries import Hit, find_hits
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import Lead, LeadMember
from tracker.matching.likeness import Level
from tracker.matching.things import Site
from tracker.projects.models import ProjectMember
from tracker.team.models import User

DAYS = 3  # within which a contested site is looked at
JOIN, ARBITRATION = "join", "arbitration"


def ask_to_join(session: Session, site: Site, *, by: User, reason: str) -> Sequence[SiteRequest]:
    """Ask to be let into the sites that this one certainly or likely is; asking twice asks once."""
    require(by, Action.LEAD_ADD)
    if is_dealer(by):
        raise Forbidden(_l("This site must be looked at."))
    hits = _surest(find_hits(session, by, "lead", site))
    if not hits:
        raise Refused(_l("Nothing like it is on record any more. Enter it."))
    return [_ask(session, JOIN, hit, site, by, reason, None) for hit in hits if hit.owner_id != by.id]


def ask_for_arbitration(
    session: Session, lead: Lead, hits: Sequence[Hit], site: Site, *, by: User, reason: str
) -> None:
    """Keep a lead that looks like a known site apart until who oversees that site has looked."""
    lead.state, lead.state_reason = "duplicate", reason or None
    lead.review_on = clock.today() + timedelta(DAYS)
    for hit in _surest(hits):
        _ask(session, ARBITRATION, hit, site, by, reason, lead)
    session.flush()
    events.record(session, Kind.ARBITRATION_ASKED, lead, by=by, reason=reason)


def keep_drawn_up(session: Session, lead: Lead, project: dict[str, Any]) -> None:
    """Keep with the requests about a lead the project that was to be opened there, for its conversion."""
    for request in session.scalars(select(SiteRequest).where(SiteRequest.claim_id == lead.id)).all():
        request.typed = {**request.typed, "project": project}
    session.flush()


def _surest(hits: Sequence[Hit]) -> Sequence[Hit]:
    certain = [hit for hit in hits if hit.level is Level.CERTAIN]
    return certain or [hit for hit in hits if hit.level is Level.LIKELY][:1]


def _ask(session: Session, what: str, hit: Hit, site: Site, by: User, reason: str, claim: Lead | None) -> SiteRequest:
    lead_id, project_id = (hit.id, None) if hit.kind == Lead.__tablename__ else (None, hit.id)
    open_one = session.scalar(
        select(SiteRequest).where(
            SiteRequest.by_id == by.id,
            SiteRequest.what == what,
            SiteRequest.state == "open",
            SiteRequest.lead_id == lead_id if lead_id else SiteRequest.project_id == project_id,
            SiteRequest.claim_id.is_(None) if claim is None else SiteRequest.claim_id == claim.id,
        )
    )
    if open_one is not None:
        return open_one
    request = SiteRequest(
        what=what,
        lead_id=lead_id,
        project_id=project_id,
        claim_id=claim.id if claim else None,
        team_id=hit.team_id,
        typed=_typed(site),
        reason=reason or None,
        by_id=by.id,
    )
    session.add(request)
    session.flush()
    if what == JOIN:
        events.record(session, Kind.JOIN_ASKED, request, by=by, reason=reason)
    return request


def _typed(site: Site) -> dict[str, Any]:
    """What he knows of the site, for the one who decides."""
    known = {"name": site.names[0] if site.names else None, "address": site.address, "plot_number": site.plot_number}
    return {**known, "developer": site.firms[0] if site.firms else None}


def answer_request(session: Session, request: SiteRequest, granted: bool, *, by: User, answer: str) -> None:
    """Answer a request: he joins, or his lead stands for itself; or not, and then it is the known site's double."""
    site: Any = request.lead or request.project
    require(by, Action.LEAD_ASSIGN if request.lead else Action.PROJECT_REASSIGN, site)
    if request.by_id == by.id:
        raise Forbidden(_l("Nobody grants his own request."))
    if request.state != "open":
        raise AlreadyDone(details="/duplicates")
    if not granted and not answer.strip():
        raise Invalid("answer", _l("Say why not: who asked reads it."))
    request.state = "granted" if granted else "declined"
    request.answer, request.answered_by_id, request.answered_at = answer.strip() or None, by.id, clock.now()
    if request.what == JOIN and granted:
        _let_in(session, request)
    if request.what == ARBITRATION and request.claim is not None:
        _settle(session, request, request.claim, granted, by)
    session.flush()
    kind = Kind.JOIN_ANSWERED if request.what == JOIN else Kind.ARBITRATION_ANSWERED
    events.record(session, kind, site, by=by, project_id=request.project_id, answer=request.answer,
                  state=request.state, user_id=request.by_id)  # fmt: skip


def _let_in(session: Session, request: SiteRequest) -> None:
    """Make him a member of the site, which lets him see it."""
    model: Any = LeadMember if request.lead_id else ProjectMember
    site = model.lead_id if request.lead_id else model.project_id
    key = request.lead_id or request.project_id
    if session.scalar(select(model.id).where(site == key, model.user_id == request.by_id)) is None:
        session.add(model(**{site.key: key}, user_id=request.by_id))


def _settle(session: Session, request: SiteRequest, claim: Lead, another: bool, by: User) -> None:
    """His lead is another site and goes on once nobody else has to look, or it is the known one's double."""
    known = ("lead", request.lead_id) if request.lead_id else ("project", request.project_id or 0)
    if not another:
        claim.duplicate_of_id, claim.duplicate_project_id = request.lead_id, request.project_id
        return
    keep_apart(session, ("lead", claim.id), (known[0], known[1] or 0), by=by, reason=request.answer or "")
    others = select(SiteRequest.id).where(
        SiteRequest.claim_id == claim.id, SiteRequest.id != request.id, SiteRequest.state != "granted"
    )
    if session.scalar(others) is None and claim.state == "duplicate":
        claim.state, claim.state_reason, claim.review_on = "new", None, None
