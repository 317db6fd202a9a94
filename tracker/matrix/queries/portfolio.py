"""The portfolio board: all projects one may see on one grid, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, case, func, select, union_all
from sqlalchemy.orm import Session

from tracker.access import beyond, is_dealer, overseen, sight, visible
from tracker.database import Money
from tracker.projects.models import Project, ProjectTally
from tracker.projects.queries import CONDITIONS, LIVE, Filters
from tracker.remembering import remembered
from tracker.team.models import User
from workflows.definition import CellKey


@dataclass(frozen=True, slots=True)
class PortfolioCell:
    """Projects standing in one cell: how many, worth what, how many of them silent for too long."""

    count: int = 0
    value: Decimal = Decimal(0)
    stalled: int = 0


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All projects one may see on one grid."""

    cells: Mapping[CellKey, PortfolioCell]

    @property
    def total(self) -> PortfolioCell:
        """The sum over all cells."""
        cells = self.cells.values()
        return PortfolioCell(
            sum(cell.count for cell in cells),
            sum((cell.value for cell in cells), Decimal(0)),
            sum(cell.stalled for cell in cells),
        )

    def levels(self, by_value: bool = False) -> Mapping[CellKey, int]:
        """The shade of each cell that holds projects, from 1 to 6 (the fullest), by count or by value."""
        sizes = {key: float(cell.value if by_value else cell.count) for key, cell in self.cells.items()}
        most = max(sizes.values(), default=0)
        return {key: 1 + int(5 * (size / most) ** 0.5) if most else 1 for key, size in sizes.items()}


def load_portfolio(session: Session, by: User, filters: Filters) -> Portfolio:
    """Counts, value and stalled share per cell of the projects the user sees.

    What he oversees comes from the tallies where nothing but team and state is asked for; all else is counted.
    """
    cells: dict[CellKey, PortfolioCell] = {}
    for phase, step, count, value, stalled in session.execute(_portfolio(filters.asked, by), filters.values).all():
        known = cells.get((phase, step), PortfolioCell())
        cells[phase, step] = PortfolioCell(known.count + count, known.value + value, known.stalled + stalled)
    return Portfolio({key: cell for key, cell in cells.items() if cell.count})


@remembered(sight)
def _portfolio(asked: tuple[str, ...], by: User) -> Any:
    if set(asked) <= {"team", "state", "live"} and not is_dealer(by):
        return union_all(_tallied(by, asked), _counted(beyond(by), asked))
    return _counted(visible(Project, by), asked)


def _counted(seen: Any, asked: tuple[str, ...]) -> Any:
    stalled = case((Project.silent_after < bindparam("today"), 1), else_=0)
    value = func.sum(Project.value, type_=Money())
    query = select(Project.phase, Project.step, func.count(), value, func.sum(stalled))
    return query.where(seen, *(CONDITIONS[name] for name in asked)).group_by(Project.phase, Project.step)


def _tallied(by: User, asked: tuple[str, ...]) -> Any:
    """The tallies of the teams one oversees; the stalled change with the day and are counted in their index."""
    kept = ProjectTally
    stalled = (
        select(func.count())
        .where(Project.team_id == kept.team_id, Project.phase == kept.phase, Project.step == kept.step)
        .where(Project.silent_after < bindparam("today"))
        .correlate(kept)
        .scalar_subquery()
    )
    late = func.sum(case((kept.state == "active", stalled), else_=0))
    query = select(kept.phase, kept.step, func.sum(kept.projects), func.sum(kept.value, type_=Money()), late)
    query = query.where(
        overseen(kept, by), kept.state == bindparam("state") if "state" in asked else kept.state.in_(LIVE)
    )
    if "team" in asked:
        query = query.where(kept.team_id == bindparam("team"))
    return query.group_by(kept.phase, kept.step)
