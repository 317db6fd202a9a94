"""Mails about due things: written with the notifications in one transaction, sent by the worker, never twice.

A mail is claimed by a conditional UPDATE that is committed before it is handed to the mail server. Whoever falls over
in between leaves it claimed; such a one is logged and not sent again, since nobody can know whether it went out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session, joinedload

from config import Config
from tracker import clock, mail
from tracker.access import is_dealer, visible
from tracker.accounts.facts import load_facts
from tracker.accounts.models import Account
from tracker.dealers.models import Dealer
from tracker.dealers.queries.clocks import clock_facts as dealer_facts
from tracker.dealers.queries.evaluations import definition_for_dealers
from tracker.i18n import LOCALES, _, _n, speaking
from tracker.leads.facts import clock_facts
from tracker.leads.models import Lead
from tracker.matrix.definitions import current_definition, definition_of
from tracker.matrix.facts import load_facts_of_many
from tracker.notifications.holding import URGENT, held_until, wants
from tracker.notifications.models import DueThing, MailWish, OutboxMail
from tracker.notifications.operations.letters import Mailing as Mailing
from tracker.notifications.operations.letters import write_letter
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.rewards.clocks import due_now as due_of_reward
from tracker.rewards.models import Reward
from tracker.team.models import User
from tracker.todos.clocks import NEWS as TODO_NEWS
from tracker.todos.clocks import due_now
from tracker.todos.models import Todo
from workflows.account_clocks import due_on_account
from workflows.clocks import due_things
from workflows.dealers import KINDS as DEALER_KINDS
from workflows.dealers import due_on_dealer
from workflows.lead_clocks import KINDS, due_on_lead

log = structlog.get_logger()
MOST_ATTEMPTS = 8  # the last some four hours after the first
FIRST_WAIT = timedelta(minutes=2)  # doubled after each attempt
LONGEST_WAIT = FIRST_WAIT * 2**MOST_ATTEMPTS
LOST_AFTER = timedelta(minutes=15)  # a claimed mail of which nothing was heard
LONGEST_SUBJECT = 150
NEWS = frozenset(
    {"handover", "plan_news", "conflict"}
)  # what is told of a project beside its clocks, which holds as long as one sees it


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
    things = _things(session, {number for numbers in told.values() for number in numbers})
    for user, numbers in told.items():
        wish = wishes.get(user.id)
        wanted = [things[number] for number in numbers if wants(wish, things[number].level, things[number].kind)]
        if user.email and wanted:
            _put(session, user, user.email, wanted, wish, mailing)
    session.flush()


def _put(
    session: Session, user: User, address: str, wanted: Sequence[DueThing], wish: MailWish | None, mailing: Mailing
) -> None:
    now, zone = clock.now(), ZoneInfo(user.timezone or str(clock.zone()))
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
    things = list(_things(session, numbers).values())
    subject, body = compose(user.name, things, mailing, waiting.lang)
    joining = update(OutboxMail).where(OutboxMail.id == waiting.id, OutboxMail.state == "waiting")
    joining = joining.values(things=numbers, subject=subject, body=body)
    return bool(_changed(session, joining.execution_options(synchronize_session="fetch")))


def _things(session: Session, ids: Iterable[int]) -> dict[int, DueThing]:
    query = select(DueThing).where(DueThing.id.in_(list(ids)))
    account = joinedload(DueThing.account).joinedload(Account.party)
    dealer = joinedload(DueThing.dealer).joinedload(Dealer.party)
    query = query.options(joinedload(DueThing.project), joinedload(DueThing.lead), account, dealer)
    query = query.options(joinedload(DueThing.registration), joinedload(DueThing.reward), joinedload(DueThing.todo))
    return {thing.id: thing for thing in session.scalars(query)}


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


def hand_over(session: Session, claimed: OutboxMail, mailing: Mailing, *, today: date, now: datetime) -> str:
    """Give a claimed mail to the mail server, unless nothing of it holds any more; its new state."""
    user = session.get_one(User, claimed.user_id, options=(joinedload(User.role), joinedload(User.team)))
    if claimed.kind != "due":
        return _hand_over_letter(session, claimed, user, mailing, now)
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


def _hand_over_letter(session: Session, claimed: OutboxMail, user: User, mailing: Mailing, now: datetime) -> str:
    """The like for a mail that is written now, unless there is nothing to write any more."""
    claimed.lang = claimed.lang or mailing.locale
    with speaking(claimed.lang):
        letter = write_letter(session, claimed.kind, user, claimed.about_id or 0, mailing) if user.active else None
    if letter is None:
        claimed.state = "dropped"
        return claimed.state
    claimed.subject = " ".join(letter.subject.split())[:LONGEST_SUBJECT]
    try:
        mailing.send(
            mailing.smtp_url, to=claimed.to, subject=claimed.subject, text=letter.text, html=letter.html,
            pictures=letter.pictures, headers=letter.headers,
        )  # fmt: skip
    except mail.NotSent as error:
        _put_off(claimed, str(error.reason), now)
    else:
        claimed.state, claimed.sent_at, claimed.fault = "sent", now, None
    session.flush()
    return claimed.state


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
    """Those of the due things that are still due, of what the reader still sees."""
    things = list(_things(session, ids).values())
    due = _due_in_projects(session, user, things, today) | _due_on_leads(session, user, things, today)
    due |= _due_on_accounts(session, user, things, today) | _due_on_dealers(session, user, things, today)
    due |= _of_registrations(session, user, things) | _due_on_rewards(session, user, things, today)
    due |= _due_todos(session, user, things, today)
    return [thing for thing in things if thing.id in due]


def _due_in_projects(session: Session, user: User, things: Sequence[DueThing], today: date) -> set[int]:
    seen = {thing.project_id for thing in things if thing.project_id is not None}
    projects = session.scalars(select(Project).where(Project.id.in_(seen), visible(Project, user))).all()
    pairs = [(definition_of(session, project), project) for project in projects]
    definitions = {project.id: definition for definition, project in pairs}
    due = {
        (project.id, thing.key)
        for project, facts in load_facts_of_many(session, pairs)
        if not isinstance(facts, Exception)
        for thing in due_things(definitions[project.id], facts, today)
    }
    return {
        thing.id
        for thing in things
        if (thing.project_id, thing.key) in due or (thing.kind in NEWS and thing.project_id in definitions)
    }


def _due_on_leads(session: Session, user: User, things: Sequence[DueThing], today: date) -> set[int]:
    """What the clocks of leads told, as long as it holds; other news of a lead as long as he sees it."""
    seen = {thing.lead_id for thing in things if thing.lead_id is not None}
    if not seen:
        return set()
    leads = session.scalars(select(Lead).where(Lead.id.in_(seen), visible(Lead, user))).all()
    definition = current_definition()
    due = {lead.id: {one.key for one in due_on_lead(definition, clock_facts(lead), today)} for lead in leads}
    return {thing.id for thing in things if thing.lead_id in due and _holds(thing, due[thing.lead_id])}


def _due_on_accounts(session: Session, user: User, things: Sequence[DueThing], today: date) -> set[int]:
    ids = [thing.account_id for thing in things if thing.account_id is not None]
    if not ids or is_dealer(user):
        return set()
    due = {key: {one.key for one in due_on_account(facts, today)} for key, facts in load_facts(session, ids).items()}
    return {thing.id for thing in things if thing.account_id in due and thing.key in due[thing.account_id]}


def _due_on_dealers(session: Session, user: User, things: Sequence[DueThing], today: date) -> set[int]:
    """What the clocks of dealers told, as long as it holds; other news as long as he sees the dealer."""
    seen = {thing.dealer_id for thing in things if thing.dealer_id is not None}
    if not seen:
        return set()
    dealers = session.scalars(select(Dealer).where(Dealer.id.in_(seen), visible(Dealer, user))).all()
    definition, facts = definition_for_dealers(session), dealer_facts(session, dealers, today)
    due = {dealer.id: {one.key for one in due_on_dealer(definition, facts[dealer.id], today)} for dealer in dealers}
    return {
        thing.id
        for thing in things
        if thing.dealer_id in due and (thing.kind not in DEALER_KINDS or thing.key in due[thing.dealer_id])
    }


def _of_registrations(session: Session, user: User, things: Sequence[DueThing]) -> set[int]:
    """News of registrations, as long as he sees them."""
    ids = {thing.registration_id for thing in things if thing.registration_id is not None}
    if not ids:
        return set()
    seen = set(session.scalars(select(Registration.id).where(Registration.id.in_(ids), visible(Registration, user))))
    return {thing.id for thing in things if thing.registration_id in seen}


def _due_on_rewards(session: Session, user: User, things: Sequence[DueThing], today: date) -> set[int]:
    """What the clocks of rewards told, as long as it holds and he sees the reward."""
    ids = {thing.reward_id for thing in things if thing.reward_id is not None}
    if not ids:
        return set()
    query = select(Reward).where(Reward.id.in_(ids), visible(Reward, user)).options(joinedload(Reward.approval))
    due = {one.id: {thing.key for thing in due_of_reward(one, today)} for one in session.scalars(query)}
    return {thing.id for thing in things if thing.key in due.get(thing.reward_id or 0, ())}


def _due_todos(session: Session, user: User, things: Sequence[DueThing], today: date) -> set[int]:
    """What the clocks of to-dos told, as long as it holds; other news as long as he sees the to-do."""
    ids = {thing.todo_id for thing in things if thing.todo_id is not None}
    if not ids:
        return set()
    todos = session.scalars(select(Todo).where(Todo.id.in_(ids), visible(Todo, user)))
    due = {todo.id: {one.key for one in due_now(todo, today)} for todo in todos}
    return {
        thing.id
        for thing in things
        if thing.todo_id in due and (thing.kind == TODO_NEWS or thing.key in due[thing.todo_id])
    }


def _holds(thing: DueThing, due: set[str]) -> bool:
    return thing.kind not in KINDS or thing.key in due


def _changed(session: Session, statement: Any) -> int:
    """How many rows an UPDATE changed."""
    done: CursorResult[Any] = session.execute(statement)  # type: ignore[assignment]
    return done.rowcount
