"""Dealers' registrations among what looks like a site that one of ours enters."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.duplicates.test_likely import BUDGET
from tests.factories import make_project
from tests.registrations.making import handed_in, make_dealer, make_desk
from tracker.dealers.models import Dealer
from tracker.duplicates.operations.judging import NO_ANSWER, Answer, SiteKnown
from tracker.duplicates.queries import find_hits, load_likely
from tracker.events import Event, Kind
from tracker.leads.models import Lead
from tracker.leads.operations.capturing import LeadDraft
from tracker.leads.operations.entering import enter_lead
from tracker.matching.likeness import Level
from tracker.matching.things import Site
from tracker.registrations.models import Registration
from tracker.team.models import User

HOTEL = {"name": "Hailan Bay Resort Hotel", "latitude": "34.6100", "longitude": "112.4700", "kind": "hotel"}
SITE = Site(("Hailan Bay Resort Hotel",), place=(34.61, 112.47), kind="hotel")
DRAFT = LeadDraft("Hailan Bay Resort Hotel", "owner_inquiry", kind="hotel", latitude=34.61, longitude=112.47, note="?")


@pytest.fixture
def desk(session: Session, cast: Cast) -> User:
    return make_desk(session, cast)


@pytest.fixture
def claim(session: Session, cast: Cast, desk: User) -> Registration:
    dealer = make_dealer(session, cast.xinyuan, desk)
    dealer.keeper_id = cast.gm.id
    return handed_in(session, dealer, cast.dealer1)


def checked(browser: Browser, user: User, **sent: Any) -> str:
    page = browser.of(user).get("/duplicates/check", query_string={"of": "lead", **HOTEL, **sent}, headers=HTMX)
    assert page.status_code == 200
    return page.get_data(as_text=True)


@pytest.mark.parametrize("of", ["lead", "project"])
def test_a_registration_appears_while_the_site_is_typed_with_why_how_sure_and_how_it_stands(
    browser: Browser, desk: User, claim: Registration, of: str
) -> None:
    text = checked(browser, desk, of=of)
    assert f"/registrations/{claim.id}" in text
    assert all(words in text for words in ("certain", "name alike", "Registration", "Submitted", "Xinyuan"))


def test_of_a_registration_that_one_does_not_see_one_learns_that_it_is_there_and_whom_to_ask(
    session: Session, cast: Cast, browser: Browser, claim: Registration
) -> None:
    text = checked(browser, cast.sales1, name="Hailan Bay Hotel")
    assert "A dealer&#39;s registration that you do not see" in text.replace("'", "&#39;")
    assert cast.gm.name in text
    assert not [secret for secret in ("Resort", "Binhai", "Xinyuan", f"/registrations/{claim.id}") if secret in text]
    session.get_one(Dealer, claim.dealer_id).keeper_id = None
    session.commit()
    assert "Ask dealer management." in checked(browser, cast.sales1)


def test_one_that_is_over_is_told_only_to_who_sees_it_and_holds_nobody_up(
    session: Session, cast: Cast, desk: User, claim: Registration
) -> None:
    claim.state = "expired"
    session.flush()
    assert load_likely(session, cast.sales1, "lead", SITE).nothing
    [hit] = load_likely(session, desk, "lead", SITE).seen
    assert (hit.kind, hit.stands, hit.level) == ("registration", False, Level.CERTAIN)
    assert enter_lead(session, DRAFT, NO_ANSWER, by=cast.sales1).state == "new"


def test_dealers_are_told_of_no_registration_here(session: Session, cast: Cast, claim: Registration) -> None:
    assert load_likely(session, cast.dealer1, "lead", SITE).nothing
    assert load_likely(session, cast.dealer2, "lead", SITE).nothing


def test_a_lead_on_a_registered_site_wants_one_look_and_is_never_refused_for_it(
    session: Session, cast: Cast, claim: Registration
) -> None:
    with pytest.raises(SiteKnown) as refused:
        enter_lead(session, DRAFT, NO_ANSWER, by=cast.sales1)
    assert (refused.value.certain, refused.value.joinable) == (False, False)
    lead = enter_lead(session, DRAFT, Answer(looked=True, why="We met the owner first"), by=cast.sales1)
    assert lead.state == "new"
    event = session.scalars(select(Event).where(Event.kind == Kind.SAID_DIFFERENT)).one()
    assert event.data["reason"] == "We met the owner first"


def test_the_form_offers_the_tick_and_no_joining(
    session: Session, cast: Cast, browser: Browser, claim: Registration
) -> None:
    sent = {**HOTEL, "source": "owner_inquiry", "note": "Rang.", "step": "ground", "found_on": "2026-03-16",
            "currency": "CNY"}  # fmt: skip
    answer = browser.of(cast.sales1).post("/leads/new", data=sent)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'name="looked"' in text
    assert 'value="join"' not in text
    assert browser.of(cast.sales1).post("/leads/new", data={**sent, "looked": "1"}).status_code == 303
    assert session.scalars(select(Lead.name)).all() == ["Hailan Bay Resort Hotel"]


def test_the_page_of_a_lead_names_the_registration_and_offers_neither_merging_nor_telling_apart(
    session: Session, cast: Cast, browser: Browser, claim: Registration
) -> None:
    lead = enter_lead(session, DRAFT, Answer(looked=True), by=cast.supervisor)
    session.commit()
    text = browser.of(cast.supervisor).get(f"/duplicates/lead/{lead.id}").get_data(as_text=True)
    assert f"/registrations/{claim.id}" in text
    assert "registration-" not in text
    assert "/merge/" not in text


def test_a_project_is_not_held_against_the_claim_that_is_about_it(
    session: Session, cast: Cast, desk: User, claim: Registration
) -> None:
    project = make_project(session, cast.sales1, name=claim.name, kind="hotel", latitude=34.61, longitude=112.47)
    claim.project_id = project.id
    session.flush()
    assert find_hits(session, desk, "registration", SITE, ("project", project.id)) == []


def test_a_check_that_finds_registrations_keeps_its_budget(cast: Cast, browser: Browser, claim: Registration) -> None:
    client = browser.of(cast.sales3)
    client.get("/duplicates/check", query_string={"name": "x"})
    with counted_queries() as asked:
        client.get("/duplicates/check", query_string={"of": "lead", **HOTEL}, headers=HTMX)
    assert len([one for one in asked if one.startswith(("SELECT", "WITH"))]) <= BUDGET
