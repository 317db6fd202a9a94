"""Why somebody of a dealer's signs in no more, and whom he may call."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.dealers.models import SHUT_OUT, Dealer, DealerStanding
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class ShutOut:
    """What ended it (None: nobody wrote it down), and whom of ours he may call."""

    standing: DealerStanding | None
    keeper: User | None


def find_shut_out(session: Session, user: User) -> ShutOut | None:
    """Why this user, who proved who he is, does not get in; None where he does."""
    if user.party_id is None:
        return None
    query = select(Dealer).where(Dealer.party_id == user.party_id, Dealer.state.in_(SHUT_OUT))
    dealer = session.scalar(query.options(joinedload(Dealer.keeper)))
    if dealer is None:
        return None
    newest = select(DealerStanding).where(DealerStanding.dealer_id == dealer.id).order_by(DealerStanding.id.desc())
    return ShutOut(session.scalar(newest.limit(1)), dealer.keeper)
