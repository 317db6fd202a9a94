"""The corridor: the cells through which won projects went before they were won, and the alarm outside of it.

A project whose building is further than any from which projects no further on than it were still won has outrun its
phase. What is counted is few projects at first, so every answer says of how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workflows.definition import CellKey, Definition
from workflows.facts import ProjectFacts, Visit
from workflows.text import Text

ENOUGH = 5  # won projects, before a category or a route speaks for itself
UNDECIDED = ("active", "suspended", "on_hold_arbitration")


@dataclass(frozen=True, slots=True)
class Stop:
    """A won project stood in this cell before it was won.

    `hindmost`: in the earliest phase in which it was at that step. `final`: where it was won.
    """

    phase: str
    step: str
    hindmost: bool
    final: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """How many won projects stood in a cell, of how many it was the hindmost at that step, how many were won there."""

    projects: int = 0
    hindmost: int = 0
    won: int = 0


@dataclass(frozen=True, slots=True)
class Corridor:
    """The cells of won projects that have something in common.

    `grouping`: category (of the same main category), route, or all; `name`: the key of it.
    """

    grouping: str
    name: str
    cells: Mapping[CellKey, Passed]

    @property
    def won(self) -> int:
        """How many projects it is made of."""
        return sum(passed.won for passed in self.cells.values())


@dataclass(frozen=True, slots=True)
class Alarm:
    """Construction has outrun the phase. `cell`: the last from which such projects were still won; `still_won`: how
    many of them; `of`: how many such projects were won at all. `few`: too few to be sure of anything."""

    at: CellKey
    cell: CellKey
    still_won: int
    of: int
    grouping: str
    name: str
    sentence: Text

    @property
    def few(self) -> bool:
        """True where the number is so small that chance may have its hand in it."""
        return self.of < ENOUGH


def stops_of(definition: Definition, path: Sequence[Visit], won_on: date | None) -> tuple[Stop, ...]:
    """The stops of a won project: its path up to the day it was won (None: all of it), each cell once."""
    before = [visit for visit in path if won_on is None or visit.since <= won_on] or list(path[:1])
    cells = list(dict.fromkeys(visit.cell for visit in before))
    order = definition.phase_index
    lowest: dict[str, str] = {}
    for phase, step in cells:
        if step not in lowest or order[phase] < order[lowest[step]]:
            lowest[step] = phase
    final = before[-1].cell
    return tuple(Stop(phase, step, lowest[step] == phase, (phase, step) == final) for phase, step in cells)


def corridor_of(grouping: str, name: str, projects: Iterable[Sequence[Stop]]) -> Corridor:
    """The corridor of these projects, each given by its stops."""
    cells: dict[CellKey, Passed] = {}
    for stops in projects:
        for stop in stops:
            known = cells.get((stop.phase, stop.step), Passed())
            cells[stop.phase, stop.step] = Passed(
                known.projects + 1, known.hindmost + stop.hindmost, known.won + stop.final
            )
    return Corridor(grouping, name, cells)


def choose(corridors: Iterable[Corridor]) -> Corridor | None:
    """Of the corridors that fit a project the narrowest with enough in it; that of all where none has."""
    by_kind = {corridor.grouping: corridor for corridor in corridors}
    narrow = [by_kind.get("category"), by_kind.get("route")]
    enough = [corridor for corridor in narrow if corridor is not None and corridor.won >= ENOUGH]
    return enough[0] if enough else by_kind.get("all")


def outrun(definition: Definition, corridors: Iterable[Corridor], facts: ProjectFacts) -> Alarm | None:
    """The alarm of a project whose construction is further than its phase, or None.

    Only of projects that can still be won, in phases in which projects are won at the latest.
    """
    corridor = choose(corridors)
    if corridor is None or facts.state not in UNDECIDED:
        return None
    here = facts.cell(definition)
    found = _last_cell(definition, corridor, here)
    if found is None:
        return None
    last, number = found
    sentence = _sentence(definition, here, last, number)
    return Alarm(here, last, number, corridor.won, corridor.grouping, corridor.name, sentence)


def cells_outside(definition: Definition, corridor: Corridor) -> tuple[CellKey, ...]:
    """The cells in which a project that this corridor speaks for has outrun its phase."""
    return tuple(cell.key for cell in definition.cells if _last_cell(definition, corridor, cell.key))


def _last_cell(definition: Definition, corridor: Corridor, here: CellKey) -> tuple[CellKey, int] | None:
    """The last cell from which projects no further on than this one were still won, and how many; None inside of it."""
    phases, steps = definition.phase_index, definition.step_index
    known = {cell: n for cell, n in corridor.cells.items() if cell[0] in phases and cell[1] in steps}
    if phases[here[0]] > max((phases[cell[0]] for cell, passed in known.items() if passed.won), default=-1):
        return None
    behind = [cell for cell, n in known.items() if n.hindmost and phases[cell[0]] <= phases[here[0]]]
    if not behind:
        return None
    last = max(behind, key=lambda cell: (steps[cell[1]], phases[cell[0]]))
    if steps[here[1]] <= steps[last[1]]:
        return None
    return last, sum(known[cell].hindmost for cell in behind if cell[1] == last[1])


def _sentence(definition: Definition, here: CellKey, last: CellKey, number: int) -> Text:
    step, phase = definition.step(here[1]).name, definition.phase(here[0]).name
    name = definition.cell_name(*last)
    such = f"{number} such project was" if number == 1 else f"{number} such projects were"
    return Text(
        f"楼已建到“{step.zh}”，我们还在“{phase.zh}”。最晚还有{number}个这类项目从“{name.zh}”赢下来过。",
        f"The building has reached {step.en}, we are still in {phase.en}. "
        f"The last cell from which {such} still won is {name.en}.",
    )
