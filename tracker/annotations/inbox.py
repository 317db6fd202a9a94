"""The inbox in which answers by mail arrive: read over IMAP, a few messages at a time.

`Inbox` is all that the reading step knows of it, so that any other way of getting messages can take its place.
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from tracker.annotations.replies import MOST_BYTES

PATIENCE = 20  # seconds to wait for the server
MOST = 50  # messages of one turn


class InboxFault(Exception):
    """The inbox cannot be read just now; the next turn tries again."""


class Inbox(Protocol):
    """Messages that wait. One that is done does not come again."""

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Key and bytes of each message that waits; one that is too large comes as what is there of its head."""

    def done(self, key: str) -> None:
        """The message was read, whatever came of it."""


class ImapInbox:
    """A folder on an IMAP server: what is unseen waits, and is marked as seen when it is done."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self.connection = connection

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """The unseen messages, the oldest first."""
        for number in self._ask("SEARCH", None, "UNSEEN")[0].split()[:MOST]:
            key = number.decode("ascii")
            size = self._ask("FETCH", key, "(RFC822.SIZE)")
            large = _size_of(size) > MOST_BYTES
            wanted = f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)" if large else "(BODY.PEEK[])"
            found = [part[1] for part in self._ask("FETCH", key, wanted) if isinstance(part, tuple)]
            if found:
                yield key, found[0] + (b"\0" * MOST_BYTES if large else b"")

    def done(self, key: str) -> None:
        """Mark it as seen."""
        self._ask("STORE", key, "+FLAGS", "(\\Seen)")

    def _ask(self, command: str, *arguments: Any) -> list[Any]:
        state, answer = self.connection.uid(command, *[one for one in arguments if one is not None])
        if state != "OK":
            raise InboxFault(f"{command}: {state}")
        return list(answer)


def _size_of(answer: list[Any]) -> int:
    text = b" ".join(part if isinstance(part, bytes) else part[0] for part in answer if part)
    digits = text.partition(b"RFC822.SIZE ")[2].split(b")")[0].split()[:1]
    return int(digits[0]) if digits and digits[0].isdigit() else MOST_BYTES + 1


@contextmanager
def opened(url: str) -> Iterator[ImapInbox]:
    """The inbox at `imap(s)://user:password@host:port/FOLDER?address=…`; raises InboxFault where it is away."""
    parts = urlsplit(url)
    try:
        connection = _connect(parts.scheme == "imaps", parts.hostname or "localhost", parts.port)
        try:
            connection.login(unquote(parts.username or ""), unquote(parts.password or ""))
            state, _count = connection.select(unquote(parts.path.strip("/")) or "INBOX")
            if state != "OK":
                raise InboxFault("there is no such folder")
            yield ImapInbox(connection)
        finally:
            connection.logout()
    except (OSError, imaplib.IMAP4.error) as error:
        raise InboxFault(str(error)[:200]) from error


def _connect(encrypted: bool, host: str, port: int | None) -> imaplib.IMAP4:
    if encrypted:
        return imaplib.IMAP4_SSL(host, port or 993, timeout=PATIENCE, ssl_context=ssl.create_default_context())
    connection = imaplib.IMAP4(host, port or 143, timeout=PATIENCE)
    if "STARTTLS" in connection.capabilities:
        connection.starttls(ssl_context=ssl.create_default_context())
    return connection
