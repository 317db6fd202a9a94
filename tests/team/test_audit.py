"""The audit trail: every change, by whom and when, with its details."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_project
from tracker import events
from tracker.event_words import WORDS, sentence
from tracker.events import Event, Kind
from tracker.parties import operations as parties

BUDGET = 6  # statements for a page, signing in included


def test_the_trail_shows_who_changed_what_and_from_what(session: Session, cast: Cast, browser: Browser) -> None:
    party = parties.add_party(session, by=cast.sales1, name="Hengyue Land", kind="owner")
    parties.edit_party(session, party, by=cast.sales1, version=1, name="Hengyue Group")
    session.commit()
    client = browser.of(cast.admin)
    edited = client.get(f"/admin/audit?kind={Kind.PARTY_EDITED}").get_data(as_text=True)
    assert "Hengyue Land" in edited, "what it was before"
    assert f"/people/{cast.sales1.id}" in edited
    rows = client.get("/admin/audit").get_data(as_text=True).partition("<tbody>")[2]
    assert rows.index("changed a party") < rows.index("added a party"), "newest first"


def test_it_is_narrowed_by_person_and_kind(session: Session, cast: Cast, browser: Browser) -> None:
    parties.add_party(session, by=cast.sales1, name="By sales1", kind="owner")
    parties.add_party(session, by=cast.sales2, name="By sales2", kind="owner")
    session.commit()
    client = browser.of(cast.admin)
    his = client.get(f"/admin/audit?person={cast.sales1.id}").get_data(as_text=True)
    assert "By sales1" in his and "By sales2" not in his
    kind = client.get(f"/admin/audit?kind={Kind.TEAM_ADDED}").get_data(as_text=True)
    assert "North sales" in kind and "By sales1" not in kind
    both = client.get(f"/admin/audit?kind={Kind.TEAM_ADDED}&person={cast.sales1.id}").get_data(as_text=True)
    assert "Nothing here" in both


def test_filters_that_make_no_sense_do_not_count(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.admin)
    for query in ("kind=nonsense", "person=abc", "page=-4", "page=x", "page=99999999999999999999"):
        assert client.get(f"/admin/audit?{query}").status_code == 200, query


def test_it_has_pages_that_keep_the_filters(session: Session, cast: Cast, browser: Browser) -> None:
    for _ in range(120):
        events.record(session, Kind.SIGNED_IN, cast.sales1, by=cast.sales1)
    session.commit()
    client = browser.of(cast.admin)
    with counted_queries() as asked:
        page = client.get(f"/admin/audit?kind={Kind.SIGNED_IN}").get_data(as_text=True)
    assert len(asked) <= BUDGET
    assert page.count("<tr>") == 51
    assert f'rel="next" href="/admin/audit?kind={Kind.SIGNED_IN}&page=2"' in page.replace("&amp;", "&")
    last = client.get(f"/admin/audit?kind={Kind.SIGNED_IN}&page=3").get_data(as_text=True)
    assert last.count("<tr>") == 21


def test_what_the_system_did_is_nobodys(session: Session, cast: Cast, browser: Browser) -> None:
    events.record(session, Kind.REGION_ADDED, cast.region_north, by=None, name="North")
    session.commit()
    page = browser.of(cast.admin).get(f"/admin/audit?kind={Kind.REGION_ADDED}").get_data(as_text=True)
    assert "the system" in page


def test_a_projects_event_leads_to_the_project(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    events.record(session, Kind.PROJECT_EDITED, project, by=cast.sales1, project_id=project.id, before={"name": "x"})
    session.commit()
    assert f'href="/projects/{project.id}"' in browser.of(cast.admin).get("/admin/audit").get_data(as_text=True)


def test_every_kind_reads_as_a_sentence_in_both_languages(session: Session, cast: Cast, browser: Browser) -> None:
    for kind in Kind:
        events.record(session, kind, cast.sales1, by=cast.sales1)
    session.commit()
    page = browser.of(cast.admin).get("/admin/audit").get_data(as_text=True)
    for event in session.scalars(select(Event)):
        assert sentence(event)
    assert all(str(words) in page for words in WORDS.values())
    assert browser.of(cast.admin, "zh").get("/admin/audit").status_code == 200
