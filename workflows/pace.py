"""When the windows of a category close, estimated from how fast this site goes.

A window of an activity closes at the end of its last step; specify, sample and bid close earlier where the category has
practically no chance any more (`lost_after`). Where two dated observations of the building tell its pace, the typical
durations (the middle of each range, in days) are stretched by it; else they count as they are. Specify, sample and bid
follow the leading building, order follows the trailing one. Where the category line stands past an activity (its phase
lies further on, or its route knows none such), nothing closes any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from workflows.calendar import add_days, days_between
from workflows.definition import Definition, Window
from workflows.facts import BuildingFacts, CategoryFacts, Observation, ProjectFacts
from workflows.status import THIRDS, is_lost, progress_of

ACTIVITIES = ("specify", "sample", "bid", "order")
"""What can still be done before delivery, in order."""
PHASE_OF = {"specify": "specify", "sample": "shortlist", "bid": "bid", "order": "contract"}
"""The phase in which an activity is done; a definition without that phase knows no being past it."""
LED = ("specify", "sample", "bid")
"""The activities whose urgency follows the leading building, and which end when the category is lost."""
LEAST_DAYS = 7  # between two observations that tell a pace
SLOWEST, FASTEST = 4.0, 0.25  # times the typical duration; beyond that a report came late rather than a site is so
TINY = 1e-9  # two thirds of 135 days are 90, whatever the processor says
LONGER = 1.5  # what has lasted longer than expected is expected to last half as long again


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a building goes: times the typical durations (2.0: takes twice as long), and whether that was seen."""

    times: float = 1.0
    observed: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """When an activity's window closes by what was known when the building entered its present step.

    It closes in `last_step`. `stay`: days the building is expected to stay where it is; `share` of them pass before the
    window closes, then `rest` days more in later steps. `fixed`: the day follows from a rule, not from a pace.
    """

    category: str
    activity: str
    last_step: str
    building: BuildingFacts
    stay: int
    share: float
    rest: int
    observed: bool
    fixed: bool = False

    @property
    def expected_on(self) -> date:
        """The last day on which it is expected to be open."""
        return self._day(self.stay)

    def closes_on(self, today: date) -> date:
        """The same; where the expected stay is over and the window still open, carried on by half of it, repeatedly.

        So it is never before today, and holds for a while: what is kept of it need not be worked out anew every day.
        """
        stay = self.stay
        while not self.fixed and add_days(self.building.since, floor(stay * self.share)) < today:
            stay = ceil(stay * LONGER)
        return self._day(stay)

    def _day(self, stay: int) -> date:
        return add_days(self.building.since, floor(stay * self.share) + self.rest)


@dataclass(frozen=True, slots=True)
class Closing:
    """An activity of a category whose window is not closed yet.

    `state`: 'ahead' (not open yet), 'open', 'closing' (the building is in the step in which it closes). `days` from
    today to `closes_on`, the estimated last day. `observed`: by the pace of this site, else by typical durations.
    """

    category: str
    activity: str
    last_step: str
    state: str
    building_id: int | str
    closes_on: date
    days: int
    observed: bool


def closing(definition: Definition, facts: ProjectFacts, category: str, today: date) -> tuple[Closing, ...]:
    """The activities of a category line whose windows have not closed today, in the order of the trade."""
    lost = is_lost(definition, category, progress_of(definition, facts.leading_building(definition), today))
    found = []
    for one in estimates(definition, facts, category):
        closes = one.closes_on(today)
        if (lost and one.activity in LED) or closes < today:
            continue
        state, days = _state(definition, one), days_between(today, closes)
        found.append(Closing(category, one.activity, one.last_step, state, one.building.id, closes, days, one.observed))
    return tuple(found)


def next_closing(definition: Definition, facts: ProjectFacts, category: str, today: date) -> Closing | None:
    """The window of a category line that closes first; None where nothing can be lost any more."""
    return min(closing(definition, facts, category, today), key=lambda one: one.closes_on, default=None)


def next_change(definition: Definition, facts: ProjectFacts, today: date) -> date | None:
    """The first day on which an estimate for an open line, made today, does not hold any more; None without one."""
    ends = [
        add_days(_turns_on(one, today), 1)
        for line in facts.open_categories
        for one in estimates(definition, facts, line.key)
    ]
    return min((day for day in ends if day > today), default=None)


def estimates(definition: Definition, facts: ProjectFacts, category: str) -> Iterator[Estimate]:
    """The activities of a line that its buildings have not gone past; what is lost today is still among them."""
    line = next((one for one in facts.categories if one.key == category), CategoryFacts(category))
    window, index = definition.window(category), definition.step_index
    for activity in ACTIVITIES:
        if is_past(definition, facts, line, activity):
            continue
        building = facts.leading_building(definition) if activity in LED else facts.trailing_building(definition)
        last, share = _end(definition, window, activity)
        if index[building.step] <= index[last]:
            yield _estimate(definition, facts, category, activity, last, share, building)


def pace_of(definition: Definition, facts: ProjectFacts, building: BuildingFacts) -> Pace:
    """The pace of a building: in the present step from the floors counted, else from where it was seen when."""
    by_floors = _pace_of_floors(definition, facts, building)
    if by_floors is not None:
        return Pace(by_floors, True)
    seen = _onward(definition, [one for one in facts.observations if one.building_id == building.id])
    if len(seen) < 2:
        return Pace()
    index = definition.step_index
    first, last = seen[0], seen[-1]
    actual = days_between(first.on, last.on)
    if actual < LEAST_DAYS:
        return Pace()
    typical = sum(_middle(definition, number) for number in range(index[first.step], index[last.step]))
    return Pace(_bounded(actual / typical), True)


def is_past(definition: Definition, facts: ProjectFacts, line: CategoryFacts, activity: str) -> bool:
    """Whether a category line has gone past an activity: its phase lies further on, or its route knows none such."""
    phase = PHASE_OF[activity]
    if phase not in definition.phase_index:
        return False
    route = definition.route(facts.route)
    if phase not in route.required and phase not in route.optional:
        return True
    return definition.phase_index[line.phase or facts.phase] > definition.phase_index[phase]


def _estimate(
    definition: Definition,
    facts: ProjectFacts,
    category: str,
    activity: str,
    last: str,
    share: float,
    building: BuildingFacts,
) -> Estimate:
    pace = pace_of(definition, facts, building)
    here, end = definition.step_index[building.step], definition.step_index[last]
    if here == end and share < 1 and not (building.floor is not None and building.floors):
        # without floors the rules count the days of the step, whatever the pace
        days = floor(share * _middle(definition, here) + TINY)
        return Estimate(category, activity, last, building, days, 1.0, 0, False, fixed=True)
    stay = max(1, round(_middle(definition, here) * pace.times))
    if here == end:
        return Estimate(category, activity, last, building, stay, share, 0, pace.observed)
    whole = sum(_middle(definition, number) for number in range(here + 1, end)) + share * _middle(definition, end)
    return Estimate(category, activity, last, building, stay, 1.0, round(whole * pace.times), pace.observed)


def _end(definition: Definition, window: Window, activity: str) -> tuple[str, float]:
    """(step, share of it): the end of the last step, or where the category is lost before."""
    index, last = definition.step_index, window.span(activity).last
    if activity in LED and index[window.lost_step] <= index[last]:
        return window.lost_step, THIRDS.get(window.lost_at, 1.0)
    return last, 1.0


def _turns_on(one: Estimate, today: date) -> date:
    """The last day on which the estimate says what it says today."""
    return add_days(one.closes_on(today), -one.rest)


def _state(definition: Definition, one: Estimate) -> str:
    index = definition.step_index
    if index[one.building.step] < index[definition.window(one.category).span(one.activity).first]:
        return "ahead"
    return "closing" if one.building.step == one.last_step else "open"


def _middle(definition: Definition, number: int) -> float:
    low, high = definition.steps[number].duration_days
    return max(1.0, (low + high) / 2)


def _bounded(times: float) -> float:
    return min(SLOWEST, max(FASTEST, times))


def _onward(definition: Definition, observations: list[Observation]) -> list[Observation]:
    """The observations of one building without those that a later one took back."""
    index = definition.step_index
    kept: list[Observation] = []
    for one in observations:
        while kept and index[kept[-1].step] > index[one.step]:
            kept.pop()
        if not kept or kept[-1].step != one.step:
            kept.append(one)
    return kept


def _pace_of_floors(definition: Definition, facts: ProjectFacts, building: BuildingFacts) -> float | None:
    """From the floors done in the present step by the day of the last work recorded there; None where unknown."""
    if not building.floor or not building.floors or building.floor > building.floors:
        return None
    days = [r.on for r in facts.records if r.step == building.step and not r.is_plan and r.on > building.since]
    taken = days_between(building.since, max(days)) if days else 0
    if taken < LEAST_DAYS:
        return None
    whole = taken * building.floors / building.floor
    return _bounded(whole / _middle(definition, definition.step_index[building.step]))
