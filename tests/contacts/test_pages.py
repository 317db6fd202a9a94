"""People at the firms: found by name or phone, added on the firm's page, changed without losing anybody's words."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_contact, make_party, make_project
from tracker.contacts.operations import edit_contact
from tracker.errors import Forbidden, Invalid, Stale
from tracker.events import Event, Kind
from tracker.parties import operations
from tracker.parties.models import Contact
from tracker.projects.models import ProjectContact

BUDGET = 8  # statements for a page, signing in included


def form(**values: object) -> dict[str, object]:
    return {"name": "Wang Li", "post": "Director", "phone": "138 0000 1234", "email": "wang@hengyue.example", **values}


@pytest.mark.parametrize(("q", "hit"), [("wang", True), ("0000 1234", True), ("王", True), ("nobody", False)])
def test_contacts_are_found_by_name_or_phone(session: Session, cast: Cast, browser: Browser, q: str, hit: bool) -> None:
    contact = make_contact(session, make_party(session), "Wang Li 王丽")
    contact.phone = "138 0000 1234"
    session.commit()
    page = browser.of(cast.sales1).get("/contacts", query_string={"q": q}).get_data(as_text=True)
    assert (f"/contacts/{contact.id}" in page) == hit
    assert ("No contact here" in page) != hit


def test_the_list_asks_as_little_for_many(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(60):
        make_contact(session, make_party(session, f"Firm {number}"), f"Contact {number}")
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        assert 'rel="next"' in client.get("/contacts").get_data(as_text=True)
    assert len(asked) <= BUDGET


def test_a_contact_is_added_on_the_page_of_the_firm(session: Session, cast: Cast, browser: Browser) -> None:
    party = make_party(session, "Hengyue Land")
    answer = browser.of(cast.sales1).post(f"/parties/{party.id}/contacts", data=form(name=" Wang Li "))
    contact = session.scalars(select(Contact)).one()
    assert answer.location == f"/parties/{party.id}"
    assert (contact.name, contact.post, contact.party_id) == ("Wang Li", "Director", party.id)
    event = session.scalars(select(Event).where(Event.kind == Kind.CONTACT_ADDED)).one()
    assert event.data == {"name": "Wang Li", "party": "Hengyue Land"}


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "x" * 81}, {"email": "x" * 201}])
def test_a_refused_contact_keeps_what_was_typed(
    session: Session, cast: Cast, browser: Browser, wrong: dict[str, str]
) -> None:
    party = make_party(session)
    contact = make_contact(session, party, "Old name")
    client = browser.of(cast.sales1)
    for address in (f"/parties/{party.id}/contacts", f"/contacts/{contact.id}/edit"):
        answer = client.post(address, data={**form(version=1), **wrong})
        assert answer.status_code == 422
        assert 'value="138 0000 1234"' in answer.get_data(as_text=True)
    assert session.scalars(select(Contact.name)).all() == ["Old name"]


def test_a_contacts_page_shows_only_the_circles_one_sees(session: Session, cast: Cast, browser: Browser) -> None:
    contact = make_contact(session, make_party(session))
    for owner, name in ((cast.sales1, "North Tower"), (cast.sales3, "South Gate")):
        project = make_project(session, owner, name=name)
        session.add(ProjectContact(project_id=project.id, contact_id=contact.id, attitude="unknown"))
    session.commit()
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get(f"/contacts/{contact.id}").get_data(as_text=True)
    assert len(asked) <= BUDGET
    assert "North Tower" in page and "South Gate" not in page


def test_an_edit_is_saved_with_what_it_was_before(session: Session, cast: Cast, browser: Browser) -> None:
    contact = make_contact(session, make_party(session), "Wang Li", post="Director")
    answer = browser.of(cast.sales2).post(f"/contacts/{contact.id}/edit", data=form(post="Vice president", version=1))
    session.refresh(contact)
    assert answer.location == f"/contacts/{contact.id}"
    assert (contact.post, contact.phone, contact.version) == ("Vice president", "138 0000 1234", 2)
    event = session.scalars(select(Event).where(Event.kind == Kind.CONTACT_EDITED)).one()
    assert event.data["before"]["post"] == "Director"


def test_a_stale_page_comes_back_with_both_versions(session: Session, cast: Cast, browser: Browser) -> None:
    contact = make_contact(session, make_party(session), "Wang Li", post="Director")
    edit_contact(session, contact, by=cast.sales2, version=1, name="Wang Li", post="Chief")
    session.commit()
    answer = browser.of(cast.sales1).post(f"/contacts/{contact.id}/edit", data=form(post="President", version=1))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "<td data-user-text>Chief</td><td data-user-text>President</td>" in page
    assert 'name="version" type="hidden" value="2"' in page
    session.refresh(contact)
    assert contact.post == "Chief"


def test_the_operations_refuse_stale_versions_blanks_and_who_may_not(session: Session, cast: Cast) -> None:
    party = make_party(session)
    contact = make_contact(session, party)
    with pytest.raises(Stale):
        edit_contact(session, contact, by=cast.sales1, version=9, name="x")
    with pytest.raises(Invalid):
        edit_contact(session, contact, by=cast.sales1, version=1, name=" ")
    with pytest.raises(Invalid):
        operations.add_contact(session, party, by=cast.sales1, name=" ")
    for user in (cast.compliance, cast.dealer1):
        with pytest.raises(Forbidden):
            operations.add_contact(session, party, by=user, name="x")
        with pytest.raises(Forbidden):
            edit_contact(session, contact, by=user, version=1, name="x")


def test_a_person_of_the_same_name_at_the_firm_is_used_and_not_made_again(session: Session, cast: Cast) -> None:
    party, other = make_party(session, "Hengyue Land"), make_party(session, "Linden Builders")
    contact = make_contact(session, party, "Wang Li")
    assert operations.use_contact(session, party, " Wang Li ", by=cast.sales1) is contact
    assert operations.use_contact(session, other, "Wang Li", by=cast.sales1) is not contact
