"""By when the owner of a lead answers, and that he did.

An answer is the first record, scoring or change of state after the lead was given to him.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tracker import clock
from tracker.leads.models import Lead
from tracker.matrix.definitions import current_definition
from workflows.calendar import add_working_days
from workflows.holidays import load_china
from workflows.lead_sources import demand_of

ANSWER_DAYS = 3  # working days, where the source says nothing else
MARGIN = timedelta(seconds=1)  # before midnight: the last moment of a day still is of that day


def start_answering(lead: Lead) -> None:
    """The lead is given to its owner now: from here his time runs."""
    lead.assigned_at, lead.answered_at = clock.now(), None
    lead.answer_by = answer_limit(lead.source, lead.assigned_at) if lead.owner_id else None


def answer_limit(source: str, given_at: datetime) -> datetime:
    """The last moment of the last day on which a lead of this source is answered in time."""
    given = clock.company_day(given_at)
    last = demand_of(current_definition(), source).answer_by(given)
    return end_of(last or add_working_days(given, ANSWER_DAYS, load_china()))


def end_of(day: date) -> datetime:
    """The last moment of a day."""
    return clock.day_ends(day) - MARGIN


def mark_answered(lead: Lead) -> None:
    """Somebody did something about the lead: its owner has answered."""
    if lead.answered_at is None:
        lead.answered_at = clock.now()


def stop_answering(lead: Lead) -> None:
    """Nobody's time runs: the lead has no owner."""
    lead.assigned_at = lead.answer_by = lead.answered_at = None
