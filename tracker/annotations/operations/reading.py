"""Taking answers by mail into their threads: each once, from the person's own address, nothing but its own words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.annotations.inbox import Inbox
from tracker.annotations.models import Annotation, AnnotationAnswer, AnnotationPerson
from tracker.annotations.operations import answer
from tracker.annotations.queries import whole
from tracker.annotations.replies import Reply, read_reply
from tracker.annotations.things import sees, thing_of
from tracker.errors import NotFound, Refused
from tracker.notifications.operations.letters import Mailing
from tracker.team.models import User

log = structlog.get_logger()


def read_inbox(session: Session, inbox: Inbox, mailing: Mailing | None = None) -> Iterator[str]:
    """Read what waits; after each message what became of it, upon which the caller commits.

    The message is marked as done once its answer is committed: one that comes again after a fall is known by its
    number and not taken in twice.
    """
    for key, raw in inbox.waiting():
        became = _take_in(session, raw, mailing)
        log.info("a mail was read", became=became)
        yield became
        inbox.done(key)


def _take_in(session: Session, raw: bytes, mailing: Mailing | None) -> str:
    reply = read_reply(raw)
    if reply is None:
        return "unreadable"
    if reply.automatic:
        return "automatic"
    if not reply.tokens:
        return "no token"
    for token in reply.tokens:
        seat = session.scalar(select(AnnotationPerson).where(AnnotationPerson.token == token))
        if seat is not None:
            return _answer(session, seat, reply, raw, mailing)
    return "unknown token"


def _answer(session: Session, seat: AnnotationPerson, reply: Reply, raw: bytes, mailing: Mailing | None) -> str:
    whose = (User.id == seat.user_id, User.active, func.lower(User.email) == reply.sender)
    by = session.scalar(select(User).where(*whose).options(joinedload(User.role), joinedload(User.team)))
    if by is None:
        return "another's address"
    if not reply.text:
        return "empty"
    query = select(Annotation).where(Annotation.id == seat.annotation_id).options(*whole())
    annotation = session.scalars(query.options(selectinload(Annotation.people)).with_for_update(of=Annotation)).one()
    number = reply.message_id or hashlib.sha256(raw).hexdigest()
    same = (AnnotationAnswer.annotation_id == annotation.id, AnnotationAnswer.message_id == number)
    if session.scalar(select(AnnotationAnswer.id).where(*same)) is not None:
        return "known"
    if not sees(session, by, annotation):
        return "not his to see"
    try:
        thing = thing_of(session, annotation.on, annotation.thing)
        answer(session, annotation, thing, reply.text, by=by, message_id=number, mailing=mailing)
    except (NotFound, Refused) as refusal:
        return f"refused: {refusal}"
    return "answered"
