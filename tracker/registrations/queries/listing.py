"""The long lists: a dealer's own registrations, the desk's queue, and what is contested; only the columns they show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from tracker.access import visible
from tracker.dealers.models import Dealer
from tracker.paging import FARTHEST, SIZE, Page
from tracker.parties.models import Party
from tracker.projects.models import Project
from tracker.registrations.models import (
    REPLY,
    REQUEST,
    STANDING,
    WAITING,
    Conflict,
    DiversionComplaint,
    Registration,
    RegistrationNote,
)
from tracker.registrations.queries.registrations import WHOLE
from tracker.team.models import User
from workflows.calendar import add_days
from workflows.facts import RegistrationFacts
from workflows.guards.channel import PROTECTED, last_day

MOST = 200
_SHOWN = (
    Registration.id, Registration.name, Registration.state, Registration.word, Registration.answer_due,
    Registration.submitted_at, Registration.created_at,
)  # fmt: skip
_CLOCK = (Registration.protected_to, Registration.progress_on, Registration.progress_days)
_QUEUE = (Registration.answer_due, Registration.id)
_NEWEST = (Registration.id.desc(),)
_OWN = (Registration.state.not_in(("returned", "draft", *STANDING)), *_NEWEST)


class Listed(NamedTuple):
    """A row of a list. `whose`: the dealer's firm for ours, for a dealer who of his looks after it; `ends`: the first
    day on which it protects no more."""

    id: int
    name: str
    state: str
    word: str | None
    answer_due: date | None
    submitted_at: datetime | None
    created_at: datetime
    whose: str | None
    ends: date | None


class Contested(NamedTuple):
    """An open conflict: its registration's site, the project's where one is in it, and when the ruling is due."""

    id: int
    state: str
    rule_by: date
    site: str
    project: str | None


def list_own(session: Session, by: User, page: int = 1) -> Page[Listed]:
    """A dealer's own registrations: those on which something is to be done first, then the newest."""
    number = max(1, min(page, FARTHEST))
    rows = _stretch(session, [visible(Registration, by)], _OWN, (number - 1) * SIZE, SIZE + 1, of_ours=False)
    return Page(rows[:SIZE], number, len(rows) > SIZE)


def list_registrations(
    session: Session, by: User, page: int = 1, *, state: str = "", q: str = "", dealer: int | None = None
) -> Page[Listed]:
    """The desk's list: what awaits our answer first, by the day it is due, then the newest."""
    asked = _narrowed(by, state, q, dealer)
    number = max(1, min(page, FARTHEST))
    skipped, wanted = (number - 1) * SIZE, SIZE + 1
    waits = [*asked, Registration.state.in_(WAITING)]
    rows = list(_stretch(session, waits, _QUEUE, skipped, wanted))
    if len(rows) < wanted and state != "waiting":
        if skipped:
            skipped = 0 if rows else skipped - (session.scalar(select(func.count()).where(*waits)) or 0)
        over = [*asked, Registration.state.not_in(WAITING)]
        rows += _stretch(session, over, _NEWEST, skipped, wanted - len(rows))
    return Page(rows[:SIZE], number, len(rows) > SIZE)


def _narrowed(by: User, state: str, q: str, dealer: int | None) -> list[ColumnElement[bool]]:
    asked = [visible(Registration, by)]
    if dealer is not None:
        asked.append(Registration.dealer_id == dealer)
    if q.strip():
        asked.append(Registration.name.icontains(q.strip(), autoescape=True))
    if state == "asked":
        asked.append(_unanswered())
    elif state and state != "waiting":
        asked.append(Registration.state == state)
    return asked


def own_asked(by: User) -> Select[Registration]:
    """The statement for all of a dealer's own registrations, whole, in the order of their list."""
    return select(Registration).where(visible(Registration, by)).order_by(*_OWN).options(*WHOLE)


def registrations_asked(by: User, *, state: str = "", q: str = "", dealer: int | None = None) -> Select[Registration]:
    """The statement for the whole of the desk's list, as narrowed, each registration whole."""
    waits = Registration.state.in_(WAITING)
    query = select(Registration).where(*_narrowed(by, state, q, dealer))
    if state == "waiting":
        query = query.where(waits)
    first = case((waits, Registration.answer_due))
    return query.order_by(waits.desc(), first, *_NEWEST).options(*WHOLE)


def _unanswered() -> Any:
    """Whether the newest of what the dealer asked for and we answered is something he asks for."""
    note = RegistrationNote
    last = select(note.kind).where(note.registration_id == Registration.id, note.kind.in_((REQUEST, REPLY)))
    return last.order_by(note.id.desc()).limit(1).correlate(Registration).scalar_subquery() == REQUEST


def _stretch(
    session: Session, asked: Sequence[Any], order: Sequence[Any], skipped: int, most: int, *, of_ours: bool = True
) -> Sequence[Listed]:
    """Some rows in an order; their ids come from the index alone, and only they are joined with whom they name."""
    ids = select(Registration.id).where(*asked).order_by(*order).offset(skipped).limit(most)
    if of_ours:
        query = select(*_SHOWN, Party.name.label("whose"), *_CLOCK)
        query = query.join(Dealer, Dealer.id == Registration.dealer_id).join(Party, Party.id == Dealer.party_id)
    else:
        query = select(*_SHOWN, User.name.label("whose"), *_CLOCK)
        query = query.outerjoin(User, User.id == Registration.held_by_id)
    rows = session.execute(query.where(Registration.id.in_(ids)).order_by(*order))
    return [Listed(*row[:8], _ends(row.state, *row[8:])) for row in rows]


def _ends(state: str, protected_to: date | None, progress_on: date | None, progress_days: int | None) -> date | None:
    if state not in PROTECTED:
        return None
    last = last_day(RegistrationFacts(0, "", state, protected_to, progress_on, progress_days))
    return add_days(last, 1) if last else None


def list_contested(session: Session, by: User) -> Sequence[Contested]:
    """Open conflicts by the day their ruling is due."""
    query = (
        select(Conflict.id, Conflict.state, Conflict.rule_by, Registration.name, Project.name)
        .join(Registration, Registration.id == Conflict.registration_id)
        .outerjoin(Project, Project.id == Conflict.project_id)
        .where(visible(Conflict, by), Conflict.state.in_(("open", "appealed")))
        .order_by(Conflict.rule_by, Conflict.id)
    )
    return [Contested(*row) for row in session.execute(query.limit(MOST))]


def count_open_complaints(session: Session, by: User) -> int:
    """How many complaints wait for a decision."""
    one = DiversionComplaint
    return session.scalar(select(func.count(one.id)).where(visible(one, by), one.state == "open")) or 0
