"""Sharing a short supply out: proposed by rule, corrected with a reason, then told to the dealers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.dealers.models import Dealer, QuotaShare, SupplyQuota
from tracker.dealers.operations.telling import people_of, tell_about_dealer
from tracker.dealers.queries.quotas import load_claims
from tracker.errors import AlreadyDone, Invalid, Refused, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import current_definition
from tracker.team.models import User
from workflows.dealers import month_of
from workflows.supply import share_out

MOST = 100_000_000


def propose_quota(
    session: Session, *, by: User, category: str, month: date, unit: str, quantity: int, reason: str
) -> SupplyQuota:
    """Write down how much of a category there is in a month, and propose who gets how much of it."""
    require(by, Action.DEALER_MANAGE)
    month, unit = month_of(month), unit.strip()[:16]
    if category not in {window.category for window in current_definition().windows}:
        raise Invalid("category", _l("Choose the category."))
    if not unit:
        raise Invalid("unit", _l("Say in which unit it is counted."))
    if not 0 < quantity <= MOST:
        raise Invalid("quantity", _l("Say how much there is to share out."))
    if not reason.strip():
        raise Invalid("reason", _l("Say why it is short: the dealers read it."))
    same = (SupplyQuota.category == category, SupplyQuota.month == month, SupplyQuota.unit == unit)
    if session.scalar(select(SupplyQuota.id).where(*same)) is not None:
        raise Invalid("category", _l("This supply is shared out already; correct the shares there."))
    claims = load_claims(session, by, category, month, unit)
    shares = share_out(quantity, [claim for _dealer, claim, _basis in claims])
    if not any(shares.values()):
        raise Refused(_l("No dealer sold any of it lately or needs it for a project; there is nothing to go by."))
    quota = SupplyQuota(category=category, month=month, unit=unit, quantity=quantity, reason=reason.strip(),
                        made_by_id=by.id)  # fmt: skip
    session.add(quota)
    session.flush()
    for dealer, _claim, basis in claims:
        part = shares[dealer.id]
        session.add(QuotaShare(quota_id=quota.id, dealer_id=dealer.id, proposed=part, granted=part, basis=basis))
    session.flush()
    told: dict[str, Any] = {"category": category, "month": month.isoformat(), "quantity": quantity, "unit": unit}
    events.record(session, Kind.QUOTA_PROPOSED, quota, by=by, reason=quota.reason, **told)
    return quota


def correct_shares(
    session: Session, quota: SupplyQuota, granted: Mapping[int, tuple[int, str]], *, by: User, version: int
) -> None:
    """Set shares (by their id: quantity and reason); what differs from the proposal needs a reason.

    Together they cannot be more than there is.
    """
    require(by, Action.DEALER_MANAGE)
    _check_open(quota)
    if version != quota.version:
        raise Stale(_l("Somebody changed these shares meanwhile."), details=quota)
    for share in quota.shares:
        part, reason = granted.get(share.id, (share.granted, share.reason or ""))
        if part < 0:
            raise Invalid(f"share-{share.id}", _l("It cannot be negative."))
        if part != share.proposed and not reason.strip():
            raise Invalid(f"share-{share.id}", _l("Say why he gets more or less than proposed."))
    wanted = {share.id: granted.get(share.id, (share.granted, share.reason or "")) for share in quota.shares}
    total = sum(part for part, _reason in wanted.values())
    if total > quota.quantity:
        raise Invalid("shares", _l("Together that is %(total)s of %(quantity)s.", total=total, quantity=quota.quantity))
    for share in quota.shares:
        part, reason = wanted[share.id]
        why = reason.strip()[:300] or None if part != share.proposed else None
        if part == share.granted and why == share.reason:
            continue
        told: dict[str, Any] = {"before": {"quantity": share.granted}, "quantity": part, "reason": why}
        share.granted, share.reason = part, why
        events.record(session, Kind.QUOTA_CORRECTED, quota, by=by, dealer_id=share.dealer_id, **told)
    session.flush()


def _check_open(quota: SupplyQuota) -> None:
    if quota.told_at is not None:
        raise AlreadyDone(details=f"/dealers/quotas/{quota.id}")


def tell_shares(session: Session, quota: SupplyQuota, *, by: User) -> None:
    """Tell each dealer his own share; from then on they stand."""
    require(by, Action.DEALER_DECIDE)
    _check_open(quota)
    quota.told_at, quota.told_by_id = clock.now(), by.id
    name = next(window.name for window in current_definition().windows if window.category == quota.category)
    month = f"{quota.month:%Y-%m}"
    for share in quota.shares:
        dealer = session.get_one(Dealer, share.dealer_id)
        tell_about_dealer(
            session, dealer, key=f"quota:{quota.id}", audience="dealer", people=people_of(session, dealer),
            zh=f"{month} {name.zh}供货紧张，你的配额：{share.granted} {quota.unit}。",
            en=f"{name.en} is short in {month}. Your share: {share.granted} {quota.unit}.",
        )  # fmt: skip
    session.flush()
    events.record(session, Kind.QUOTA_TOLD, quota, by=by, count=len(quota.shares))
