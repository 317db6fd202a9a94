"""What dealers reported: months, one month whole, what goes to projects beside what these need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.access import visible
from tracker.dealers.models import Dealer, StockFlow, StockLine, StockReport
from tracker.errors import NotFound
from tracker.projects.models import CategoryLine, Project
from tracker.team.models import User
from workflows.dealers import month_of, next_month, report_due

SHOWN = 12  # months on a page
FARTHEST = 36  # months back that can be reported


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a dealer's: its report or None; `late`: it came, or is still missing, after its day."""

    month: date
    report: StockReport | None
    late: bool
    asked: bool


def list_months(session: Session, by: User, dealer: Dealer, today: date) -> list[Month]:
    """The last months that are over, the newest first, each with its report."""
    last = next_month(month_of(today), -1)
    months = [next_month(last, -back) for back in range(SHOWN)]
    query = select(StockReport).where(StockReport.dealer_id == dealer.id, visible(StockReport, by))
    reports = {one.month: one for one in session.scalars(query.where(StockReport.month >= months[-1]))}
    found = []
    for month in months:
        report, due = reports.get(month), report_due(month)
        asked = month >= month_of(dealer.since)
        late = clock.company_day(report.sent_at) > due if report else asked and today > due
        if asked or report:
            found.append(Month(month, report, late, asked))
    return found


def check_month(month: date, today: date) -> None:
    """Raise NotFound for a month that is not over, or too long ago."""
    if not next_month(month_of(today), -FARTHEST) <= month < month_of(today):
        raise NotFound


def find_report(session: Session, by: User, dealer: Dealer, month: date) -> StockReport | None:
    """A month's report with its lines and where the goods went."""
    query = select(StockReport).where(StockReport.dealer_id == dealer.id, StockReport.month == month)
    lines = selectinload(StockReport.lines.and_(StockLine.withdrawn.is_(False)))
    flows = lines.selectinload(StockLine.flows).joinedload(StockFlow.project)
    query = query.where(visible(StockReport, by)).options(lines, flows, joinedload(StockReport.sent_by))
    return session.scalar(query)


def last_before(session: Session, dealer: Dealer, month: date) -> StockReport | None:
    """The newest report before a month, with its lines: its stock is where the month opens."""
    before = (StockReport.month < month, StockReport.withdrawn.is_(False))
    query = select(StockReport).where(StockReport.dealer_id == dealer.id, *before)
    lines = selectinload(StockReport.lines.and_(StockLine.withdrawn.is_(False)))
    return session.scalar(query.order_by(StockReport.month.desc()).limit(1).options(lines))


def list_sellable(session: Session, by: User, dealer: Dealer, most: int = 300) -> Sequence[tuple[int, str]]:
    """The projects that can be named as (id, name): those sold through him that the user sees."""
    query = select(Project.id, Project.name).where(Project.dealer_id == dealer.party_id, visible(Project, by))
    return [(key, name) for key, name in session.execute(query.order_by(Project.name).limit(most))]


def get_line(session: Session, by: User, line_id: int) -> StockLine:
    """One line with its report, or NotFound."""
    query = select(StockLine).where(StockLine.id == line_id, visible(StockLine, by))
    found = session.scalar(query.options(joinedload(StockLine.report)))
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Supplied:
    """What a dealer reported as sold to a project's line, beside what that needs (None: nobody said)."""

    project: Project
    category: str
    unit: str
    quantity: Decimal
    needed: Decimal | None
    needed_unit: str
    result: str | None
    last: date


def list_supplied(session: Session, by: User, dealer: Dealer, most: int = 100) -> list[Supplied]:
    """The flow of goods to projects that the user sees, the newest first."""
    line = and_(CategoryLine.project_id == StockFlow.project_id, CategoryLine.category == StockLine.category)
    last = func.max(StockReport.month)
    need = (CategoryLine.quantity, CategoryLine.unit, CategoryLine.result)
    query = (
        select(Project, StockLine.category, StockLine.unit, func.sum(StockFlow.quantity), *need, last)
        .select_from(StockFlow)
        .join(StockLine, StockLine.id == StockFlow.line_id)
        .join(StockReport, StockReport.id == StockLine.report_id)
        .join(Project, Project.id == StockFlow.project_id)
        .outerjoin(CategoryLine, line)
        .where(StockReport.dealer_id == dealer.id, StockLine.withdrawn.is_(False), visible(Project, by))
        .group_by(Project.id, StockLine.category, StockLine.unit, *need)
        .order_by(last.desc(), Project.id)
        .limit(most)
    )
    return [
        Supplied(project, category, unit, Decimal(quantity), needed, needed_unit or "", result, month)
        for project, category, unit, quantity, needed, needed_unit, result, month in session.execute(query)
    ]


def stream_stock(session: Session, by: User, dealer: Dealer) -> Sequence[tuple[StockReport, StockLine]]:
    """Every line that a dealer reported, the newest month first, with where it went."""
    query = (
        select(StockReport, StockLine)
        .join(StockLine, StockLine.report_id == StockReport.id)
        .where(StockReport.dealer_id == dealer.id, StockLine.withdrawn.is_(False), visible(StockReport, by))
        .order_by(StockReport.month.desc(), StockLine.category, StockLine.product, StockLine.id)
        .options(selectinload(StockLine.flows))
    )
    return [(report, line) for report, line in session.execute(query)]
