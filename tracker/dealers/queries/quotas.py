"""Short supplies and how they were shared; what speaks for each dealer when one is shared out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from tracker.access import visible
from tracker.dealers.models import (
    WORKING,
    Dealer,
    QuotaShare,
    StockFlow,
    StockLine,
    StockReport,
    SupplyQuota,
)
from tracker.dealers.queries.evaluations import definition_for_dealers
from tracker.dealers.queries.profiles import grades_of
from tracker.errors import NotFound
from tracker.paging import Page, page_of
from tracker.projects.models import CategoryLine, Project
from tracker.team.models import User
from workflows.dealers import grade_keys, next_month
from workflows.supply import Claim

SALES_MONTHS = 6  # before the month that is shared out


def list_quotas(session: Session, by: User, page: int = 1) -> Page[SupplyQuota]:
    """A page of short supplies, the newest month first."""
    query = select(SupplyQuota).where(visible(SupplyQuota, by))
    query = query.order_by(SupplyQuota.month.desc(), SupplyQuota.id.desc())
    return page_of(session, query.options(selectinload(SupplyQuota.shares)), page)


def get_quota(session: Session, by: User, quota_id: int) -> SupplyQuota:
    """One short supply with its shares and their dealers, or NotFound."""
    shares = selectinload(SupplyQuota.shares).joinedload(QuotaShare.dealer).joinedload(Dealer.party)
    query = select(SupplyQuota).where(SupplyQuota.id == quota_id, visible(SupplyQuota, by))
    found = session.scalar(query.options(shares, joinedload(SupplyQuota.made_by)))
    if found is None:
        raise NotFound
    return found


def stream_shares(session: Session, by: User) -> Iterator[QuotaShare]:
    """Every share of every short supply, for a file."""
    query = select(QuotaShare).join(QuotaShare.quota).where(visible(SupplyQuota, by))
    query = query.order_by(SupplyQuota.month.desc(), SupplyQuota.id.desc(), QuotaShare.id)
    firm = joinedload(QuotaShare.dealer).joinedload(Dealer.party)
    yield from session.scalars(query.options(contains_eager(QuotaShare.quota), firm))


def list_shares(session: Session, dealer: Dealer, most: int = 12) -> Sequence[QuotaShare]:
    """A dealer's shares as far as he was told, the newest month first."""
    query = select(QuotaShare).join(QuotaShare.quota).where(QuotaShare.dealer_id == dealer.id)
    query = query.where(SupplyQuota.told_at.is_not(None)).order_by(SupplyQuota.month.desc(), SupplyQuota.id.desc())
    return session.scalars(query.limit(most).options(contains_eager(QuotaShare.quota))).all()


def load_claims(
    session: Session, by: User, category: str, month: date, unit: str
) -> list[tuple[Dealer, Claim, dict[str, Any]]]:
    """What speaks for each working dealer who may sell the category, by name of the firm."""
    query = select(Dealer).where(visible(Dealer, by), Dealer.state.in_(WORKING)).order_by(Dealer.id)
    dealers = [
        one for one in session.scalars(query.options(joinedload(Dealer.party)))
        if not one.categories or category in one.categories
    ]  # fmt: skip
    grades = grades_of(session, [one.id for one in dealers])
    places = {key: number for number, key in enumerate(grade_keys(definition_for_dealers(session)))}
    sold, needed = _sold(session, category, month, unit), _needed(session, category, unit)
    found = []
    for dealer in dealers:
        grade = grades.get(dealer.id, (None, None))[0]
        of_sales, of_need = sold.get(dealer.id, Decimal(0)), needed.get(dealer.id, Decimal(0))
        place = places.get(grade) if grade else None
        claim = Claim(dealer.id, place, float(of_sales), float(of_need))
        found.append((dealer, claim, {"grade": grade, "sold": str(of_sales), "needed": str(of_need)}))
    return sorted(found, key=lambda one: one[0].party.name)


def _sold(session: Session, category: str, month: date, unit: str) -> dict[int, Decimal]:
    since = next_month(month, -SALES_MONTHS)
    query = (
        select(StockReport.dealer_id, func.sum(StockLine.sold))
        .join(StockLine, StockLine.report_id == StockReport.id)
        .where(StockReport.month >= since, StockReport.month < month, StockLine.withdrawn.is_(False))
        .where(StockLine.category == category, StockLine.unit == unit)
        .group_by(StockReport.dealer_id)
    )
    return {dealer_id: Decimal(total) for dealer_id, total in session.execute(query)}


def _needed(session: Session, category: str, unit: str) -> dict[int, Decimal]:
    """What the won lines of running projects still need: their quantity less what is reported as sold to them."""
    went = (
        select(StockFlow.project_id, func.sum(StockFlow.quantity).label("quantity"))
        .join(StockLine, StockLine.id == StockFlow.line_id)
        .where(StockLine.category == category, StockLine.unit == unit, StockLine.withdrawn.is_(False))
        .group_by(StockFlow.project_id)
        .subquery()
    )
    line = and_(CategoryLine.project_id == Project.id, CategoryLine.category == category, CategoryLine.unit == unit)
    query = (
        select(Dealer.id, CategoryLine.quantity, went.c.quantity)
        .join(Project, Project.dealer_id == Dealer.party_id)
        .join(CategoryLine, line)
        .outerjoin(went, went.c.project_id == Project.id)
        .where(CategoryLine.result == "won", CategoryLine.quantity.is_not(None), Project.state != "closed")
    )
    found: dict[int, Decimal] = {}
    for dealer_id, quantity, had in session.execute(query):
        rest = max(Decimal(0), quantity - Decimal(had or 0))
        found[dealer_id] = found.get(dealer_id, Decimal(0)) + rest
    return found
