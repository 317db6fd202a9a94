"""Annotating, answering and withdrawing."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock, events
from tracker.access import is_dealer
from tracker.access.actions import REASONS, Action
from tracker.access.of_annotations import annotates
from tracker.annotations.models import KINDS, PRAISE, Annotation, AnnotationAnswer, AnnotationPerson
from tracker.annotations.operations.mentions import mentioned_in
from tracker.annotations.operations.telling import tell
from tracker.annotations.things import Thing, sees_thing
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.notifications.operations.letters import Mailing
from tracker.team.models import User

LONGEST = 4000  # characters of what somebody says
_WHOLE = (joinedload(User.role), joinedload(User.team))


@dataclass(frozen=True, slots=True)
class Words:
    """What is said: kind, text, to whom, and (by the form, beside mentions in the text) who is brought in."""

    kind: str
    text: str
    to_id: int | None
    bring: tuple[int, ...] = ()


def annotate(session: Session, thing: Thing, words: Words, *, by: User, mailing: Mailing | None = None) -> Annotation:
    """Say something about a thing to somebody who sees it; praise needs no answer, all else is open until it has one.

    Raises Forbidden unless he leads there, Invalid for whom it is not to be said to, or who may not be brought in.
    """
    if not annotates(by, thing.home):
        raise Forbidden(REASONS[Action.ANNOTATE])
    if words.kind not in KINDS:
        raise Invalid("kind", _l("Choose one of the values in the list."))
    text = _said(words.text)
    to = _addressee(session, thing, words.to_id, by)
    brought = [one for one in _brought(session, thing, text, words.bring, by) if one.id != to.id]
    annotation = Annotation(
        kind=words.kind, text=text, state="said" if words.kind == PRAISE else "open", by_id=by.id, to_id=to.id,
        at=clock.now(), **{f"{thing.on}_id": thing.row.id},
    )  # fmt: skip
    session.add(annotation)
    session.flush()
    _join(session, annotation, (by,), "author")
    _join(session, annotation, (to,), "asked")
    _join(session, annotation, brought, "brought")
    session.flush()
    told = {"what": thing.on, "annotation": words.kind, "user_id": to.id, "name": to.name}
    events.record(session, Kind.ANNOTATED, annotation, by=by, project_id=_project_id(thing), **told)
    tell(session, annotation, "new", [to, *brought], by=by, mailing=mailing)
    return annotation


def answer(
    session: Session,
    annotation: Annotation,
    thing: Thing,
    text: str,
    *,
    by: User,
    message_id: str | None = None,
    mailing: Mailing | None = None,
) -> AnnotationAnswer:
    """Answer in the thread (its people loaded). Where the one who was asked answers, it is open no more.

    Who sees it may say something; a dealer's people answer for each other.
    """
    if annotation.state == "withdrawn":
        raise Refused(_l("This was withdrawn; there is nothing to answer any more."))
    said = _said(text)
    brought = _brought(session, thing, said, (), by)
    row = AnnotationAnswer(annotation_id=annotation.id, by_id=by.id, text=said, at=clock.now(), message_id=message_id)
    session.add(row)
    _join(session, annotation, [by, *brought], "brought")
    if annotation.state == "open" and _answers_it(session, annotation, by):
        annotation.state, annotation.settled_at = "answered", clock.now()
    session.flush()
    told = {"what": thing.on, "answer": said[:300]}
    events.record(session, Kind.ANNOTATION_ANSWERED, annotation, by=by, project_id=_project_id(thing), **told)
    people = session.scalars(
        select(User)
        .join(AnnotationPerson, AnnotationPerson.user_id == User.id)
        .where(AnnotationPerson.annotation_id == annotation.id, User.id != by.id, User.active)
        .order_by(User.id)
        .options(*_WHOLE)
    ).all()
    tell(session, annotation, f"answer:{row.id}", people, by=by, mailing=mailing)
    return row


def withdraw(session: Session, annotation: Annotation, thing: Thing, *, by: User) -> None:
    """Take back what was said: its author does, or who leads there; it stays to be read."""
    if annotation.by_id != by.id and not annotates(by, thing.home):
        raise Forbidden(_l("Only who said it, or who leads there, withdraws it."))
    if annotation.state == "withdrawn":
        return
    annotation.state, annotation.settled_at = "withdrawn", clock.now()
    session.flush()
    events.record(session, Kind.ANNOTATION_WITHDRAWN, annotation, by=by, project_id=_project_id(thing), what=thing.on)


def reopen(session: Session, annotation: Annotation, thing: Thing, *, by: User) -> None:
    """The answer was none: it is open again, for its author or who leads there."""
    if annotation.by_id != by.id and not annotates(by, thing.home):
        raise Forbidden(_l("Only who said it, or who leads there, opens it again."))
    if annotation.state == "answered":
        annotation.state, annotation.settled_at = "open", None
        session.flush()
        told = {"what": thing.on, "state": "open"}
        events.record(session, Kind.ANNOTATED, annotation, by=by, project_id=_project_id(thing), **told)


def _said(text: str) -> str:
    said = text.strip()
    if not said:
        raise Invalid("text", _l("Please fill this in."))
    if len(said) > LONGEST:
        raise Invalid("text", _l("At most %(max)d characters, please.", max=LONGEST))
    return said


def _addressee(session: Session, thing: Thing, to_id: int | None, by: User) -> User:
    to = session.get(User, to_id, options=_WHOLE) if to_id else None
    if to is None or not to.active:
        raise Invalid("to_id", _l("Choose who is to read this."))
    if to.id == by.id:
        raise Invalid("to_id", _l("Say it to somebody else than yourself."))
    if (is_dealer(to) and thing.on != "registration") or not sees_thing(session, to, thing):
        raise Invalid("to_id", _l("%(name)s does not see this. Choose somebody who does.", name=to.name))
    return to


def _brought(session: Session, thing: Thing, text: str, ids: Iterable[int], by: User) -> list[User]:
    """Who is brought in, by name in the text or by number; each must see the thing, or nobody is."""
    wanted = mentioned_in(session, by, text)
    known = {one.id for one in wanted}
    more = [number for number in ids if number not in known]
    if more:
        query = select(User).where(User.id.in_(more), User.active, User.party_id.is_(None)).options(*_WHOLE)
        wanted += session.scalars(query.order_by(User.id)).all()
    for one in wanted:
        if is_dealer(one) or not sees_thing(session, one, thing):
            raise Invalid("text", _l("%(name)s may not see this and cannot be brought in.", name=one.name))
    return [one for one in wanted if one.id != by.id]


def _answers_it(session: Session, annotation: Annotation, by: User) -> bool:
    if by.id == annotation.to_id:
        return True
    to = session.get_one(User, annotation.to_id)
    return by.party_id is not None and to.party_id == by.party_id


def _join(session: Session, annotation: Annotation, people: Iterable[User], part: str) -> None:
    known = set(
        session.scalars(select(AnnotationPerson.user_id).where(AnnotationPerson.annotation_id == annotation.id))
    )
    for one in people:
        if one.id not in known:
            known.add(one.id)
            token = secrets.token_urlsafe(18).lower().replace("_", "x").replace("-", "y")  # some servers fold the case
            session.add(AnnotationPerson(annotation_id=annotation.id, user_id=one.id, part=part, token=token))


def _project_id(thing: Thing) -> int | None:
    return thing.home.id if thing.home.__tablename__ == "project" else None
