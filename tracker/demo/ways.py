"""Plausible ways of invented projects through the matrix, drawn from their end back to their beginning. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from workflows.definition import CellKey, Definition
from workflows.facts import Visit

LINGER = {"qualify": 0.35, "deliver": 2.2, "settle": 2.6}  # how readily a phase outlasts a construction step
ORDINARY = 0.7
ENTERING = {"normal": 1.0, "early": 0.5, "late_risk": 0.1}  # how readily a phase is entered in a cell of this status
SHORTEST_STAY = 4  # days in a cell


@dataclass(frozen=True, slots=True)
class Way:
    """The cells a project went through, in order and dated, up to where it stands today."""

    visits: tuple[Visit, ...]
    today: date

    @property
    def opened(self) -> date:
        """The day it was set up."""
        return self.visits[0].since

    def span(self, index: int) -> tuple[date, date]:
        """First and last day in a cell of the way."""
        last = self.visits[index + 1].since if index + 1 < len(self.visits) else self.today
        return self.visits[index].since, last

    def since_step(self, step: str) -> date | None:
        """The day the leading building reached a step; None when it has not, or stood beyond it at the start."""
        return next((visit.since for visit in self.visits if visit.step == step), None)


def cells_to(random: Random, definition: Definition, target: CellKey, skipped: frozenset[str]) -> list[CellKey]:
    """A way through cells that are not blocked, from set-up to `target`, never back, without the skipped phases.

    Raises ValueError where there is none.
    """
    before = _steps_back(definition, skipped)
    way = [target]
    while True:
        here = way[-1]
        choices = before(*here)
        if here[0] == definition.phases[0].key and (not choices or random.random() > LINGER["qualify"]):
            return way[::-1]
        if not choices:
            raise ValueError(f"no way leads to {target}")
        weights = [_weight(definition, here, cell) for cell in choices]
        way.append(random.choices(choices, weights)[0])


def _weight(definition: Definition, here: CellKey, before: CellKey) -> float:
    if before[0] == here[0]:
        return LINGER.get(here[0], ORDINARY)
    return ENTERING[definition.cell(*here).status]


def _steps_back(definition: Definition, skipped: frozenset[str]) -> Callable[[str, str], list[CellKey]]:
    """A function that gives the cells from which a cell is entered, those only that can be reached themselves."""
    phases = [phase.key for phase in definition.phases if phase.key not in skipped]
    steps = [step.key for step in definition.steps]

    @cache
    def reachable(phase: str, step: str) -> bool:
        if phase not in phases or definition.cell(phase, step).status == "blocked":
            return False
        return phase == phases[0] or any(reachable(*cell) for cell in neighbours(phase, step))

    def neighbours(phase: str, step: str) -> list[CellKey]:
        found = []
        row, column = phases.index(phase), steps.index(step)
        if row:
            found.append((phases[row - 1], step))
        if column:
            found.append((phase, steps[column - 1]))
        return found

    return lambda phase, step: [cell for cell in neighbours(phase, step) if reachable(*cell)]


def dated(
    random: Random, definition: Definition, cells: list[CellKey], today: date, *, pace: float, most_days: int | None
) -> Way:
    """The way with its dates, counted back from today.

    `pace` shortens the typical durations of the construction steps (0.5: a small building); `most_days` limits the
    days in the present step.
    """
    runs = _runs_of_steps(cells)
    since: list[date] = []
    end = today
    for number, run in enumerate(reversed(runs)):
        low, high = definition.step(run[0][1]).duration_days
        days = random.uniform(low, high) * pace
        if number == 0:
            days *= random.uniform(0.1, 0.9)
            days = min(days, most_days) if most_days is not None else days
        if number == len(runs) - 1:
            days *= random.uniform(0.2, 0.7)
        for stay in reversed(_shares(random, len(run), days)):
            end -= timedelta(days=stay)
            since.append(end)
    visits = [Visit(phase, step, day) for (phase, step), day in zip(cells, reversed(since), strict=True)]
    return Way(tuple(visits), today)


def _runs_of_steps(cells: list[CellKey]) -> list[list[CellKey]]:
    runs: list[list[CellKey]] = []
    for cell in cells:
        if runs and runs[-1][0][1] == cell[1]:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return runs


def _shares(random: Random, count: int, days: float) -> list[int]:
    """`days` cut into whole stays of at least `SHORTEST_STAY`, at random."""
    weights = [random.uniform(0.5, 1.5) for _ in range(count)]
    return [max(SHORTEST_STAY, round(days * weight / sum(weights))) for weight in weights]
