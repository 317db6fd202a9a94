"""`tracker init` and `tracker user add`."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.cli.conftest import ADMIN, PASSWORD, Place, one_line
from tests.factories import make_party
from tracker.access import Action, can
from tracker.events import Event, Kind
from tracker.matrix.models import DefinitionVersion
from tracker.team.models import Role, Team, User
from tracker.team.operations import authenticate, find_password_link
from tracker.team.queries import find_by_username
from tracker.team.roles import ROLES


def test_init_starts_an_empty_company_with_one_administrator_and_no_demo_sign_ins(nowhere: Place) -> None:
    told = nowhere.done("init", *ADMIN)
    assert "admin" in told
    with nowhere.session() as session:
        admin = find_by_username(session, "admin")
        assert session.scalars(select(User)).all() == [admin]
        assert authenticate(session, admin, PASSWORD) is admin
        assert can(admin, Action.ADMINISTER)
        assert [team.name for team in session.scalars(select(Team))] == ["Anhe"]
        assert admin.team.path == f"/{admin.team_id}/"
        assert {role.key for role in session.scalars(select(Role))} == {default.key for default in ROLES}
        assert session.scalars(select(DefinitionVersion.key)).all() == ["standard"]
        assert Kind.USER_ADDED in session.scalars(select(Event.kind)).all()


def test_init_asks_for_what_was_not_said_and_for_the_password_twice(nowhere: Place) -> None:
    answers = "Anhe\nadmin\nGu Mingyuan\nseven green tiles\nseven red tiles\nseven green tiles\nseven green tiles\n"
    result = nowhere.run("init", typed=answers)
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    with nowhere.session() as session:
        assert authenticate(session, find_by_username(session, "admin"), PASSWORD)


def test_init_refuses_where_there_is_a_user_already(company: Place) -> None:
    result = company.run("init", *ADMIN)
    assert result.exit_code == 1
    assert "users already" in one_line(result)


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [("--password", "short", 1), ("--name", " ", 1), ("--company", "", 1), ("--username", "gu mingyuan", 2)],
)
def test_init_with_a_value_that_cannot_be_leaves_nobody_behind(
    nowhere: Place, option: str, value: str, code: int
) -> None:
    result = nowhere.run("init", *ADMIN, option, value)
    assert result.exit_code == code
    one_line(result)
    nowhere.done("init", *ADMIN)


def test_user_add_prints_a_link_by_which_the_person_sets_a_password(company: Place) -> None:
    words = ("user", "add", "Sales1", "--name", "Zhou Jianbo", "--role", "salesperson", "--team", "Anhe")
    told = company.done(*words, "--department", "sales", environ={"TRACKER_BASE_URL": "https://anhe.example"})
    address, _, token = told.strip().rpartition("/")
    assert address.endswith("sets a password at https://anhe.example/password")
    with company.session() as session:
        person = find_by_username(session, "sales1")
        assert (person.name, person.role.key, person.team.name) == ("Zhou Jianbo", "salesperson", "Anhe")
        assert person.department == "sales"
        assert person.password_hash is None
        assert find_password_link(session, token).user_id == person.id


def test_user_add_with_a_password_lets_the_person_sign_in_at_once(company: Place) -> None:
    company.done("user", "add", "gm", "--name", "An", "--role", "general_manager", "--password", PASSWORD)
    with company.session() as session:
        assert authenticate(session, find_by_username(session, "gm"), PASSWORD)


def test_a_dealers_user_belongs_to_the_dealers_company_however_its_name_is_spelt(company: Place) -> None:
    words = ("user", "add", "dealer1", "--name", "He Xinyuan", "--role", "dealer")
    assert company.run(*words).exit_code == 1
    with company.session() as session:
        xinyuan = make_party(session, "Xinyuan Materials Co., Ltd.", kind="dealer").id
        session.commit()
    company.done(*words, "--dealer", "xinyuan materials co ltd")
    with company.session() as session:
        assert find_by_username(session, "dealer1").party_id == xinyuan


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("x", "--name", "X", "--role", "emperor"), 2, "salesperson"),
        (("x", "--name", "X", "--role", "director", "--team", "Nowhere"), 2, "Anhe"),
        (("x", "--name", "X", "--role", "director", "--department", "magic"), 2, "logistics"),
        (("x", "--name", "X", "--role", "dealer", "--dealer", "Hongda"), 2, "none yet"),
        (("x y", "--name", "X", "--role", "director"), 2, "Latin letters"),
        (("admin", "--name", "X", "--role", "director"), 1, "already"),
        (("x", "--name", "X", "--role", "director", "--password", "short"), 1, "ten characters"),
    ],
)
def test_user_add_says_in_one_line_what_is_wrong_and_adds_nobody(
    company: Place, words: tuple[str, ...], code: int, said: str
) -> None:
    result = company.run("user", "add", *words)
    assert result.exit_code == code
    assert said in one_line(result)
    with company.session() as session:
        assert session.scalars(select(User.username)).all() == ["admin"]
