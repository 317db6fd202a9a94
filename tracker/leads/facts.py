"""A lead's facts as the engine wants them, from its own columns; no statement."""

from __future__ import annotations

from tracker.clock import company_day
from tracker.leads.models import Lead
from workflows.lead_clocks import LeadFacts


def clock_facts(lead: Lead) -> LeadFacts:
    """What the clocks of a lead go by."""
    waits = lead.answer_by is not None and lead.answered_at is None
    return LeadFacts(
        state=lead.state,
        step=lead.step,
        answer_by=company_day(lead.answer_by) if waits and lead.answer_by else None,
        review_on=lead.review_on,
        scored_on=lead.scored_on,
        scored_step=lead.scored_step,
        outcome=lead.outcome,
    )
