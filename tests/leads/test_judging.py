"""The score card of a lead: suggested from what is known, never changed; what it leads to is done when confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_photo
from tests.leads.making import kinds_of, make_lead
from tests.matrix.making import STANDARD
from tests.notifications.making import TODAY
from tests.rows import count
from tracker import clock
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused
from tracker.leads import queries
from tracker.leads.models import Lead, LeadScoring
from tracker.leads.operations.judging import ScoreDraft, decide_lead, score_lead
from tracker.leads.queries import LeadFilters, list_leads, list_scorings, load_known, load_lead
from tracker.team.models import User
from workflows.suggesting import suggest

CARD = STANDARD.scorecard
KEYS = [criterion.key for criterion in (*CARD.validity, *CARD.feasibility)]
BUDGET = 14  # statements for the page, signing in included


def answers(points: int = 5, **others: int) -> dict[str, int]:
    return {**dict.fromkeys(KEYS, points), **others}


def validity(points: int, feasible: int) -> dict[str, int]:
    """Every criterion of validity with these points, every one of feasibility with those."""
    return {**{one.key: points for one in CARD.validity}, **{one.key: feasible for one in CARD.feasibility}}


def scored(session: Session, lead: Lead, by: User, points: dict[str, int], **more: Any) -> LeadScoring:
    found = score_lead(session, lead_of(session, by, lead), ScoreDraft(points, **more), by=by)
    session.commit()
    return found


def lead_of(session: Session, by: User, lead: Lead) -> Lead:
    return load_lead(session, by, lead.id)


def sent(points: dict[str, int], **more: Any) -> dict[str, Any]:
    return {**{f"points_{key}": number for key, number in points.items()}, **more}


def test_the_newest_card_counts_and_the_lead_repeats_it_for_lists(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    scored(session, lead, cast.sales1, answers(5), evidence={"source": " The owner told us. ", "reality": " "})
    with clock.frozen(clock.now() + timedelta(days=2)):
        scored(session, lead, cast.sales1, validity(3, 5), note="Looked again.")
    assert (lead.validity, lead.feasibility, lead.outcome) == (60, 100, "convert")
    assert (lead.scored_on, lead.scored_step) == (TODAY + timedelta(2), lead.step)
    newest, first = list_scorings(session, cast.sales1, lead.id)
    assert (newest.outcome, first.outcome) == ("convert", "key_project")
    assert first.evidence == {"source": "The owner told us."} and newest.note == "Looked again."
    assert kinds_of(session, lead)[-2:] == ["lead_scored", "lead_scored"]
    assert lead.state == "new", "nothing happens by itself"


@pytest.mark.parametrize(
    ("knockout", "outcome"),
    [("blacklist", "invalid"), ("duplicate", "duplicate"), ("all_closed", "nurture_next_phase")],
)
def test_a_knock_out_decides_whatever_the_points(session: Session, cast: Cast, knockout: str, outcome: str) -> None:
    lead = make_lead(session, cast.sales1)
    assert scored(session, lead, cast.sales1, answers(5), knockouts=[knockout]).outcome == outcome


def test_a_card_with_a_gap_or_a_wrong_value_is_refused(session: Session, cast: Cast) -> None:
    lead = lead_of(session, cast.sales1, make_lead(session, cast.sales1))
    for points in ({}, answers(6), {**answers(), "beauty": 3}):
        with pytest.raises(Invalid):
            score_lead(session, lead, ScoreDraft(points), by=cast.sales1)
    with pytest.raises(Invalid):
        score_lead(session, lead, ScoreDraft(answers(), knockouts=["ugly"]), by=cast.sales1)
    assert count(session, LeadScoring) == 0


def test_a_card_sent_twice_is_written_once(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    scored(session, lead, cast.sales1, answers(), token="once")
    with pytest.raises(AlreadyDone):
        scored(session, lead, cast.sales1, answers(), token="once")
    session.rollback()
    assert count(session, LeadScoring) == 1


def test_what_is_known_of_a_lead_fills_the_card_in(session: Session, cast: Cast) -> None:
    photo = make_photo(session, cast.sales1, taken_on=TODAY - timedelta(3))
    photo.latitude, photo.longitude = 34.6, 112.4
    session.commit()
    lead = make_lead(session, cast.sales1, photos=(photo.token,), developer="Hengyue Land", step="structure")
    known = load_known(session, cast.sales1, lead_of(session, cast.sales1, lead), "gypsum_board")
    found = {key: one.points for key, one in suggest(STANDARD, known, TODAY).items()}
    assert found["reality"] == found["freshness"] == found["uniqueness"] == 5
    assert (found["source"], found["puzzle"], found["access"]) == (3, 0, 0)
    make_lead(session, cast.sales3, name="Same plot", plot_number="BH-2025-08")
    twin = make_lead(session, cast.sales1, name="Same plot", plot_number="BH-2025-08")
    known = load_known(session, cast.sales1, lead_of(session, cast.sales1, twin))
    assert suggest(STANDARD, known, TODAY)["uniqueness"].points == 1


def test_the_window_is_that_of_the_materials_wanted_there(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1, categories=("tiles", "sanitary_ware"))
    seen = lead_of(session, cast.sales1, lead)
    assert load_known(session, cast.sales1, seen).categories == ("tiles", "sanitary_ware")
    assert load_known(session, cast.sales1, seen, "gypsum_board").categories == ("gypsum_board",)


def test_the_supervisor_decides_where_the_points_leave_it_to_him(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    newest = scored(session, lead, cast.sales1, {**validity(4, 2), "window": 3})
    assert lead.outcome == "supervisor_decides"
    for by in (cast.sales1, cast.supervisor2):
        with pytest.raises(Forbidden):
            decide_lead(session, lead, newest, "convert", by=by, reason="Good.")
    lead = lead_of(session, cast.supervisor, lead)
    with pytest.raises(Invalid):
        decide_lead(session, lead, newest, "convert", by=cast.supervisor, reason=" ")
    with pytest.raises(Invalid):
        decide_lead(session, lead, newest, "to_dealer", by=cast.supervisor, reason="Theirs.")
    decided = decide_lead(session, lead, newest, "nurture", by=cast.supervisor, reason="Too early.")
    assert (lead.state, lead.outcome, lead.review_on) == ("nurturing", "nurture", TODAY + timedelta(30))
    assert decided.decided and decided.answers == newest.answers
    with pytest.raises(Refused):
        decide_lead(session, lead, decided, "convert", by=cast.supervisor, reason="After all.")


def test_a_lead_passed_to_a_dealer_is_his_to_see(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    newest = scored(session, lead, cast.sales1, {**validity(4, 2), "window": 3})
    lead = lead_of(session, cast.supervisor, lead)
    decide_lead(session, lead, newest, "to_dealer", by=cast.supervisor, reason="Small.", dealer=cast.xinyuan)
    session.commit()
    assert (lead.dealer_id, lead.outcome) == (cast.xinyuan.id, "to_dealer")
    assert lead_of(session, cast.dealer1, lead).id == lead.id


def test_the_page_is_filled_in_sent_and_shows_what_it_leads_to(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(session, cast.sales1)
    client = browser.of(cast.sales1)
    page = client.get(f"/leads/{lead.id}/score?lang=en").get_data(as_text=True)
    assert "Suggested: 3" in page and page.count('type="radio"') == 6 * len(KEYS)
    answer = client.post(f"/leads/{lead.id}/score", data=sent(answers(), proof_source="He told us."))
    assert answer.status_code in (302, 303)
    page = client.get(f"/leads/{lead.id}/score").get_data(as_text=True)
    assert f'href="/leads/{lead.id}/convert"' in page and "He told us." in page
    assert "Convert and mark as key project" in client.get(f"/leads/{lead.id}").get_data(as_text=True)


def test_a_card_with_a_gap_comes_back_with_what_was_filled_in(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(session, cast.sales1)
    points = answers(1)
    del points["access"]
    answer = browser.of(cast.sales1).post(f"/leads/{lead.id}/score", data=sent(points, proof_source="Kept sentence"))
    assert answer.status_code == 422 and "Kept sentence" in answer.get_data(as_text=True)
    assert count(session, LeadScoring) == 0


def test_who_decides_does_so_on_the_page_and_others_read_that_he_will(
    session: Session, cast: Cast, browser: Browser
) -> None:
    lead = make_lead(session, cast.sales1)
    scored(session, lead, cast.sales1, {**validity(4, 2), "window": 3})
    assert "/decide" not in browser.of(cast.sales1).get(f"/leads/{lead.id}/score").get_data(as_text=True)
    client = browser.of(cast.supervisor)
    assert "/decide" in client.get(f"/leads/{lead.id}/score").get_data(as_text=True)
    refused = client.post(f"/leads/{lead.id}/decide", data={"choice": "to_dealer", "reason": "Kept reason"})
    assert refused.status_code == 422 and "Kept reason" in refused.get_data(as_text=True)
    client.post(f"/leads/{lead.id}/decide", data={"choice": "convert", "reason": "Go."})
    session.refresh(lead)
    assert lead.outcome == "convert"


def test_the_page_keeps_its_budget(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(session, cast.sales1)
    for _ in range(5):
        scored(session, lead, cast.sales1, answers())
    client = browser.of(cast.sales1)
    client.get(f"/leads/{lead.id}/score")
    with counted_queries() as seen:
        client.get(f"/leads/{lead.id}/score")
    assert len(seen) <= BUDGET


def test_the_list_is_narrowed_and_sorted_by_what_the_cards_say(session: Session, cast: Cast) -> None:
    def names(sort: str = "name", **filters: Any) -> list[str]:
        return [one.name for one in list_leads(session, cast.sales1, LeadFilters(**filters), sort).items]

    good, weak, old = (make_lead(session, cast.sales1, name=name) for name in ("good", "weak", "old"))
    make_lead(session, cast.sales1, name="unscored")
    scored(session, good, cast.sales1, answers(5))
    scored(session, weak, cast.sales1, validity(2, 4))
    scored(session, old, cast.sales1, answers(4))
    old.scored_on = TODAY - timedelta(30)
    session.commit()
    assert names(outcome="verify") == ["weak"]
    assert names("validity")[0] == "good" and names("validity")[-1] == "unscored"
    assert names(rescore=True) == ["old"]
    good.step = "masonry"
    session.commit()
    assert names(rescore=True) == ["good", "old"]


def test_what_is_to_be_reviewed_is_found_whatever_its_state(session: Session, cast: Cast) -> None:
    for name, state, days in (("due", "invalid", 0), ("nurtured", "nurturing", -3), ("later", "nurturing", 5)):
        lead = make_lead(session, cast.sales1, name=name)
        lead.state, lead.review_on = state, TODAY + timedelta(days)
    session.commit()
    found = list_leads(session, cast.sales1, LeadFilters(review="due"), "review").items
    assert [one.name for one in found] == ["nurtured", "due"]


def test_every_outcome_has_its_sentence() -> None:
    known = queries.outcomes(STANDARD)
    wanted = {threshold.key for threshold in CARD.thresholds} | {one.result for one in CARD.knockouts}
    assert wanted < set(known) and all(text.zh and text.en for text in known.values())


def test_no_card_is_ever_changed(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    first = scored(session, lead, cast.sales1, answers(5))
    kept = dict(first.answers), first.outcome
    scored(session, lead, cast.sales1, answers(1))
    again = session.scalars(select(LeadScoring).where(LeadScoring.id == first.id).options(joinedload(LeadScoring.by)))
    assert (again.one().answers, first.outcome) == kept
