"""Who looks after dealers, and what of them exists for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, false, select, true

from tracker.access import Action, Scope, is_dealer

if TYPE_CHECKING:
    from tracker.team.models import User

DESK = "dealer_mgmt"
OF_DEALERS = frozenset({Action.DEALER_MANAGE, Action.DEALER_DECIDE})


def looks_after_dealers(user: User) -> bool:
    """Dealer management and whoever leads people; of the other desks nobody, though their role is the same."""
    return user.department == DESK or user.role.scope in (Scope.BELOW, Scope.ALL)


def reports_for(user: User, dealer: Any) -> bool:
    """A dealer's people for their own company, dealer management and supervisors for each."""
    return dealer.party_id == user.party_id if is_dealer(user) else looks_after_dealers(user)


def visible_of_dealers(model: Any, user: User) -> ColumnElement[bool]:
    """The condition for the tables of dealers; of a dealer's evaluations he himself sees those that count."""
    from tracker.dealers.models import Dealer, DealerEvaluation, StockLine, StockReport, SupplyQuota

    if model is Dealer:
        return visible_dealers(user)
    if model is StockReport:
        return and_(StockReport.withdrawn.is_(False), of_visible_dealer(model, user))
    if model is StockLine:
        return StockLine.report_id.in_(select(StockReport.id).where(visible_of_dealers(StockReport, user)))
    if model is DealerEvaluation:
        told = DealerEvaluation.confirmed_at.is_not(None) if is_dealer(user) else true()
        return and_(of_visible_dealer(model, user), told)
    if model is SupplyQuota:
        return false() if is_dealer(user) else true()
    raise LookupError(f"no visibility rule for {model}")


def visible_dealers(user: User) -> ColumnElement[bool]:
    """All of ours see every dealer whose firm is there; a dealer's people their own."""
    from tracker.dealers.models import Dealer
    from tracker.parties.models import Party

    if is_dealer(user):
        return and_(Dealer.party_id == user.party_id, Dealer.party_id.is_not(None))
    there = (Party.id == Dealer.party_id, Party.withdrawn.is_(False), Party.merged_into_id.is_(None))
    return exists().where(*there).correlate(Dealer)


def of_visible_dealer(model: Any, user: User) -> ColumnElement[bool]:
    """The condition under which what belongs to a dealer (`dealer_id`) exists."""
    from tracker.dealers.models import Dealer

    return exists().where(Dealer.id == model.dealer_id, visible_dealers(user)).correlate(model)
