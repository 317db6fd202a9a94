"""effect(): what a new definition would do to one project. A dry run: facts in, answer out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workflows.definition import CellKey, Definition, Status
from workflows.facts import ProjectFacts
from workflows.mapping import KeyMapping, map_facts
from workflows.status import combined_status, progress_of
from workflows.work import first_entries, path_of


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A cell (of the new definition) that shows another effective status than the cell it came from."""

    cell: CellKey
    now: Status
    then: Status


@dataclass(frozen=True, slots=True)
class Effect:
    """What would become of one project.

    `cells`: all of its matrix that change status; `here` whether the one it stands in is among them. `tasks_new` and
    `tasks_gone`: owed in the cells it went through. `records`: ids of records whose cell is gone. `evidence`: targets
    given evidence for that are gone. `hints`: hints gone from the cells it went through, and followed ones.
    `stays`: why it cannot follow, as kind and key (phase, step, route, category, kind of project, cell); empty when it
    can.
    """

    cells: tuple[StatusChange, ...] = ()
    here: bool = False
    tasks_new: tuple[str, ...] = ()
    tasks_gone: tuple[str, ...] = ()
    records: tuple[int | str, ...] = ()
    evidence: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    stays: tuple[tuple[str, str], ...] = ()

    @property
    def fits(self) -> bool:
        """True when the project can follow: everything it stands in and all its work has a place there."""
        return not self.stays

    @property
    def silent(self) -> bool:
        """True when nobody would notice."""
        return not (self.cells or self.tasks_new or self.tasks_gone or self.evidence or self.hints or self.stays)


def effect(
    old: Definition,
    new: Definition,
    facts: ProjectFacts,
    today: date,
    mapping: KeyMapping | None = None,
    followed: Iterable[str] = (),
) -> Effect:
    """What `new` would do to a project of `old` on a day; `followed`: hints that its records followed.

    Where the project cannot follow, only what is orphaned and `stays` are told: the rest has no meaning.
    """
    mapping = mapping or KeyMapping()
    mapped = map_facts(facts, mapping)
    stays = obstacles(new, mapped)
    cells = new.lookups["cell"]
    orphans = tuple(record.id for record in mapped.records if (record.phase, record.step) not in cells)
    targets = {item.target for item in mapped.evidence if item.target[:2] in ("T.", "X.")}
    known = {*new.lookups["task"], *new.lookups["exit"]}
    evidence = tuple(sorted(targets - known))
    hints = _hints_lost(old, new, facts, mapping, followed)
    if stays:
        return Effect(records=orphans, evidence=evidence, hints=hints, stays=stays)
    changes = tuple(_status_changes(old, new, facts, mapped, today, mapping))
    before, after = _owed(old, facts, today), _owed(new, mapped, today)
    carried = {mapping.target(task) for task in before}
    return Effect(
        cells=changes,
        here=any(change.cell == mapped.cell(new) for change in changes),
        tasks_new=tuple(sorted(after - carried)),
        tasks_gone=tuple(sorted(task for task in before if mapping.target(task) not in after)),
        evidence=evidence,
        hints=hints,
    )


def obstacles(new: Definition, mapped: ProjectFacts) -> tuple[tuple[str, str], ...]:
    """Keys of facts that have no place in a definition, as (kind, key): with any of them a project cannot follow."""
    phases, steps, cells = new.phase_index, new.step_index, new.lookups["cell"]
    in_phases = [mapped.phase, *(v.phase for v in mapped.visited), *(c.phase for c in mapped.categories if c.phase)]
    in_steps = [b.step for b in mapped.buildings] + [v.step for v in mapped.visited]
    in_steps += [o.step for o in mapped.observations]
    found = [("route", mapped.route)] if mapped.route not in new.lookups["route"] else []
    if mapped.kind and mapped.kind not in new.picklist("project_types").keys:
        found.append(("kind", mapped.kind))
    found += [("phase", key) for key in in_phases if key not in phases]
    found += [("step", key) for key in in_steps if key not in steps]
    found += [("category", c.key) for c in mapped.categories if c.key not in new.lookups["window"]]
    lines = Counter(c.key for c in mapped.categories)  # a project has one line of a category
    found += [("category", key) for key, number in lines.items() if number > 1]
    lying = [(r.phase, r.step) for r in mapped.records] + [(t.phase, t.step) for t in mapped.own_tasks]
    found += [("cell", "/".join(cell)) for cell in (*lying, *mapped.photos) if cell not in cells]
    return tuple(dict.fromkeys(found))


def _status_changes(
    old: Definition, new: Definition, facts: ProjectFacts, mapped: ProjectFacts, today: date, mapping: KeyMapping
) -> Iterable[StatusChange]:
    """Cells of the new definition that an old one maps to; of several the first counts."""
    before = progress_of(old, facts.leading_building(old), today)
    after = progress_of(new, mapped.leading_building(new), today)
    seen: set[CellKey] = set()
    for cell in old.cells:
        key = mapping.cell(*cell.key)
        there = new.lookups["cell"].get(key)
        if there is None or key in seen:
            continue
        seen.add(key)
        now = combined_status(old, cell, facts.route, facts.open_categories, before)
        then = combined_status(new, there, mapped.route, mapped.open_categories, after)
        if now != then:
            yield StatusChange(key, now, then)


def _owed(definition: Definition, facts: ProjectFacts, today: date) -> set[str]:
    """The tasks still open in the cells gone through."""
    if facts.state not in ("active", "won"):
        return set()
    given = {item.target for item in facts.evidence if item.recorded_on <= today}
    cells = [definition.cell(*cell) for cell in first_entries(path_of(definition, facts))]
    return {task.id for cell in cells for task in cell.tasks if task.id not in given}


def _hints_lost(
    old: Definition, new: Definition, facts: ProjectFacts, mapping: KeyMapping, followed: Iterable[str]
) -> tuple[str, ...]:
    known, cells = new.lookups["hint"], old.lookups["cell"]
    shown = [hint.id for visit in facts.visited if visit.cell in cells for hint in cells[visit.cell].hints]
    return tuple(dict.fromkeys(hint for hint in (*shown, *followed) if mapping.hint(hint) not in known))
