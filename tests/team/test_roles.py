"""Roles: sets of capabilities and how far one sees, changed without locking anybody out."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_project, make_user
from tracker.access import Action, Scope
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Event, Kind
from tracker.team import operations
from tracker.team.forms import ACTION_WORDS, SCOPE_WORDS
from tracker.team.models import Role
from tracker.team.roles import ROLES


def form(role: Role | None = None, **values: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "name_zh": role.name_zh if role else "顾问",
        "name_en": role.name_en if role else "Adviser",
        "scope": role.scope if role else "below",
        "capabilities": list(role.capabilities) if role else ["record.log", "board.view"],
    }
    return {**plain, **values}


def test_every_capability_and_scope_has_its_words() -> None:
    assert set(ACTION_WORDS) == set(Action)
    assert set(SCOPE_WORDS) == set(Scope)


def test_the_built_in_roles_are_there_once(session: Session, cast: Cast) -> None:
    operations.add_builtin_roles(session)
    assert sorted(session.scalars(select(Role.key))) == sorted(role.key for role in ROLES)


def test_the_page_shows_who_may_what(cast: Cast, browser: Browser) -> None:
    page = browser.of(cast.admin).get("/admin/roles").get_data(as_text=True)
    assert "Salesperson" in page and "Dealer" in page
    assert "reassign projects" in page
    assert "销售员" in browser.of(cast.admin, "zh").get("/admin/roles").get_data(as_text=True)


def test_a_role_is_added_and_gives_its_holder_what_it_says(session: Session, cast: Cast, browser: Browser) -> None:
    answer = browser.of(cast.admin).post("/admin/roles/new", data=form())
    role = session.scalars(select(Role).where(Role.name_en == "Adviser")).one()
    assert answer.location == "/admin/roles"
    assert (role.scope, role.capabilities, role.built_in) == ("below", ["board.view", "record.log"], False)
    adviser = make_user(session, "adviser", role=role, team=cast.north)
    project = make_project(session, cast.sales1)
    client = browser.of(adviser)
    assert client.get(f"/projects/{project.id}").status_code == 200
    assert client.get("/board").status_code == 200
    assert client.get(f"/projects/{project.id}/log").status_code == 200
    assert client.get(f"/projects/{project.id}/edit").status_code == 403


def test_a_changed_role_counts_from_the_next_request(session: Session, cast: Cast, browser: Browser) -> None:
    role, client = cast.roles["salesperson"], browser.of(cast.sales1)
    assert client.get("/projects/new").status_code == 200
    less = [one for one in role.capabilities if one != Action.PROJECT_OPEN]
    saved = browser.of(cast.admin).post(f"/admin/roles/{role.id}", data=form(role, capabilities=less))
    assert saved.status_code == 303
    assert client.get("/projects/new").status_code == 403
    event = session.scalars(select(Event).where(Event.kind == Kind.ROLE_EDITED)).one()
    assert Action.PROJECT_OPEN in event.data["before"]["capabilities"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name_en": " "}, "Type the name."),
        ({"scope": "universe"}, "Choose one of the values"),
        ({"capabilities": ["record.log", "walk.on.water"]}, "Choose one of the values"),
    ],
)
def test_a_refused_role_keeps_what_was_typed(
    session: Session, cast: Cast, browser: Browser, wrong: dict[str, object], said: str
) -> None:
    answer = browser.of(cast.admin).post("/admin/roles/new", data=form(**{"name_zh": "特别顾问", **wrong}))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert 'value="特别顾问"' in page
    assert session.scalars(select(Role).where(~Role.built_in)).all() == []


@pytest.mark.parametrize("lost", [Action.ROLES_MANAGE, Action.PEOPLE_MANAGE])
def test_the_administrators_role_keeps_managing_people_and_roles(
    session: Session, cast: Cast, browser: Browser, lost: Action
) -> None:
    role = cast.roles["administrator"]
    less = [one for one in role.capabilities if one != lost]
    answer = browser.of(cast.admin).post(f"/admin/roles/{role.id}", data=form(role, capabilities=less))
    assert answer.status_code == 422
    assert "must keep managing people and roles" in answer.get_data(as_text=True)
    session.refresh(role)
    assert lost in role.capabilities


def test_no_role_changes_sides_under_the_people_who_hold_it(session: Session, cast: Cast, browser: Browser) -> None:
    """As a dealer's, the administrator would see no role to change back; as ours, dealers would see the company."""
    for key, scope in (("administrator", "dealer"), ("salesperson", "dealer"), ("dealer", "all")):
        role = cast.roles[key]
        answer = browser.of(cast.admin).post(f"/admin/roles/{role.id}", data=form(role, scope=scope))
        assert answer.status_code == 422, key
        assert "cannot change between" in answer.get_data(as_text=True)
    own = operations.add_role(session, by=cast.admin, name_zh="伙伴", name_en="Partner", scope="own", capabilities=())
    operations.edit_role(
        session, own, by=cast.admin, name_zh="伙伴", name_en="Partner", scope="dealer", capabilities=()
    )
    make_user(session, "partner", role=own, party=cast.xinyuan)
    with pytest.raises(Refused):
        operations.edit_role(
            session, own, by=cast.admin, name_zh="伙伴", name_en="Partner", scope="all", capabilities=()
        )


def test_only_who_manages_roles_changes_one(session: Session, cast: Cast) -> None:
    for user in (cast.gm, cast.supervisor, cast.dealer1):
        with pytest.raises(Forbidden):
            operations.add_role(session, by=user, name_zh="x", name_en="x", scope="all", capabilities=())
    with pytest.raises(Invalid):
        operations.add_role(session, by=cast.admin, name_zh=" ", name_en="x", scope="all", capabilities=())


def test_who_manages_people_but_not_roles_sees_them_and_cannot_change_them(
    session: Session, cast: Cast, browser: Browser
) -> None:
    office = operations.add_role(
        session, by=cast.admin, name_zh="人事", name_en="Office", scope="all", capabilities=("people.manage",)
    )
    client = browser.of(make_user(session, "office", role=office, team=cast.company))
    assert client.get("/admin/roles").status_code == 200
    assert client.get(f"/admin/roles/{office.id}").status_code == 404
    assert client.post("/admin/roles/new", data=form()).status_code == 404
    assert client.get("/admin/audit").status_code == 404
    assert "/admin/audit" not in client.get("/admin").get_data(as_text=True)
