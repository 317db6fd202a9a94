"""Signing in and out: names, passwords, limits, sessions, and where one goes from there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.client import HTMX, Browser
from tests.conftest import NOON
from tests.factories import make_project
from tracker import clock
from tracker.events import Event, Kind
from tracker.team import operations
from tracker.team.models import User, UserSession

PASSWORD = "a short sentence"


@pytest.fixture
def sales1(session: Session, cast: Cast) -> User:
    """A salesperson with a password."""
    operations.set_password(session, cast.sales1, PASSWORD, by=None)
    session.commit()
    return cast.sales1


def sign_in(client: FlaskClient, username: str = "sales1", password: str = PASSWORD, **values: str) -> TestResponse:
    return client.post("/login", data={"username": username, "password": password, **values})


def test_the_right_password_leads_to_today_and_leaves_an_event(
    session: Session, sales1: User, browser: Browser
) -> None:
    client = browser.nobody()
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/").status_code == 200
    assert session.scalars(select(Event.by_id).where(Event.kind == Kind.SIGNED_IN)).all() == [sales1.id]


def test_the_name_is_taken_whatever_its_case_and_blanks(sales1: User, browser: Browser) -> None:
    assert sign_in(browser.nobody(), " Sales1 ").status_code == 303


def test_a_wrong_password_keeps_the_name_and_forgets_the_password(sales1: User, browser: Browser) -> None:
    answer = sign_in(browser.nobody(), password="something else")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="sales1"' in page
    assert "something else" not in page
    assert "do not fit" in page


@pytest.mark.parametrize(("username", "password"), [("nobody-here", PASSWORD), ("sales2", ""), ("sales2", PASSWORD)])
def test_nobody_can_tell_a_wrong_name_from_a_wrong_password(
    sales1: User, browser: Browser, username: str, password: str
) -> None:
    """sales2 has no password yet: he cannot sign in by any."""
    answer = sign_in(browser.nobody(), username, password)
    assert answer.status_code == 422
    assert ("do not fit" in answer.get_data(as_text=True)) == bool(password)


def test_after_ten_failures_there_is_a_pause_which_others_do_not_feel(sales1: User, browser: Browser) -> None:
    client = browser.nobody()
    for _ in range(10):
        assert sign_in(client, password="wrong again").status_code == 422
    refused = sign_in(client)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert "Too many attempts" in refused.get_data(as_text=True)
    assert sign_in(client, "sales2", "wrong too").status_code == 422
    elsewhere = browser.nobody().post(
        "/login", data={"username": "sales1", "password": PASSWORD}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert elsewhere.status_code == 303


def test_only_failures_count(sales1: User, browser: Browser) -> None:
    for _ in range(15):
        assert sign_in(browser.nobody()).status_code == 303


def test_one_address_cannot_try_many_names(app: Flask, sales1: User, browser: Browser) -> None:
    for number in range(60):
        assert sign_in(browser.nobody(), f"guess{number}", "").status_code == 422
    assert sign_in(browser.nobody(), "guess61", "").status_code == 429


def test_a_page_asked_for_without_a_session_is_shown_after_signing_in(
    session: Session, sales1: User, browser: Browser
) -> None:
    project = make_project(session, sales1)
    client = browser.nobody()
    asked = client.get(f"/projects/{project.id}?logged=7")
    assert (asked.status_code, asked.location) == (303, f"/login?next=/projects/{project.id}?logged%3D7")
    page = client.get(asked.location).get_data(as_text=True)
    assert f'name="next" value="/projects/{project.id}?logged=7"' in page
    assert sign_in(client, next=f"/projects/{project.id}?logged=7").location == f"/projects/{project.id}?logged=7"


def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(cast: Cast, browser: Browser) -> None:
    answer = browser.nobody().get("/search?q=tower", headers=HTMX)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/login?next=/search")


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "x",
)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_sent_to_another_site(sales1: User, browser: Browser, address: str) -> None:
    assert sign_in(browser.nobody(), next=address).location == "/"
    signed_in = browser.of(sales1)
    assert signed_in.get("/login", query_string={"next": address}).location == "/"


def test_signing_out_ends_the_session_on_the_server_too(session: Session, sales1: User, browser: Browser) -> None:
    client = browser.nobody()
    sign_in(client)
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    assert client.post("/logout").location == "/login"
    assert client.get("/").status_code == 303
    with client.session_transaction() as cookie:
        cookie.update(kept)
    assert client.get("/").status_code == 303, "a copied cookie is worth nothing after signing out"


def test_a_typed_logout_address_shows_a_button_and_changes_nothing(sales1: User, browser: Browser) -> None:
    client = browser.of(sales1)
    page = client.get("/logout")
    assert page.status_code == 200
    assert '<form method="post"' in page.get_data(as_text=True)
    assert client.get("/").status_code == 200


def test_a_session_that_was_revoked_is_over_at_once(session: Session, sales1: User, browser: Browser) -> None:
    phone, desk = browser.of(sales1), browser.of(sales1)
    assert operations.revoke_sessions(session, sales1, by=sales1) == 2
    session.commit()
    assert [client.get("/").status_code for client in (phone, desk)] == [303, 303]


def test_a_deactivated_user_is_out_at_once_and_cannot_come_back(
    session: Session, cast: Cast, sales1: User, browser: Browser
) -> None:
    client = browser.of(sales1)
    assert browser.of(cast.admin).post(f"/people/{sales1.id}/active", data={"active": "0"}).status_code == 303
    assert client.get("/").status_code == 303
    assert sign_in(browser.nobody()).status_code == 422


def test_a_session_ends_after_thirty_days(session: Session, sales1: User, browser: Browser) -> None:
    client = browser.of(sales1)
    with clock.frozen(NOON + timedelta(days=29)):
        assert client.get("/").status_code == 200
    with clock.frozen(NOON + timedelta(days=31)):
        assert client.get("/").status_code == 303


def test_the_cookie_holds_a_token_of_which_only_the_hash_is_stored(
    session: Session, sales1: User, browser: Browser
) -> None:
    client = browser.nobody()
    sign_in(client)
    with client.session_transaction() as cookie:
        token = cookie["sid"]
    stored = session.scalars(select(UserSession.token_hash)).all()
    assert token not in stored
    assert all(len(one) == 64 for one in stored)


def test_signing_in_makes_a_new_session_and_not_one_that_was_planted(sales1: User, browser: Browser) -> None:
    client = browser.nobody()
    with client.session_transaction() as cookie:
        cookie["sid"], cookie["csrf_token"] = "planted", "planted"
    sign_in(client)
    with client.session_transaction() as cookie:
        assert cookie["sid"] != "planted"
        assert cookie.get("csrf_token") != "planted"


def test_signing_in_as_somebody_else_ends_the_session_that_was_here(
    session: Session, cast: Cast, sales1: User, browser: Browser
) -> None:
    client = browser.of(cast.sales2)
    assert sign_in(client).status_code == 303
    live = select(UserSession.user_id).where(UserSession.revoked_at.is_(None))
    assert session.scalars(live).all() == [sales1.id]


def test_whoever_is_signed_in_is_not_asked_again(sales1: User, browser: Browser) -> None:
    assert browser.of(sales1).get("/login").location == "/"
