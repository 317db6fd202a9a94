"""GET /projects/<id>/people and the small forms on it: buildings, categories, parties, contacts, colleagues."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_contact, make_party, make_project
from tests.rows import count, events_of
from tracker import clock
from tracker.errors import Invalid
from tracker.events import Event, Kind
from tracker.matrix.models import Move
from tracker.matrix.operations.judging import Blocked
from tracker.parties.models import Contact, Party
from tracker.projects.models import Building, CategoryLine, Project, ProjectContact, ProjectMember, ProjectParty
from tracker.projects.operations import (
    add_building,
    add_category,
    add_contact,
    add_member,
    add_party,
    edit_category,
    edit_contact,
    move_category,
    remove_member,
    remove_party,
)
from tracker.projects.queries import get_project

BUDGET = 14  # statements of the page, signing in included

ADDING: dict[str, dict[str, Any]] = {
    "buildings": {"building-name": "2#", "building-step": "ground", "building-floors": "18"},
    "categories": {"category-category": "lighting", "category-value": "50万"},
    "parties": {"party-party": "China Build Eight", "party-role": "main_contractor"},
    "contacts": {"contact-name": "Wang Li", "contact-firm": "Hengyue Land", "contact-attitude": "supportive"},
}


@pytest.fixture
def project(session: Session, cast: Cast) -> Project:
    return get_project(session, cast.sales1, make_project(session, cast.sales1).id)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("part", ADDING)
def test_a_part_is_added_by_its_small_form(
    session: Session, cast: Cast, browser: Browser, project: Project, part: str, headers: dict[str, str]
) -> None:
    answer = browser.of(cast.sales1).post(f"/projects/{project.id}/{part}", data=ADDING[part], headers=headers)
    anchor = {"buildings": "building", "categories": "category", "parties": "party", "contacts": "contact"}[part]
    target = f"/projects/{project.id}/people#{anchor}"
    assert (answer.status_code, answer.headers.get("HX-Redirect")) == ((204, target) if headers else (303, None))
    assert headers or answer.location == target
    page = browser.of(cast.sales1).get(f"/projects/{project.id}/people").get_data(as_text=True)
    assert {"buildings": "2#", "categories": "Lighting", "parties": "China Build", "contacts": "Wang Li"}[part] in page


def test_a_colleague_joins_the_team_and_sees_the_project(
    session: Session, cast: Cast, browser: Browser, project: Project
) -> None:
    assert browser.of(cast.technical).get(f"/projects/{project.id}/edit").status_code == 404
    sent = {"member-user_id": str(cast.technical.id)}
    assert browser.of(cast.sales1).post(f"/projects/{project.id}/members", data=sent).status_code == 303
    assert session.execute(select(ProjectMember.user_id, ProjectMember.department)).all() == [
        (cast.technical.id, "technical")
    ]
    assert browser.of(cast.technical).get(f"/projects/{project.id}/edit").status_code == 200
    page = browser.of(cast.sales1).post(f"/projects/{project.id}/members", data=sent)
    assert page.status_code == 422  # he is not offered again


@pytest.mark.parametrize(
    ("part", "wrong", "said"),
    [
        ("buildings", {"building-name": " "}, "A building needs a name or number."),
        ("buildings", {"building-name": "1#"}, "There is a building of this name already."),
        ("buildings", {"building-step": "fitout"}, "Choose one of the values in the list."),
        ("buildings", {"building-floors": "many"}, "Write a whole number."),
        ("categories", {"category-category": "tiles"}, "Choose one of the values in the list."),
        ("categories", {"category-value": "-3"}, "A value cannot be negative."),
        ("parties", {"party-party": "  "}, "A party needs a name."),
        ("parties", {"party-role": "friend"}, "Choose one of the values in the list."),
        ("contacts", {"contact-firm": ""}, "A party needs a name."),
        ("contacts", {"contact-attitude": "angry"}, "Choose one of the values in the list."),
        ("members", {"member-user_id": "999999"}, "Choose one of the values in the list."),
    ],
)
def test_what_is_refused_stays_typed_in_its_form(
    session: Session, cast: Cast, browser: Browser, project: Project, part: str, wrong: dict[str, str], said: str
) -> None:
    sent = {**ADDING.get(part, {}), **wrong}
    answer = browser.of(cast.sales1).post(f"/projects/{project.id}/{part}", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert all(f'value="{value}"' in page for key, value in sent.items() if key.endswith(("-firm", "-unit")) and value)
    assert events_of(session, project) == []


def test_a_firm_known_by_another_spelling_is_not_made_twice(
    session: Session, cast: Cast, browser: Browser, project: Project
) -> None:
    known = make_party(session, "Hengyue Land Co., Ltd.")
    session.commit()
    client = browser.of(cast.sales1)
    for spelling in ("HENGYUE LAND", "Hengyue Land Co Ltd"):
        sent = {"party-party": spelling, "party-role": "owner"}
        assert client.post(f"/projects/{project.id}/parties", data=sent).status_code == 303
    assert session.scalars(select(ProjectParty.party_id)).all() == [known.id]
    session.refresh(project)
    assert project.developer_id == known.id


def test_a_contact_who_is_there_already_is_said_so(
    session: Session, cast: Cast, browser: Browser, project: Project
) -> None:
    client = browser.of(cast.sales1)
    assert client.post(f"/projects/{project.id}/contacts", data=ADDING["contacts"]).status_code == 303
    again = client.post(f"/projects/{project.id}/contacts", data=ADDING["contacts"])
    assert again.status_code == 422
    assert "This contact is in the project already" in again.get_data(as_text=True)
    assert (count(session, Contact), count(session, ProjectContact)) == (1, 1)


@pytest.mark.parametrize("part", [*ADDING, "members"])
def test_outsiders_and_viewers_add_nothing(
    session: Session, cast: Cast, browser: Browser, project: Project, part: str
) -> None:
    address, sent = f"/projects/{project.id}/{part}", {**ADDING.get(part, {}), "member-user_id": str(cast.sales2.id)}
    assert browser.of(cast.sales2).post(address, data=sent).status_code == 404
    assert browser.of(cast.supervisor2).post(address, data=sent).status_code == 404
    assert browser.of(cast.dealer1).post(address, data=sent).status_code == 404
    assert browser.of(cast.compliance).post(address, data=sent).status_code == 403
    assert browser.of(cast.sales1).get(address).status_code == 405
    assert events_of(session, project) == []


def test_a_party_a_contact_and_a_colleague_are_taken_out_and_the_history_keeps_them(
    session: Session, cast: Cast, browser: Browser, project: Project
) -> None:
    party = add_party(session, project, make_party(session, "China Build Eight"), "owner", by=cast.sales1)
    person = make_contact(session, make_party(session))
    contact = add_contact(session, project, person, by=cast.sales1, role="coach")
    member = add_member(session, project, cast.technical, by=cast.sales1)
    session.commit()
    client = browser.of(cast.sales1)
    for what, row in (("party", party.id), ("contact", contact.id), ("member", member.id)):
        assert client.post(f"/projects/{project.id}/remove/{what}/{row}").status_code == 303
        assert client.post(f"/projects/{project.id}/remove/{what}/{row}").status_code == 404
    assert client.post(f"/projects/{project.id}/remove/building/1").status_code == 404
    assert client.get(f"/projects/{project.id}/remove/party/{party.id}").status_code == 405
    assert (count(session, ProjectParty), count(session, ProjectContact), count(session, ProjectMember)) == (0, 0, 0)
    assert session.get(Party, person.party_id) and session.get(Contact, person.id)
    told = {e.kind: e.data for e in session.scalars(select(Event).where(Event.project_id == project.id))}
    assert told[Kind.PARTY_LEFT]["party"] == "China Build Eight"
    assert told[Kind.CONTACT_LEFT]["contact"] == "Wang Li"
    assert told[Kind.MEMBER_LEFT]["name"] == "Technical"
    session.refresh(project)
    assert project.developer_id is None


def test_nothing_is_taken_out_of_another_project(
    session: Session, cast: Cast, browser: Browser, project: Project
) -> None:
    other = get_project(session, cast.sales1, make_project(session, cast.sales1, name="Hotel").id)
    row = add_party(session, other, make_party(session), "owner", by=cast.sales1)
    contact = add_contact(session, other, make_contact(session, make_party(session)), by=cast.sales1, role=None)
    session.commit()
    client = browser.of(cast.sales1)
    assert client.post(f"/projects/{project.id}/remove/party/{row.id}").status_code == 404
    assert client.post(f"/projects/{project.id}/contacts/{contact.id}", data={"role": "coach"}).status_code == 404
    building = session.scalars(select(Building.id).where(Building.project_id == other.id)).one()
    line = session.scalars(select(CategoryLine.id).where(CategoryLine.project_id == other.id)).one()
    assert client.post(f"/projects/{project.id}/buildings/{building}", data={"name": "9#"}).status_code == 404
    assert client.post(f"/projects/{project.id}/categories/{line}", data={"result": "won"}).status_code == 404


def test_a_contact_s_role_and_attitude_are_changed(
    session: Session, cast: Cast, browser: Browser, project: Project
) -> None:
    row = add_contact(session, project, make_contact(session, make_party(session)), by=cast.sales1, role=None)
    session.commit()
    client = browser.of(cast.sales1)
    address = f"/projects/{project.id}/contacts/{row.id}"
    assert client.post(address, data={"role": "decision_maker", "attitude": "champion"}).status_code == 303
    session.refresh(row)
    assert (row.role, row.attitude) == ("decision_maker", "champion")
    refused = client.post(address, data={"role": "friend", "attitude": "champion"})
    assert refused.status_code == 422 and "Choose the role." in refused.get_data(as_text=True)
    edit_contact(session, project, row, by=cast.sales1, role="decision_maker", attitude="champion")
    assert events_of(session, project).count(Kind.CONTACT_EDITED) == 1


def test_a_building_is_renamed_and_its_floors_corrected(
    session: Session, cast: Cast, browser: Browser, project: Project
) -> None:
    building = session.scalars(select(Building)).one()
    add_building(session, project, by=cast.sales1, name="2#", step="ground")
    session.commit()
    client = browser.of(cast.sales1)
    address = f"/projects/{project.id}/buildings/{building.id}"
    assert client.post(address, data={"name": "Tower A", "floors": "30"}).status_code == 303
    session.refresh(building)
    assert (building.name, building.floors, building.step) == ("Tower A", 30, "structure")
    for wrong, said in (
        ({"name": "2#"}, "There is a building of this name already."),
        ({"name": ""}, "A building needs a name or number."),
        ({"name": "B", "floors": "0"}, "Write a number from 1 to 300."),
    ):
        refused = client.post(address, data=wrong)
        assert refused.status_code == 422 and said in refused.get_data(as_text=True)
    assert browser.of(cast.compliance).post(address, data={"name": "B"}).status_code == 403
    session.refresh(building)
    assert building.name == "Tower A"


def test_a_second_building_has_its_own_progress_and_may_only_trail(
    session: Session, cast: Cast, project: Project
) -> None:
    second = add_building(session, project, by=cast.sales1, name="2#", step="ground")
    assert (project.step, second.step) == ("structure", "ground")
    with pytest.raises(Invalid) as refusal:
        add_building(session, project, by=cast.sales1, name="3#", step="fitout")
    assert refusal.value.field == "step"
    moves = session.execute(select(Move.axis, Move.target, Move.building_id)).all()
    assert moves == [("step", "ground", second.id)]


def test_a_category_line_gets_its_value_and_becomes_the_main_one(
    session: Session, cast: Cast, browser: Browser, project: Project
) -> None:
    line = add_category(session, project, by=cast.sales1, category="lighting")
    session.commit()
    client = browser.of(cast.sales1)
    address = f"/projects/{project.id}/categories/{line.id}"
    sent = {"value": "50万", "quantity": "1200", "unit": "pcs", "main": "y"}
    assert client.post(address, data=sent).status_code == 303
    session.refresh(line)
    assert (line.value, line.quantity, line.unit, line.main, line.phase) == (
        Decimal(500_000),
        Decimal(1200),
        "pcs",
        True,
        None,
    )
    assert session.scalars(select(CategoryLine.category).where(CategoryLine.main)).all() == ["lighting"]


def test_a_line_moves_ahead_of_its_project_only_where_the_matrix_allows_it(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = get_project(session, cast.sales1, make_project(session, cast.sales1, phase="map", step="ground").id)
    line = session.scalars(select(CategoryLine)).one()
    address = f"/projects/{project.id}/outcome/move"
    sent = {"category": "tiles", "phase": "bid", "reason": "They ask for a price"}
    refused = browser.of(cast.sales1).post(address, data=sent)
    assert refused.status_code == 422
    assert "G03" in refused.get_data(as_text=True) and "G04" in refused.get_data(as_text=True)
    with pytest.raises(Blocked):
        move_category(session, project, line, "specify", by=cast.sales1, reason="They ask")
    own = get_project(session, cast.supervisor, project.id)
    with pytest.raises(Invalid):
        move_category(session, own, line, "specify", by=cast.supervisor, reason="Their designer asks for us.")
    promised = clock.today()
    move_category(session, own, line, "specify", by=cast.supervisor, reason="They ask for us.", complete_by=promised)
    assert line.phase == "specify" and project.phase == "map"
    page = browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True)
    assert 'class="mx-flag mx-flag-other"' in page
    move_category(session, own, line, "map", by=cast.supervisor, reason="Back again")
    assert line.phase is None


def test_an_amount_of_a_line_is_never_negative(session: Session, cast: Cast, project: Project) -> None:
    line = session.scalars(select(CategoryLine)).one()
    with pytest.raises(Invalid):
        edit_category(session, project, line, by=cast.sales1, value=Decimal(-1))


def test_a_dealer_in_the_project_sees_it_until_he_is_taken_out(session: Session, cast: Cast, project: Project) -> None:
    row = add_party(session, project, cast.xinyuan, "dealer", by=cast.sales1)
    assert project.dealer_id == cast.xinyuan.id
    remove_party(session, project, row, by=cast.sales1)
    assert project.dealer_id is None


def test_a_department_s_desk_sees_the_project_while_nobody_of_it_is_in_the_team(session: Session, cast: Cast) -> None:
    made = make_project(session, cast.sales1, phase="specify", step="drawings")
    project = get_project(session, cast.sales1, made.id)
    member = add_member(session, project, cast.designpromo, by=cast.sales1)
    session.expire_all()
    desks = {desk.department for desk in get_desks(session, project)}
    assert "technical" in desks and "design_promo" not in desks
    project = get_project(session, cast.sales1, made.id)
    remove_member(session, project, member, by=cast.sales1)
    assert "design_promo" in {desk.department for desk in get_desks(session, project)}


def get_desks(session: Session, project: Project) -> list[Any]:
    session.refresh(project, ["desks"])
    return list(project.desks)


def test_the_page_asks_as_little_for_many_parts_as_for_few(session: Session, cast: Cast, browser: Browser) -> None:
    project = get_project(session, cast.sales1, make_project(session, cast.sales1).id)
    for number in range(12):
        add_building(session, project, by=cast.sales1, name=f"B{number}", step="ground")
        firm = make_party(session, f"Firm {number}")
        add_party(session, project, firm, "owner", by=cast.sales1)
        add_contact(session, project, make_contact(session, firm, f"Person {number}"), by=cast.sales1, role=None)
    session.commit()
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get(f"/projects/{project.id}/people").get_data(as_text=True)
    assert "Person 11" in page and "Firm 11" in page and "B11" in page
    assert '<option selected value="unknown">' in page  # nobody is a champion before he is met
    assert len(asked) <= BUDGET
