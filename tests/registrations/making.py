"""Registrations for the tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.dealers.making import LONG_AGO, make_qualified
from tests.factories import make_photo, make_user
from tracker import clock
from tracker.dealers.models import Dealer
from tracker.parties.models import Party
from tracker.registrations.models import Registration
from tracker.registrations.operations.handing_in import NoteDraft, RegistrationDraft, draw_up, submit
from tracker.registrations.queries.registrations import get_registration
from tracker.team.models import User

PLACE = (34.61, 112.47)


def make_desk(session: Session, cast: Cast) -> User:
    """Who works at dealer management."""
    return make_user(session, "dealermgmt", role=cast.roles["specialist"], team=cast.company, department="dealer_mgmt")


def make_dealer(session: Session, party: Party, by: User, **more: Any) -> Dealer:
    """A qualified dealer, who may register sites."""
    return make_qualified(session, party, by=by, since=LONG_AGO, **more)


def drafted(**values: Any) -> RegistrationDraft:
    """A whole registration of a hotel, as it is typed."""
    plain: dict[str, Any] = {
        "name": "Hailan Bay Resort Hotel", "kind": "hotel", "step": "drawings", "address": "1 Binhai Road",
        "latitude": PLACE[0], "longitude": PLACE[1], "developer": "Binhai Tourism", "categories": ("tiles",),
        "quantity": "12,000 m2", "source": "The purchasing director told us.",
    }  # fmt: skip
    return RegistrationDraft(**{**plain, **values})


def handed_in(session: Session, dealer: Dealer, by: User, **values: Any) -> Registration:
    """A registration that was handed in."""
    registration = draw_up(session, dealer, drafted(**values), by=by)
    submit(session, registration, by=by)
    session.commit()
    return get_registration(session, by, registration.id)


def proof(session: Session, by: User, text: str = "Met the purchasing director", on: date | None = None) -> NoteDraft:
    """Something handed in with a picture."""
    photo = make_photo(session, by, taken_on=on or clock.today())
    return NoteDraft(text, on or clock.today(), photos=(photo.token,))


def states(session: Session) -> dict[int, str]:
    """The state of every registration."""
    return dict(session.execute(select(Registration.id, Registration.state)).all())
