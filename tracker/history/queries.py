"""Reads of the past: the board of a past day, a project's past, its corridor. The user comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.access import beyond, is_dealer, overseen, seen_traces, sight, visible
from tracker.database import Money, UtcDateTime
from tracker.history.corridors import EVERYTHING
from tracker.history.loading import load_history
from tracker.history.models import CorridorCell, Standing, StandingPlace, StandingSum
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts
from tracker.matrix.models import Record
from tracker.matrix.queries import Matrix, Portfolio, PortfolioCell
from tracker.projects.models import Project
from tracker.projects.queries import CONDITIONS, LIVE, Filters
from tracker.remembering import remembered
from tracker.team.models import User
from workflows.corridor import UNDECIDED, Alarm, Corridor, Passed, outrun
from workflows.definition import CellKey, Definition
from workflows.facts import ProjectFacts
from workflows.replaying import History, facts_at, present_of, standings, steps_of
from workflows.retelling import Turn, turns_of

_DAY = bindparam("day", type_=Date)
_HELD = and_(Standing.from_day <= _DAY, or_(Standing.to_day.is_(None), Standing.to_day > _DAY))
_THEN = {
    "state": Standing.state == bindparam("state"),
    "live": Standing.state.in_(LIVE),
    "phase": Standing.phase == bindparam("phase"),
    "step": Standing.step == bindparam("step"),
}
"""What filters ask of the day in question; the others ask what a project is today."""


def find_first_day(session: Session) -> date | None:
    """The first day anything is known of; None while there is no project."""
    return session.scalar(select(func.min(Standing.from_day)))


def load_portfolio_on(session: Session, by: User, filters: Filters, day: date) -> Portfolio:
    """Counts and value per cell, on a past day, of the projects the user sees today; nothing is said of silence.

    What he oversees comes from the sums where nothing but team and state is asked for; all else is counted from the
    intervals.
    """
    cells: dict[CellKey, PortfolioCell] = {}
    asked = tuple(name for name in filters.asked if name != "stalled")
    for phase, step, count, value in session.execute(_portfolio(asked, by), {**filters.values, "day": day}).all():
        known = cells.get((phase, step), PortfolioCell())
        cells[phase, step] = PortfolioCell(known.count + int(count), known.value + value)
    return Portfolio({key: cell for key, cell in cells.items() if cell.count})


@remembered(sight)
def _portfolio(asked: tuple[str, ...], by: User) -> Any:
    if set(asked) <= {"team", "state", "live"} and not is_dealer(by):
        return union_all(_summed(by, asked), _counted(beyond(by), asked))
    return _counted(visible(Project, by), asked)


def _counted(seen: Any, asked: tuple[str, ...]) -> Any:
    query = select(Standing.phase, Standing.step, func.count(), func.sum(Standing.value, type_=Money()))
    query = query.join(Project, Project.id == Standing.project_id).where(seen, _HELD)
    conditions = [_THEN[name] if name in _THEN else CONDITIONS[name] for name in asked]
    return query.where(*conditions).group_by(Standing.phase, Standing.step)


def _summed(by: User, asked: tuple[str, ...]) -> Any:
    """The last sum up to the day of each place of the teams one oversees."""
    place, earlier = StandingPlace, select(StandingSum.from_day).correlate(StandingPlace)
    last = (
        earlier.where(StandingSum.place_id == place.id, StandingSum.from_day <= _DAY)
        .order_by(StandingSum.from_day.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(place.phase, place.step, func.sum(StandingSum.projects), func.sum(StandingSum.value, type_=Money()))
        .join(StandingSum, and_(StandingSum.place_id == place.id, StandingSum.from_day == last))
        .where(overseen(place, by), place.state == bindparam("state") if "state" in asked else place.state.in_(LIVE))
    )
    if "team" in asked:
        query = query.where(place.team_id == bindparam("team"))
    return query.group_by(place.phase, place.step)


class Stood(NamedTuple):
    """A project that stood in a cell on a past day, and where it stands today."""

    id: int
    name: str
    state: str
    value: Decimal
    phase_now: str
    step_now: str
    state_now: str


def list_stood(
    session: Session, by: User, filters: Filters, day: date, cell: CellKey, limit: int = 50
) -> Sequence[Stood]:
    """The projects that stood in a cell on a past day, the most valuable first."""
    asked = tuple(name for name in filters.asked if name not in ("stalled", "phase", "step"))
    values = {**filters.values, "day": day, "phase": cell[0], "step": cell[1], "most": limit}
    return [Stood(*row) for row in session.execute(_stood(asked, by), values)]


@remembered(sight)
def _stood(asked: tuple[str, ...], by: User) -> Any:
    shown = (Project.id, Project.name, Standing.state, Standing.value, Project.phase, Project.step, Project.state)
    query = select(*shown).join(Standing, Project.id == Standing.project_id)
    conditions = [_THEN[name] if name in _THEN else CONDITIONS[name] for name in (*asked, "phase", "step")]
    query = query.where(visible(Project, by), _HELD, *conditions)
    return query.order_by(Standing.value.desc(), Standing.project_id.desc()).limit(bindparam("most", type_=Integer))


@dataclass(frozen=True)
class Life:
    """A project's whole past as somebody sees it: his facts of today, what happened, and what days there are."""

    project: Project
    definition: Definition
    facts: ProjectFacts
    history: History
    today: date
    of_dealer: bool

    @cached_property
    def first(self) -> date:
        """The first day on which it was there."""
        return standings(self.definition, self.history, present_of(self.definition, self.facts))[0].from_day

    def on(self, day: date) -> Matrix | None:
        """Its matrix on a day; None before the first."""
        facts = facts_at(self.definition, self.facts, self.history, day)
        return None if facts is None else Matrix(self.project, self.definition, facts, day, self.of_dealer)

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """Its story, turn by turn."""
        return turns_of(steps_of(self.definition, self.facts, self.history))


def load_life(session: Session, by: User, project: Project) -> Life:
    """The past of a project that the user sees; a dealer's holds his own people's traces only."""
    definition = definition_of(session, project)
    dealer = is_dealer(by)
    facts = load_facts(session, definition, project, seen_by=by if dealer else None)
    return Life(project, definition, facts, load_history(session, by, project), clock.today(), dealer)


def list_records_on(
    session: Session, by: User, project: Project, day: date, cell: CellKey | None = None, limit: int = 8
) -> Sequence[Record]:
    """The newest records of a project that were there on a past day, all or those of one cell."""
    asked = {"project": project.id, "day": day, "ends": clock.day_ends(day), "most": limit}
    if cell:
        asked |= {"phase": cell[0], "step": cell[1]}
    return session.scalars(_records_on(cell is not None, by), asked).all()


@remembered(sight)
def _records_on(of_cell: bool, by: User) -> Any:
    made = or_(
        and_(Record.is_plan.is_(False), Record.happened_on <= _DAY),
        and_(Record.is_plan.is_(True), Record.entered_at < bindparam("ends", type_=UtcDateTime())),
    )
    query = select(Record).where(Record.project_id == bindparam("project"), made, seen_traces(Record, by))
    if of_cell:
        query = query.where(Record.phase == bindparam("phase"), Record.step == bindparam("step"))
    newest = query.order_by(Record.happened_on.desc(), Record.id.desc()).limit(bindparam("most", type_=Integer))
    return newest.options(joinedload(Record.author))


def find_alarm(session: Session, matrix: Matrix) -> Alarm | None:
    """The alarm of a project that is off the corridor of those won (`Circle.off_corridor`); a dealer gets none."""
    if matrix.of_dealer or matrix.facts.state not in UNDECIDED:
        return None
    main = matrix.facts.main_category
    asked = {"key": matrix.definition.key, "route": matrix.facts.route, "category": main.key if main else None}
    cells: dict[tuple[str, str], dict[CellKey, Passed]] = {}
    for grouping, name, phase, step, *counts in session.execute(_CORRIDORS, asked):
        cells.setdefault((grouping, name), {})[phase, step] = Passed(*counts)
    corridors = [Corridor(grouping, name, found) for (grouping, name), found in cells.items()]
    return outrun(matrix.definition, corridors, matrix.facts)


_CORRIDORS = select(
    CorridorCell.grouping,
    CorridorCell.name,
    CorridorCell.phase,
    CorridorCell.step,
    CorridorCell.projects,
    CorridorCell.hindmost,
    CorridorCell.won,
).where(
    CorridorCell.definition_key == bindparam("key"),
    or_(
        and_(CorridorCell.grouping == "all", CorridorCell.name == EVERYTHING),
        and_(CorridorCell.grouping == "route", CorridorCell.name == bindparam("route")),
        and_(CorridorCell.grouping == "category", CorridorCell.name == bindparam("category")),
    ),
)
