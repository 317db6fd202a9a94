"""The effective status of a cell for one project: the cell's default combined with the entry windows.

Source: conventions.effective_status, step_position and multi_building of the definition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workflows.calendar import days_between
from workflows.definition import ACTIVITIES, STATUSES, Cell, Definition, Status, Window
from workflows.facts import BuildingFacts, CategoryFacts, ProjectFacts
from workflows.text import Text

ENTRY = ("specify", "sample", "bid")
"""The activities by which one enters; order and delivery follow."""
_WORSE = {status: number for number, status in enumerate(STATUSES)}
_LATE = _WORSE["late_risk"]
_BLOCKED = _WORSE["blocked"]
THIRDS = {"early": 1 / 3, "mid": 2 / 3}
"""The share of `lost_after`'s step after which a category is lost; at the `end` it is by leaving the step."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a building stands: the index of its step, and how far it is in it (0 … 1 and beyond)."""

    step_index: int
    ratio: float


def progress_of(definition: Definition, building: BuildingFacts, today: date) -> Progress:
    """By floors where they are known, else by days in the step over the middle of its typical duration."""
    index = definition.step_index[building.step]
    if building.floor is not None and building.floors:
        return Progress(index, building.floor / building.floors)
    low, high = definition.steps[index].duration_days
    return Progress(index, days_between(building.since, today) / max(1.0, (low + high) / 2))


def past_lost(definition: Definition, window: Window, step_index: int, progress: Progress) -> bool:
    """True when a category has practically no chance left at this step.

    In the step of `lost_after` itself it depends on how far the building is: past its first third ('early'), its
    second third ('mid'), or out of it ('end').
    """
    lost = definition.step_index[window.lost_step]
    if step_index != lost:
        return step_index > lost
    if progress.step_index != lost:
        return progress.step_index > lost
    share = THIRDS.get(window.lost_at)
    return share is not None and progress.ratio > share


def is_lost(definition: Definition, category: str, progress: Progress) -> bool:
    """True when the category is past its `lost_after` where the building stands now."""
    return past_lost(definition, definition.window(category), progress.step_index, progress)


def own_status(definition: Definition, cell: Cell, route: str) -> Status:
    """The status of a cell without windows: routes named as exceptions may enter a blocked one.

    They find it `early` before the row opens, `late_risk` after it has closed.
    """
    if cell.status != "blocked" or route not in cell.exception_routes:
        return cell.status
    index = definition.step_index
    opens = [index[c.step] for c in definition.cells if c.phase == cell.phase and c.status != "blocked"]
    return "early" if index[cell.step] < min(opens, default=0) else "late_risk"


def combined_status(
    definition: Definition,
    cell: Cell,
    route: str,
    categories: Iterable[CategoryFacts],
    progress: Progress,
) -> Status:
    """The effective status for the given open categories: the best one among them.

    When every category is past `lost_after` all of them, and so the cell, are blocked in the
    phases in which windows count.
    """
    own = cell.status if not cell.exception_routes else own_status(definition, cell, route)
    activity = definition.phase_windows.get(cell.phase)
    if activity is None or own == "blocked":
        return own
    index = definition.step_index
    here = index[cell.step]
    default = _WORSE[own]
    best: int | None = None
    for category in categories:
        window = definition.window(category.key)
        worst = default
        if past_lost(definition, window, here, progress):
            worst = _BLOCKED
        elif here > index[window.span(activity).last]:
            worst = max(default, _LATE)
        best = worst if best is None else min(best, worst)
    return own if best is None else STATUSES[best]


def effective_status(definition: Definition, facts: ProjectFacts, phase: str, step: str, today: date) -> Status:
    """The effective status of a cell for a project today (`today` because `lost_after` counts days in a step)."""
    progress = progress_of(definition, facts.leading_building(definition), today)
    cell = definition.cell(phase, step)
    return combined_status(definition, cell, facts.route, facts.open_categories, progress)


@dataclass(frozen=True, slots=True)
class ActivityView:
    """One activity of a category: 'ahead', 'open', 'closing' (its last step) or 'closed'; `last` step key."""

    activity: str
    state: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class WindowView:
    """A category's windows now: 'open', 'closing' or 'closed' (past lost_after, or nothing left to enter)."""

    category: str
    name: Text
    state: str
    lost: bool
    activities: tuple[ActivityView, ...]

    def activity(self, key: str) -> ActivityView:
        """One activity by name."""
        return self.activities[ACTIVITIES.index(key)]


def window_view(definition: Definition, category: str, leading: Progress, trailing: Progress) -> WindowView:
    """Specify, sample and bid follow the leading building, order and delivery the trailing one."""
    window = definition.window(category)
    index = definition.step_index
    views = []
    for activity in ACTIVITIES:
        span = window.span(activity)
        here = (leading if activity in ENTRY else trailing).step_index
        state = "open"
        if here < index[span.first]:
            state = "ahead"
        elif here > index[span.last]:
            state = "closed"
        elif here == index[span.last]:
            state = "closing"
        views.append(ActivityView(activity, state, span.first, span.last))
    lost = past_lost(definition, window, leading.step_index, leading)
    entry = [view.state for view in views if view.activity in ENTRY]
    state = "open"
    if lost or all(kind == "closed" for kind in entry):
        state = "closed"
    elif leading.step_index == index[window.lost_step] or "closing" in entry:
        state = "closing"
    return WindowView(category, window.name, state, lost, tuple(views))
