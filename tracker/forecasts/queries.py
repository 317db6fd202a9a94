"""Reads of forecasts: of a project, of people's open projects, added up by month, and what they were worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.forecasts.evidence import Share, Shares, load_shares
from tracker.forecasts.models import Forecast
from tracker.matrix.models import LifecycleChange
from tracker.projects.models import Project
from tracker.team.models import User

OPEN = ("active", "on_hold_arbitration", "suspended")
"""States in which a project may still be won."""
DECIDED = ("won", "lost")
MOST = 500  # rows of a list


def list_of_project(session: Session, by: User, project: Project) -> Sequence[Forecast]:
    """All that was expected of a project, the newest first."""
    query = select(Forecast).where(Forecast.project_id == project.id, visible(Forecast, by))
    return session.scalars(query.order_by(Forecast.seq.desc()).options(joinedload(Forecast.by))).all()


@dataclass(frozen=True, slots=True)
class Expected:
    """What somebody expects of a project that is open, beside what the records of its cell support."""

    forecast: Forecast
    project: Project
    share: Share

    @property
    def supported(self) -> Decimal | None:
        """What of its amount the share supports."""
        return self.share.supports(self.forecast.value)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list and the roll-up are narrowed by; both are the same statement."""

    team: int | None = None
    owner: int | None = None
    month: date | None = None
    currency: str = ""


def _narrowed(by: User, asked: Asked) -> Any:
    query = (
        select(Forecast)
        .join(Project, Project.id == Forecast.project_id)
        .where(Forecast.latest, Project.state.in_(OPEN), Project.merged_into_id.is_(None), visible(Project, by))
    )
    if asked.team is not None:
        query = query.where(Project.team_id == asked.team)
    if asked.owner is not None:
        query = query.where(Project.owner_id == asked.owner)
    if asked.month is not None:
        query = query.where(Forecast.expected_on.between(asked.month, _last_of(asked.month)))
    if asked.currency:
        query = query.where(Forecast.currency == asked.currency)
    return query


def _last_of(month: date) -> date:
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def list_expected(session: Session, by: User, asked: Asked, shares: Shares | None = None) -> Sequence[Expected]:
    """The open projects of which somebody expects something, by day."""
    shares = shares or load_shares(session)
    query = _narrowed(by, asked).order_by(Forecast.expected_on, Forecast.id).limit(MOST)
    project = joinedload(Forecast.project)
    rows = session.scalars(query.options(joinedload(Forecast.by), project.joinedload(Project.owner))).all()
    return [_expected(row, shares) for row in rows]


def _expected(row: Forecast, shares: Shares) -> Expected:
    project = row.project
    return Expected(row, project, shares.of(project.definition_key, project.phase, project.step))


@dataclass(slots=True)
class Sum:
    """What is expected in a month and currency, what the records support of it, and of how many projects."""

    month: date
    currency: str
    expected: Decimal = Decimal(0)
    weighed: Decimal = Decimal(0)
    supported: Decimal = Decimal(0)
    projects: int = 0


def roll_up(session: Session, by: User, asked: Asked, shares: Shares | None = None) -> Sequence[Sum]:
    """Added up by month and currency, never over currencies: one statement behind each figure, the list's own."""
    shares = shares or load_shares(session)
    inner = _narrowed(by, asked).with_only_columns(
        Forecast.expected_on, Forecast.currency, Forecast.value, Forecast.sure,
        Project.definition_key, Project.phase, Project.step,
    )  # fmt: skip
    sums: dict[tuple[date, str], Sum] = {}
    for on, currency, value, sure, key, phase, step in session.execute(inner):
        month = on.replace(day=1)
        found = sums.setdefault((month, currency), Sum(month, currency))
        found.projects += 1
        found.expected += value
        found.weighed += (value * sure / 100).quantize(Decimal(1))
        found.supported += shares.of(key, phase, step).supports(value) or Decimal(0)
    return [sums[key] for key in sorted(sums)]


@dataclass(slots=True)
class Worth:
    """What somebody's forecasts were worth: of those on projects that are decided now."""

    n: int = 0
    won: int = 0
    in_month: int = 0
    expected: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    came: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def percent(self, currency: str) -> int | None:
        """How much of what was expected came, in percent."""
        expected = self.expected.get(currency)
        return round(self.came.get(currency, Decimal(0)) * 100 / expected) if expected else None

    @property
    def percents(self) -> dict[str, int]:
        """The like for each currency."""
        return {currency: found for currency in self.expected if (found := self.percent(currency)) is not None}


def load_worth(session: Session, people: Iterable[int]) -> dict[int, Worth]:
    """What the past forecasts of these people were worth.

    Of each decided project the last forecast that was made before the day of the decision counts, and is its maker's;
    what came is the project's value where it was won, nothing where it was lost.
    """
    ids = sorted(set(people))
    decision = (
        select(LifecycleChange.project_id, func.max(LifecycleChange.on).label("on"))
        .where(LifecycleChange.category.is_(None), LifecycleChange.target.in_(DECIDED))
        .group_by(LifecycleChange.project_id)
        .subquery()
    )
    before = (
        select(Forecast.project_id, func.max(Forecast.seq).label("seq"), decision.c.on)
        .join(decision, decision.c.project_id == Forecast.project_id)
        .where(func.date(Forecast.at) < decision.c.on)
        .group_by(Forecast.project_id, decision.c.on)
        .subquery()
    )
    last = and_(Forecast.project_id == before.c.project_id, Forecast.seq == before.c.seq)
    query = (
        select(Forecast.by_id, Forecast.value, Forecast.currency, Forecast.expected_on, before.c.on, Project.state,
               Project.value.label("came"), Project.currency.label("paid_in"))
        .join(before, last)
        .join(Project, Project.id == Forecast.project_id)
        .where(Forecast.by_id.in_(ids), Project.state.in_((*DECIDED, "closed")))
    )  # fmt: skip
    found: dict[int, Worth] = {one: Worth() for one in ids}
    for row in session.execute(query) if ids else ():
        worth, won = found[row.by_id], row.state != "lost"
        worth.n += 1
        worth.won += won
        worth.in_month += won and (row.expected_on.year, row.expected_on.month) == (row.on.year, row.on.month)
        worth.expected[row.currency] += row.value
        if won and row.paid_in == row.currency:
            worth.came[row.currency] += row.came
    return found


def share_of(session: Session, project: Project) -> Share:
    """What the records say of the cell in which a project stands."""
    return load_shares(session).of(project.definition_key, project.phase, project.step)
