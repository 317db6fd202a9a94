"""Key accounts for tests."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Account, FrameAgreement
from tracker.accounts.operations.accounts import open_account
from tracker.accounts.operations.agreements import Covered, PriceDraft, add_agreement, add_price, cover_category
from tracker.accounts.queries.accounts import get_account
from tracker.accounts.queries.agreements import get_agreement
from tracker.parties.models import Party
from tracker.team.models import User


def make_account(session: Session, party: Party, owner: User) -> Account:
    """A key account that its owner opened, as pages load it."""
    account = open_account(session, party, owner, by=owner)
    session.commit()
    session.expire_all()
    return get_account(session, owner, account.id)


def make_agreement(
    session: Session,
    account: Account,
    by: User,
    *,
    number: str = "HY-2024-JC-017",
    valid_from: date | None = None,
    valid_until: date | None = None,
    quantity: int | None = 1000,
) -> FrameAgreement:
    """An agreement about tiles at 50 yuan a square metre, by default in force for a year, as pages load it."""
    begins = valid_from or clock.today() - timedelta(days=100)
    ends = valid_until or clock.today() + timedelta(days=265)
    agreement = add_agreement(session, account, by=by, number=number, valid_from=begins, valid_until=ends)
    session.commit()
    agreement = get_agreement(session, by, agreement.id)
    agreed = Decimal(quantity) if quantity else None
    cover_category(session, agreement, Covered("tiles", "fixed", agreed, "m²" if agreed else None), by=by)
    session.expire_all()
    agreement = get_agreement(session, by, agreement.id)
    add_price(session, agreement, PriceDraft("tiles", "Porcelain 600", "m²", Decimal(50)), by=by)
    session.commit()
    session.expire_all()
    return get_agreement(session, by, agreement.id)
