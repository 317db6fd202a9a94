"""When a project is to be looked at next, and which windows of it close next: derived, and written here alone.

`matrix.operations.refreshing` calls it whenever the facts of a project changed, the worker whenever it has looked.
`tracker doctor` compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Date, bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from tracker.notifications.models import ProjectClock, WindowClock
from tracker.projects.models import Project
from workflows.clocks import all_things
from workflows.definition import Definition
from workflows.facts import ProjectFacts
from workflows.guards.silence import FOLLOWED
from workflows.pace import next_change, next_closing

Wound = tuple[Project, Definition, ProjectFacts]


@dataclass(frozen=True, slots=True)
class Window:
    """A window of an open line that closes next, as it is kept."""

    category: str
    activity: str
    last_step: str
    closes_on: date
    observed: bool


@dataclass(frozen=True, slots=True)
class Winding:
    """What follows from a project's facts: the next day to look (None: never), the windows in their order.

    Where facts changed and nobody has looked since, that is today, or the first day on which something falls due if
    that is past: the worker alone knows what was delivered, and takes back what holds no more.
    """

    wake_on: date | None
    windows: tuple[Window, ...]


def winding(definition: Definition, facts: ProjectFacts, today: date, *, looked: bool) -> Winding:
    """Work it out. `looked`: what is due by today has been delivered."""
    days = [one.due_on for one in all_things(definition, facts) if not looked or one.due_on > today]
    windows: list[Window] = []
    if facts.state in FOLLOWED:
        change = next_change(definition, facts, today)
        days += [change] if change else []
        windows = [window for line in facts.open_categories if (window := _next(definition, facts, line.key, today))]
    if not looked:
        days.append(today)
    return Winding(min(days, default=None), tuple(sorted(windows, key=lambda one: one.category)))


def _next(definition: Definition, facts: ProjectFacts, category: str, today: date) -> Window | None:
    found = next_closing(definition, facts, category, today)
    if found is None:
        return None
    return Window(category, found.activity, found.last_step, found.closes_on, found.observed)


def wind(session: Session, wound: Sequence[Wound], today: date, *, looked: bool = False) -> None:
    """Bring the clocks of these projects up to date with their facts; of the windows it writes only what differs.

    The clocks are always written: so whoever changes facts and the worker who reads them wait for each other.
    """
    kept = _kept(session, [project.id for project, _definition, _facts in wound])
    writing = _Writing(session)
    for project, definition, facts in wound:
        found = winding(definition, facts, today, looked=looked)
        writing.clocks.append({"project": project.id, "wake": found.wake_on, "looked": today if looked else None})
        writing.windows(project, kept[project.id], found.windows)
    writing.write()


def hold(session: Session, ids: Sequence[int]) -> None:
    """Hold these clocks until the end of the transaction (on SQLite it holds the whole database)."""
    clocks = select(ProjectClock.project_id).where(ProjectClock.project_id.in_(ids)).order_by(ProjectClock.project_id)
    session.execute(clocks.with_for_update())


def _kept(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The rows of the windows of these projects, by project and category."""
    found: dict[int, dict[str, Any]] = {project_id: {} for project_id in ids}
    with session.no_autoflush:  # what waits to be written concerns no window, and is written with what comes after
        for row in session.execute(_KEPT, {"ids": list(ids)}):
            found[row.project_id][row.category] = row
    return found


_WINDOW_COLUMNS = ("owner_id", *Window.__dataclass_fields__)
_KEPT = select(WindowClock.id, WindowClock.project_id, *(getattr(WindowClock, name) for name in _WINDOW_COLUMNS)).where(
    WindowClock.project_id.in_(bindparam("ids", expanding=True))
)
_CLOCK = text(
    "INSERT INTO project_clock (project_id, wake_on, looked_on) VALUES (:project, :wake, :looked) "
    "ON CONFLICT (project_id) DO UPDATE SET wake_on = excluded.wake_on, "
    "looked_on = coalesce(excluded.looked_on, project_clock.looked_on)"
).bindparams(bindparam("wake", type_=Date), bindparam("looked", type_=Date))
_WINDOW: Any = (
    update(WindowClock.__table__)  # type: ignore[arg-type]
    .where(WindowClock.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in _WINDOW_COLUMNS})
)
_NEW_WINDOW = text(
    f"INSERT INTO window_clock (project_id, {', '.join(_WINDOW_COLUMNS)}) "  # noqa: S608  our own column names
    f"VALUES (:project_id, {', '.join(':' + name for name in _WINDOW_COLUMNS)}) ON CONFLICT (project_id, category) "
    f"DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _WINDOW_COLUMNS)}"
).bindparams(bindparam("closes_on", type_=Date), bindparam("observed", type_=Boolean))


class _Writing:
    """Gathers what differs, and writes it with one statement of each kind."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.clocks: list[dict[str, Any]] = []
        self.new_windows: list[dict[str, Any]] = []
        self.changed: list[dict[str, Any]] = []
        self.gone: list[int] = []

    def windows(self, project: Project, kept: dict[str, Any], found: Sequence[Window]) -> None:
        self.gone += [row.id for category, row in kept.items() if category not in {one.category for one in found}]
        for window in found:
            values = window_values(project.owner_id, window)
            row = kept.get(window.category)
            if row is None:
                self.new_windows.append({"project_id": project.id, **values})
            elif any(getattr(row, name) != value for name, value in values.items()):
                self.changed.append({"row": row.id, **{f"new_{name}": value for name, value in values.items()}})

    def write(self) -> None:
        for statement, rows in (
            (_CLOCK, self.clocks),
            (_WINDOW, self.changed),
            (_NEW_WINDOW, self.new_windows),
        ):
            if rows:
                self.session.execute(statement, rows)
        if self.gone:
            self.session.execute(delete(WindowClock).where(WindowClock.id.in_(self.gone)))


def window_values(owner_id: int | None, window: Window) -> dict[str, Any]:
    """The columns of a window beside its project."""
    plain = {name: getattr(window, name) for name in Window.__dataclass_fields__}
    return {"owner_id": owner_id, **plain}
