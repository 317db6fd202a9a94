"""What rests has a reason and a day on which it is looked at again; a duplicate names what it duplicates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_project
from tests.leads.making import kinds_of, make_lead
from tests.notifications.making import TODAY
from tracker.errors import Invalid
from tracker.leads.operations.becoming import SameSite, set_lead_state
from tracker.leads.operations.noting import note_on_lead
from tracker.leads.queries import get_lead


@pytest.mark.parametrize(("state", "days"), [("nurturing", 30), ("invalid", 180)])
def test_what_rests_is_looked_at_again(session: Session, cast: Cast, state: str, days: int) -> None:
    lead = get_lead(session, cast.sales1, make_lead(session, cast.sales1).id)
    set_lead_state(session, lead, state, by=cast.sales1, reason=" No money. ")
    assert (lead.state, lead.state_reason, lead.review_on) == (state, "No money.", TODAY + timedelta(days))
    set_lead_state(session, lead, state, by=cast.sales1, reason="Later.", review_on=TODAY + timedelta(90))
    assert lead.review_on == TODAY + timedelta(90)
    set_lead_state(session, lead, "following", by=cast.sales1, reason="It goes on.")
    assert (lead.state, lead.review_on) == ("following", None)


@pytest.mark.parametrize("days", [0, -1, 3000])
def test_a_review_lies_ahead_and_not_too_far(session: Session, cast: Cast, days: int) -> None:
    lead = get_lead(session, cast.sales1, make_lead(session, cast.sales1).id)
    with pytest.raises(Invalid):
        set_lead_state(session, lead, "invalid", by=cast.sales1, reason="x", review_on=TODAY + timedelta(days))


def test_a_duplicate_names_another_site(session: Session, cast: Cast) -> None:
    lead, other = (get_lead(session, cast.sales1, make_lead(session, cast.sales1).id) for _ in range(2))
    for same in (None, SameSite(), SameSite(lead=lead)):
        with pytest.raises(Invalid):
            set_lead_state(session, lead, "duplicate", by=cast.sales1, reason="Same.", same=same)
    set_lead_state(session, lead, "duplicate", by=cast.sales1, reason="Same.", same=SameSite(lead=other))
    assert (lead.state, lead.duplicate_of_id, lead.review_on) == ("duplicate", other.id, TODAY + timedelta(180))
    with pytest.raises(Invalid):
        set_lead_state(session, other, "duplicate", by=cast.sales1, reason="Same.", same=SameSite(lead=lead))


def test_it_is_chosen_among_the_sites_one_sees(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(session, cast.sales1, name="Canal House")
    project = make_project(session, cast.sales1, name="Canal House tower")
    hidden = make_lead(session, cast.sales3, name="Canal House of the south")
    client, address = browser.of(cast.sales1), f"/leads/{lead.id}/duplicate"
    page = client.get(address).get_data(as_text=True)
    assert f"project:{project.id}" in page and f"lead:{hidden.id}" not in page and f"lead:{lead.id}" not in page
    for same in (f"lead:{hidden.id}", "lead:x", "project:999999", ""):
        refused = client.post(address, data={"same": same, "reason": "Kept reason"})
        assert refused.status_code == 422 and "Kept reason" in refused.get_data(as_text=True)
    assert client.post(address, data={"same": f"project:{project.id}", "reason": "Same."}).status_code in (302, 303)
    session.refresh(lead)
    assert (lead.state, lead.duplicate_project_id) == ("duplicate", project.id)
    assert "Canal House tower" in client.get(f"/leads/{lead.id}").get_data(as_text=True)


def test_who_logs_something_on_a_new_lead_has_answered_and_follows_it(session: Session, cast: Cast) -> None:
    lead = get_lead(session, cast.sales1, make_lead(session, cast.sales1).id)
    note_on_lead(session, lead, by=cast.sales1, kind="call", on=TODAY, text="Called the site office.")
    assert lead.state == "following" and lead.answered_at is not None
    first = lead.answered_at
    set_lead_state(session, lead, "nurturing", by=cast.sales1, reason="Early.")
    note_on_lead(session, lead, by=cast.sales1, kind="call", on=TODAY, text="Called again.")
    assert (lead.state, lead.answered_at) == ("nurturing", first)
    assert kinds_of(session, lead)[0] == "lead_added"
