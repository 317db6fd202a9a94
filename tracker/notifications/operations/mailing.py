"""Mails about due things: written with the notifications in one transaction, sent by the worker.

A mail is claimed by a conditional UPDATE that is committed before the mail server is asked (`sending`); once the server
is there, that is committed too (`handing`), and then the mail is handed over. Whoever falls over before leaves one that
certainly did not go out: it waits again. Whoever falls over while handing over leaves one of which nobody can know: it
is logged and not sent again. One doubt no sender can settle: a server that takes a mail and goes away before it says so
is asked again. So each mail has a Message-ID of its row, the same at each attempt, by which mailboxes know it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session, joinedload

from config import Config
from tracker import clock, mail
from tracker.i18n import LOCALES, _, _n, speaking
from tracker.notifications.holding import URGENT, held_until, wants
from tracker.notifications.models import DueThing, MailWish, OutboxMail
from tracker.notifications.operations.letters import Letter, write_letter
from tracker.notifications.operations.letters import Mailing as Mailing
from tracker.notifications.operations.still import load_things, still_due
from tracker.team.models import User

log = structlog.get_logger()
MOST_ATTEMPTS = 8  # the last some four hours after the first
FIRST_WAIT = timedelta(minutes=2)  # doubled after each attempt
LONGEST_WAIT = timedelta(days=2, hours=1)  # a daily mail that falls into quiet hours; attempts wait less
LOST_AFTER = timedelta(minutes=15)  # a claimed mail of which nothing was heard
LONGEST_SUBJECT = 150


def mailing_of(config: Config) -> Mailing | None:
    """How an installation of these settings mails; None where no mail server is set."""
    return (
        Mailing(config.smtp_url, config.base_url, config.locale, inbox=config.inbox_address)
        if config.smtp_url
        else None
    )


def write_mails(session: Session, told: Mapping[User, Sequence[int]], mailing: Mailing) -> None:
    """Put one mail for each reader into the outbox, with those of the due things (by id) that he wants mailed.

    What is held back for him anyway (his quiet hours, his daily mail) joins the mail that waits for him already.
    """
    ids = [user.id for user in told]
    wishes = {wish.user_id: wish for wish in session.scalars(select(MailWish).where(MailWish.user_id.in_(ids)))}
    things = load_things(session, {number for numbers in told.values() for number in numbers})
    for user, numbers in told.items():
        wish = wishes.get(user.id)
        wanted = [things[number] for number in numbers if wants(wish, things[number].level, things[number].kind)]
        if user.email and wanted:
            _put(session, user, user.email, wanted, wish, mailing)
    session.flush()


def _put(
    session: Session, user: User, address: str, wanted: Sequence[DueThing], wish: MailWish | None, mailing: Mailing
) -> None:
    now, zone = clock.now(), _zone_of(user)
    urgent = any(thing.level == URGENT for thing in wanted)
    leaves = held_until(wish, zone, now, urgent=urgent)
    if leaves > now and _joined(session, user, wanted, leaves, mailing):
        return
    written = _written(user, address, wanted, mailing)
    written.not_before = leaves
    session.add(written)


def _joined(session: Session, user: User, wanted: Sequence[DueThing], leaves: datetime, mailing: Mailing) -> bool:
    """Write these things into a mail that waits for the same moment; False where there is none (any more)."""
    query = select(OutboxMail).where(
        OutboxMail.user_id == user.id, OutboxMail.state == "waiting", OutboxMail.kind == "due"
    )
    query = query.where(OutboxMail.attempts == 0, OutboxMail.not_before == leaves).order_by(OutboxMail.id).limit(1)
    waiting = session.scalars(query).first()
    if waiting is None:
        return False
    numbers = [*waiting.things, *(thing.id for thing in wanted)]
    things = list(load_things(session, numbers).values())
    subject, body = compose(user.name, things, mailing, waiting.lang)
    joining = update(OutboxMail).where(OutboxMail.id == waiting.id, OutboxMail.state == "waiting")
    joining = joining.values(things=numbers, subject=subject, body=body)
    return bool(_changed(session, joining.execution_options(synchronize_session="fetch")))


def _written(user: User, address: str, things: Sequence[DueThing], mailing: Mailing) -> OutboxMail:
    language = user.locale if user.locale in LOCALES else mailing.locale
    subject, body = compose(user.name, things, mailing, str(language))
    numbers = [thing.id for thing in things]
    return OutboxMail(user_id=user.id, to=address, lang=language, subject=subject, body=body, things=numbers)


def compose(name: str, things: Sequence[DueThing], mailing: Mailing, language: str) -> tuple[str, str]:
    """(subject, text) of a mail about these things, by project, lead or dealer, in a language."""
    with speaking(language):
        ordered = sorted(things, key=lambda thing: (*_site_of(thing), thing.due_on, thing.id))
        parts = [_("Hello %(name)s,", name=name)]
        for (kind, number), group in groupby(ordered, key=_site_of):
            of_site = list(group)
            lines = [f"- {_said(thing, language)}" for thing in of_site]
            address = f"{mailing.base_url}/{kind}/{number or 'mine'}"
            parts.append("\n".join([_name_of(of_site[0]), *lines, address]))
        parts.append(_("What is mailed to you you choose at %(address)s.", address=f"{mailing.base_url}/notifications"))
        site = " ".join(_name_of(ordered[0]).split())
        if len(ordered) == 1:
            subject = f"{site}: {_said(ordered[0], language)}"
        else:
            subject = _n("%(num)d thing is due: %(site)s", "%(num)d things are due: %(site)s", len(ordered), site=site)
    return " ".join(subject.split())[:LONGEST_SUBJECT], "\n\n".join(parts)


def _site_of(thing: DueThing) -> tuple[str, int]:
    """The folder of its page's address and its number (0: one's own there): firms come first, then leads, projects."""
    if thing.account_id is not None:
        return "accounts", thing.account_id
    if thing.dealer_id is not None:
        return "dealers", 0 if thing.audience == "dealer" else thing.dealer_id
    if thing.registration_id is not None:
        folder = "dealers/mine/registrations" if thing.audience == "dealer" else "registrations"
        return folder, thing.registration_id
    if thing.reward_id is not None:
        return "rewards", thing.reward_id
    if thing.todo_id is not None:
        return "todos", thing.todo_id
    return ("leads", thing.lead_id) if thing.lead_id is not None else ("projects", thing.project_id or 0)


def _name_of(thing: DueThing) -> str:
    if thing.reward is not None:
        return thing.reward.what
    if thing.todo is not None:
        return _("To do")
    firm = thing.account or thing.dealer
    site = firm.party if firm else thing.registration or thing.lead or thing.project
    return site.name if site else ""


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


def hand_over(
    session: Session,
    claimed: OutboxMail,
    mailing: Mailing,
    *,
    today: date,
    now: datetime,
    commit: Callable[[], None] | None = None,
) -> str:
    """Give a claimed mail to the mail server, unless nothing of it holds any more or he wants quiet; its new state.

    `commit` is called between the server's answer and the mail itself, with what is known by then.
    """
    user = session.get_one(User, claimed.user_id, options=(joinedload(User.role), joinedload(User.team)))
    quiet_until = held_until(session.get(MailWish, user.id), _zone_of(user), now, urgent=True)
    if quiet_until > now:  # the server was away, or nobody ran, until his quiet hours had begun
        claimed.state, claimed.not_before, claimed.attempts = "waiting", quiet_until, claimed.attempts - 1
        session.flush()
        return claimed.state
    letter = _letter_of(session, claimed, user, mailing, today)
    if letter is None:
        claimed.state = "dropped"
        return claimed.state

    def ready() -> None:
        claimed.state = "handing"
        if commit:
            commit()

    try:
        mailing.send(
            mailing.smtp_url, to=claimed.to, subject=claimed.subject, text=letter.text, html=letter.html,
            pictures=letter.pictures, ready=ready,
            headers={**letter.headers, "Message-ID": _message_id(claimed, letter, mailing)},
        )  # fmt: skip
    except mail.NotSent as error:
        _put_off(claimed, str(error.reason), now)
    else:
        claimed.state, claimed.sent_at, claimed.fault = "sent", now, None
    session.flush()
    return claimed.state


def _letter_of(session: Session, claimed: OutboxMail, user: User, mailing: Mailing, today: date) -> Letter | None:
    """What a mail says as things stand now; None where there is nothing to say any more."""
    if not user.active:
        return None
    if claimed.kind == "due":
        things = still_due(session, user, claimed.things, today)
        if things and len(things) < len(claimed.things):
            claimed.subject, claimed.body = compose(user.name, things, mailing, claimed.lang)
        return Letter(claimed.subject, claimed.body) if things else None
    claimed.lang = claimed.lang or mailing.locale
    with speaking(claimed.lang):
        letter = write_letter(session, claimed.kind, user, claimed.about_id or 0, mailing)
    if letter is not None:
        claimed.subject = " ".join(letter.subject.split())[:LONGEST_SUBJECT]
    return letter


def _message_id(claimed: OutboxMail, letter: Letter, mailing: Mailing) -> str:
    """The same at each attempt: of the row, and when it was made, since a restored company begins to count anew."""
    domain = mailing.inbox.rpartition("@")[2] or urlsplit(mailing.base_url).hostname or "tracker"
    number = f"{claimed.id}.{round(claimed.made_at.timestamp())}"
    return f"<{letter.thread or 'mail'}.{number}@{domain}>"


def _zone_of(user: User) -> ZoneInfo:
    return ZoneInfo(user.timezone or str(clock.zone()))


def post_letter(session: Session, kind: str, user: User, about_id: int, *, not_before: datetime | None = None) -> None:
    """Put a mail that is written when it is sent into the outbox, for somebody who has an address."""
    if user.email:
        language = user.locale if user.locale in LOCALES else ""
        letter = OutboxMail(user_id=user.id, to=user.email, lang=language, subject="", body="", things=[],
                            kind=kind, about_id=about_id)  # fmt: skip
        letter.not_before = not_before or clock.now()
        session.add(letter)


def _put_off(claimed: OutboxMail, why: str, now: datetime) -> None:
    claimed.fault = why[:300]
    if claimed.attempts >= MOST_ATTEMPTS:
        claimed.state = "failed"
        log.error("a mail was given up", mail=claimed.id, to=claimed.to, attempts=claimed.attempts, reason=why)
        return
    claimed.state = "waiting"
    claimed.not_before = now + FIRST_WAIT * 2 ** (claimed.attempts - 1)


def give_up_lost(session: Session, now: datetime) -> int:
    """What somebody claimed and never finished: it waits again where the server had not been reached, else nobody knows
    whether it went out, and it is not sent again. How many the latter are."""
    lost = update(OutboxMail).where(OutboxMail.claimed_at < now - LOST_AFTER)
    lost = lost.execution_options(synchronize_session=False)
    again = lost.where(OutboxMail.state == "sending", OutboxMail.attempts < MOST_ATTEMPTS)
    session.execute(again.values(state="waiting", not_before=now))
    unknown = lost.where(OutboxMail.state.in_(("sending", "handing")))
    found = _changed(session, unknown.values(state="unknown", fault="whoever sent it fell over"))
    if found:
        log.error("mails were claimed and never finished; they are not sent again", mails=found)
    return found


def _changed(session: Session, statement: Any) -> int:
    """How many rows an UPDATE changed."""
    done: CursorResult[Any] = session.execute(statement)  # type: ignore[assignment]
    return done.rowcount
