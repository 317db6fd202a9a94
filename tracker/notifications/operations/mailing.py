"""Mails about due things: written with the notifications in one transaction, sent by the worker, never twice.

A mail is claimed by a conditional UPDATE that is committed before it is handed to the mail server. Whoever falls over
in between leaves it claimed; such a one is logged and not sent again, since nobody can know whether it went out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import structlog
from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session, joinedload

from tracker import mail
from tracker.access import visible
from tracker.i18n import LOCALES, _, _n, speaking
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts_of_many
from tracker.notifications.models import DueThing, MailWish, OutboxMail
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.clocks import due_things

log = structlog.get_logger()
MOST_ATTEMPTS = 8  # the last some four hours after the first
FIRST_WAIT = timedelta(minutes=2)  # doubled after each attempt
LONGEST_WAIT = FIRST_WAIT * 2**MOST_ATTEMPTS
LOST_AFTER = timedelta(minutes=15)  # a claimed mail of which nothing was heard
LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Mailing:
    """How this installation mails: the mail server, the address of its pages, the language of who chose none."""

    smtp_url: str
    base_url: str
    locale: str
    send: Callable[..., None] = mail.send


def write_mails(session: Session, told: Mapping[User, Sequence[int]], mailing: Mailing) -> None:
    """Put one mail for each reader into the outbox, with those of the due things (by id) that he wants mailed."""
    ids = [user.id for user in told]
    wishes = {wish.user_id: wish for wish in session.scalars(select(MailWish).where(MailWish.user_id.in_(ids)))}
    things = _things(session, {number for numbers in told.values() for number in numbers})
    for user, numbers in told.items():
        wanted = [things[number] for number in numbers if wants(wishes.get(user.id), things[number].level)]
        if user.email and wanted:
            session.add(_written(user, user.email, wanted, mailing))
    session.flush()


def wants(wish: MailWish | None, level: str) -> bool:
    """Whether things of a level are mailed to somebody with this wish (None: he never said)."""
    if level == "remind":
        return wish is not None and wish.reminders
    return wish is None or wish.escalations


def _things(session: Session, ids: Iterable[int]) -> dict[int, DueThing]:
    query = select(DueThing).where(DueThing.id.in_(list(ids))).options(joinedload(DueThing.project))
    return {thing.id: thing for thing in session.scalars(query)}


def _written(user: User, address: str, things: Sequence[DueThing], mailing: Mailing) -> OutboxMail:
    language = user.locale if user.locale in LOCALES else mailing.locale
    subject, body = compose(user.name, things, mailing, str(language))
    numbers = [thing.id for thing in things]
    return OutboxMail(user_id=user.id, to=address, lang=language, subject=subject, body=body, things=numbers)


def compose(name: str, things: Sequence[DueThing], mailing: Mailing, language: str) -> tuple[str, str]:
    """(subject, text) of a mail about these things, by project, in a language."""
    with speaking(language):
        ordered = sorted(things, key=lambda thing: (thing.project_id, thing.due_on, thing.id))
        parts = [_("Hello %(name)s,", name=name)]
        for project_id, group in groupby(ordered, key=lambda thing: thing.project_id):
            of_project = list(group)
            lines = [f"- {_said(thing, language)}" for thing in of_project]
            address = f"{mailing.base_url}/projects/{project_id}"
            parts.append("\n".join([of_project[0].project.name, *lines, address]))
        parts.append(_("What is mailed to you you choose at %(address)s.", address=f"{mailing.base_url}/notifications"))
        site = " ".join(ordered[0].project.name.split())
        if len(ordered) == 1:
            subject = f"{site}: {_said(ordered[0], language)}"
        else:
            subject = _n("%(num)d thing is due: %(site)s", "%(num)d things are due: %(site)s", len(ordered), site=site)
    return " ".join(subject.split())[:LONGEST_SUBJECT], "\n\n".join(parts)


def _said(thing: DueThing, language: str) -> str:
    text = thing.zh if language == "zh" else thing.en
    return f"{text} ({thing.rule})" if thing.rule else text


def claim_next(session: Session, now: datetime) -> OutboxMail | None:
    """Claim the next mail that may go out; the caller commits before it is handed over. None: there is none.

    A mail that must wait for longer than any wait lasts was written before the clock was set back, and goes out.
    """
    free = or_(OutboxMail.not_before <= now, OutboxMail.not_before > now + LONGEST_WAIT)
    query = select(OutboxMail.id).where(OutboxMail.state == "waiting", free).order_by(OutboxMail.id).limit(1)
    while (number := session.scalar(query)) is not None:
        claim = (
            update(OutboxMail)
            .where(OutboxMail.id == number, OutboxMail.state == "waiting")
            .values(state="sending", attempts=OutboxMail.attempts + 1, claimed_at=now)
            .execution_options(synchronize_session=False)
        )
        if _changed(session, claim):
            return session.get_one(OutboxMail, number, populate_existing=True)
    return None


def hand_over(session: Session, claimed: OutboxMail, mailing: Mailing, *, today: date, now: datetime) -> str:
    """Give a claimed mail to the mail server, unless nothing of it holds any more; its new state."""
    user = session.get_one(User, claimed.user_id, options=(joinedload(User.role), joinedload(User.team)))
    things = _still_due(session, user, claimed.things, today)
    if not things or not user.active:
        claimed.state = "dropped"
        return claimed.state
    if len(things) < len(claimed.things):
        claimed.subject, claimed.body = compose(user.name, things, mailing, claimed.lang)
    try:
        mailing.send(mailing.smtp_url, to=claimed.to, subject=claimed.subject, text=claimed.body)
    except mail.NotSent as error:
        _put_off(claimed, str(error.reason), now)
    else:
        claimed.state, claimed.sent_at, claimed.fault = "sent", now, None
    session.flush()
    return claimed.state


def _put_off(claimed: OutboxMail, why: str, now: datetime) -> None:
    claimed.fault = why[:300]
    if claimed.attempts >= MOST_ATTEMPTS:
        claimed.state = "failed"
        log.error("a mail was given up", mail=claimed.id, to=claimed.to, attempts=claimed.attempts, reason=why)
        return
    claimed.state = "waiting"
    claimed.not_before = now + FIRST_WAIT * 2 ** (claimed.attempts - 1)


def give_up_lost(session: Session, now: datetime) -> int:
    """Mark mails that somebody claimed and never finished; they are not sent again. How many there were."""
    lost = (
        update(OutboxMail)
        .where(OutboxMail.state == "sending", OutboxMail.claimed_at < now - LOST_AFTER)
        .values(state="unknown", fault="whoever sent it fell over")
        .execution_options(synchronize_session=False)
    )
    found = _changed(session, lost)
    if found:
        log.error("mails were claimed and never finished; they are not sent again", mails=found)
    return found


def _still_due(session: Session, user: User, ids: Sequence[int], today: date) -> list[DueThing]:
    """Those of the due things that are still due, of projects that the reader still sees."""
    things = list(_things(session, ids).values())
    seen = {thing.project_id for thing in things}
    projects = session.scalars(select(Project).where(Project.id.in_(seen), visible(Project, user))).all()
    pairs = [(definition_of(session, project), project) for project in projects]
    definitions = {project.id: definition for definition, project in pairs}
    due = {
        (project.id, thing.key)
        for project, facts in load_facts_of_many(session, pairs)
        if not isinstance(facts, Exception)
        for thing in due_things(definitions[project.id], facts, today)
    }
    return [thing for thing in things if (thing.project_id, thing.key) in due]


def _changed(session: Session, statement: Any) -> int:
    """How many rows an UPDATE changed."""
    done: CursorResult[Any] = session.execute(statement)  # type: ignore[assignment]
    return done.rowcount
