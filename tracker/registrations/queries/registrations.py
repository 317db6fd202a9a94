"""Registrations: one, one's own, the desk's queue, and what stands on their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.access import visible
from tracker.dealers.models import Dealer
from tracker.errors import NotFound
from tracker.paging import Page, page_of
from tracker.parties.models import Party
from tracker.registrations.models import STANDING, WAITING, RegisterEntry, Registration, RegistrationNote
from tracker.team.models import User
from workflows.registering import quota

_WHOLE = (
    joinedload(Registration.dealer).joinedload(Dealer.party),
    joinedload(Registration.project),
    joinedload(Registration.held_by),
)
YEAR = 365
MOST = 100  # rows of each part of a page


@dataclass(frozen=True, slots=True)
class Quota:
    """How many registrations a dealer has open, and how many he may have."""

    used: int
    most: int

    @property
    def left(self) -> int:
        """How many more he may hand in."""
        return max(0, self.most - self.used)


def get_registration(session: Session, by: User, registration_id: int) -> Registration:
    """One registration with its dealer and project, or NotFound."""
    query = select(Registration).where(Registration.id == registration_id, visible(Registration, by))
    found = session.scalar(query.options(*_WHOLE))
    if found is None:
        raise NotFound
    return found


def own_asked(by: User, dealer: Dealer) -> Select[Registration]:
    """The statement for a dealer's registrations, those on which something is to be done first."""
    order = (Registration.state.not_in(("returned", "draft", *STANDING)), Registration.id.desc())
    query = select(Registration).where(Registration.dealer_id == dealer.id, visible(Registration, by)).order_by(*order)
    return query.options(joinedload(Registration.held_by))


def list_own(session: Session, by: User, dealer: Dealer, page: int = 1) -> Page[Registration]:
    """A page of these."""
    return page_of(session, own_asked(by, dealer), page)


def registrations_asked(by: User, *, state: str = "", q: str = "", dealer: int | None = None) -> Select[Registration]:
    """The statement for the desk's list: what awaits our answer first, by the day it is due."""
    waits = Registration.state.in_(WAITING)
    query = select(Registration).where(visible(Registration, by))
    query = query.order_by(waits.desc(), Registration.answer_due, Registration.id)
    if state == "waiting":
        query = query.where(waits)
    elif state:
        query = query.where(Registration.state == state)
    if dealer is not None:
        query = query.where(Registration.dealer_id == dealer)
    if q.strip():
        query = query.where(Registration.name.icontains(q.strip(), autoescape=True))
    return query.options(*_WHOLE)


def list_registrations(session: Session, by: User, page: int = 1, **narrowed: Any) -> Page[Registration]:
    """A page of the desk's list."""
    return page_of(session, registrations_asked(by, **narrowed), page)


def list_of_project(session: Session, by: User, project_id: int) -> Sequence[Registration]:
    """The registrations of a project."""
    query = select(Registration).where(Registration.project_id == project_id, visible(Registration, by))
    return session.scalars(query.order_by(Registration.id).options(*_WHOLE)).all()


def list_notes(session: Session, by: User, registration: Registration) -> Sequence[RegistrationNote]:
    """What was handed in for a registration, the newest first, with papers and pictures."""
    note = RegistrationNote
    query = select(note).where(note.registration_id == registration.id, visible(note, by)).order_by(note.id.desc())
    files = (joinedload(note.by), selectinload(note.photos), selectinload(note.documents))
    return session.scalars(query.limit(MOST).options(*files)).all()


def list_entries(session: Session, by: User, registration: Registration) -> Sequence[RegisterEntry]:
    """Its lines in the register, the oldest first."""
    entry = RegisterEntry
    query = select(entry).where(entry.registration_id == registration.id, visible(entry, by)).order_by(entry.id)
    return session.scalars(query.limit(MOST).options(joinedload(entry.by))).all()


def get_entry(session: Session, by: User, registration_id: int, entry_id: int) -> RegisterEntry:
    """One line of the register, or NotFound."""
    entry = RegisterEntry
    query = select(entry).where(entry.id == entry_id, entry.registration_id == registration_id, visible(entry, by))
    found = session.scalar(query.options(joinedload(entry.by)))
    if found is None:
        raise NotFound
    return found


def quota_of(session: Session, dealer: Dealer) -> Quota:
    """How many a dealer has open and may have: those of the last year that led to something, or to nothing, count."""
    since = clock.days_ago(YEAR)
    of_dealer = (Registration.dealer_id == dealer.id, Registration.submitted_at.is_not(None))
    query = select(Registration.state, func.count()).where(*of_dealer).group_by(Registration.state)
    now: dict[str, int] = dict(session.execute(query).all())
    last: dict[str, int] = dict(session.execute(query.where(Registration.submitted_at >= since)).all())
    used = sum(now.get(state, 0) for state in STANDING)
    return Quota(used, quota(last.get("converted", 0), last.get("expired", 0)))


def dealer_names(session: Session, by: User) -> Sequence[tuple[int, str]]:
    """Id and name of every dealer, for the filter."""
    query = select(Dealer.id, Party.name).join(Party, Party.id == Dealer.party_id).where(visible(Dealer, by))
    rows: Sequence[Any] = session.execute(query.order_by(Party.name, Dealer.id)).all()
    return rows
