"""Mails that are written when they are sent, each kind by what its feature registered for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from tracker import mail
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class Mailing:
    """How this installation mails: the mail server, the address of its pages, the language of who chose none.

    `inbox`: the address at which answers are taken in; empty where nobody reads any.
    """

    smtp_url: str
    base_url: str
    locale: str
    send: Callable[..., None] = mail.send
    inbox: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: as text and, with the pictures that it shows (cid -> JPEG), as HTML; further headers.

    `thread`: what its Message-ID is to hold, so that an answer to it is known by that.
    """

    subject: str
    text: str
    html: str = ""
    pictures: Sequence[tuple[str, bytes]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    thread: str = ""


Writer = Callable[[Session, User, int, Mailing], Letter | None]
"""Writes a mail to somebody about a row, in the present language; None where there is nothing to say any more."""
_WRITERS: dict[str, Writer] = {}


def writes(kind: str) -> Callable[[Writer], Writer]:
    """Register what writes the mails of a kind."""

    def register(writer: Writer) -> Writer:
        _WRITERS[kind] = writer
        return writer

    return register


def write_letter(session: Session, kind: str, user: User, about_id: int, mailing: Mailing) -> Letter | None:
    """A mail of a kind to somebody, as things stand now."""
    return _WRITERS[kind](session, user, about_id, mailing)
