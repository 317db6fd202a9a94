"""Mails over a real SMTP server, with real workers: received once each, also when the server is away for an hour, when
it is busy, and when several workers run."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from tests.cast import make_cast
from tests.databases import empty_database, migrated_app
from tests.factories import make_project
from tests.todos.test_todos import make_todo
from tracker import clock
from tracker.extensions import db
from tracker.matrix.operations.refreshing import refresh_many
from tracker.notifications.models import MailWish, OutboxMail
from tracker.notifications.worker import Worker

NOON = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.real_time


class Mailbox:
    """What a mail server does with what it is given: keeps it, or says that it is busy."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.busy = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  as aiosmtpd names it
        """One mail that comes in."""
        if self.busy:
            return "451 4.3.0 Try again later"
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        assert envelope.rcpt_tos == [message["To"]]
        self.received.append(message)
        return "250 OK"


@contextmanager
def running(box: Mailbox, port: int) -> Iterator[None]:
    """A mail server at this port."""
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield
    finally:
        server.stop()


@pytest.fixture
def port() -> int:
    """A port that nobody listens at."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def company(tmp_path: Path, database_url: str, port: int) -> Iterator[Flask]:
    """An application on a database of its own that mails by that port, with two silent sites and a to-do."""
    with empty_database(database_url, tmp_path, "smtp") as url, migrated_app(url, tmp_path) as app:
        config = app.config["TRACKER"]
        app.config["TRACKER"] = replace(config, smtp_url=f"smtp://127.0.0.1:{port}?from=tracker@example.com")
        with time_machine.travel(NOON, tick=False), app.app_context():
            cast = make_cast(db.session)
            for person in (cast.supervisor, cast.sales1):
                person.email = f"{person.username}@example.com"
            cast.supervisor.locale, cast.sales1.locale = "zh", "en"
            db.session.add(MailWish(user_id=cast.sales1.id, reminders=True, escalations=True))
            since = clock.today() - timedelta(days=20)
            for number in range(2):
                make_project(
                    db.session, cast.sales1, name=f"云栖 Site {number}", phase="bid", step="masonry", since=since
                )
            db.session.commit()
            make_todo(db.session, cast.sales1, text="Send the price list")
            refresh_many(db.session, [1, 2])
            db.session.commit()
            db.session.remove()
        yield app


def outbox(app: Flask) -> list[tuple[str, int]]:
    """State and attempts of every mail, in order."""
    with app.app_context():
        rows = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        found = [(row.state, row.attempts) for row in rows]
        db.session.remove()
        return found


def turn(worker: Worker, minutes: float) -> None:
    """What the worker does so many minutes after noon."""
    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=True):
        worker.turn()


def texts(box: Mailbox, to: str) -> list[str]:
    return [message.get_content() for message in box.received if message["To"] == to]


def test_mails_are_received_with_all_that_they_say(company: Flask, port: int) -> None:
    box = Mailbox()
    with running(box, port):
        turn(Worker(company), 0)
    states = outbox(company)
    assert states and set(states) == {("sent", 1)} and len(states) == len(box.received)
    assert {message["From"] for message in box.received} == {"tracker@example.com"}
    (led,) = texts(box, "supervisor@example.com")
    assert "云栖 Site 0" in led and "云栖 Site 1" in led and "没有新记录" in led
    mine = "\n".join(texts(box, "sales1@example.com"))
    assert "Send the price list" in mine and "/todos/1" in mine


def test_when_the_server_is_away_for_an_hour_nothing_is_lost_and_nothing_comes_twice(company: Flask, port: int) -> None:
    box, worker = Mailbox(), Worker(company)
    for minutes in range(0, 61, 3):
        turn(worker, minutes)
    waiting = outbox(company)
    assert waiting and {state for state, _attempts in waiting} == {"waiting"}
    assert all(3 <= attempts <= 6 for _state, attempts in waiting), "it is tried again at growing distances"
    with running(box, port):
        for minutes in range(61, 130, 3):
            turn(worker, minutes)
    assert {state for state, _attempts in outbox(company)} == {"sent"}
    assert len(box.received) == len(waiting)
    assert len({(message["To"], message["Subject"]) for message in box.received}) == len(waiting)


def test_a_busy_server_is_asked_again_and_takes_each_once(company: Flask, port: int) -> None:
    box, worker = Mailbox(), Worker(company)
    box.busy = True
    with running(box, port):
        for minutes in range(4):
            turn(worker, minutes)
        assert box.received == [] and {state for state, _attempts in outbox(company)} == {"waiting"}
        box.busy = False
        for minutes in range(4, 20, 3):
            turn(worker, minutes)
    assert len(box.received) == len(outbox(company))
    assert {state for state, _attempts in outbox(company)} == {"sent"}


def test_what_is_done_while_the_server_is_away_is_not_mailed_when_it_is_back(company: Flask, port: int) -> None:
    box, worker = Mailbox(), Worker(company)
    turn(worker, 0)
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False), company.app_context():
        from tracker.team.models import User
        from tracker.todos.models import Todo
        from tracker.todos.operations.doing import finish

        owner = db.session.scalars(select(User).where(User.username == "sales1")).one()
        finish(db.session, db.session.scalars(select(Todo)).one(), by=owner)
        db.session.commit()
        db.session.remove()
    with running(box, port):
        for minutes in range(60, 90, 5):
            turn(worker, minutes)
    assert "Send the price list" not in "\n".join(texts(box, "sales1@example.com"))
    assert len(texts(box, "supervisor@example.com")) == 1


def test_a_server_that_takes_a_mail_and_goes_away_gets_it_again_under_the_same_number(
    company: Flask, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, worker = Mailbox(), Worker(company)
    whole = smtplib.SMTP.send_message

    def takes_and_goes(self: smtplib.SMTP, *args: Any, **kwargs: Any) -> None:
        whole(self, *args, **kwargs)
        raise smtplib.SMTPServerDisconnected

    with running(box, port):
        with monkeypatch.context() as patched:
            patched.setattr(smtplib.SMTP, "send_message", takes_and_goes)
            turn(worker, 0)
        first = len(box.received)
        turn(worker, 5)
    assert first and len(box.received) == 2 * first, "nobody can know that it was taken"
    numbers = [message["Message-ID"] for message in box.received]
    assert None not in numbers and len(set(numbers)) == first, "and whoever gets it sees that it is the same"
    assert set(outbox(company)) == {("sent", 2)}


def test_three_workers_at_once_send_each_mail_once(company: Flask, port: int) -> None:
    box = Mailbox()
    workers = [Worker(company) for _number in range(3)]
    with running(box, port), time_machine.travel(NOON, tick=True), ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda worker: worker.turn(), workers))
    states = outbox(company)
    assert {state for state, _attempts in states} == {"sent"} and len(box.received) == len(states)


def sent_though_the_first_dies(company: Flask, port: int, monkeypatch: pytest.MonkeyPatch, when: str) -> Mailbox:
    """What is received where the first worker dies in this step with the server, and another one goes on."""
    box, first, second = Mailbox(), Worker(company), Worker(company)
    with monkeypatch.context() as patched:

        def dies(*_args: Any, **_kwargs: Any) -> None:
            raise KeyboardInterrupt

        patched.setattr(smtplib.SMTP, when, dies)
        with running(box, port), pytest.raises(KeyboardInterrupt):
            turn(first, 0)
    with running(box, port):
        for minutes in (3, 6, 20, 40):
            turn(second, minutes)
    return box


def test_one_worker_dies_before_the_server_is_reached_and_nothing_is_lost(
    company: Flask, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = sent_though_the_first_dies(company, port, monkeypatch, "ehlo")
    states = [state for state, _attempts in outbox(company)]
    assert set(states) == {"sent"} and len(box.received) == len(states)


def test_one_worker_dies_with_a_mail_in_hand_and_the_others_go_on(
    company: Flask, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = sent_though_the_first_dies(company, port, monkeypatch, "send_message")
    states = [state for state, _attempts in outbox(company)]
    assert states.count("unknown") == 1 and set(states) == {"unknown", "sent"}
    assert len(box.received) == states.count("sent"), "what nobody knows of is not sent a second time"
