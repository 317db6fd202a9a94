"""Mail by the standard library: one message, plain or with HTML and its pictures, handed to the server that
TRACKER_SMTP_URL names.

Whoever sends has committed before: a server that takes no mail costs a sentence to the user, never his change.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from tracker import clock
from tracker.i18n import _l

PATIENCE = 10  # seconds to wait for the server


class NotSent(Exception):
    """The mail did not go out; `reason` is half a sentence for the user."""

    def __init__(self, reason: Any) -> None:
        super().__init__(reason)
        self.reason = reason


def send(
    smtp_url: str,
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    pictures: Sequence[tuple[str, bytes]] = (),
    headers: Mapping[str, str] | None = None,
    ready: Callable[[], None] | None = None,
) -> None:
    """Send a text to one address, with `html` also as such, showing `pictures` (cid -> JPEG). Raises NotSent.

    `ready` is called when the server has answered and taken our sign-in: from then on nobody knows for sure.

    `smtp_url` is `smtp://user:password@host:port` (TLS where the server offers it) or `smtps://…` (TLS at once), with
    `?from=address` where the sender is not the user.
    """
    server = urlsplit(smtp_url)
    try:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender_of(server), to, subject
        message["Date"] = format_datetime(clock.now())
        for name, value in (headers or {}).items():
            message[name] = value
        _fill(message, text, html, pictures)
        with _connect(server) as connection:
            if server.username:
                connection.login(unquote(server.username), unquote(server.password or ""))
            if ready:
                ready()
            connection.send_message(message)
    except smtplib.SMTPRecipientsRefused:
        raise NotSent(_l("the mail server does not take this address")) from None
    except smtplib.SMTPAuthenticationError:
        raise NotSent(_l("the mail server does not accept our sign-in")) from None
    except smtplib.SMTPException as error:
        raise NotSent(_l("the mail server did not take it")) from error
    except OSError as error:
        raise NotSent(_l("the mail server does not answer")) from error
    except ValueError as error:  # a line break in an address, a port that is none
        raise NotSent(_l("the address of the person or of the mail server is wrong")) from error


def _fill(message: EmailMessage, text: str, html: str, pictures: Sequence[tuple[str, bytes]]) -> None:
    message.set_content(text)
    if not html:
        return
    message.add_alternative(html, subtype="html")
    shown: Any = message.get_payload()[1]  # type: ignore[index]
    for cid, data in pictures:
        shown.add_related(data, maintype="image", subtype="jpeg", cid=f"<{cid}>", disposition="inline")


def _connect(server: SplitResult) -> smtplib.SMTP:
    host, encrypted = server.hostname or "localhost", server.scheme == "smtps"
    if encrypted:
        return smtplib.SMTP_SSL(host, server.port or 465, timeout=PATIENCE, context=ssl.create_default_context())
    connection = smtplib.SMTP(host, server.port or 25, timeout=PATIENCE)
    connection.ehlo()
    if connection.has_extn("starttls"):
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
    return connection


def sender_of(server: SplitResult) -> str:
    """The address that mails come from: as the setting says, else the user who signs in there."""
    named = parse_qs(server.query).get("from", [""])[0]
    user = unquote(server.username or "")
    return named or (user if "@" in user else f"tracker@{server.hostname or 'localhost'}")
