"""Strings that break programs, everywhere people type and everywhere it is shown: nothing breaks, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.client import HTMX, Browser
from tests.factories import make_contact, make_notification, make_party, make_photo, make_project
from tests.leads.making import make_lead
from tests.naughty import OWN, faults, lists, missing, packed
from tests.notifications.making import wind_up
from tracker import clock
from tracker.events import Kind
from tracker.leads.models import Lead
from tracker.leads.operations.noting import note_on_lead
from tracker.matrix.models import Record
from tracker.matrix.operations.approvals import ask_approval
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.parties import operations as parties
from tracker.parties.models import Contact, Party
from tracker.projects import operations as projects
from tracker.projects.models import Building, Project
from tracker.projects.queries import get_project
from tracker.search.queries import search
from tracker.team import operations as team
from workflows.wishes import MovePhase

ON_A_PAGE = 50  # rows of a list


@pytest.fixture(params=["our own", "the lists"])
def strings(request: pytest.FixtureRequest) -> list[str]:
    """Naughty strings: a few of our own, and the lists that others keep."""
    if request.param == "our own":
        return list(OWN)
    return lists(request.getfixturevalue("shared_data") / "strings")


def some(strings: list[str], most: int) -> list[str]:
    """At most so many of them, from the whole list evenly."""
    return strings[:: max(1, len(strings) // most)][:most]


def check(answer: TestResponse, wanted: Iterable[str] = (), status: int = 200) -> None:
    """The page is there, holds no markup but ours, and shows every string whole."""
    html = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert faults(html) == []
    assert list(missing(html, wanted)) == []


def pages_of(browser: Browser, cast: Cast, address: str, rows: int) -> str:
    """All pages of a list in one text."""
    client, joint = browser.of(cast.admin), "&" if "?" in address else "?"
    answers = [client.get(f"{address}{joint}page={page + 1}") for page in range(-(-rows // ON_A_PAGE))]
    assert {answer.status_code for answer in answers} == {200}
    return "".join(answer.get_data(as_text=True) for answer in answers)


def test_as_the_names_of_firms(session: Session, cast: Cast, browser: Browser, strings: list[str]) -> None:
    names = some(packed(strings, 200), 300)
    for name in names:
        parties.add_party(session, by=cast.sales1, name=name, kind="rival_brand", note=name, address=name[:300])
    session.commit()
    assert session.scalars(select(Party.name).where(Party.kind == "rival_brand").order_by(Party.id)).all() == names
    everything = pages_of(browser, cast, "/parties?kind=rival_brand", len(names))
    assert faults(everything) == []
    assert list(missing(everything, strings_in(names))) == []
    party = session.scalars(select(Party.id).where(Party.name == names[0])).one()
    check(browser.of(cast.sales1).get(f"/parties/{party}"), [names[0]])
    check(browser.of(cast.sales1).get(f"/parties/{party}/edit"), [names[0]])
    trail = pages_of(browser, cast, f"/admin/audit?kind={Kind.PARTY_ADDED}", len(names))
    assert faults(trail) == []
    assert list(missing(trail, strings_in(names))) == []


def strings_in(packs: list[str]) -> list[str]:
    """The single strings of packed ones; a template may fold the blanks between them."""
    return [one for pack in packs for one in pack.split(" ¦ ") if one.strip()]


def test_as_the_texts_of_records(session: Session, cast: Cast, browser: Browser, strings: list[str]) -> None:
    project = get_project(session, cast.sales1, make_project(session, cast.sales1).id)
    texts = packed(strings, 9000, joint="\n")
    for text in texts:
        draft = RecordDraft("map", "structure", "site_visit", clock.today(), text, next_step=text[:300].strip())
        log_record(session, project, draft, by=cast.sales1)
    lead = make_lead(session, cast.sales1)
    note_on_lead(session, lead, by=cast.sales1, kind="site_visit", on=clock.today(), text=texts[0])
    session.commit()
    client = browser.of(cast.sales1)
    lines = [line for text in texts for line in text.split("\n")]
    check(client.get(f"/projects/{project.id}?records=all"), lines)
    check(client.get(f"/projects/{project.id}/cells/map/structure?records=all"), lines)
    check(client.get(f"/projects/{project.id}/cells/map/structure?records=all", headers=HTMX), lines)
    check(client.get(f"/leads/{lead.id}"), texts[0].split("\n"))
    record = session.scalars(select(Record).where(Record.project_id == project.id).order_by(Record.id)).first()
    assert record is not None
    check(client.get(f"/records/{record.id}/correct"), record.text.split("\n"))


def test_as_the_names_of_sites(session: Session, cast: Cast, browser: Browser, strings: list[str]) -> None:
    names = some(packed(strings, 200), 40)
    for name in names:
        place = {"address": name, "plot_number": name[:80].strip(), "note": name}
        draft = projects.ProjectDraft(name, "residential_fitted", "design_led", "qualify", "land", ("tiles",), **place)
        projects.open_project(session, draft, by=cast.sales1)
        make_lead(session, cast.sales1, name=name, address=name, note=name, developer=name)
    session.commit()
    client = browser.of(cast.sales1)
    for address in ("/projects", "/leads", "/visit", "/"):
        check(client.get(address), strings_in(names) if address in ("/projects", "/leads") else ())
    project = session.scalars(select(Project.id).order_by(Project.id.desc())).first()
    for address in ("", "/edit", "/people", "/log", "/phase"):
        check(client.get(f"/projects/{project}{address}"), [names[-1]])
    lead = session.scalars(select(Lead.id).order_by(Lead.id.desc())).first()
    for address in ("", "/edit", "/convert"):
        check(client.get(f"/leads/{lead}{address}"), [names[-1]])


def test_as_whatever_else_people_name(
    app: Flask, session: Session, cast: Cast, browser: Browser, strings: list[str]
) -> None:
    """A person, a team, a region, a building, a contact, a dealer, a picture, a reason: one of each string."""
    client = browser.of(cast.admin)
    for naughty in some(packed(strings, 80), 8):
        cast.sales1.name = naughty
        team.add_region(session, naughty, by=cast.admin)
        team.edit_team(session, cast.north, by=cast.admin, name=naughty, parent=cast.company, region_id=None,
                       supervisor_id=None)  # fmt: skip
        dealer = make_party(session, naughty, kind="dealer")
        project = make_project(session, cast.sales1, name=naughty, dealer=dealer, developer=dealer)
        session.add(Building(project_id=project.id, name=naughty, step="ground", step_since=clock.today()))
        contact = make_contact(session, dealer, naughty, post=naughty)
        contact.phone, contact.email = naughty[:60], naughty
        photo = make_photo(session, cast.sales1, project=project)
        photo.file_name, photo.caption, photo.camera = naughty, naughty, naughty
        loaded = get_project(session, cast.sales1, project.id)
        projects.add_contact(session, loaded, contact, by=cast.sales1, role=None)
        make_notification(session, cast.admin, loaded, text=naughty)
        wind_up(session, loaded)
        soon = clock.today()
        request = ask_approval(session, loaded, MovePhase("specify"), by=cast.sales1, reason=naughty, complete_by=soon)
        session.commit()
        for address in (
            f"/projects/{project.id}",
            f"/projects/{project.id}/people",
            f"/projects/{project.id}/log",
            f"/projects/{project.id}/reassign",
            f"/projects?dealer={dealer.id}&owner={cast.sales1.id}&team={cast.north.id}",
            f"/board?dealer={dealer.id}&developer={dealer.id}&owner={cast.sales1.id}",
            f"/people/{cast.sales1.id}",
            f"/people/{cast.sales1.id}/edit",
            f"/contacts/{contact.id}",
            f"/parties/{dealer.id}",
            f"/approvals/{request.id}",
            f"/photos/{photo.token}",
            "/approvals",
            "/notifications",
            "/radar",
            "/contacts",
            "/photos",
            "/admin",
            "/admin/teams",
            "/admin/audit",
        ):
            check(client.get(address), strings_in([naughty]))


def test_typed_in_forms_and_addresses(session: Session, cast: Cast, browser: Browser, strings: list[str]) -> None:
    client = browser.of(cast.sales1)
    for naughty in some([one for one in strings if len(one) <= 80], 16):
        sent = {"name": naughty, "kind": "owner", "anyway": "1", "note": naughty}
        added = client.post("/parties/new", data=sent)
        assert added.status_code == 303, naughty
        party = session.scalars(select(Party).order_by(Party.id.desc())).first()
        assert party is not None and (party.name, party.note) == (naughty, naughty)
        contact = client.post(f"/parties/{party.id}/contacts", data={"name": naughty, "post": naughty})
        assert contact.status_code == 303, naughty
        assert session.scalars(select(Contact.name).order_by(Contact.id.desc())).first() == naughty
        check(client.post("/parties/new", data={**sent, "name": ""}), [naughty], status=422)
        check(client.get("/search", query_string={"q": naughty}), [naughty])
        check(client.get("/projects", query_string={"q": naughty, "sort": naughty, "state": naughty}))
        check(client.get("/board", query_string={"category": naughty, "source": naughty}))
        check(browser.nobody().get("/login", query_string={"next": naughty}))


def test_too_long_for_a_name_they_are_refused_and_kept(cast: Cast, browser: Browser, strings: list[str]) -> None:
    client = browser.of(cast.sales1)
    for naughty in (max(strings, key=len) * 2, "﷽" * 300, "ß" * 201, "x" * 100_000):
        if len(naughty) <= 200:
            continue
        answer = client.post("/parties/new", data={"name": naughty, "kind": "owner"})
        check(answer, [naughty], status=422)


def test_as_long_as_a_name_may_be_they_fit_whatever_they_fold_to(
    session: Session, cast: Cast, browser: Browser
) -> None:
    """Folded for comparing, one character may become eighteen."""
    client = browser.of(cast.sales1)
    for letter in ("ﷺ", "ß", "İ", "㌀", "𠜎", "ﬃ"):
        name = letter * 200
        assert client.post("/parties/new", data={"name": name, "kind": "owner"}).status_code == 303, letter
        assert session.scalars(select(Party.name).order_by(Party.id.desc())).first() == name
        found = client.post("/parties/new", data={"name": name, "kind": "owner"})
        assert found.status_code == 422, "the same firm is found again"
        sent = {"name": name, "developer": name, "source": "past_project", "step": "land", "currency": "CNY"}
        sent["note"] = "The second phase."
        assert client.post("/leads/new", data={**sent, "found_on": "2026-03-16"}).status_code == 303, letter


def test_searched_for_they_find_something_or_nothing(session: Session, cast: Cast, strings: list[str]) -> None:
    for naughty in some(strings, 400):
        search(session, cast.gm, naughty)
        parties_found = session.scalars(select(Party.id).where(Party.name.icontains(naughty, autoescape=True))).all()
        assert parties_found == [] or naughty.casefold() in "xinyuan materials hongda trading"


def test_what_was_typed_is_found_again(session: Session, cast: Cast, browser: Browser) -> None:
    for name in ("O'Brien & Söhne", "100% Beton", "恒悦_置地", "Łódź Ceramika", "ＦＵＬＬ　ｗｉｄｔｈ"):
        parties.add_party(session, by=cast.sales1, name=name, kind="owner")
    session.commit()
    client = browser.of(cast.sales1)
    for asked, name in (
        ("o'brien", "O'Brien & Söhne"),
        ("söhne", "O'Brien & Söhne"),
        ("beton", "100% Beton"),
        ("置地", "恒悦_置地"),
        ("ceramika", "Łódź Ceramika"),
    ):
        check(client.get("/search", query_string={"q": asked}), [name])
