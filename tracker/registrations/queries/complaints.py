"""Complaints about diversion and faked sites: one, those that wait, one's own company's, those about it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access import visible
from tracker.dealers.models import Dealer
from tracker.errors import NotFound
from tracker.paging import Page, page_of
from tracker.registrations.models import DiversionComplaint, RegistrationNote
from tracker.team.models import User

MOST = 50
_WHOLE = (
    joinedload(DiversionComplaint.dealer).joinedload(Dealer.party),
    joinedload(DiversionComplaint.by).joinedload(User.party),
    joinedload(DiversionComplaint.decided_by),
)


def get_complaint(session: Session, by: User, complaint_id: int) -> DiversionComplaint:
    """One complaint, or NotFound."""
    one = DiversionComplaint
    found = session.scalar(select(one).where(one.id == complaint_id, visible(one, by)).options(*_WHOLE))
    if found is None:
        raise NotFound
    return found


def complaints_asked(by: User) -> Select[DiversionComplaint]:
    """The statement for complaints: those that wait first, then the newest."""
    one = DiversionComplaint
    return select(one).where(visible(one, by)).order_by(one.state != "open", one.id.desc()).options(*_WHOLE)


def list_complaints(session: Session, by: User, page: int = 1) -> Page[DiversionComplaint]:
    """A page of these."""
    return page_of(session, complaints_asked(by), page)


def list_proofs(session: Session, by: User, complaint: DiversionComplaint) -> Sequence[RegistrationNote]:
    """What was handed in for it, as far as the reader may see it."""
    note = RegistrationNote
    query = select(note).where(note.complaint_id == complaint.id, visible(note, by)).order_by(note.id)
    return session.scalars(query.options(selectinload(note.photos), selectinload(note.documents))).all()


def list_entered(session: Session, by: User) -> Sequence[DiversionComplaint]:
    """What one's own company complained about, the newest first."""
    one = DiversionComplaint
    query = select(one).where(one.by_party_id == by.party_id, visible(one, by)).order_by(one.id.desc())
    return session.scalars(query.limit(MOST)).all()


def list_upheld_against(session: Session, by: User, dealer: Dealer) -> Sequence[DiversionComplaint]:
    """What was upheld against a dealer: what it was and why, of which he may know; never who complained."""
    one = DiversionComplaint
    query = select(one).where(one.dealer_id == dealer.id, one.state == "upheld", visible(one, by))
    return session.scalars(query.order_by(one.id.desc()).limit(MOST)).all()
