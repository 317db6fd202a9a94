"""What of dealers' registrations exists for whom. A dealer's people see their own company's, and nothing of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from tracker.access import Action, is_dealer, may, visible
from tracker.access.of_dealers import looks_after_dealers, visible_dealers

if TYPE_CHECKING:
    from tracker.team.models import User


def sees_all_registrations(user: User) -> bool:
    """Dealer management and whoever leads people; the rest of ours see those of their projects."""
    return not is_dealer(user) and looks_after_dealers(user)


def decides_conflicts_above(user: User) -> bool:
    """Whether what the first four orders leave open, and an appeal, is his to decide."""
    return may(user, Action.SIGN_DIRECTOR)


def visible_of_registrations(model: Any, user: User) -> ColumnElement[bool]:
    """The condition for the tables of registrations."""
    from tracker.registrations.models import (
        Conflict,
        DiversionComplaint,
        RegisterEntry,
        Registration,
        RegistrationNote,
    )

    if model is DiversionComplaint:
        return _complaints(user)
    if model is Registration:
        return _registrations(user)
    if model is Conflict:
        return _conflicts(user)
    if model is RegistrationNote:
        return _notes(user)
    if model is RegisterEntry:
        return of_visible_registration(RegisterEntry, user)
    raise LookupError(f"no visibility rule for {model}")


def _registrations(user: User) -> ColumnElement[bool]:
    """A draft is the dealer's own business."""
    from tracker.dealers.models import Dealer
    from tracker.projects.models import Project
    from tracker.registrations.models import Registration

    if is_dealer(user):
        return Registration.dealer_id.in_(select(Dealer.id).where(visible_dealers(user)))
    handed_in = Registration.submitted_at.is_not(None)
    if sees_all_registrations(user):
        return handed_in
    his = exists().where(Project.id == Registration.project_id, visible(Project, user)).correlate(Registration)
    return and_(handed_in, his)


def _conflicts(user: User) -> ColumnElement[bool]:
    from tracker.projects.models import Project
    from tracker.registrations.models import Conflict, Registration

    if sees_all_registrations(user):
        return Conflict.id.is_not(None)
    if is_dealer(user):
        mine = select(Registration.id).where(_registrations(user))
        return or_(Conflict.registration_id.in_(mine), Conflict.other_id.in_(mine))
    return exists().where(Project.id == Conflict.project_id, visible(Project, user)).correlate(Conflict)


def _complaints(user: User) -> ColumnElement[bool]:
    """Who looks after dealers sees all, others of ours what they entered. A dealer's people see what their company
    entered, and what was upheld against it; its pages tell them nothing of who complained."""
    from tracker.dealers.models import Dealer
    from tracker.registrations.models import DiversionComplaint

    one = DiversionComplaint
    if sees_all_registrations(user):
        return one.id.is_not(None)
    if not is_dealer(user):
        return one.by_id == user.id
    entered = and_(one.by_party_id == user.party_id, one.by_party_id.is_not(None))
    about_him = exists().where(Dealer.id == one.dealer_id, visible_dealers(user)).correlate(one)
    return or_(entered, and_(one.state == "upheld", about_him))


def _notes(user: User) -> ColumnElement[bool]:
    """To each side what is its own; to who decides all of it."""
    from tracker.registrations.models import Conflict, RegistrationNote

    note = RegistrationNote
    if sees_all_registrations(user):
        return note.id.is_not(None)
    entered = note.complaint_id.is_not(None) & (note.by_id == user.id)
    if is_dealer(user):
        return or_(of_visible_registration(note, user), entered)
    ours = exists().where(Conflict.id == note.conflict_id, _conflicts(user)).correlate(note)
    return or_(entered, and_(note.registration_id.is_(None), ours))


def of_visible_registration(model: Any, user: User) -> ColumnElement[bool]:
    """The condition under which what belongs to a registration (`registration_id`) exists."""
    from tracker.registrations.models import Registration

    return exists().where(Registration.id == model.registration_id, _registrations(user)).correlate(model)


def of_visible_notes(model: Any, user: User) -> ColumnElement[bool]:
    """The condition for papers and pictures that were handed in with a registration."""
    from tracker.registrations.models import RegistrationNote

    there = model.purged_at.is_(None) if hasattr(model, "purged_at") else None
    seen = exists().where(RegistrationNote.id == model.registration_note_id, _notes(user)).correlate(model)
    return seen if there is None else and_(seen, there)
