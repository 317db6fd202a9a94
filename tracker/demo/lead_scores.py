"""Score cards of the invented leads, and the days on which what rests is looked at again; some of them today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock
from tracker.demo.chronicle import Chronicle, moment
from tracker.events import Kind
from tracker.leads.models import Lead, LeadScoring
from tracker.matrix.definitions import current_definition
from workflows.lead_clocks import WORKED_ON
from workflows.policy import Scorecard, ScoreCriterion
from workflows.scoring import propose_window_score, score

SCORED = 0.6  # of the leads that somebody works on
OPEN_FOR = 8  # days at most since cards whose outcome still waits for somebody
SHOWN_FOR = 33  # days at most since the others: the oldest are to be filled in again
RESTS = {"nurturing": (-3, 0, 0, 4, 11, 19, 27), "invalid": (-1, 40, 90, 150), "duplicate": (120,)}
"""Days from today on which leads of a state are looked at again."""
LEANS = ((0, 1, 1, 3), (1, 3, 3, 5), (3, 3, 5, 5), (3, 5, 5, 5))
"""Points to draw from: a weak lead, a middling one, a good one, a very good one."""


def judge_leads(session: Session, random: Random, leads: Iterable[Lead], chronicle: Chronicle) -> None:
    """Give leads their cards and their review dates, each owner's cards his own."""
    card = current_definition().scorecard
    for lead in leads:
        if lead.state in RESTS:
            lead.review_on = clock.today() + timedelta(days=random.choice(RESTS[lead.state]))
        elif lead.state in WORKED_ON and lead.owner_id and not lead.dealer_id and random.random() < SCORED:
            _score(session, random, lead, card, chronicle)
    session.flush()


def _score(session: Session, random: Random, lead: Lead, card: Scorecard, chronicle: Chronicle) -> None:
    answers = {**_points(random, card.validity), **_points(random, card.feasibility)}
    answers["window"] = propose_window_score(current_definition(), ("tiles",), lead.step)
    found = score(card, answers)
    waits = found.outcome in ("verify", "supervisor_decides")
    age = min(random.randint(0, OPEN_FOR if waits else SHOWN_FOR), (clock.today() - lead.found_on).days)
    at = max(moment(random, clock.today() - timedelta(days=age)), lead.created_at)
    scoring = LeadScoring(
        lead_id=lead.id,
        answers=answers,
        validity=Decimal(str(found.validity)),
        feasibility=Decimal(str(found.feasibility)),
        outcome=found.outcome,
        step=lead.step,
        by_id=lead.owner_id,
        at=at,
    )
    session.add(scoring)
    lead.validity, lead.feasibility, lead.outcome = scoring.validity, scoring.feasibility, scoring.outcome
    lead.scored_on, lead.scored_step = clock.company_day(at), lead.step
    points: dict[str, Any] = {"validity": found.validity, "feasibility": found.feasibility}
    chronicle.note(Kind.LEAD_SCORED, lead, at, lead.owner_id, outcome=found.outcome, **points)


def _points(random: Random, criteria: Iterable[ScoreCriterion]) -> dict[str, int]:
    lean = random.choice(LEANS)
    return {criterion.key: random.choice(lean) for criterion in criteria}
