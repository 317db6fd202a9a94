"""What the cells know: their hints and tasks and what their phases want proven, found by words in either language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.matching.normalise import folded
from workflows.definition import CellKey, Definition
from workflows.text import Text

MOST = 60
CELL, EXIT = "cell", "exit"


@dataclass(frozen=True, slots=True)
class Known:
    """A sentence of a cell. `kind`: must, tip or warn of a hint, `task`, `exit` for what a phase wants proven (on the
    cell where one reads it), `cell` for the cell's own name; `department`: whose it is, '' for everybody's."""

    cell: CellKey
    kind: str
    text: Text
    department: str = ""


@dataclass(frozen=True, slots=True)
class _Indexed:
    known: Known
    own: str
    around: str


def find_known(definition: Definition, words: str, *, department: str = "", most: int = MOST) -> Sequence[Known]:
    """Sentences that hold all the words, then cells called so, then sentences whose cell or department is; with a
    `department` alone all of its sentences."""
    wanted = folded(words).split()
    if not department and sum(map(len, wanted)) < 2:
        return ()
    ranked: list[tuple[int, int, Known]] = []
    for place, one in enumerate(_index(definition)):
        if department and one.known.department != department:
            continue
        if all(word in one.own for word in wanted):
            ranked.append((int(one.known.kind == CELL), place, one.known))
        elif one.known.kind != CELL and all(word in one.own or word in one.around for word in wanted):
            ranked.append((2, place, one.known))
    return [known for _rank, _place, known in sorted(ranked, key=lambda row: row[:2])[:most]]


def _index(definition: Definition) -> Sequence[_Indexed]:
    kept = definition.kept("what cells know")
    if "all" not in kept:
        kept["all"] = tuple(_indexed(definition, known) for known in _all(definition))
    found: Sequence[_Indexed] = kept["all"]
    return found


def _indexed(definition: Definition, known: Known) -> _Indexed:
    around = [definition.cell_name(*known.cell)]
    if known.department:
        around.append(definition.department(known.department).name)
    own = f"{known.text.zh}\n{known.text.en}"
    return _Indexed(known, folded(own), folded("\n".join(f"{one.zh}\n{one.en}" for one in around)))


def _all(definition: Definition) -> Iterator[Known]:
    for cell in definition.cells:
        yield Known(cell.key, CELL, definition.cell_name(*cell.key))
        yield from (Known(cell.key, hint.kind, hint.text, hint.department) for hint in cell.hints)
        yield from (Known(cell.key, "task", task.text, task.department) for task in cell.tasks)
    for phase in definition.phases:
        open_cells = [cell for cell in definition.cells if cell.phase == phase.key and cell.status != "blocked"]
        if open_cells:
            yield from (Known(open_cells[0].key, EXIT, one.text) for one in phase.exit)
