"""The second definition in the application: nothing is wired to the first."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.definitions.making import LIGHT, LIGHT_SOURCE, light_project, publish
from tests.factories import make_project
from tests.leads.making import make_lead
from tests.matrix.making import text_of
from tracker.definitions.operations.publishing import choose_definition
from tracker.matrix.models import Record
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Building, Project, ProjectMember


@pytest.fixture
def shop(session: Session, cast: Cast) -> Project:
    """A project of the light matrix beside one of the standard."""
    publish(session, LIGHT_SOURCE, cast.admin)
    make_project(session, cast.sales1, name="Riverside")
    project = light_project(session, cast)
    refresh(session, project)
    session.commit()
    return project


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_a_light_project_answers_and_names_its_own_cells(
    session: Session, cast: Cast, browser: Browser, shop: Project, lang: str
) -> None:
    client = browser.of(cast.sales1, lang)
    base = f"/projects/{shop.id}"
    pages = [base, f"{base}/phase", f"{base}/log", f"{base}/edit", f"{base}/people", f"{base}?logged=1"]
    pages += [f"{base}/cells/{cell.phase}/{cell.step}" for cell in LIGHT.cells]
    pages += [f"{base}/log?phase=offer&step=strip", "/visit"]
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
    said = text_of(client.get(base).get_data(as_text=True))
    for phase in LIGHT.phases:
        assert phase.name.get(lang) in said
    for step in LIGHT.steps:
        assert step.name.get(lang) in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_lists_and_board_name_the_places_of_projects_of_both(
    session: Session, cast: Cast, browser: Browser, shop: Project, lang: str
) -> None:
    client = browser.of(cast.supervisor, lang)
    name = LIGHT.phase("offer").name.get(lang)
    for address in ("/projects", "/search?q=Shop", "/projects?phase=offer"):
        assert name in text_of(client.get(address).get_data(as_text=True)), address
    for address in ("/", "/board", "/photos", "/photos?step=strip", "/approvals", "/leads", "/parties"):
        assert client.get(address).status_code == 200, address
    today = browser.of(cast.sales1, lang).get("/").get_data(as_text=True)
    assert LIGHT.cell_name("offer", "strip").get(lang) in text_of(today)


def test_the_board_of_the_light_matrix_counts_its_projects(
    session: Session, cast: Cast, browser: Browser, shop: Project
) -> None:
    page = browser.of(cast.supervisor).get("/board?definition=light").get_data(as_text=True)
    assert LIGHT.phase("offer").name.en in text_of(page)
    assert "phase=offer&amp;step=strip" in page
    other = browser.of(cast.supervisor).get("/board").get_data(as_text=True)
    assert "phase=map&amp;step=structure" in other and "definition=light" in other


def test_a_record_is_logged_in_a_light_cell(session: Session, cast: Cast, browser: Browser, shop: Project) -> None:
    building = session.scalars(select(Building).where(Building.project_id == shop.id)).one()
    form = {"phase": "offer", "step": "strip", "kind": "site_visit", "on": "2026-03-16", "text": "Sent the quote.",
            "building_id": str(building.id), "progress": ""}  # fmt: skip
    answer = browser.of(cast.sales1).post(f"/projects/{shop.id}/log", data=form)
    assert answer.status_code == 303
    assert session.scalars(select(Record.text).order_by(Record.id.desc())).first() == "Sent the quote."


def test_a_step_that_nobody_drew_gets_the_neutral_pictogram(
    session: Session, cast: Cast, browser: Browser, shop: Project
) -> None:
    page = browser.of(cast.sales1).get(f"/projects/{shop.id}").get_data(as_text=True)
    used = set(re.findall(r"steps\.svg[^#]*#step-(\w+)", page))
    assert used == {"other"}


def test_a_new_project_takes_the_chosen_definition_or_the_one_asked_for(
    session: Session, cast: Cast, browser: Browser, shop: Project
) -> None:
    client = browser.of(cast.sales1)
    page = client.get("/projects/new?definition=light").get_data(as_text=True)
    assert LIGHT.phase("find").name.en in page and "definition=standard" in page
    form = {"name": "Cafe 7", "kind": "restaurant", "route": "owner_direct", "phase": "find", "step": "survey",
            "building": "1F", "categories": ["tiles"], "currency": "CNY", "definition": "light"}  # fmt: skip
    assert client.post("/projects/new", data=form).status_code == 303
    made = session.scalars(select(Project).where(Project.name == "Cafe 7")).one()
    assert (made.definition_key, made.phase) == ("light", "find")
    choose_definition(session, "light", by=cast.admin)
    session.commit()
    assert LIGHT.phase("find").name.en in client.get("/projects/new").get_data(as_text=True)


def test_a_lead_is_converted_into_the_light_matrix_and_its_records_come_along(
    session: Session, cast: Cast, browser: Browser, shop: Project
) -> None:
    lead = make_lead(session, cast.sales1, step="structure")
    session.add(Record(lead_id=lead.id, phase="lead", step="structure", kind="site_visit", author_id=cast.sales1.id,
                       happened_on=lead.found_on, text="First look."))  # fmt: skip
    choose_definition(session, "light", by=cast.admin)
    session.commit()
    client = browser.of(cast.sales1)
    assert client.get("/leads").status_code == client.get(f"/leads/{lead.id}").status_code == 200
    page = client.get(f"/leads/{lead.id}/convert").get_data(as_text=True)
    assert LIGHT.phase("find").name.en in page
    form = {"name": "From a lead", "kind": "shop", "route": "owner_direct", "phase": "find", "step": "strip",
            "building": "1F", "categories": ["tiles"], "currency": "CNY"}  # fmt: skip
    assert client.post(f"/leads/{lead.id}/convert", data=form).status_code == 303
    record = session.scalars(select(Record).where(Record.lead_id == lead.id)).one()
    assert (record.phase, record.step) == ("find", "strip")


def test_people_of_departments_that_the_light_matrix_lacks_work_in_it_all_the_same(
    session: Session, cast: Cast, browser: Browser, shop: Project
) -> None:
    cast.bidding.department = "nobody_knows_it"
    for user in (cast.keyaccount, cast.bidding):
        session.add(ProjectMember(project_id=shop.id, user_id=user.id, department=user.department))
        session.add(Record(project_id=shop.id, phase="offer", step="strip", kind="call", department=user.department,
                           author_id=user.id, happened_on=shop.phase_since, text="Called the owner."))  # fmt: skip
    refresh(session, shop)
    session.commit()
    assert not {"key_accounts", "bidding"} & {one.key for one in LIGHT.departments}
    for user in (cast.sales1, cast.keyaccount, cast.bidding):
        for page in ("", "/people", "/cells/offer/strip", "/phase", "/log"):
            answer = browser.of(user).get(f"/projects/{shop.id}{page}")
            assert answer.status_code in (200, 403), (user.username, page)
    page = browser.of(cast.sales1).get(f"/projects/{shop.id}").get_data(as_text=True)
    assert "Key accounts" in page and "nobody_knows_it" in page
    assert browser.of(cast.sales1).get(f"/people/{cast.bidding.id}").status_code == 200
    assert browser.of(cast.admin).get("/admin").status_code == 200
