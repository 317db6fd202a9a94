"""Telling people of a registration: its dealer's own, and of ours those who look after him."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from tracker import clock
from tracker.access.of_dealers import DESK
from tracker.dealers.models import Dealer
from tracker.dealers.operations.telling import managers_of, people_of
from tracker.notifications.operations.mailing import Mailing
from tracker.notifications.operations.once import Saying, tell_once
from tracker.registrations.models import Registration
from tracker.team.models import User

PHASE = "registration"  # where things of registrations are: in no cell
NEWS = "claim_news"


def tell_dealer(
    session: Session, registration: Registration, key: str, zh: str, en: str, mailing: Mailing | None = None
) -> bool:
    """Tell the dealer's people, once for each `key`."""
    dealer = session.get_one(Dealer, registration.dealer_id)
    return _tell(session, registration, key, "dealer", people_of(session, dealer), zh, en, mailing=mailing)


def tell_desk(
    session: Session,
    registration: Registration,
    key: str,
    zh: str,
    en: str,
    *,
    level: str = "remind",
    due_on: date | None = None,
    mailing: Mailing | None = None,
) -> bool:
    """Tell who looks after the dealer."""
    dealer = session.get_one(Dealer, registration.dealer_id)
    people = managers_of(session, dealer)
    return _tell(session, registration, key, DESK[:12], people, zh, en, level, due_on, mailing)


def _tell(
    session: Session,
    registration: Registration,
    key: str,
    audience: str,
    people: Iterable[User],
    zh: str,
    en: str,
    level: str = "remind",
    due_on: date | None = None,
    mailing: Mailing | None = None,
) -> bool:
    saying = Saying(
        key=f"{key}:{audience}",
        kind=NEWS,
        level=level,
        due_on=due_on or clock.company_day(clock.now()),
        audience=audience,
        zh=zh,
        en=en,
        phase=PHASE,
        step=registration.step,
    )
    return tell_once(session, registration, saying, people, mailing)
