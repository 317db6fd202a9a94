"""Annotations by mail: told over a real SMTP server, answered into the thread."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.annotations.making import said, visited
from tests.cast import Cast, make_cast
from tests.conftest import NOON
from tests.notifications.making import MailBox
from tracker.annotations import letters as letters
from tracker.annotations.models import Annotation, AnnotationAnswer
from tracker.annotations.operations import withdraw
from tracker.annotations.operations.reading import read_inbox
from tracker.annotations.queries import get_annotation
from tracker.annotations.replies import MOST_BYTES, MOST_TEXT, read_reply, spoken
from tracker.annotations.things import thing_of
from tracker.extensions import db
from tracker.mail import NotSent
from tracker.notifications.models import MailWish, OutboxMail
from tracker.notifications.operations.letters import Mailing
from tracker.notifications.operations.mailing import claim_next, hand_over
from tracker.notifications.worker import Worker
from tracker.projects.models import Project

INBOX = "replies@tracker.example"


class Server:
    """Keeps what a real SMTP server was given."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[attr-defined,arg-type]
        return "250 OK"


@contextmanager
def smtp() -> Iterator[tuple[Server, Mailing]]:
    handler = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        address = f"smtp://127.0.0.1:{port}?from=tracker@tracker.example"
        yield handler, Mailing(address, "https://tracker.example", "en", inbox=INBOX)
    finally:
        controller.stop()


class FakeInbox:
    """Real messages, each until it is done."""

    def __init__(self, *raw: bytes) -> None:
        self.left = {str(number): one for number, one in enumerate(raw)}

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        yield from list(self.left.items())

    def done(self, key: str) -> None:
        del self.left[key]


def send_all(session: Session, mailing: Mailing) -> list[str]:
    states = []
    while (claimed := claim_next(session, NOON)) is not None:
        states.append(hand_over(session, claimed, mailing, today=NOON.date(), now=NOON))
        session.commit()
    return states


def asked_by_mail(session: Session, cast: Cast) -> tuple[Annotation, EmailMessage]:
    """A question, and the mail in which sales1 received it."""
    cast.sales1.email = "Sales1@anhe.example"
    with smtp() as (server, mailing):
        asked = said(session, "record", visited(session, cast.sales1), by=cast.supervisor, to=cast.sales1,
                     mailing=mailing)  # fmt: skip
        assert send_all(session, mailing) == ["sent"]
    (mail,) = server.received
    return get_annotation(session, cast.supervisor, asked.id), mail


def reply_to(mail: EmailMessage, text: str, sender: str = "sales1@anhe.example", **headers: str) -> bytes:
    """What a mail program makes of an answer: the text, and the mail quoted below it."""
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = f"Sales One <{sender}>", mail["Reply-To"], f"Re: {mail['Subject']}"
    reply["Message-ID"] = headers.pop("number", "<1@phone.example>")
    reply["In-Reply-To"] = mail["Message-ID"]
    for name, value in headers.items():
        reply[name.replace("_", "-")] = value
    quoted = "\n".join(f"> {line}" for line in mail.get_content().splitlines())
    reply.set_content(f"{text}\n\nOn Mon, 16 Mar 2026 at 12:00, Tracker wrote:\n{quoted}\n")
    return reply.as_bytes()


def read(session: Session, *raw: bytes) -> list[str]:
    became = []
    for one in read_inbox(session, FakeInbox(*raw)):
        session.commit()
        became.append(one)
    return became


def test_the_person_is_told_by_a_real_mail_which_says_how_to_answer(session: Session, cast: Cast) -> None:
    asked, mail = asked_by_mail(session, cast)
    assert mail["Subject"] == "Supervisor asks Sales1: Riverside Tower" and mail["To"] == "Sales1@anhe.example"
    text = mail.get_content()
    assert "Who decides there?" in text and f"https://tracker.example/annotations/{asked.id}" in text
    token = next(one.token for one in asked.people if one.user_id == cast.sales1.id)
    assert mail["Reply-To"] == f"replies+{token}@tracker.example" and token in mail["Message-ID"]


def test_an_answer_by_mail_comes_into_the_thread_without_what_it_quotes(session: Session, cast: Cast) -> None:
    asked, mail = asked_by_mail(session, cast)
    assert read(session, reply_to(mail, "王总定，周五见。\n\nSee you")) == ["answered"]
    thread = get_annotation(session, cast.supervisor, asked.id)
    (row,) = thread.answers
    assert row.text == "王总定，周五见。\n\nSee you" and row.by_id == cast.sales1.id and thread.state == "answered"


def test_the_same_mail_is_taken_in_once_even_where_it_was_read_but_not_marked(session: Session, cast: Cast) -> None:
    _asked, mail = asked_by_mail(session, cast)
    raw = reply_to(mail, "Ms Wang")
    assert read(session, raw) + read(session, raw) == ["answered", "known"]
    assert read(session, reply_to(mail, "And Mr Li", number="<2@phone.example>")) == ["answered"]
    assert len(session.scalars(select(AnnotationAnswer)).all()) == 2


def test_only_the_persons_own_address_answers_for_him(session: Session, cast: Cast) -> None:
    asked, mail = asked_by_mail(session, cast)
    cast.supervisor.email = "boss@anhe.example"
    session.commit()
    strangers = [reply_to(mail, "I decide", sender=one) for one in ("eve@evil.example", "boss@anhe.example")]
    assert read(session, *strangers) == ["another's address"] * 2
    cast.sales1.active = False
    session.commit()
    assert read(session, reply_to(mail, "I left")) == ["another's address"]
    assert get_annotation(session, cast.supervisor, asked.id).answers == []


def test_machines_strangers_and_empty_mails_say_nothing(session: Session, cast: Cast) -> None:
    _asked, mail = asked_by_mail(session, cast)
    elsewhere = EmailMessage()
    elsewhere["From"], elsewhere["To"] = "sales1@anhe.example", INBOX
    elsewhere.set_content("Hello")
    guessed = EmailMessage()
    guessed["From"], guessed["To"] = "sales1@anhe.example", f"replies+{'a' * 24}@tracker.example"
    guessed.set_content("Hello")
    assert read(
        session,
        reply_to(mail, "I am away", Auto_Submitted="auto-replied"),
        reply_to(mail, "Bulk", Precedence="bulk"),
        reply_to(mail, "   "),
        elsewhere.as_bytes(),
        guessed.as_bytes(),
        b"",
        b"\xff\xfe\x00 no message",
        reply_to(mail, "x" * MOST_BYTES),
    ) == ["automatic", "automatic", "empty", "no token", "unknown token", "unreadable", "unreadable", "unreadable"]
    assert session.scalars(select(AnnotationAnswer)).all() == []


def test_who_lost_sight_of_the_thing_or_whom_it_was_withdrawn_from_answers_no_more(
    session: Session, cast: Cast
) -> None:
    asked, mail = asked_by_mail(session, cast)
    project_id = asked.record.project_id  # type: ignore[union-attr]
    withdraw(session, asked, thing_of(session, "record", asked.record), by=cast.supervisor)
    session.commit()
    (refused,) = read(session, reply_to(mail, "Ms Wang"))
    assert refused.startswith("refused")
    project = session.get_one(Project, project_id)
    project.owner_id, project.team_id = cast.sales3.id, cast.south.id
    session.commit()
    assert read(session, reply_to(mail, "Ms Wang")) == ["not his to see"]


def test_attachments_are_left_where_they_are_and_an_html_mail_is_read(session: Session, cast: Cast) -> None:
    asked, mail = asked_by_mail(session, cast)
    reply = EmailMessage()
    reply["From"], reply["To"] = "sales1@anhe.example", mail["Reply-To"]
    reply.set_content(
        "<html><head><style>p {}</style></head><body><p>Ms <b>Wang</b></p><br>decides&nbsp;it"
        '<div class="gmail_quote">On Monday <blockquote>Who decides?</blockquote></div></body></html>',
        subtype="html",
    )
    reply.add_attachment(b"MZ" * 100, maintype="application", subtype="octet-stream", filename="a.exe")
    assert read(session, reply.as_bytes()) == ["answered"]
    (row,) = get_annotation(session, cast.supervisor, asked.id).answers
    assert row.text.split() == ["Ms", "Wang", "decides", "it"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Yes\n> no\nand more", "Yes\nand more"),
        ("好的\n\n在 2026年3月16日，主管 <a@b.example> 写道：\n> 问", "好的"),
        ("好的\n-----原始邮件-----\n发件人: 主管", "好的"),
        ("Yes\n\nFrom: Supervisor\nSent: Monday", "Yes"),
        ("Yes\n-- \nSales One\n+86 130", "Yes"),
        ("Yes\nOn Mon, 16 Mar 2026 at 12:00\nTracker <t@example.com> wrote:\n> x", "Yes"),
        ("Yes\n— — — ✂ — — —\nHello Sales1,", "Yes"),
        ("From the owner: yes", "From the owner: yes"),
        ("x" * 9000, "x" * (MOST_TEXT - 1) + "…"),
    ],
)
def test_what_was_quoted_or_signed_is_cut(body: str, text: str) -> None:
    assert spoken(body) == text


def test_two_senders_or_a_broken_character_set_break_nothing() -> None:
    both = b"From: a@b.example, c@d.example\r\nTo: replies+x@t.example\r\n\r\nHello"
    odd = b"From: a@b.example\r\nContent-Type: text/plain; charset=x-nobody-knows\r\n\r\nHello \xff"
    assert read_reply(both) is None
    found = read_reply(odd)
    assert found is not None and found.text.startswith("Hello")


def test_who_wants_no_mail_gets_none_and_a_server_that_is_away_costs_nothing(session: Session, cast: Cast) -> None:
    cast.sales1.email = "sales1@anhe.example"
    box = MailBox()
    record = visited(session, cast.sales1)
    said(session, "record", record, by=cast.supervisor, to=cast.sales1, mailing=box.mailing)
    box.fails = NotSent("away")
    assert send_all(session, box.mailing) == ["waiting"]
    session.add(MailWish(user_id=cast.sales1.id, reminders=True, escalations=True, muted=["annotations"]))
    session.commit()
    said(session, "record", record, by=cast.supervisor, to=cast.sales1, mailing=box.mailing)
    assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_what_was_withdrawn_before_its_mail_went_out_is_not_mailed(session: Session, cast: Cast) -> None:
    cast.sales1.email = "sales1@anhe.example"
    box = MailBox()
    asked = said(session, "record", visited(session, cast.sales1), by=cast.supervisor, to=cast.sales1,
                 mailing=box.mailing)  # fmt: skip
    withdraw(session, asked, thing_of(session, "record", asked.record), by=cast.supervisor)
    session.commit()
    assert send_all(session, box.mailing) == ["dropped"] and box.sent == []


@pytest.mark.real_time
def test_the_worker_takes_in_what_waits_in_the_inbox(own_app: Flask) -> None:
    session = db.session
    cast = make_cast(session)  # type: ignore[arg-type]
    asked, mail = asked_by_mail(session, cast)  # type: ignore[arg-type]
    number = asked.id
    own_app.config["TRACKER"] = replace(own_app.config["TRACKER"], inbox_url="imap://a:b@c/?address=" + INBOX)
    away = reply_to(mail, "I am away", Auto_Submitted="auto-replied")
    inbox, worker = FakeInbox(reply_to(mail, "Ms Wang"), away), Worker(own_app)
    worker.open_inbox = lambda _url: nullcontext(inbox)  # type: ignore[assignment,return-value]
    session.remove()
    assert worker.turn().answers == 1 and inbox.left == {}
    with own_app.app_context():
        assert db.session.get_one(Annotation, number).state == "answered"
        db.session.remove()
