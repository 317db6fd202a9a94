"""Dealers and their figures for the tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock
from tracker.dealers.models import PAPERS, Dealer, DealerEvaluation
from tracker.dealers.operations.evaluating import MarkDraft, begin_evaluation, confirm_evaluation, give_marks
from tracker.dealers.operations.profiles import add_dealer, check_paper
from tracker.dealers.operations.standing import set_standing
from tracker.dealers.operations.stock import FlowDraft, LineDraft
from tracker.dealers.queries.profiles import get_dealer
from tracker.parties.models import Party
from tracker.team.models import Region, User
from workflows.loading import load_standard

KEYS = load_standard().picklist("dealer_evaluation").keys
AUTUMN = date(2025, 10, 1)  # the last quarter that is over then
LONG_AGO = date(2024, 1, 1)
FEBRUARY = date(2026, 2, 1)  # the month before the tests' noon


def make_applicant(
    session: Session, party: Party, *, by: User, since: date | None = None, regions: tuple[Region, ...] = ()
) -> Dealer:
    """A firm that applied to be a dealer."""
    ids = [region.id for region in regions]
    return add_dealer(session, party, by=by, since=since, categories=["tiles"], regions=ids, keeper_id=None)


def make_qualified(
    session: Session, party: Party, *, by: User, since: date | None = None, regions: tuple[Region, ...] = ()
) -> Dealer:
    """A dealer with all his papers."""
    dealer = make_applicant(session, party, by=by, since=since, regions=regions)
    for kind in PAPERS:
        check_paper(session, dealer, kind, by=by, text="Seen")
    set_standing(session, dealer, "qualified", by=by, reason="All papers are there")
    session.commit()
    return get_dealer(session, by, dealer.id)


def line(opening: int, bought: int, sold: int, stock: int | None = None, **more: object) -> LineDraft:
    """A month of tiles in square metres that adds up unless said otherwise."""
    figures = [
        Decimal(number) for number in (opening, bought, sold, opening + bought - sold if stock is None else stock)
    ]
    values = {"category": "tiles", "unit": "m2", **more}
    return LineDraft(opening=figures[0], bought=figures[1], sold=figures[2], stock=figures[3], **values)  # type: ignore[arg-type]


def to(project_id: int | None, quantity: int, site: str = "", outside: bool = False) -> FlowDraft:
    """So much to a project or site."""
    return FlowDraft(Decimal(quantity), project_id, site, outside)


def months_ago(number: int) -> date:
    """The first day of the month so many months before this one."""
    today = clock.today()
    count = today.year * 12 + today.month - 1 - number
    return date(count // 12, count % 12 + 1, 1)


def marks(points: int, **others: int) -> dict[str, MarkDraft]:
    """The same points for every criterion but some."""
    return {key: MarkDraft(others.get(key, points), "Seen") for key in KEYS}


def graded(session: Session, dealer: Dealer, quarter: date, points: int, by: User, **more: Any) -> DealerEvaluation:
    """A quarter's evaluation that counts."""
    evaluation = begin_evaluation(session, dealer, quarter, by=by)
    give_marks(session, evaluation, marks(points), by=by, vetoes=more.pop("vetoes", ()), note=more.pop("note", ""))
    return confirm_evaluation(session, dealer, evaluation, by=by, **more)
