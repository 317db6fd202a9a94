"""What looks like what: who learns how much of it, in how many questions."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.duplicates.making import CERTAIN, LIKELY, NEAR, PLACE, PLOT, SAME_PLOT, known_lead
from tests.factories import make_contact, make_party, make_project
from tests.leads.making import make_lead
from tests.naughty import OWN
from tracker.duplicates.operations.differing import say_different
from tracker.duplicates.queries import Likely, find_hits, load_likely
from tracker.leads.models import LeadContact
from tracker.matching.likeness import Level
from tracker.matching.things import Firm, Person, Site
from tracker.projects.models import SiteName
from tracker.team.models import User

BUDGET = 6  # statements of a check, signing in included
SECRETS = ("海澜湾度假酒店", "花园路", "恒岳", "6588", "012号", "72 m", "Sales1", "113.6253", "34.7466")
SITE = Site(("海澜湾酒店",), plot_number=SAME_PLOT, place=(NEAR["latitude"], NEAR["longitude"]), kind="hotel")


def likely(session: Session, by: User, site: Site = SITE) -> Likely:
    return load_likely(session, by, "lead", site)


def test_the_owner_sees_the_site_with_why_and_how_sure(session: Session, cast: Cast) -> None:
    lead = known_lead(session, cast.sales1)
    [hit] = likely(session, cast.sales1).seen
    assert (hit.kind, hit.id, hit.level) == ("lead", lead.id, Level.CERTAIN)
    reasons = {reason.kind: reason for reason in hit.likeness.reasons}
    assert {"plot", "place", "name"} <= set(reasons)
    assert 60 < (reasons["place"].metres or 0) < 90


def test_another_team_learns_that_it_is_there_how_sure_by_what_kinds_and_whom_to_ask(
    session: Session, cast: Cast
) -> None:
    cast.north.supervisor_id = cast.supervisor.id
    known_lead(session, cast.sales1)
    found = likely(session, cast.sales3)
    assert found.seen == []
    [hidden] = found.hidden
    assert (hidden.level, hidden.ask.team, hidden.ask.supervisor) == (Level.CERTAIN, "North sales", "Supervisor")
    assert "plot" in hidden.kinds


def test_a_dealer_learns_one_word_whatever_it_is_and_whoever_has_it(session: Session, cast: Cast) -> None:
    known_lead(session, cast.sales1)
    make_project(session, cast.sales3, name="海澜湾度假酒店", **PLACE)
    assert likely(session, cast.dealer1) == Likely([], (), must_look=True)
    assert likely(session, cast.dealer1, Site(("云栖学府",))) == Likely([], ())


def test_a_dealer_sees_his_own_without_whose_of_ours_it_is(session: Session, cast: Cast) -> None:
    make_project(session, cast.sales1, name="海澜湾度假酒店", dealer=cast.xinyuan, kind="hotel", **PLACE)
    [hit] = likely(session, cast.dealer1).seen
    assert hit.owner is None


def test_the_panel_of_another_team_holds_nothing_of_the_site(session: Session, cast: Cast, browser: Browser) -> None:
    known_lead(session, cast.sales1)
    for user in (cast.sales3, cast.supervisor2, cast.dealer1):
        for sent in (CERTAIN, {**LIKELY, **{name: str(value) for name, value in NEAR.items()}}):
            page = browser.of(user).get("/duplicates/check", query_string={"of": "lead", **sent}, headers=HTMX)
            text = page.get_data(as_text=True)
            assert page.status_code == 200
            assert not [secret for secret in SECRETS if secret in text]
            assert ("must be looked at" in text) == (user is cast.dealer1)
            assert ("North sales" in text) == (user is not cast.dealer1)


def test_the_hint_of_a_hidden_site_is_the_same_however_near_one_feels_one_s_way(session: Session, cast: Cast) -> None:
    known_lead(session, cast.sales1)
    told = {
        tuple((one.level, one.kinds) for one in likely(session, cast.sales3, site).hidden)
        for site in (
            Site(("海澜湾酒店",), plot_number=SAME_PLOT, place=(34.7466 + step / 10_000, 113.6253), kind="hotel")
            for step in (1, 2, 3)
        )
    }
    assert len(told) == 1


def test_what_is_only_possible_is_not_told_of_hidden_sites(session: Session, cast: Cast) -> None:
    known_lead(session, cast.sales1)
    site = Site(("海澜湾酒店",), place=(34.78, 113.6253))
    hits = find_hits(session, cast.sales3, "lead", site)
    assert [hit.level for hit in hits] == [Level.POSSIBLE]
    assert likely(session, cast.sales3, site).nothing


def test_other_names_and_people_s_phones_lead_to_a_site(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1, name="G-12 地块", kind="hotel", **PLACE)
    session.add(SiteName(lead_id=lead.id, kind="promotion", name="海澜湾度假酒店"))
    person = make_contact(session, make_party(session))
    person.phone = "138 0013 8000"
    session.add(LeadContact(lead_id=lead.id, contact_id=person.id))
    session.flush()
    assert [
        hit.id
        for hit in likely(session, cast.sales1, Site(("海澜湾度假酒店",), place=(34.7466, 113.6253), kind="hotel")).seen
    ] == [lead.id]
    near = Site(("无名",), phones=("+86 13800138000",), place=(34.7466, 113.6253), kind="hotel")
    [hit] = find_hits(session, cast.sales1, "lead", near)
    assert "phone" in {reason.kind for reason in hit.likeness.reasons}


def test_firms_and_people_are_found_by_other_spellings(session: Session, cast: Cast) -> None:
    firm = make_party(session, "恒岳置业有限公司")
    person = make_contact(session, firm, "王丽")
    person.phone = "138 0013 8000"
    session.flush()
    [found] = load_likely(session, cast.sales1, "party", Firm(("恒岳置业",))).seen
    assert found.id == firm.id
    people = load_likely(session, cast.sales1, "contact", Person("王丽", ("+86 138-0013-8000",))).seen
    assert [hit.id for hit in people] == [person.id]


def test_two_that_somebody_told_apart_are_not_offered_in_either_direction(session: Session, cast: Cast) -> None:
    one, other = known_lead(session, cast.sales1), known_lead(session, cast.sales1, name="海澜湾酒店")
    site = Site(("海澜湾酒店",), plot_number=PLOT)
    assert [hit.id for hit in find_hits(session, cast.sales1, "lead", site, ("lead", one.id))] == [other.id]
    say_different(session, ("lead", other.id), ("lead", one.id), by=cast.sales1, reason="Two towers")
    for lead in (one, other):
        assert find_hits(session, cast.sales1, "lead", site, ("lead", lead.id)) == []


@pytest.mark.parametrize("who", ["gm", "sales3", "dealer1"])
def test_a_check_asks_as_little_for_many_as_for_one(session: Session, cast: Cast, browser: Browser, who: str) -> None:
    for number in range(30):
        known_lead(session, cast.sales1, name=f"海澜湾度假酒店 {number}")
        make_project(session, cast.sales1, name=f"海澜湾 {number}", kind="hotel", **PLACE)
    client = browser.of(cast.users[who])
    client.get("/duplicates/check", query_string={"name": "海"})
    with counted_queries() as asked:
        client.get("/duplicates/check", query_string={"of": "lead", **LIKELY, "plot_number": PLOT}, headers=HTMX)
    assert len([one for one in asked if one.startswith("SELECT") or one.startswith("WITH")]) <= BUDGET


@pytest.mark.parametrize("text", OWN)
def test_whatever_is_typed_is_answered(session: Session, cast: Cast, browser: Browser, text: str) -> None:
    known_lead(session, cast.sales1, name=text.replace("\0", "")[:200].strip() or "x")
    sent = {"of": "lead", "name": text, "address": text, "plot_number": text, "phone": text, "developer": text,
            "latitude": text, "longitude": "nan"}  # fmt: skip
    answer = browser.of(cast.sales1).get("/duplicates/check", query_string=sent, headers=HTMX)
    assert answer.status_code in (200, 400)


def test_the_page_of_a_lead_asks_for_what_looks_like_it(session: Session, cast: Cast, browser: Browser) -> None:
    one, other = known_lead(session, cast.sales1), known_lead(session, cast.sales2, name="海澜湾酒店")
    client = browser.of(cast.supervisor)
    assert f"/duplicates/lead/{one.id}" in client.get(f"/leads/{one.id}").get_data(as_text=True)
    page = client.get(f"/duplicates/lead/{one.id}").get_data(as_text=True)
    assert f"/leads/{other.id}" in page
    answer = client.post(f"/duplicates/lead/{one.id}/different", data={"other": f"lead-{other.id}", "why": "Tower 2"})
    assert answer.status_code == 303
    assert f"/leads/{other.id}" not in client.get(f"/duplicates/lead/{one.id}").get_data(as_text=True)
    nobodys = {"other": f"lead-{known_lead(session, cast.sales3).id}"}
    assert browser.of(cast.sales1).post(f"/duplicates/lead/{one.id}/different", data=nobodys).status_code == 404
