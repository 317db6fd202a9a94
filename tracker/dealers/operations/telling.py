"""Telling people something about a dealer.

His own people are told what concerns themselves; of ours those who look after dealers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.access import Action, can, is_dealer
from tracker.access.of_dealers import DESK
from tracker.dealers.models import SHUT_OUT, Dealer
from tracker.notifications.operations.mailing import Mailing
from tracker.notifications.operations.once import Saying, tell_once
from tracker.team.models import User

PHASE = "dealer"  # where things of dealers are: in no cell
_WHOLE = (joinedload(User.role), joinedload(User.team))


def tell_about_dealer(
    session: Session,
    dealer: Dealer,
    *,
    key: str,
    audience: str,
    people: Iterable[User],
    zh: str,
    en: str,
    kind: str = "dealer_news",
    level: str = "remind",
    due_on: date | None = None,
    mailing: Mailing | None = None,
) -> bool:
    """Tell people something about a dealer, once for each `key`; False where it was told before.

    `audience`: dealer or management; it says to whose page the thing leads.
    """
    saying = Saying(
        key=key, kind=kind, level=level, due_on=due_on or clock.company_day(clock.now()), audience=audience,
        zh=zh, en=en, phase=PHASE, step="",
    )  # fmt: skip
    return tell_once(session, dealer, saying, people, mailing)


def people_of(session: Session, dealer: Dealer) -> Sequence[User]:
    """The dealer's people who sign in."""
    if dealer.state in SHUT_OUT:
        return ()
    query = select(User).where(User.party_id == dealer.party_id, User.active).options(*_WHOLE).order_by(User.id)
    return [one for one in session.scalars(query) if is_dealer(one)]


def managers_of(session: Session, dealer: Dealer) -> Sequence[User]:
    """Who looks after this dealer: his keeper, else all of dealer management."""
    query = select(User).where(User.active, User.party_id.is_(None)).options(*_WHOLE).order_by(User.id)
    if dealer.keeper_id is not None:
        kept = session.scalars(query.where(User.id == dealer.keeper_id)).all()
        if kept:
            return kept
    desk = session.scalars(query.where(User.department == DESK)).all()
    return [one for one in desk if can(one, Action.DEALER_MANAGE)]
