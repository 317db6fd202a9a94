"""What the clocks of dealers go by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dealers.models import (
    SHUT_OUT,
    Dealer,
    DealerContract,
    DealerEvaluation,
    DealerPaper,
    StockReport,
)
from tracker.dealers.queries.profiles import current_contract
from tracker.dealers.wording import PAPER_TEXTS
from workflows.dealers import MONTHS_BACK, DealerFacts, month_of, next_month

QUARTERS_BACK = 2  # evaluations that decide about an end


def clock_facts(session: Session, dealers: Iterable[Dealer], today: date) -> dict[int, DealerFacts]:
    """The facts of these dealers by their ids."""
    listed = list(dealers)
    ids = [dealer.id for dealer in listed]
    months = _months(session, ids, next_month(month_of(today), -MONTHS_BACK))
    graded = _graded(session, ids)
    papers: dict[int, list[DealerPaper]] = {}
    for paper in session.scalars(
        select(DealerPaper).where(DealerPaper.dealer_id.in_(ids), DealerPaper.expires_on.is_not(None))
    ):
        papers.setdefault(paper.dealer_id, []).append(paper)
    contracts: dict[int, list[DealerContract]] = {}
    for contract in session.scalars(select(DealerContract).where(DealerContract.dealer_id.in_(ids))):
        contracts.setdefault(contract.dealer_id, []).append(contract)
    found = {}
    for dealer in listed:
        holding = current_contract(contracts.get(dealer.id, ()), today)
        found[dealer.id] = DealerFacts(
            active=dealer.state not in (*SHUT_OUT, "applicant"),
            reports_from=dealer.since,
            reported=frozenset(months.get(dealer.id, ())),
            graded=tuple(graded.get(dealer.id, ())[:QUARTERS_BACK]),
            papers=tuple(
                (one.kind, PAPER_TEXTS[one.kind], one.expires_on) for one in papers.get(dealer.id, ()) if one.expires_on
            ),
            contract=(holding.number, holding.ends_on) if holding else None,
        )
    return found


def _months(session: Session, ids: list[int], since: date) -> dict[int, list[date]]:
    found: dict[int, list[date]] = {}
    query = select(StockReport.dealer_id, StockReport.month).where(StockReport.withdrawn.is_(False))
    for dealer_id, month in session.execute(query.where(StockReport.dealer_id.in_(ids), StockReport.month >= since)):
        found.setdefault(dealer_id, []).append(month)
    return found


def _graded(session: Session, ids: list[int]) -> dict[int, list[tuple[date, str]]]:
    """Quarter and grade of what counts, the newest first."""
    found: dict[int, list[tuple[date, str]]] = {}
    query = select(DealerEvaluation.dealer_id, DealerEvaluation.quarter, DealerEvaluation.grade)
    query = query.where(DealerEvaluation.dealer_id.in_(ids), DealerEvaluation.confirmed_at.is_not(None))
    for dealer_id, quarter, grade in session.execute(query.order_by(DealerEvaluation.quarter.desc())):
        found.setdefault(dealer_id, []).append((quarter, grade or ""))
    return found
