"""A dealer's own administrator: who of his company signs in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.access.of_people import require_managing
from tracker.dealers.models import Dealer
from tracker.errors import Invalid, Refused
from tracker.i18n import _l
from tracker.team.models import User
from tracker.team.operations import add_user, make_password_link, switch_account
from tracker.team.queries import ordinary_dealer_role

MOST_PEOPLE = 100


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody to be invited: how he is called, and how the link reaches him."""

    name: str
    phone: str = ""
    email: str = ""
    post: str = ""


def invite(session: Session, dealer: Dealer, invited: Invited, *, by: User) -> tuple[User, str]:
    """Add one more of the company's people; returns him and the token of the link with which he sets his password.

    His user name is given to him: one that is typed and refused would tell who else signs in here.
    """
    require_managing(by, dealer.party_id)
    if not invited.phone.strip() and not invited.email.strip():
        raise Invalid("phone", _l("Say how to reach the person: a phone number or an e-mail address."))
    count = session.scalar(select(func.count()).where(User.party_id == dealer.party_id)) or 0
    if count >= MOST_PEOPLE:
        raise Refused(_l("Your company has as many accounts as it may. Ask whoever looks after you."))
    user = add_user(
        session,
        by=by,
        username=_user_name(session, dealer, count),
        name=invited.name,
        role_id=ordinary_dealer_role(session),
        party_id=dealer.party_id,
        phone=invited.phone.strip(),
        email=invited.email.strip(),
        post=invited.post.strip(),
    )
    return user, make_password_link(session, user, by=by)


def _user_name(session: Session, dealer: Dealer, count: int) -> str:
    while True:
        count += 1
        name = f"d{dealer.id}-{count}"
        if session.scalar(select(User.id).where(User.username == name)) is None:
            return name


def new_link(session: Session, person: User, *, by: User) -> str:
    """A new one-time link for one of the company's people."""
    require_managing(by, person.party_id)
    return make_password_link(session, person, by=by)


def switch(session: Session, person: User, active: bool, *, by: User) -> None:
    """Switch the account of one of the company's people off, which ends all his sessions, or on again."""
    require_managing(by, person.party_id)
    if person.id == by.id:
        raise Refused(_l("You cannot switch off your own account. Another administrator can."))
    switch_account(session, person, active, by=by)
