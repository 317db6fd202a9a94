"""Registrations: one, and what stands on its page. The long lists are in `listing`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.access import visible
from tracker.dealers.models import Dealer
from tracker.errors import NotFound
from tracker.parties.models import Party
from tracker.registrations.models import REPLY, REQUEST, STANDING, RegisterEntry, Registration, RegistrationNote
from tracker.team.models import User
from workflows.registering import quota

WHOLE = (
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
    found = session.scalar(query.options(*WHOLE))
    if found is None:
        raise NotFound
    return found


def list_of_project(session: Session, by: User, project_id: int) -> Sequence[Registration]:
    """The registrations of a project."""
    query = select(Registration).where(Registration.project_id == project_id, visible(Registration, by))
    return session.scalars(query.order_by(Registration.id).options(*WHOLE)).all()


def list_notes(session: Session, by: User, registration: Registration) -> Sequence[RegistrationNote]:
    """What was handed in for a registration, the newest first, with papers and pictures."""
    note = RegistrationNote
    query = select(note).where(note.registration_id == registration.id, visible(note, by)).order_by(note.id.desc())
    files = (joinedload(note.by), selectinload(note.photos), selectinload(note.documents))
    return session.scalars(query.limit(MOST).options(*files)).all()


def last_asked(session: Session, registration: Registration) -> str | None:
    """What the dealer asks for and got no answer to: the newest of its requests and answers, where it is a request."""
    note = RegistrationNote
    query = select(note.kind, note.what).where(note.registration_id == registration.id, note.kind.in_((REQUEST, REPLY)))
    found = session.execute(query.order_by(note.id.desc()).limit(1)).first()
    return found.what if found and found.kind == REQUEST else None


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


def quota_of(session: Session, dealer_id: int) -> Quota:
    """How many a dealer has open and may have: those of the last year that led to something, or to nothing, count."""
    since = func.sum(case((Registration.submitted_at >= clock.days_ago(YEAR), 1), else_=0))
    of_dealer = (Registration.dealer_id == dealer_id, Registration.submitted_at.is_not(None))
    query = select(Registration.state, func.count(), since).where(*of_dealer).group_by(Registration.state)
    counts = {state: (now, last) for state, now, last in session.execute(query)}
    used = sum(counts.get(state, (0, 0))[0] for state in STANDING)
    return Quota(used, quota(*(int(counts.get(state, (0, 0))[1]) for state in ("converted", "expired"))))


def dealer_names(session: Session, by: User) -> Sequence[tuple[int, str]]:
    """Id and name of every dealer, for the filter."""
    query = select(Dealer.id, Party.name).join(Party, Party.id == Dealer.party_id).where(visible(Dealer, by))
    rows: Sequence[Any] = session.execute(query.order_by(Party.name, Dealer.id)).all()
    return rows
