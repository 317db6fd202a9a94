"""Carrying a project's facts from one definition to another: no record, evidence or visit is ever lost.

What a mapping does not name keeps its key. Keys that the new definition does not know are orphaned, not dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from workflows.definition import CellKey, Definition
from workflows.facts import ProjectFacts

_NONE: Mapping[str, str] = MappingProxyType({})


def _nothing() -> Mapping[str, str]:
    return _NONE


@dataclass(frozen=True, slots=True)
class KeyMapping:
    """Old key -> new key, of each kind; `kinds` are of the pick-list project_types.

    `cells` (phase/step -> phase/step) count before `phases` and `steps`, and only for what lies in a cell: records,
    photos, own tasks; where the project stands follows its phase and its steps.
    """

    phases: Mapping[str, str] = field(default_factory=_nothing)
    steps: Mapping[str, str] = field(default_factory=_nothing)
    cells: Mapping[str, str] = field(default_factory=_nothing)
    tasks: Mapping[str, str] = field(default_factory=_nothing)
    exits: Mapping[str, str] = field(default_factory=_nothing)
    hints: Mapping[str, str] = field(default_factory=_nothing)
    categories: Mapping[str, str] = field(default_factory=_nothing)
    routes: Mapping[str, str] = field(default_factory=_nothing)
    kinds: Mapping[str, str] = field(default_factory=_nothing)

    @property
    def empty(self) -> bool:
        """True when every key stays what it is."""
        return not any(getattr(self, one.name) for one in fields(self))

    def phase(self, key: str) -> str:
        """The new key of a phase."""
        return self.phases.get(key, key)

    def step(self, key: str) -> str:
        """The new key of a construction step."""
        return self.steps.get(key, key)

    def cell(self, phase: str, step: str) -> CellKey:
        """The new cell of what lies in a cell."""
        said = self.cells.get(f"{phase}/{step}")
        if said is None:
            return (self.phase(phase), self.step(step))
        row, _slash, column = said.partition("/")
        return (row, column)

    def target(self, key: str) -> str:
        """The new target of evidence for a task (T.…) or an exit criterion (X.…); others (A.…, U.…) stay."""
        return self.tasks.get(key) or self.exits.get(key) or key

    def hint(self, key: str) -> str:
        """The new id of a hint."""
        return self.hints.get(key, key)

    def category(self, key: str) -> str:
        """The new key of a material category."""
        return self.categories.get(key, key)

    def route(self, key: str) -> str:
        """The new key of a route."""
        return self.routes.get(key, key)

    def kind(self, key: str) -> str:
        """The new key of what is being built."""
        return self.kinds.get(key, key)


KINDS = tuple(one.name for one in fields(KeyMapping))


def read_mapping(data: Any) -> tuple[KeyMapping, list[str]]:
    """A mapping from plain data (kind -> old -> new), and what cannot be read, a sentence each."""
    if data is None:
        return KeyMapping(), []
    if not isinstance(data, Mapping):
        return KeyMapping(), ["the mapping must name kinds: " + ", ".join(KINDS)]
    faults, read = [], {}
    for kind, pairs in data.items():
        if kind not in KINDS:
            faults.append(f"{kind}: unknown kind; known are {', '.join(KINDS)}")
        elif pairs is not None and not isinstance(pairs, Mapping):
            faults.append(f"{kind}: must hold old: new")
        else:
            wrong = [old for old, new in (pairs or {}).items() if not (isinstance(old, str) and isinstance(new, str))]
            faults += [f"{kind}.{old}: both keys must be texts" for old in wrong]
            read[kind] = {old: new for old, new in (pairs or {}).items() if old not in wrong}
    return KeyMapping(**{kind: MappingProxyType(pairs) for kind, pairs in read.items()}), faults


def mapping_faults(mapping: KeyMapping, old: Iterable[Definition], new: Definition) -> Iterator[str]:
    """Keys of the mapping that no old definition has, or that the new one has not; a sentence each."""
    before = [_keys(definition) for definition in old]
    after = _keys(new)
    for kind in KINDS:
        for source, target in getattr(mapping, kind).items():
            if not any(source in keys[kind] for keys in before):
                yield f"{kind}.{source}: no project's definition has this key"
            if target not in after[kind]:
                yield f"{kind}.{source}: the new definition has no {target}"


def _keys(d: Definition) -> dict[str, set[str]]:
    return {
        "phases": set(d.phase_index),
        "steps": set(d.step_index),
        "cells": {"/".join(cell.key) for cell in d.cells},
        "tasks": {task.id for cell in d.cells for task in cell.tasks},
        "exits": {criterion.id for phase in d.phases for criterion in phase.exit},
        "hints": {hint.id for cell in d.cells for hint in cell.hints},
        "categories": {window.category for window in d.windows},
        "routes": {route.key for route in d.routes},
        "kinds": set(d.picklist("project_types").keys),
    }


def completed(mapping: KeyMapping, old: Definition, new: Definition) -> KeyMapping:
    """The mapping with what follows from it: tasks, criteria and hints whose old id is gone, but which stand with the
    same words and the same meaning in the cell or phase to which theirs is mapped."""
    return replace(
        mapping,
        tasks={**_same_tasks(mapping, old, new), **mapping.tasks},
        hints={**_same_hints(mapping, old, new), **mapping.hints},
        exits={**_same_exits(mapping, old, new), **mapping.exits},
    )


def _same_tasks(mapping: KeyMapping, old: Definition, new: Definition) -> dict[str, str]:
    there = {(*cell.key, t.department, t.evidence, t.text): t.id for cell in new.cells for t in cell.tasks}
    known, found = new.lookups["task"], {}
    for cell in old.cells:
        place = mapping.cell(*cell.key)
        for t in cell.tasks:
            same = there.get((*place, t.department, t.evidence, t.text))
            if t.id not in known and same:
                found[t.id] = same
    return found


def _same_hints(mapping: KeyMapping, old: Definition, new: Definition) -> dict[str, str]:
    there = {(*cell.key, hint.text): hint.id for cell in new.cells for hint in cell.hints}
    known, found = new.lookups["hint"], {}
    for cell in old.cells:
        place = mapping.cell(*cell.key)
        for hint in cell.hints:
            same = there.get((*place, hint.text))
            if hint.id not in known and same:
                found[hint.id] = same
    return found


def _same_exits(mapping: KeyMapping, old: Definition, new: Definition) -> dict[str, str]:
    there = {(x.phase, x.evidence, x.text): x.id for phase in new.phases for x in phase.exit}
    known, found = new.lookups["exit"], {}
    for phase in old.phases:
        for x in phase.exit:
            same = there.get((mapping.phase(phase.key), x.evidence, x.text))
            if x.id not in known and same:
                found[x.id] = same
    return found


def map_facts(facts: ProjectFacts, mapping: KeyMapping) -> ProjectFacts:
    """The same facts in the keys of the new definition: as many records, evidence, visits, lines as before."""
    photos: dict[CellKey, int] = {}
    for (phase, step), number in facts.photos.items():
        cell = mapping.cell(phase, step)
        photos[cell] = photos.get(cell, 0) + number
    return replace(
        facts,
        route=mapping.route(facts.route),
        kind=mapping.kind(facts.kind),
        phase=mapping.phase(facts.phase),
        buildings=tuple(replace(b, step=mapping.step(b.step)) for b in facts.buildings),
        categories=tuple(
            replace(c, key=mapping.category(c.key), phase=mapping.phase(c.phase) if c.phase else c.phase)
            for c in facts.categories
        ),
        records=tuple(_moved(record, mapping.cell(record.phase, record.step)) for record in facts.records),
        evidence=tuple(replace(e, target=mapping.target(e.target)) for e in facts.evidence),
        photos=photos,
        visited=tuple(_moved(v, (mapping.phase(v.phase), mapping.step(v.step))) for v in facts.visited),
        overrides=tuple(replace(o, phase=mapping.phase(o.phase)) for o in facts.overrides),
        own_tasks=tuple(_moved(task, mapping.cell(task.phase, task.step)) for task in facts.own_tasks),
        observations=tuple(replace(o, step=mapping.step(o.step)) for o in facts.observations),
    )


def _moved(thing: Any, cell: CellKey) -> Any:
    return replace(thing, phase=cell[0], step=cell[1])
