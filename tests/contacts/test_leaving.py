"""Somebody is at his firm no more: his post ends, the projects hear of it, and no map shows him as if he were there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_contact, make_party, make_project
from tracker import clock
from tracker.contacts import keeping
from tracker.contacts.operations import add_link, leave_firm, move_contact
from tracker.contacts.operations.posts import Step
from tracker.contacts.queries import load_person
from tracker.contacts.queries.circle import load_relations
from tracker.errors import Forbidden, Invalid, Stale
from tracker.events import Event, Kind
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectContact, ProjectParty

Firm = tuple[Party, Contact, Project]


@pytest.fixture
def firm(session: Session, cast: Cast) -> Firm:
    """A developer, the one there who decides, and the project of which both are."""
    party = make_party(session, "Hengyue Land")
    contact = make_contact(session, party, "Wang Li")
    project = make_project(session, cast.sales1)
    session.add(ProjectParty(project_id=project.id, party_id=party.id, role="owner"))
    session.add(ProjectContact(project_id=project.id, contact_id=contact.id, role="decision_maker"))
    session.commit()
    return party, contact, project


def leave(session: Session, cast: Cast, contact: Contact, days: int = 20) -> None:
    on = clock.today() - timedelta(days=days)
    leave_firm(session, contact, on, by=cast.sales1, version=contact.version, note="Nobody picks up")
    session.commit()


def page_of(browser: Browser, cast: Cast, address: str) -> str:
    return browser.of(cast.sales1).get(address).get_data(as_text=True)


def test_who_left_his_firm_is_marked_wherever_his_name_stands(
    session: Session, cast: Cast, browser: Browser, firm: Firm
) -> None:
    party, contact, project = firm
    form = {"gone-on": "2026-03-02", "gone-note": "Nobody picks up", "gone-version": str(contact.version)}
    assert browser.of(cast.sales2).post(f"/contacts/{contact.id}/gone", data=form).location == (
        f"/contacts/{contact.id}#gone"
    )
    session.refresh(contact)
    (post,) = load_person(session, contact).posts
    assert (post.present, post.until, post.note) == (True, contact.left_on, "Nobody picks up")
    told = select(Event).where(Event.kind == Kind.CONTACT_GONE)
    on_contact, on_project = session.scalars(told.order_by(Event.id)).all()
    assert (on_contact.project_id, on_project.project_id, on_project.data["firm"]) == (None, project.id, party.name)
    addresses = (
        f"/contacts/{contact.id}",
        f"/contacts/{contact.id}/briefing",
        "/contacts",
        f"/parties/{party.id}",
        f"/projects/{project.id}",
        f"/projects/{project.id}/people",
        f"/projects/{project.id}/briefing",
        f"/projects/{project.id}/circle",
        f"/projects/{project.id}/circle?view=table",
    )
    for address in addresses:
        assert "left the firm" in page_of(browser, cast, address).casefold(), address


def test_the_map_draws_him_as_gone_and_says_whose_place_is_open(
    session: Session, cast: Cast, browser: Browser, firm: Firm
) -> None:
    _party, contact, project = firm
    leave(session, cast, contact)
    page = page_of(browser, cast, f"/projects/{project.id}/circle")
    assert 'class="relmap-box relmap-gone"' in page and "relmap-struck" in page
    assert "(Decision maker) has left his firm: find out who took his place." in page
    assert "Nobody is known who decides." in page
    assert "0 of 5 roles are filled." in page
    assert page.count("vacant: nobody yet") == 5
    sheet = page_of(browser, cast, f"/projects/{project.id}/circle?export=csv")
    assert contact.left_on is not None and contact.left_on.isoformat() in sheet


def test_who_moved_to_a_firm_that_takes_no_part_is_gone_from_the_circle_and_who_stays_within_it_is_not(
    session: Session, cast: Cast, browser: Browser, firm: Firm
) -> None:
    _party, contact, project = firm
    other = make_party(session, "Linden Builders", kind="main_contractor")
    step = Step(other, "Buyer", clock.today() - timedelta(days=5))
    move_contact(session, contact, step, by=cast.sales1, version=contact.version)
    session.commit()
    (member,) = load_relations(session, cast.sales1, project).members
    assert (member.gone_on, member.gone_from) == (step.on, "Hengyue Land")
    page = page_of(browser, cast, f"/projects/{project.id}/circle?view=table")
    assert "no longer at a firm of this project" in page
    session.add(ProjectParty(project_id=project.id, party_id=other.id, role="main_contractor"))
    session.commit()
    (member,) = load_relations(session, cast.sales1, project).members
    assert (member.gone_on, member.came_from) == (None, "Hengyue Land")
    assert "relmap-gone" not in page_of(browser, cast, f"/projects/{project.id}/circle").split("</svg>")[0]


def test_who_turns_up_elsewhere_left_on_the_day_that_was_known(
    session: Session, cast: Cast, browser: Browser, firm: Firm
) -> None:
    _party, contact, project = firm
    leave(session, cast, contact, days=20)
    left_on = contact.left_on
    other = make_party(session, "Linden Builders")
    with pytest.raises(Invalid):
        step = Step(other, "Buyer", clock.today() - timedelta(days=30))
        move_contact(session, contact, step, by=cast.sales1, version=contact.version)
    step = Step(other, "Buyer", clock.today() - timedelta(days=5))
    move_contact(session, contact, step, by=cast.sales1, version=contact.version)
    session.commit()
    now, before = load_person(session, contact).posts
    assert (now.since, now.until, contact.left_on) == (step.on, None, None)
    assert (before.firm, before.until) == ("Hengyue Land", left_on)
    (member,) = load_relations(session, cast.sales1, project).members
    assert (member.came_from, member.moved_on) == ("Hengyue Land", left_on)
    assert not list(keeping.faults(session))


def test_who_comes_back_to_the_same_post_has_a_new_one(session: Session, cast: Cast, firm: Firm) -> None:
    party, contact, _project = firm
    leave(session, cast, contact)
    step = Step(party, contact.post, clock.today())
    move_contact(session, contact, step, by=cast.sales1, version=contact.version)
    session.commit()
    assert [post.present for post in load_person(session, contact).posts] == [True, False]


def test_a_leaving_that_was_none_is_taken_back(session: Session, cast: Cast, browser: Browser, firm: Firm) -> None:
    _party, contact, _project = firm
    leave(session, cast, contact)
    (post,) = load_person(session, contact).posts
    client = browser.of(cast.sales1)
    assert client.post(f"/contacts/{contact.id}/remove/leaving/{post.id}").status_code == 303
    session.refresh(contact)
    (post,) = load_person(session, contact).posts
    assert (contact.left_on, post.until) == (None, None)
    event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert event.kind == Kind.CONTACT_EDITED and "left_on" in event.data["before"]
    assert client.post(f"/contacts/{contact.id}/remove/leaving/{post.id}").status_code == 422


def test_a_leaving_that_cannot_be_is_refused(session: Session, cast: Cast, browser: Browser, firm: Firm) -> None:
    _party, contact, _project = firm
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(Invalid):
        leave_firm(session, contact, tomorrow, by=cast.sales1, version=contact.version)
    with pytest.raises(Stale):
        leave_firm(session, contact, clock.today(), by=cast.sales1, version=99)
    with pytest.raises(Forbidden):
        leave_firm(session, contact, clock.today(), by=cast.dealer1, version=contact.version)
    form = {"gone-on": tomorrow.isoformat(), "gone-note": "Says the guard", "gone-version": str(contact.version)}
    refused = browser.of(cast.sales1).post(f"/contacts/{contact.id}/gone", data=form)
    assert refused.status_code == 422 and 'value="Says the guard"' in refused.get_data(as_text=True)
    leave(session, cast, contact)
    with pytest.raises(Invalid):
        leave_firm(session, contact, clock.today(), by=cast.sales1, version=contact.version)


def test_the_rows_follow_the_column_and_the_doctor_compares(session: Session, cast: Cast, firm: Firm) -> None:
    _party, contact, _project = firm
    contact.left_on = clock.today()
    session.commit()
    (post,) = load_person(session, contact).posts
    assert post.until == clock.today()
    assert not list(keeping.faults(session))


def test_one_of_ours_who_left_us_is_drawn_as_such(session: Session, cast: Cast, browser: Browser, firm: Firm) -> None:
    _party, contact, project = firm
    add_link(session, cast.technical, contact, by=cast.sales1)
    cast.technical.active = False
    session.commit()
    page = page_of(browser, cast, f"/projects/{project.id}/circle")
    assert 'class="relmap-box relmap-ours relmap-gone"' in page and "left the company" in page
