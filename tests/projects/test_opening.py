"""GET and POST /projects/new: a project is opened by form, with firms and a contact made on the way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_contact, make_party
from tests.projects.making import data_of, opening_draft, opening_form
from tests.rows import count, events_of
from tracker import clock
from tracker.errors import AlreadyDone, Forbidden, Invalid
from tracker.events import Kind
from tracker.matrix.models import Move
from tracker.matrix.operations.judging import Blocked
from tracker.parties.models import Contact, Party
from tracker.projects.models import Building, CategoryLine, Project, ProjectContact, ProjectParty
from tracker.projects.operations import open_project

BUDGET = 8  # statements of the form's page, signing in included


def test_a_project_is_opened_with_firms_made_from_their_names(session: Session, cast: Cast, browser: Browser) -> None:
    known = make_party(session, "上海恒岳置地有限公司")
    session.commit()
    sent = opening_form(
        categories=["tiles", "sanitary_ware"],
        developer=" 上海恒岳置地 ",
        contractor="China Build Eight",
        dealer="Xinyuan Materials",
        value="1280万",
        latitude="31.2404",
        longitude="121.5015",
        floors="30",
        source="street_canvassing",
        note="Two basement floors",
    )
    answer = browser.of(cast.sales1).post("/projects/new", data=sent)
    project = session.scalars(select(Project)).one()
    assert (answer.status_code, answer.location) == (303, f"/projects/{project.id}")
    assert (project.phase, project.step, project.owner_id, project.team_id) == (
        "qualify",
        "land",
        cast.sales1.id,
        cast.north.id,
    )
    assert (project.value, project.latitude, project.region_id) == (
        Decimal(12_800_000),
        31.2404,
        cast.region_north.id,
    )
    roles = dict(session.execute(select(ProjectParty.role, Party.name).join(Party)).all())
    assert roles["owner"] == known.name and roles["main_contractor"] == "China Build Eight"
    assert (project.developer_id, project.dealer_id) == (known.id, cast.xinyuan.id)
    assert session.scalars(select(CategoryLine.category).where(CategoryLine.main)).all() == ["tiles"]
    assert session.execute(select(Building.name, Building.step, Building.floors)).all() == [("1#", "land", 30)]
    assert [(move.axis, move.target) for move in session.scalars(select(Move).order_by(Move.id))] == [
        ("phase", "qualify"),
        ("step", "land"),
    ]
    assert events_of(session, project) == [Kind.PROJECT_OPENED]


def test_a_first_contact_is_made_without_leaving_the_form(session: Session, cast: Cast, browser: Browser) -> None:
    sent = opening_form(
        developer="Hengyue Land", contact_name="Wang Li", contact_post="Cost lead", contact_phone="13800000000"
    )
    assert browser.of(cast.sales1).post("/projects/new", data=sent).status_code == 303
    contact = session.scalars(select(Contact)).one()
    party = session.get_one(Party, contact.party_id)
    assert (contact.name, contact.post, contact.phone, party.name) == (
        "Wang Li",
        "Cost lead",
        "13800000000",
        "Hengyue Land",
    )
    assert session.scalars(select(ProjectContact.contact_id)).all() == [contact.id]


def test_a_known_contact_of_a_known_firm_is_not_made_twice(session: Session, cast: Cast, browser: Browser) -> None:
    contact = make_contact(session, make_party(session, "Hengyue Land Co., Ltd."), "Wang Li")
    session.commit()
    sent = opening_form(contact_name="Wang Li", contact_firm="Hengyue Land")
    assert browser.of(cast.sales1).post("/projects/new", data=sent).status_code == 303
    assert session.scalars(select(ProjectContact.contact_id)).all() == [contact.id]
    assert count(session, Contact) == 1


def test_the_second_press_of_the_same_form_opens_nothing_and_leads_to_the_project(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client = browser.of(cast.sales1)
    sent = opening_form(token="the-same-form", developer="Hengyue Land")
    first, second = client.post("/projects/new", data=sent), client.post("/projects/new", data=sent)
    assert first.location == second.location == f"/projects/{session.scalars(select(Project.id)).one()}"
    fragment = client.post("/projects/new", data=sent, headers=HTMX)
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (204, first.location)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_blocked_cell_is_refused_with_rule_and_suggestion_and_everything_typed_stays(
    session: Session, cast: Cast, browser: Browser, lang: str
) -> None:
    sent = opening_form(
        phase="bid", step="land", developer="Hengyue Land", note="They asked for a price", value="128万"
    )
    answer = browser.of(cast.sales1, lang).post("/projects/new", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "G01" in page
    assert {"en": "You can go to", "zh": "可到"}[lang] in page
    for typed in ("Riverside Tower 3", "Hengyue Land", "They asked for a price", "128万"):
        assert typed in page
    assert '<option selected value="bid">' in page
    assert count(session, Project) == 0
    assert session.scalars(select(Party).where(Party.name == "Hengyue Land")).all() == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "   "}, "A project needs a name."),
        ({"name": "x" * 201}, "At most 200 characters"),
        ({"kind": "castle"}, "Choose one of the values"),
        ({"categories": []}, "Choose at least one material category"),
        ({"since": "2026-03-17"}, "This day lies in the future."),
        ({"since": "yesterday"}, "Write the date as year-month-day"),
        ({"value": "lots"}, "Write a number"),
        ({"value": "-5"}, "A value cannot be negative."),
        ({"value": "9" * 30}, "Write a number"),
        ({"latitude": "31.2"}, "A place needs both latitude and longitude."),
        ({"latitude": "95", "longitude": "10"}, "Latitude goes from -90 to 90"),
        ({"floors": "1000"}, "Write a number from 1 to 300."),
        ({"building": ""}, "Please fill this in."),
        ({"contact_name": "Wang Li"}, "Say which firm this person works at."),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_the_rest_stays(
    session: Session, cast: Cast, browser: Browser, wrong: dict[str, object], said: str
) -> None:
    answer = browser.of(cast.sales1).post("/projects/new", data=opening_form(note="kept as typed", **wrong))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page and "kept as typed" in page
    assert count(session, Project) == 0


@pytest.mark.parametrize("value", ["1,280,000", "128万", "1 280 000", "¥1280000", "0.0128亿", "1，280，000"])
def test_amounts_are_read_as_people_write_them(session: Session, cast: Cast, browser: Browser, value: str) -> None:
    assert browser.of(cast.sales1).post("/projects/new", data=opening_form(value=value)).status_code == 303
    assert session.scalars(select(Project.value)).one() == 1_280_000


def test_only_who_opens_projects_gets_the_form(cast: Cast, browser: Browser) -> None:
    for person in (cast.compliance, cast.dealer1):
        client = browser.of(person)
        assert client.get("/projects/new").status_code == 403
        assert client.post("/projects/new", data=opening_form()).status_code == 403
    assert browser.of(cast.sales1).put("/projects/new").status_code == 405


def test_the_form_asks_little(cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get("/projects/new").get_data(as_text=True)
    assert 'name="token"' in page and 'value="2026-03-16"' in page
    assert len(asked) <= BUDGET


def test_a_supervisor_who_gives_a_reason_opens_a_project_late(session: Session, cast: Cast) -> None:
    late = opening_draft(phase="specify", step="structure")
    with pytest.raises(Blocked) as refusal:
        open_project(session, late, by=cast.sales1)
    assert refusal.value.rules == ("G02",)
    with pytest.raises(Blocked):
        open_project(session, late, by=cast.supervisor)
    reasoned = opening_draft(phase="specify", step="structure", reason="Their designer asks for us.")
    with pytest.raises(Blocked):
        open_project(session, reasoned, by=cast.sales1)
    project = open_project(session, reasoned, by=cast.supervisor)
    assert project.phase == "specify"
    told = data_of(session, Kind.PROJECT_OPENED)
    assert (told["rules"], told["reason"]) == (["G02"], "Their designer asks for us.")


def test_no_supervisor_opens_a_project_in_a_blocked_cell(session: Session, cast: Cast) -> None:
    with pytest.raises(Blocked) as refusal:
        open_project(session, opening_draft(phase="bid", reason="They asked."), by=cast.director)
    assert "G01" in refusal.value.rules


def test_an_operation_checks_what_no_form_has_checked(session: Session, cast: Cast) -> None:
    for field, value in (
        ("name", " "),
        ("kind", "castle"),
        ("route", "by_sea"),
        ("phase", "lead"),
        ("step", "attic"),
        ("categories", ()),
        ("categories", ("cheese",)),
        ("building", " "),
        ("value", Decimal(-1)),
        ("since", clock.today().replace(year=2031)),
    ):
        with pytest.raises(Invalid) as refusal:
            open_project(session, opening_draft(**{field: value}), by=cast.sales1)
        assert refusal.value.field == field
    with pytest.raises(Forbidden):
        open_project(session, opening_draft(), by=cast.dealer1)
    assert count(session, Project) == 0


def test_a_token_opens_one_project(session: Session, cast: Cast) -> None:
    project = open_project(session, opening_draft(token="once"), by=cast.sales1)
    with pytest.raises(AlreadyDone) as done:
        open_project(session, opening_draft(token="once"), by=cast.sales1)
    assert done.value.details == f"/projects/{project.id}"
