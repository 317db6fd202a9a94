"""People: finding a colleague, adding, moving and switching off."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_project, make_user
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Event, Kind
from tracker.team import operations
from tracker.team.models import Team, User

BUDGET = 8  # statements for a page, signing in included


def form(cast: Cast, **values: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "username": "li.na",
        "name": "Li Na",
        "role_id": cast.roles["salesperson"].id,
        "department": "sales",
        "team_id": cast.north.id,
        "party_id": "",
        "post": "Area manager",
        "phone": "138 0000 1234",
        "email": "li.na@anhe.example",
    }
    return {**plain, **values}


def place_of(user: User, **values: object) -> dict[str, object]:
    """The form that leaves a person where he is."""
    plain: dict[str, object] = {
        "name": user.name,
        "role_id": user.role_id,
        "department": user.department or "",
        "team_id": user.team_id or "",
        "party_id": user.party_id or "",
    }
    return {**plain, **values}


def found(session: Session, username: str) -> User | None:
    return session.scalar(select(User).where(User.username == username))


def test_a_person_is_added_and_gets_a_password_by_link(session: Session, cast: Cast, browser: Browser) -> None:
    answer = browser.of(cast.admin).post("/admin/people/new", data=form(cast))
    person = found(session, "li.na")
    assert answer.status_code == 200
    assert "/password/" in answer.get_data(as_text=True)
    assert person is not None and person.password_hash is None
    assert (person.name, person.team_id, person.department) == ("Li Na", cast.north.id, "sales")
    kinds = session.scalars(select(Event.kind).where(Event.subject_id == person.id, Event.subject == "user_account"))
    assert set(kinds) == {Kind.USER_ADDED, Kind.PASSWORD_LINK_MADE}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "SALES1"}, "There is a user of this name already."),
        ({"username": "two words"}, "without spaces"),
        ({"username": ""}, "Type a user name."),
        ({"name": "   "}, "Type the person"),
        ({"name": "x" * 81}, "80"),
        ({"role_id": "999999"}, "Choose one of the values"),
        ({"role_id": ""}, "Choose one of the values"),
        ({"team_id": "999999"}, "Choose one of the values"),
        ({"department": "wizardry"}, "Choose one of the values"),
        ({"email": "not an address"}, "e-mail address"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "e-mail address"),
        ({"role_id": "dealer"}, "company"),
    ],
)
def test_a_refused_person_keeps_what_was_typed(
    session: Session, cast: Cast, browser: Browser, wrong: dict[str, object], said: str
) -> None:
    if wrong == {"role_id": "dealer"}:
        wrong = {"role_id": cast.roles["dealer"].id}
    answer = browser.of(cast.admin).post("/admin/people/new", data=form(cast, **wrong))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert 'value="Area manager"' in page and 'value="138 0000 1234"' in page
    assert found(session, "li.na") is None


def test_a_person_moves_to_another_team_and_role(session: Session, cast: Cast, browser: Browser) -> None:
    sent = place_of(cast.sales1, team_id=cast.south.id, role_id=cast.roles["supervisor"].id, name="Zhou Jianbo")
    answer = browser.of(cast.admin).post(f"/people/{cast.sales1.id}/edit", data=sent)
    session.refresh(cast.sales1)
    assert answer.location == f"/people/{cast.sales1.id}"
    assert (cast.sales1.name, cast.sales1.team_id) == ("Zhou Jianbo", cast.south.id)
    event = session.scalars(select(Event).where(Event.kind == Kind.USER_EDITED)).one()
    assert event.data["before"]["team_id"] == cast.north.id


def test_a_refused_edit_keeps_what_was_typed(session: Session, cast: Cast, browser: Browser) -> None:
    client, address = browser.of(cast.admin), f"/people/{cast.sales1.id}/edit"
    answer = client.post(address, data=place_of(cast.sales1, name="", post="Area manager"))
    assert answer.status_code == 422
    assert 'value="Area manager"' in answer.get_data(as_text=True)
    dealer = place_of(cast.sales1, role_id=cast.roles["dealer"].id, post="Area manager")
    refused = client.post(address, data=dealer)
    assert refused.status_code == 422
    assert "needs the dealer" in refused.get_data(as_text=True)
    assert 'value="Area manager"' in refused.get_data(as_text=True)


def test_a_dealers_person_belongs_to_his_company_and_ours_to_none(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client = browser.of(cast.admin)
    sent = form(cast, username="xin", role_id=cast.roles["dealer"].id, party_id=cast.xinyuan.id, team_id="")
    assert client.post("/admin/people/new", data=sent).status_code == 200
    person = found(session, "xin")
    assert person is not None and person.party_id == cast.xinyuan.id
    client.post(f"/people/{person.id}/edit", data=place_of(person, role_id=cast.roles["salesperson"].id))
    session.refresh(person)
    assert person.party_id is None


def test_an_account_is_switched_off_and_on_again(session: Session, cast: Cast, browser: Browser) -> None:
    client, address = browser.of(cast.admin), f"/people/{cast.sales1.id}/active"
    client.post(address, data={"active": "0"})
    session.refresh(cast.sales1)
    assert not cast.sales1.active
    assert "sales1" not in client.get("/admin").get_data(as_text=True)
    assert "sales1" in client.get("/admin?active=off").get_data(as_text=True)
    client.post(address, data={"active": "1"})
    session.refresh(cast.sales1)
    assert cast.sales1.active


def test_an_administrator_cannot_lock_himself_out(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.admin)
    off = client.post(f"/people/{cast.admin.id}/active", data={"active": "0"})
    assert off.status_code == 422
    assert "cannot switch off your own account" in off.get_data(as_text=True)
    demoted = client.post(
        f"/people/{cast.admin.id}/edit", data=place_of(cast.admin, role_id=cast.roles["salesperson"].id)
    )
    assert demoted.status_code == 422
    assert "last administrator" in demoted.get_data(as_text=True)
    assert client.get("/admin").status_code == 200


def test_the_last_administrator_cannot_be_switched_off_by_whoever_manages_people(session: Session, cast: Cast) -> None:
    office = operations.add_role(
        session, by=cast.admin, name_zh="人事", name_en="Office", scope="all", capabilities=("people.manage",)
    )
    manager = make_user(session, "office", role=office, team=cast.company)
    with pytest.raises(Refused):
        operations.set_active(session, cast.admin, False, by=manager)
    with pytest.raises(Refused):
        operations.edit_user(
            session, cast.admin, by=manager, name="Admin", role_id=office.id, department=None, team_id=None
        )
    second = make_user(session, "second", role=cast.roles["administrator"], team=cast.company)
    operations.set_active(session, cast.admin, False, by=second)
    assert not cast.admin.active


def test_nobody_else_manages_people(session: Session, cast: Cast) -> None:
    for user in (cast.gm, cast.supervisor, cast.sales1, cast.dealer1, cast.compliance):
        with pytest.raises(Forbidden):
            operations.set_active(session, cast.sales2, False, by=user)
        with pytest.raises(Forbidden):
            operations.make_password_link(session, cast.sales2, by=user)
        with pytest.raises(Forbidden):
            operations.add_region(session, "West", by=user)
        with pytest.raises(Forbidden):
            operations.revoke_sessions(session, cast.sales2, by=user)


def test_blanks_are_no_name_for_the_operation_either(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid):
        operations.add_user(session, by=cast.admin, username="x", name="  ", role_id=cast.roles["salesperson"].id)


def test_a_card_shows_how_to_reach_a_colleague_and_what_he_owns(session: Session, cast: Cast, browser: Browser) -> None:
    cast.sales1.phone = "138 0000 1234"
    make_project(session, cast.sales1)
    page = browser.of(cast.sales2).get(f"/people/{cast.sales1.id}").get_data(as_text=True)
    assert 'href="tel:13800001234"' in page
    assert "Switch the account off" not in page
    assert ">0</a>" in page, "sales2 counts only the projects that he sees"
    assert ">1</a>" in browser.of(cast.supervisor).get(f"/people/{cast.sales1.id}").get_data(as_text=True)


def test_a_dealer_sees_his_own_people_only(cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.dealer1)
    assert client.get(f"/people/{cast.dealer1.id}").status_code == 200
    assert client.get(f"/people/{cast.dealer2.id}").status_code == 404
    assert client.get(f"/people/{cast.sales1.id}").status_code == 404


def test_people_are_found_by_name_and_user_name(session: Session, cast: Cast, browser: Browser) -> None:
    cast.sales2.name = "李思琪"
    session.commit()
    client = browser.of(cast.admin)
    assert "李思琪" in client.get("/admin?q=思琪").get_data(as_text=True)
    assert "李思琪" in client.get("/admin?q=SALES2").get_data(as_text=True)
    assert "Nobody here" in client.get("/admin?q=100%").get_data(as_text=True)


def test_the_list_of_people_asks_as_little_for_many(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(40):
        make_user(session, f"more{number}", role=cast.roles["salesperson"], team=cast.north)
    client = browser.of(cast.admin)
    with counted_queries() as asked:
        assert client.get("/admin").status_code == 200
    assert len(asked) <= BUDGET


def test_who_no_longer_leads_a_team_is_not_its_supervisor(session: Session, cast: Cast, browser: Browser) -> None:
    def name_him() -> None:
        operations.edit_team(
            session,
            cast.north,
            by=cast.admin,
            name="North sales",
            parent=cast.company,
            region_id=None,
            supervisor_id=cast.supervisor.id,
        )
        session.commit()

    client, address = browser.of(cast.admin), f"/people/{cast.supervisor.id}"
    name_him()
    client.post(f"{address}/edit", data=place_of(cast.supervisor, post="Head of north"))
    assert session.get_one(Team, cast.north.id).supervisor_id == cast.supervisor.id
    client.post(f"{address}/edit", data=place_of(cast.supervisor, team_id=cast.south.id))
    assert session.get_one(Team, cast.north.id).supervisor_id is None
    client.post(f"{address}/edit", data=place_of(cast.supervisor, team_id=cast.north.id))
    name_him()
    client.post(f"{address}/active", data={"active": "0"})
    assert session.get_one(Team, cast.north.id).supervisor_id is None
