"""The score card of a lead: filled in by a person, never changed afterwards; the newest counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.dealers.fitness import refuse_unfit
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import Lead, LeadScoring
from tracker.leads.operations.answering import mark_answered
from tracker.leads.operations.becoming import set_lead_state
from tracker.leads.operations.capturing import FOLDER, check_open
from tracker.matrix.definitions import current_definition
from tracker.matrix.operations import submissions
from tracker.parties.models import Party
from tracker.team.models import User
from workflows.errors import UnknownKey
from workflows.lead_clocks import DECIDED_ABOVE
from workflows.scoring import score

TO_DEALER = "to_dealer"
DECISIONS = ("convert", "nurture", TO_DEALER)
"""What the supervisor may say where the points leave it to him."""


@dataclass(frozen=True, slots=True)
class ScoreDraft:
    """A score card as it was filled in: points and what supports them by criterion, knock-outs, a note."""

    answers: Mapping[str, int]
    evidence: Mapping[str, str] = field(default_factory=dict)
    knockouts: Iterable[str] = ()
    note: str | None = None
    token: str | None = None


def score_lead(session: Session, lead: Lead, draft: ScoreDraft, *, by: User) -> LeadScoring:
    """Write a score card down; what it leads to is only done when somebody confirms it.

    Raises Invalid where a criterion is not answered, AlreadyDone when the same form was sent before.
    """
    require(by, Action.LEAD_EDIT, lead)
    check_open(lead)
    submission = submissions.claim_page(session, draft.token, by, FOLDER)
    knockouts = list(draft.knockouts)
    card = current_definition().scorecard
    if not {knockout.key for knockout in card.knockouts}.issuperset(knockouts):
        raise Invalid("knockouts", _l("Choose one of the values in the list."))
    try:
        found = score(card, draft.answers, knockouts)
    except (ValueError, UnknownKey):
        raise Invalid("note", _l("Give every criterion from 0 to 5 points.")) from None
    scoring = LeadScoring(
        lead_id=lead.id,
        answers=dict(draft.answers),
        knockouts=knockouts,
        evidence={key: text.strip() for key, text in draft.evidence.items() if text.strip()},
        validity=Decimal(str(found.validity)),
        feasibility=Decimal(str(found.feasibility)),
        outcome=found.outcome,
        step=lead.step,
        note=(draft.note or "").strip() or None,
        by_id=by.id,
    )
    _count(session, lead, scoring, by)
    submissions.remember(session, submission, lead.id)
    return scoring


def _count(session: Session, lead: Lead, scoring: LeadScoring, by: User) -> None:
    """Let a scoring be the newest; the lead's own columns repeat it for lists."""
    scoring.at = clock.now()
    session.add(scoring)
    lead.validity, lead.feasibility, lead.outcome = scoring.validity, scoring.feasibility, scoring.outcome
    lead.scored_on, lead.scored_step = clock.company_day(scoring.at), scoring.step
    session.flush()
    points: dict[str, Any] = {"validity": float(scoring.validity), "feasibility": float(scoring.feasibility)}
    mark_answered(lead)
    events.record(session, Kind.LEAD_SCORED, lead, by=by, outcome=scoring.outcome, **points)


def decide_lead(
    session: Session,
    lead: Lead,
    newest: LeadScoring,
    choice: str,
    *,
    by: User,
    reason: str,
    dealer: Party | None = None,
) -> LeadScoring:
    """The supervisor says what becomes of a lead whose points left it to him: convert, nurture, or pass to a dealer."""
    require(by, Action.LEAD_ASSIGN, lead)
    check_open(lead)
    if lead.outcome != DECIDED_ABOVE:
        raise Refused(_l("There is nothing to decide here: the score card says it, or somebody has decided."))
    if choice not in DECISIONS:
        raise Invalid("choice", _l("Choose what becomes of the lead."))
    if not reason.strip():
        raise Invalid("reason", _l("Say why: whoever finds this site next will ask."))
    if choice == TO_DEALER and (dealer is None or dealer.kind != "dealer"):
        raise Invalid("dealer_id", _l("Choose the dealer."))
    if choice == TO_DEALER and dealer is not None:
        refuse_unfit(session, [dealer.id], "dealer_id")
    kept = {name: getattr(newest, name) for name in ("answers", "knockouts", "evidence", "validity", "feasibility")}
    decided = LeadScoring(
        lead_id=lead.id, outcome=choice, decided=True, step=lead.step, note=reason.strip(), by_id=by.id, **kept
    )
    _count(session, lead, decided, by)
    if choice == "nurture":
        set_lead_state(session, lead, "nurturing", by=by, reason=reason)
    elif dealer is not None and choice == TO_DEALER:
        lead.dealer_id = dealer.id
        session.flush()
        events.record(session, Kind.LEAD_EDITED, lead, by=by, before={"dealer_id": None}, dealer=dealer.name)
    return decided
