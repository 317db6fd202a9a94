"""What a firm is worth to us: the one place where it is counted. Every page, list and file asks here.

Only projects that the user sees count, each once however many roles the firm has in it; a rival's role counts nothing,
nor does a project that was merged away. Values are never added up over currencies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    extract,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from tracker.access import sight, visible
from tracker.database import Money
from tracker.history.models import Standing
from tracker.matrix.models import LifecycleChange
from tracker.parties.models import Contact
from tracker.projects.models import CategoryLine, Project, ProjectContact, ProjectParty
from tracker.remembering import remembered
from tracker.team.models import User

OPEN = ("active", "on_hold_arbitration", "suspended")
RIVAL = "competitor"
YEAR = timedelta(days=365)
YEARS = 6  # of the trend
Values = dict[str, Decimal]
"""An amount by currency."""

_line, _other = CategoryLine, aliased(CategoryLine)
_NOTHING = literal(Decimal(0), Money())
_VALUED = exists().where(_other.project_id == _line.project_id, _other.value.is_not(None))
LINE_VALUE: Any = func.coalesce(
    _line.value, case((and_(_line.main, ~_VALUED), Project.value), else_=_NOTHING), type_=Money()
)
"""What a category line is worth: its own value; the project's, for the main line where no line has any."""
_IS_WON_LINE = case((_line.result == "won", 1), else_=0)
_WON_MAIN = case((and_(_line.result == "won", _line.main), 1), else_=0)
_WON_AMOUNT = case((_line.result == "won", func.coalesce(_line.value, _NOTHING)), else_=_NOTHING)
_WHOLE = case((and_(func.count(_line.value) == 0, func.max(_WON_MAIN) == 1), Project.value), else_=_NOTHING)
_WON_LINES = (
    select(type_coerce(func.sum(_WON_AMOUNT) + _WHOLE, Money()))
    .where(_line.project_id == Project.id)
    .having(func.max(_IS_WON_LINE) == 1)
    .correlate(Project)
    .scalar_subquery()
)
"""`LINE_VALUE` of a project's won lines together, reading its lines once; null where none is won."""
IS_WON: Any = or_(
    Project.state == "won", exists().where(_line.project_id == Project.id, _line.result == "won").correlate(Project)
)
WON_VALUE: Any = func.coalesce(_WON_LINES, case((Project.state == "won", Project.value), else_=_NOTHING), type_=Money())
"""What was won of a project: its won lines; the whole of a won project of whose lines none is decided."""
IS_OPEN: Any = Project.state.in_(OPEN)
OPEN_VALUE: Any = case((IS_OPEN, Project.value), else_=_NOTHING)
OUTCOME: Any = case((IS_WON, "won"), (Project.state == "lost", "lost"), (IS_OPEN, "open"), else_="closed")
COUNTS: Any = ~(ProjectParty.role == RIVAL)


PARTIES: Any = bindparam("parties", expanding=True)
"""The firms whose projects a statement asks for, a parameter: statements are put together once for each sight."""


def theirs(by: User, *, in_role: bool = False) -> CTE:
    """The projects that the user sees and in which one of the `PARTIES` has a role, or exactly the `role`.

    The firm's projects come first and each is asked whether the user sees it: he may see all there are.
    """
    seen = exists().where(Project.id == ProjectParty.project_id, Project.merged_into_id.is_(None), visible(Project, by))
    counts = ProjectParty.role == bindparam("role") if in_role else COUNTS
    query = select(ProjectParty.project_id.label("id")).where(ProjectParty.party_id.in_(PARTIES), counts)
    return query.where(seen.correlate(ProjectParty)).distinct().cte("theirs")


@dataclass(slots=True)
class CategoryFigures:
    """Lines of one category: how many won (batches), lost and open; what was won, in all and in the last 365 days."""

    won: int = 0
    lost: int = 0
    open: int = 0
    won_value: Values = field(default_factory=dict)
    recent_value: Values = field(default_factory=dict)


@dataclass(slots=True)
class YearFigures:
    """What began, was won and was lost in one year."""

    begun: int = 0
    won: int = 0
    lost: int = 0
    won_value: Values = field(default_factory=dict)


@dataclass(slots=True)
class Figures:
    """A firm's business with us. `phases`: open projects by phase; `outcomes`: projects by what became of them."""

    outcomes: dict[str, int] = field(default_factory=dict)
    phases: dict[str, int] = field(default_factory=dict)
    open_value: Values = field(default_factory=dict)
    won_value: Values = field(default_factory=dict)
    lost_value: Values = field(default_factory=dict)
    standing_won: Values = field(
        default_factory=dict
    )  # the whole value of projects in the state won, as the board has it
    categories: dict[str, CategoryFigures] = field(default_factory=dict)
    years: dict[int, YearFigures] = field(default_factory=dict)
    won_lately: Values = field(default_factory=dict)  # in the last 365 days
    won_before: Values = field(default_factory=dict)  # in the 365 days before those
    last_contact: date | None = None

    @property
    def projects(self) -> int:
        """How many in all."""
        return sum(self.outcomes.values())

    @property
    def batches(self) -> int:
        """Won lines: what was bought from us at once."""
        return sum(one.won for one in self.categories.values())

    @property
    def trend(self) -> dict[str, tuple[Decimal, Decimal]]:
        """By currency what was won in the last 365 days and in those before, where anything was."""
        known = sorted({*self.won_lately, *self.won_before})
        return {key: (self.won_lately.get(key, Decimal(0)), self.won_before.get(key, Decimal(0))) for key in known}

    @property
    def won_share(self) -> float | None:
        """Of the decided ones, the share that was won; None while none is decided."""
        won, lost = self.outcomes.get("won", 0), self.outcomes.get("lost", 0)
        return won / (won + lost) if won + lost else None


def load_figures(session: Session, by: User, party_ids: Sequence[int], today: date) -> Figures:
    """The figures of a firm, or of a group's firms together, in one statement."""
    found = Figures()
    values = {"parties": list(party_ids), "lately": today - YEAR, "earlier": today - 2 * YEAR,
              "since": date(today.year - YEARS + 1, 1, 1)}  # fmt: skip
    for mark, one, other, currency, count, value, whole in session.execute(_everything(by), values):
        _TAKERS[mark](found, one, other, currency, count, value, whole)
    return found


@remembered(sight)
def _everything(by: User) -> Any:
    projects = theirs(by)
    lately, since = bindparam("lately", type_=Date), bindparam("since", type_=Date)
    return union_all(
        _by_phase(projects),
        _by_category(projects, lately),
        _by_year(projects, since, lately, bindparam("earlier", type_=Date)),
        _begun(projects, since),
        _met(by),
    )


def _part(mark: str, one: Any, other: Any, currency: Any, count: Any, value: Any, whole: Any) -> Any:
    texts = [cast(text, String).label(name) for name, text in (("one", one), ("other", other), ("currency", currency))]
    return select(literal(mark).label("mark"), *texts, count.label("count"), value.label("value"), whole.label("whole"))


_NONE: Any = cast(null(), Money())


def _sum(value: Any) -> Any:
    return cast(func.sum(value), Money())


def _by_phase(projects: CTE) -> Any:
    value = case((IS_WON, WON_VALUE), else_=Project.value)
    whole = case((Project.state == "won", Project.value), else_=_NOTHING)
    part = _part("phase", Project.phase, OUTCOME, Project.currency, func.count(), _sum(value), _sum(whole))
    grouped = part.select_from(Project).join(projects, projects.c.id == Project.id)
    return grouped.group_by(Project.phase, OUTCOME, Project.currency)


def _lines(part: Any, projects: CTE) -> Any:
    part = part.select_from(_line).join(Project, Project.id == _line.project_id)
    return part.join(projects, projects.c.id == Project.id)


def _by_category(projects: CTE, lately: Any) -> Any:
    """Lines by category and result; the last column is what was won of them since `lately`."""
    change = LifecycleChange
    won_lately = exists().where(
        change.project_id == Project.id,
        change.target == "won",
        change.on >= lately,
        or_(change.category.is_(None), change.category == _line.category),
    )
    recent = case((and_(_line.result == "won", won_lately), LINE_VALUE), else_=_NOTHING)
    part = _part("category", _line.category, _line.result, Project.currency, func.count(), _sum(LINE_VALUE),
                 _sum(recent))  # fmt: skip
    part = part.select_from(projects).join(_line, _line.project_id == projects.c.id)
    part = part.join(Project, Project.id == projects.c.id)
    return part.group_by(_line.category, _line.result, Project.currency)


def _year_of(day: Any) -> Any:
    return cast(cast(extract("year", day), Integer), String)


def _by_year(projects: CTE, since: Any, lately: Any, earlier: Any) -> Any:
    """What became of projects year by year; of the won ones, which were since `lately` and which since `earlier`."""
    change = LifecycleChange
    last = (
        select(change.project_id, change.target, func.max(change.on).label("on"))
        .join(projects, projects.c.id == change.project_id)
        .where(change.category.is_(None), change.target.in_(("won", "lost")))
        .group_by(change.project_id, change.target)
        .subquery()
    )
    still = or_(and_(last.c.target == "won", IS_WON), and_(last.c.target == "lost", Project.state == "lost"))
    year = _year_of(last.c.on)
    won = last.c.target == "won"
    what = case((and_(won, last.c.on >= lately), "won_lately"), (and_(won, last.c.on >= earlier), "won_before"),
                else_=last.c.target)  # fmt: skip
    part = _part("year", year, what, Project.currency, func.count(), _sum(WON_VALUE), _NONE)
    part = part.select_from(last).join(Project, Project.id == last.c.project_id)
    return part.where(still, last.c.on >= since).group_by(year, what, Project.currency)


def _begun(projects: CTE, since: Any) -> Any:
    """Each project is asked for its first day: grouped, all that ever stood anywhere would be read."""
    day = select(func.min(Standing.from_day)).where(Standing.project_id == projects.c.id).scalar_subquery()
    first = select(day.label("on")).select_from(projects).subquery()
    year = _year_of(first.c.on)
    part = _part("year", year, literal("begun"), null(), func.count(), _NONE, _NONE)
    return part.select_from(first).where(first.c.on >= since).group_by(year)


def _met(by: User) -> Any:
    part = _part("met", func.max(ProjectContact.last_met_on), null(), null(), func.count(), _NONE, _NONE)
    people = select(Contact.id).where(Contact.party_id.in_(PARTIES), visible(Contact, by))
    part = part.select_from(ProjectContact)
    return part.where(ProjectContact.contact_id.in_(people), _of_seen_project(by))


def _of_seen_project(by: User) -> ColumnElement[bool]:
    """The condition that the user sees the project on which a person is known; asked of each."""
    seen = exists().where(Project.id == ProjectContact.project_id, visible(Project, by))
    return seen.correlate(ProjectContact)


def last_contacts(session: Session, by: User, party_ids: Sequence[int]) -> dict[int, date]:
    """When a person of each of these firms was last met on a project that the user sees."""
    rows: Any = session.execute(_last_contacts(by), {"parties": list(party_ids)})
    return {party_id: on for party_id, on in rows if on is not None}


@remembered(sight)
def _last_contacts(by: User) -> Any:
    query = select(Contact.party_id, func.max(ProjectContact.last_met_on))
    query = query.join(ProjectContact, ProjectContact.contact_id == Contact.id)
    met = (ProjectContact.last_met_on.is_not(None), _of_seen_project(by))
    return query.where(Contact.party_id.in_(PARTIES), visible(Contact, by), *met).group_by(Contact.party_id)


def _add(values: Values, currency: str, value: Decimal | None) -> None:
    if value:
        values[currency] = values.get(currency, Decimal(0)) + value


def _take_phase(found: Figures, phase: str, outcome: str, currency: str, count: int, value: Any, whole: Any) -> None:
    found.outcomes[outcome] = found.outcomes.get(outcome, 0) + count
    if outcome == "open":
        found.phases[phase] = found.phases.get(phase, 0) + count
        _add(found.open_value, currency, value)
    elif outcome != "closed":
        _add(found.won_value if outcome == "won" else found.lost_value, currency, value)
    _add(found.standing_won, currency, whole)


def _take_category(found: Figures, key: str, result: str, currency: str, count: int, value: Any, recent: Any) -> None:
    kept = found.categories.setdefault(key, CategoryFigures())
    if result == "won":
        kept.won += count
        _add(kept.won_value, currency, value)
        _add(kept.recent_value, currency, recent)
    elif result == "lost":
        kept.lost += count
    elif result == "open":
        kept.open += count


def _take_year(found: Figures, year: str, what: str, currency: str, count: int, value: Any, _w: Any) -> None:
    kept = found.years.setdefault(int(year), YearFigures())
    if what == "begun":
        kept.begun += count
    elif what.startswith("won"):
        kept.won += count
        _add(kept.won_value, currency, value)
        if what != "won":
            _add(found.won_lately if what == "won_lately" else found.won_before, currency, value)
    else:
        kept.lost += count


def _take_met(found: Figures, on: str | None, _o: Any, _c: Any, _n: int, _v: Any, _w: Any) -> None:
    found.last_contact = date.fromisoformat(on) if on else None


_TAKERS: Mapping[str, Any] = {
    "phase": _take_phase,
    "category": _take_category,
    "year": _take_year,
    "met": _take_met,
}
