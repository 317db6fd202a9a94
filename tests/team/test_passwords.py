"""Passwords: set by a link that works once, changed by whoever knows the old one, mailed where there is a server."""

from __future__ import annotations

import dataclasses
import re
import smtplib
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.conftest import NOON
from tracker import clock, mail
from tracker.errors import Invalid
from tracker.events import Event, Kind
from tracker.team import operations
from tracker.team.models import PasswordLink, User
from tracker.team.passwords import matches

NEW = "rain on the scaffold"
LINK = re.compile(r'value="(http://localhost/password/[^"]+)"')


@pytest.fixture
def token(session: Session, cast: Cast) -> str:
    """A password link for sales1, made by the administrator."""
    token = operations.make_password_link(session, cast.sales1, by=cast.admin)
    session.commit()
    return token


def kinds(session: Session, user: User) -> list[str]:
    about = select(Event.kind).where(Event.subject == "user_account", Event.subject_id == user.id)
    return list(session.scalars(about.order_by(Event.id)))


def test_the_administrator_makes_a_link_which_is_shown_once(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.admin)
    page = client.post(f"/people/{cast.sales1.id}/password-link").get_data(as_text=True)
    link = LINK.search(page)
    assert link is not None
    assert LINK.search(client.get(f"/people/{cast.sales1.id}").get_data(as_text=True)) is None
    assert browser.nobody().get(link.group(1)).status_code == 200
    assert kinds(session, cast.sales1) == [Kind.PASSWORD_LINK_MADE]
    assert session.scalars(select(PasswordLink.token_hash)).one() not in link.group(1)


def test_a_link_sets_the_password_once_and_ends_every_session(
    session: Session, cast: Cast, browser: Browser, token: str
) -> None:
    phone, nobody = browser.of(cast.sales1), browser.nobody()
    answer = nobody.post(f"/password/{token}", data={"password": NEW, "again": NEW})
    assert (answer.status_code, answer.location) == (303, "/login")
    assert "Sign in with it" in nobody.get("/login").get_data(as_text=True)
    assert phone.get("/").status_code == 303
    assert nobody.post("/login", data={"username": "sales1", "password": NEW}).status_code == 303
    again = browser.nobody().post(
        f"/password/{token}", data={"password": "another sentence", "again": "another sentence"}
    )
    assert again.status_code == 404
    assert "used already" in again.get_data(as_text=True)
    session.refresh(cast.sales1)
    assert matches(cast.sales1.password_hash, NEW)
    assert Kind.PASSWORD_SET in kinds(session, cast.sales1)


def test_a_link_expires_after_three_days(cast: Cast, browser: Browser, token: str) -> None:
    with clock.frozen(NOON + timedelta(days=2, hours=23)):
        assert browser.nobody().get(f"/password/{token}").status_code == 200
    with clock.frozen(NOON + timedelta(days=3, minutes=1)):
        assert browser.nobody().get(f"/password/{token}").status_code == 404
        late = browser.nobody().post(f"/password/{token}", data={"password": NEW, "again": NEW})
        assert late.status_code == 404


def test_a_new_password_uses_up_every_other_link(session: Session, cast: Cast, browser: Browser, token: str) -> None:
    second = operations.make_password_link(session, cast.sales1, by=cast.admin)
    session.commit()
    browser.nobody().post(f"/password/{second}", data={"password": NEW, "again": NEW})
    assert browser.nobody().get(f"/password/{token}").status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"password": "short", "again": "short"}, "at least ten characters"),
        ({"password": NEW, "again": NEW + "s"}, "not the same"),
        ({"password": "", "again": ""}, "Type a new password"),
    ],
)
def test_a_refused_password_says_why_and_the_link_still_works(
    cast: Cast, browser: Browser, token: str, sent: dict[str, str], said: str
) -> None:
    client = browser.nobody()
    answer = client.post(f"/password/{token}", data=sent)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert client.post(f"/password/{token}", data={"password": NEW, "again": NEW}).status_code == 303


def test_an_unknown_link_is_not_found(cast: Cast, browser: Browser) -> None:
    answer = browser.nobody().get("/password/never-made")
    assert answer.status_code == 404
    assert "Ask your administrator" in answer.get_data(as_text=True)


def test_changing_ones_own_password_ends_the_other_sessions_and_not_this_one(
    session: Session, cast: Cast, browser: Browser
) -> None:
    operations.set_password(session, cast.sales1, "the first sentence", by=None)
    here, elsewhere = browser.of(cast.sales1), browser.of(cast.sales1)
    answer = here.post("/profile/password", data={"old": "the first sentence", "password": NEW})
    assert answer.status_code == 303
    assert here.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 303


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"old": "a wrong sentence", "password": NEW}, "not your present password"),
        ({"old": "the first sentence", "password": "short"}, "at least ten characters"),
        ({"old": "", "password": NEW}, "Type your password"),
    ],
)
def test_a_change_that_is_refused_says_why_and_changes_nothing(
    session: Session, cast: Cast, browser: Browser, sent: dict[str, str], said: str
) -> None:
    operations.set_password(session, cast.sales1, "the first sentence", by=None)
    answer = browser.of(cast.sales1).post("/profile/password", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert NEW not in page and "sentence" not in page.replace("a short sentence is easiest", "")
    session.refresh(cast.sales1)
    assert matches(cast.sales1.password_hash, "the first sentence")


def test_the_present_password_cannot_be_guessed_for_long(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    sent = {"old": "", "password": NEW}
    assert {client.post("/profile/password", data=sent).status_code for _ in range(20)} == {422}
    assert client.post("/profile/password", data=sent).status_code == 429


def test_a_short_password_is_refused_by_the_operation_itself(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid):
        operations.set_password(session, cast.sales1, "short", by=None)


# Mail


class Server:
    """Stands in for the mail server: keeps what it is given, and refuses where a test says so."""

    sent: list[EmailMessage]
    calls: list[tuple[object, ...]]
    fault: Exception | None

    def __init__(self, host: str, port: int, **_options: object) -> None:
        Server.calls.append(("connect", host, port))
        if isinstance(Server.fault, OSError) and not isinstance(Server.fault, smtplib.SMTPException):
            raise Server.fault

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_error: object) -> None:
        Server.calls.append(("quit",))

    def ehlo(self) -> None:
        Server.calls.append(("ehlo",))

    def has_extn(self, name: str) -> bool:
        return name == "starttls"

    def starttls(self, **_options: object) -> None:
        Server.calls.append(("starttls",))

    def login(self, user: str, password: str) -> None:
        Server.calls.append(("login", user, password))

    def send_message(self, message: EmailMessage) -> None:
        if Server.fault:
            raise Server.fault
        Server.sent.append(message)


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Server]]:
    """The application with a mail server."""
    Server.sent, Server.calls, Server.fault = [], [], None
    monkeypatch.setattr(smtplib, "SMTP", Server)
    monkeypatch.setattr(smtplib, "SMTP_SSL", Server)
    config = app.config["TRACKER"]
    url = "smtp://post%40anhe.example:s%3Acret@mail.anhe.example:587"
    app.config["TRACKER"] = dataclasses.replace(config, smtp_url=url, base_url="https://tracker.anhe.example")
    yield Server
    app.config["TRACKER"] = config


@pytest.fixture
def reachable(session: Session, cast: Cast) -> User:
    """A person with an address for mail."""
    cast.sales1.email = "sales1@anhe.example"
    session.commit()
    return cast.sales1


def make_link(cast: Cast, browser: Browser, person: User) -> str:
    answer = browser.of(cast.admin).post(f"/people/{person.id}/password-link")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_link_is_mailed_with_the_address_of_the_settings(
    cast: Cast, browser: Browser, server: type[Server], reachable: User
) -> None:
    page = make_link(cast, browser, reachable)
    assert "mailed to sales1@anhe.example" in page
    [message] = server.sent
    assert (message["From"], message["To"]) == ("post@anhe.example", "sales1@anhe.example")
    link = re.search(r"https://tracker\.anhe\.example(/password/\S+)", message.get_content())
    assert link is not None and "localhost" not in message.get_content()
    assert browser.nobody().get(link.group(1)).status_code == 200
    assert ("connect", "mail.anhe.example", 587) in server.calls
    assert server.calls.index(("starttls",)) < server.calls.index(("login", "post@anhe.example", "s:cret"))


def test_the_mail_speaks_the_language_of_the_one_who_gets_it(
    session: Session, cast: Cast, browser: Browser, server: type[Server], reachable: User
) -> None:
    reachable.locale = "zh"
    session.commit()
    make_link(cast, browser, reachable)
    english = server.sent[0]["Subject"] == "Your password for Project Tracker"
    assert not english


def test_a_new_person_gets_his_link_by_mail(cast: Cast, browser: Browser, server: type[Server]) -> None:
    sent = {
        "username": "newcomer",
        "name": "Li Na",
        "role_id": cast.roles["salesperson"].id,
        "email": "li@anhe.example",
    }
    page = browser.of(cast.admin).post("/admin/people/new", data=sent)
    assert page.status_code == 200
    assert [message["To"] for message in server.sent] == ["li@anhe.example"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (ConnectionRefusedError(), "does not answer"),
        (TimeoutError(), "does not answer"),
        (smtplib.SMTPRecipientsRefused({}), "does not take this address"),
        (smtplib.SMTPAuthenticationError(535, b"no"), "does not accept our sign-in"),
        (smtplib.SMTPServerDisconnected(), "did not take it"),
    ],
)
def test_a_mail_server_that_fails_costs_a_sentence_and_never_the_link(
    cast: Cast, browser: Browser, server: type[Server], reachable: User, fault: Exception, said: str
) -> None:
    server.fault = fault
    page = make_link(cast, browser, reachable)
    assert said in page
    assert "/password/" in page


def test_without_an_address_or_a_server_nothing_is_mailed(cast: Cast, browser: Browser, server: type[Server]) -> None:
    assert "mailed" not in make_link(cast, browser, cast.sales2)
    assert server.calls == []


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("smtp://mail.anhe.example", "tracker@mail.anhe.example"),
        ("smtps://me%40anhe.example:x@mail.anhe.example", "me@anhe.example"),
        ("smtps://me:x@mail.anhe.example?from=sales@anhe.example", "sales@anhe.example"),
    ],
)
def test_the_sender_is_named_by_the_setting(server: type[Server], url: str, sender: str) -> None:
    mail.send(url, to="li@anhe.example", subject="Hello", text="工地")
    assert server.sent[0]["From"] == sender
    assert server.sent[0].get_content().strip() == "工地"


@pytest.mark.parametrize(
    ("url", "to"),
    [("smtp://mail.anhe.example", "a@b.example\nBcc: x@y.example"), ("smtp://mail.anhe.example:port", "a@b.example")],
)
def test_an_address_that_is_none_is_a_sentence_too(server: type[Server], url: str, to: str) -> None:
    with pytest.raises(mail.NotSent):
        mail.send(url, to=to, subject="Hello", text="Hello")
    assert server.sent == []
