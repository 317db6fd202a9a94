"""What falls due on a lead, from its facts alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.facts import STANDARD
from workflows.lead_clocks import LeadFacts, due_on_lead, lead_things, moved_on, next_day_of_lead, rescoring_due

DAY = date(2026, 3, 16)


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def facts(**values: Any) -> LeadFacts:
    return LeadFacts(**{"state": "following", "step": "structure", **values})


def told(found: LeadFacts) -> list[tuple[str, str, int, str]]:
    return [(one.kind, one.level, (one.due_on - DAY).days, one.audience) for one in lead_things(STANDARD, found)]


def test_a_lead_without_anything_open_is_left_alone() -> None:
    assert told(facts()) == told(facts(state="converted", scored_on=DAY, review_on=DAY)) == []


def test_a_new_lead_is_answered_in_time_and_an_answered_one_rings_no_more() -> None:
    assert told(facts(state="new", answer_by=later(3))) == [("lead_answer", "remind", 3, "owner")]
    assert told(facts(state="new", answer_by=None)) == []
    assert told(facts(state="following", answer_by=later(3))) == []


def test_a_nurtured_lead_is_reviewed_and_brought_before_the_supervisor_when_it_is_forgotten() -> None:
    assert told(facts(state="nurturing", review_on=later(30))) == [
        ("lead_review", "remind", 30, "owner"),
        ("lead_review", "escalate", 45, "supervisor"),
    ]


def test_what_is_invalid_or_a_duplicate_is_looked_at_again() -> None:
    for state in ("invalid", "duplicate"):
        assert told(facts(state=state, review_on=later(180))) == [("lead_review", "remind", 180, "owner")]


def test_a_score_card_is_asked_for_again_after_thirty_days_and_as_soon_as_the_site_moves_on() -> None:
    scored = facts(scored_on=DAY, scored_step="structure", outcome="convert")
    assert told(scored) == [("lead_rescore", "remind", 30, "owner")]
    ahead = facts(scored_on=DAY, scored_step="structure", outcome="convert", step="masonry")
    assert told(ahead) == [("lead_rescore", "remind", 0, "owner"), ("lead_rescore", "remind", 30, "owner")]
    assert moved_on(STANDARD, ahead) and not moved_on(STANDARD, scored)
    assert rescoring_due(STANDARD, ahead, DAY) and not rescoring_due(STANDARD, scored, later(29))
    assert rescoring_due(STANDARD, scored, later(30))
    back = facts(scored_on=DAY, scored_step="structure", outcome="convert", step="ground")
    assert not moved_on(STANDARD, back)


def test_evidence_is_brought_in_ten_days_or_the_lead_is_nurtured() -> None:
    found = lead_things(STANDARD, facts(scored_on=DAY, scored_step="structure", outcome="verify"))
    assert [(one.due_on, one.nurtures) for one in found] == [(later(7), False), (later(11), True)]


def test_the_supervisor_decides_in_three_days() -> None:
    assert told(facts(scored_on=DAY, outcome="supervisor_decides")) == [
        ("lead_decide", "decide", 0, "supervisor"),
        ("lead_decide", "escalate", 4, "supervisor"),
    ]


DAYS = st.integers(-60, 60).map(later)
ANY = st.builds(
    LeadFacts,
    state=st.sampled_from(("new", "following", "nurturing", "invalid", "duplicate", "converted")),
    step=st.sampled_from(tuple(STANDARD.step_index)),
    answer_by=st.none() | DAYS,
    review_on=st.none() | DAYS,
    scored_on=st.none() | DAYS,
    scored_step=st.none() | st.sampled_from(tuple(STANDARD.step_index)),
    outcome=st.sampled_from((None, "convert", "verify", "supervisor_decides", "nurture")),
)


@given(ANY, DAYS)
def test_what_is_due_stays_due_and_the_next_day_is_the_first_on_which_there_is_more(
    found: LeadFacts, day: date
) -> None:
    now = due_on_lead(STANDARD, found, day)
    following = next_day_of_lead(STANDARD, found, day)
    assert len({one.key for one in lead_things(STANDARD, found)}) == len(lead_things(STANDARD, found))
    if following is None:
        assert now == lead_things(STANDARD, found)
    else:
        assert due_on_lead(STANDARD, found, following - timedelta(1)) == now
        assert set(now) < set(due_on_lead(STANDARD, found, following))
