"""What accounts bring us: the one place where it is added up, for the list, the account's page, its plan and wallet.

What was called off counts on its day; of a line of which nothing was called off, what was won counts on the day of the
win (of the line, else of the project). Projects that the user does not see count nothing. Values are never added up
over currencies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from tracker.access import visible
from tracker.accounts.models import AccountParty, CallOff, FrameAgreement
from tracker.database import Money
from tracker.matrix.models import LifecycleChange
from tracker.parties.queries.figures import Values
from tracker.projects.models import CategoryLine, Project, ProjectParty
from tracker.projects.queries import LIVE
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class Earned:
    """What one line of a project brought on a day: `called` off an agreement, or won with the contract."""

    project_id: int
    category: str
    on: date
    value: Decimal
    currency: str = "CNY"
    called: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """The projects of an account by state, and when anybody of ours last logged something there."""

    counts: Mapping[str, int]
    values: Mapping[str, Values]
    last_record_on: date | None = None

    @property
    def live(self) -> int:
        """How many are neither lost nor closed."""
        return sum(number for state, number in self.counts.items() if state in LIVE)

    @property
    def running_value(self) -> Values:
        """What those are worth that are not decided yet."""
        undecided = (values for state, values in self.values.items() if state in LIVE and state != "won")
        return added_up(pair for values in undecided for pair in values.items())


NO_STANDING = Standing({}, {})


def added_up(amounts: Iterable[tuple[str, Decimal]]) -> Values:
    """Amounts, each with its currency, added up by currency; what is nothing is left out."""
    sums: Values = {}
    for currency, value in amounts:
        if value:
            sums[currency] = sums.get(currency, Decimal(0)) + value
    return sums


def projects_of(ids: Collection[int]) -> Any:
    """(account_id, project_id) of the projects in which a firm of these accounts has a part, each pair once."""
    return (
        select(AccountParty.account_id, ProjectParty.project_id)
        .join(ProjectParty, ProjectParty.party_id == AccountParty.party_id)
        .where(AccountParty.account_id.in_(ids))
        .distinct()
        .subquery()
    )


def load_earned(session: Session, by: User, ids: Collection[int]) -> dict[int, list[Earned]]:
    """What the projects of these accounts brought, by account."""
    found: dict[int, list[Earned]] = {key: [] for key in ids}
    if not found:
        return found
    called: set[tuple[int, int, str]] = set()
    drawn: Any = session.execute(_called(by, ids))
    for account_id, project_id, category, on, value, currency in drawn:
        found[account_id].append(Earned(project_id, category, on, value, currency, called=True))
        called.add((account_id, project_id, category))
    rows: Any = session.execute(_won(by, ids))
    for account_id, project_id, category, on, value, main, whole, valued, currency in rows:
        if (account_id, project_id, category) not in called:
            worth = value if value is not None else whole if main and not valued and whole else Decimal(0)
            found[account_id].append(Earned(project_id, category, on, worth, currency))
    return found


def _called(by: User, ids: Collection[int]) -> Any:
    agreement, one = FrameAgreement, CallOff
    return (
        select(agreement.account_id, one.project_id, one.category, one.on, one.value, one.currency)
        .join(agreement, agreement.id == CallOff.agreement_id)
        .join(Project, Project.id == CallOff.project_id)
        .where(agreement.account_id.in_(ids), CallOff.void.is_(None), visible(Project, by))
    )


def _won(by: User, ids: Collection[int]) -> Any:
    theirs, line, other, change = projects_of(ids), CategoryLine, aliased(CategoryLine), LifecycleChange
    won = select(func.max(change.on)).where(change.project_id == line.project_id, change.target == "won")
    won_on = won.where(change.category == line.category).scalar_subquery()
    with_project = won.where(change.category.is_(None)).scalar_subquery()
    valued = select(func.count(other.value)).where(other.project_id == line.project_id).scalar_subquery()
    on = func.coalesce(won_on, with_project, Project.phase_since)
    worth = (line.value, line.main, Project.value, valued, Project.currency)
    return (
        select(theirs.c.account_id, Project.id, line.category, on, *worth)
        .select_from(theirs)
        .join(Project, Project.id == theirs.c.project_id)
        .join(line, line.project_id == Project.id)
        .where(line.result == "won", visible(Project, by))
    )


def load_standings(session: Session, by: User, ids: Collection[int]) -> dict[int, Standing]:
    """How many projects of these accounts stand in which state, by account."""
    theirs = projects_of(ids)
    value, last_day = func.sum(Project.value, type_=Money()), func.max(Project.last_record_on)
    query = (
        select(theirs.c.account_id, Project.state, Project.currency, func.count(), value, last_day)
        .select_from(theirs)
        .join(Project, Project.id == theirs.c.project_id)
        .where(visible(Project, by))
        .group_by(theirs.c.account_id, Project.state, Project.currency)
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    values: dict[int, dict[str, Values]] = defaultdict(dict)
    last: dict[int, date] = {}
    rows: Any = session.execute(query) if ids else ()
    for account_id, state, currency, number, worth, recorded in rows:
        counts[account_id][state] = counts[account_id].get(state, 0) + number
        values[account_id].setdefault(state, {})[currency] = worth or Decimal(0)
        if recorded:
            last[account_id] = max(recorded, last.get(account_id, recorded))
    return {key: Standing(counts[key], values[key], last.get(key)) for key in ids}


def by_year(earned: Iterable[Earned], category: str = "") -> dict[int, Values]:
    """The sums of each year, of one category or of all."""
    found: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    for one in earned:
        if not category or one.category == category:
            found[one.on.year].append((one.currency, one.value))
    return {year: added_up(amounts) for year, amounts in found.items()}


def by_category(earned: Iterable[Earned], year: int) -> dict[str, Values]:
    """The sums of each category in a year."""
    found: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for one in earned:
        if one.on.year == year:
            found[one.category].append((one.currency, one.value))
    return {category: added_up(amounts) for category, amounts in found.items()}


def days_of_wins(earned: Sequence[Earned]) -> list[date]:
    """The day of each line's first success, the oldest first."""
    first: dict[tuple[int, str], date] = {}
    for one in earned:
        key = (one.project_id, one.category)
        first[key] = min(one.on, first.get(key, one.on))
    return sorted(first.values())
