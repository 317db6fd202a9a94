"""Firms: the list, one firm's page, adding without entering it twice, changing without losing anybody's words."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_contact, make_party, make_project
from tracker.errors import Forbidden, Invalid, Stale
from tracker.events import Event, Kind
from tracker.parties import operations, queries
from tracker.parties.models import Party

BUDGET = 8  # statements for a list, signing in included
PAGE_BUDGET = 14  # for a firm's page with its figures and its fingerprint


def form(**values: object) -> dict[str, object]:
    return {"name": "Hengyue Land", "kind": "owner", "short_name": "Hengyue", "phone": "0571 8888 0000", **values}


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Party)) or 0


def test_the_list_shows_firms_by_name_and_teaches_where_there_are_none(cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    page = client.get("/parties").get_data(as_text=True)
    assert page.index("Hongda Trading") < page.index("Xinyuan Materials")
    nothing = client.get("/parties?q=nowhere").get_data(as_text=True)
    assert "No party here" in nothing and 'value="nowhere"' in nothing


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("q=hengyue", 1),
        ("q=HENG", 1),
        ("q=恒悦", 1),
        ("q=%25", 0),
        ("q=_", 0),
        ("kind=dealer", 2),
        ("kind=nonsense", 0),
    ],
)
def test_firms_are_found_by_name_short_name_and_kind(
    session: Session, cast: Cast, browser: Browser, query: str, hits: int
) -> None:
    party = make_party(session, "Hengyue Land")
    party.short_name = "恒悦"
    session.commit()
    assert browser.of(cast.sales1).get(f"/parties?{query}").get_data(as_text=True).count('class="site"') == hits


def test_the_list_asks_as_little_for_many(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(70):
        make_party(session, f"Builders {number:02}", kind="main_contractor")
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get("/parties").get_data(as_text=True)
    assert len(asked) <= BUDGET
    assert page.count('class="site"') == 50 and 'rel="next"' in page
    assert client.get("/parties?page=2").get_data(as_text=True).count('class="site"') == 22


def test_a_firm_is_added_with_who_added_it(session: Session, cast: Cast, browser: Browser) -> None:
    answer = browser.of(cast.sales1).post("/parties/new", data=form(name="  Hengyue Land ", note="Pays late."))
    party = session.scalars(select(Party).where(Party.name == "Hengyue Land")).one()
    assert answer.location == f"/parties/{party.id}"
    assert (party.kind, party.short_name, party.note) == ("owner", "Hengyue", "Pays late.")
    assert (party.address, party.created_by_id) == (None, cast.sales1.id)
    assert session.scalars(select(Event.by_id).where(Event.kind == Kind.PARTY_ADDED)).all() == [cast.sales1.id]


def test_the_same_firm_by_another_spelling_is_shown_instead_of_entered_twice(
    session: Session, cast: Cast, browser: Browser
) -> None:
    known = make_party(session, "恒悦置地（杭州）有限公司")
    client = browser.of(cast.sales1)
    answer = client.post("/parties/new", data=form(name="恒悦置地(杭州)", note="Pays late."))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="/parties/{known.id}"' in page
    assert "Pays late." in page
    before = count(session)
    assert client.post("/parties/new", data=form(name="恒悦置地(杭州)", anyway="1")).status_code == 303
    assert count(session) == before + 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "A party needs a name."),
        ({"name": "   "}, "A party needs a name."),
        ({"name": "x" * 201}, "At most 200 characters"),
        ({"kind": "wizard"}, "Choose one of the values"),
        ({"phone": "9" * 61}, "At most 60 characters"),
    ],
)
@pytest.mark.parametrize("address", ["/parties/new", "/parties/{id}/edit"])
def test_a_refused_firm_keeps_what_was_typed(
    session: Session, cast: Cast, browser: Browser, address: str, wrong: dict[str, str], said: str
) -> None:
    party = make_party(session, "Old name")
    before = count(session)
    sent = {**form(note="Pays late.", address="4 Quay Street", version=1), **wrong}
    answer = browser.of(cast.sales1).post(address.format(id=party.id), data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert "Pays late." in page and 'value="4 Quay Street"' in page
    session.refresh(party)
    assert (party.name, count(session)) == ("Old name", before)


def test_a_page_shows_the_firm_its_people_and_only_the_projects_one_sees(
    session: Session, cast: Cast, browser: Browser
) -> None:
    party = make_party(session, "Hengyue Land")
    make_contact(session, party, "Wang Li")
    make_project(session, cast.sales1, name="North Tower", developer=party)
    make_project(session, cast.sales3, name="South Gate", developer=party)
    client, address = browser.of(cast.sales1), f"/parties/{party.id}"
    with counted_queries() as asked:
        page = client.get(address).get_data(as_text=True)
    assert len(asked) <= PAGE_BUDGET
    assert "Wang Li" in page and "North Tower" in page and "South Gate" not in page


def test_a_page_asks_as_little_for_many_people_and_projects(session: Session, cast: Cast, browser: Browser) -> None:
    party = make_party(session, "Hengyue Land")
    for number in range(30):
        make_contact(session, party, f"Contact {number}")
        make_project(session, cast.sales1, name=f"Tower {number}", developer=party)
    client, address = browser.of(cast.supervisor), f"/parties/{party.id}"
    with counted_queries() as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= PAGE_BUDGET


def test_an_edit_is_saved_with_what_it_was_before(session: Session, cast: Cast, browser: Browser) -> None:
    party = make_party(session, "Hengyue Land")
    client = browser.of(cast.sales2)
    assert 'name="version" type="hidden" value="1"' in client.get(f"/parties/{party.id}/edit").get_data(as_text=True)
    answer = client.post(f"/parties/{party.id}/edit", data=form(name="Hengyue Group", version=1))
    session.refresh(party)
    assert answer.location == f"/parties/{party.id}"
    assert (party.name, party.version) == ("Hengyue Group", 2)
    assert queries.find_same_firm(session, "hengyue group ltd") == party
    event = session.scalars(select(Event).where(Event.kind == Kind.PARTY_EDITED)).one()
    assert event.data["before"]["name"] == "Hengyue Land"


def test_an_edit_that_changes_nothing_leaves_no_event(session: Session, cast: Cast) -> None:
    party = make_party(session, "Hengyue Land")
    operations.edit_party(session, party, by=cast.sales1, version=1, name="Hengyue Land", kind="owner")
    assert party.version == 1
    assert session.scalars(select(Event).where(Event.kind == Kind.PARTY_EDITED)).all() == []


def test_a_stale_page_comes_back_with_both_versions_and_may_be_sent_again(
    session: Session, cast: Cast, browser: Browser
) -> None:
    party = make_party(session, "Hengyue Land")
    operations.edit_party(session, party, by=cast.sales2, version=1, name="Hengyue Group", kind="designer")
    session.commit()
    client, address = browser.of(cast.sales1), f"/parties/{party.id}/edit"
    answer = client.post(address, data=form(name="Hengyue Holding", kind="owner", version=1, note="Pays late."))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "<td data-user-text>Hengyue Group</td><td data-user-text>Hengyue Holding</td>" in page
    assert "Pays late." in page and 'value="Hengyue Holding"' in page
    assert 'name="version" type="hidden" value="2"' in page
    session.refresh(party)
    assert party.name == "Hengyue Group"
    assert client.post(address, data=form(name="Hengyue Holding", version=2)).status_code == 303
    session.refresh(party)
    assert party.name == "Hengyue Holding"


def test_the_operation_refuses_a_stale_version_blanks_and_who_may_not(session: Session, cast: Cast) -> None:
    party = make_party(session, "Hengyue Land")
    with pytest.raises(Stale):
        operations.edit_party(session, party, by=cast.sales1, version=7, name="x")
    with pytest.raises(Invalid):
        operations.edit_party(session, party, by=cast.sales1, version=1, name="  ")
    for user in (cast.compliance, cast.dealer1):
        with pytest.raises(Forbidden):
            operations.edit_party(session, party, by=user, version=1, name="x")
        with pytest.raises(Forbidden):
            operations.add_party(session, by=user, name="x", kind="owner")


def test_the_pick_list_offers_firms_in_whose_name_the_typed_words_begin(
    session: Session, cast: Cast, browser: Browser
) -> None:
    make_party(session, 'Hengyue "Land" & Sons')
    client = browser.of(cast.sales1)
    for typed in ("heng", "LAND", "heng land"):
        found = client.get("/parties/pick", query_string={"q": typed}, headers=HTMX).get_data(as_text=True)
        assert '<option value="Hengyue &#34;Land&#34; &amp; Sons"></option>' in found, typed
    assert client.get("/parties/pick?q=h").get_data(as_text=True).strip() == "", "one letter says too little"
    assert client.get("/parties/pick").status_code == 200


def test_the_pick_list_offers_a_dealer_only_what_he_sees(session: Session, cast: Cast, browser: Browser) -> None:
    his, other = make_party(session, "Hengyue Land"), make_party(session, "Hengtai Land")
    make_project(session, cast.sales1, dealer=cast.xinyuan, developer=his)
    make_project(session, cast.sales1, dealer=cast.hongda, developer=other)
    found = browser.of(cast.dealer1).get("/parties/pick?q=heng").get_data(as_text=True)
    assert "Hengyue" in found and "Hengtai" not in found
