"""What makes a definition unsound although every field can be read. `check` returns all faults at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from workflows.definition import ACTIVITIES, CELL_ENTRY, STATUSES, Definition, Window
from workflows.errors import Fault

LOST_AT = ("early", "mid", "end")
HINT_KINDS = ("must", "tip", "warn")
EVIDENCE_KINDS = ("note", "photo", "document", "contact", "quote", "sample")
STATES = ("active", "suspended", "won", "lost", "closed")
ACTIONS = ("refuse", "supervisor", "reason", "warn", "auto")
PICKLISTS: dict[str, tuple[str, ...]] = {
    "lead_sources": (),
    "project_types": (),
    "lost_reasons": (),
    "suspended_reasons": (),
    "backward_step_reasons": (),
    "activity_kinds": ("site_visit",),
    "participant_kinds": ("owner", "dealer"),
    "relationship_roles": (),
    "attitude_scale": ("unknown",),
}
"""The pick-lists that pages offer, and the choices that mean something to the application."""
_KEY = re.compile(r"[A-Za-z0-9_]+")
FOUND = tuple[str, str]
"""(key, reason)"""


def check(source: Definition | Path | str | dict[str, Any], file: str = "definition") -> list[Fault]:
    """All faults of a definition, a file, YAML text or plain data; an empty list when it is sound."""
    from workflows import loading

    if isinstance(source, Definition):
        return check_definition(source, file)
    if isinstance(source, dict):
        data, name, faults = source, file, list[Fault]()
    else:
        data, name, faults = loading.read(source)
    definition, found = loading.parse(data, name, faults)
    return found if definition is None else [*found, *check_definition(definition, name)]


def check_definition(definition: Definition, file: str) -> list[Fault]:
    """The faults of soundness of a definition that could be built."""
    checks = (
        _duplicates,
        _names,
        _needed,
        _grid,
        _references,
        _lead_sources,
        _cells,
        _routes,
        _reachability,
        _windows,
        _scorecard,
        _lifecycle,
        _rules,
        _counts,
    )
    return [Fault(file, key, reason) for part in checks for key, reason in part(definition)]


def _repeated(keys: Iterable[str]) -> list[str]:
    return [key for key, number in Counter(keys).items() if number > 1]


def _duplicates(d: Definition) -> Iterator[FOUND]:
    lists: dict[str, Iterable[str]] = {
        "departments": (x.key for x in d.departments),
        "evidence_kinds": (x.key for x in d.evidence_kinds),
        "hint_kinds": (x.key for x in d.hint_kinds),
        "routes": (x.key for x in d.routes),
        "phases": (x.key for x in d.phases),
        "construction_steps": (x.key for x in d.steps),
        "matrix.cells": ("/".join(x.key) for x in d.cells),
        "matrix.hints": (hint.id for cell in d.cells for hint in cell.hints),
        "matrix.tasks": (task.id for cell in d.cells for task in cell.tasks),
        "phases.exit": (x.id for phase in d.phases for x in phase.exit),
        "phases.entry": (x.id for phase in d.phases for x in phase.entry),
        "entry_windows": (x.category for x in d.windows),
        "guard_rules": (x.id for x in d.rules),
        "sources": (x.id for x in d.sources),
    }
    lists.update({f"picklists.{x.key}": x.keys for x in d.picklists})
    for name, keys in lists.items():
        for key in _repeated(keys):
            yield f"{name}[{key}]", "duplicate id"


def _names(d: Definition) -> Iterator[FOUND]:
    """Keys stand in addresses and in columns of the database, which hold so many characters."""
    lists: dict[str, tuple[int, Iterable[str]]] = {
        "meta.key": (40, [d.key]),
        "departments": (32, (x.key for x in d.departments)),
        "evidence_kinds": (16, (x.key for x in d.evidence_kinds)),
        "routes": (32, (x.key for x in d.routes)),
        "phases": (32, (x.key for x in d.phases)),
        "construction_steps": (32, (x.key for x in d.steps)),
        "entry_windows": (40, (x.category for x in d.windows)),
    }
    for name, (limit, keys) in lists.items():
        for key in keys:
            if not _KEY.fullmatch(key) or len(key) > limit:
                yield f"{name}[{key}]", f"a key has 1 to {limit} letters, digits and underscores, not {key!r}"
    ids = [hint.id for cell in d.cells for hint in cell.hints] + [task.id for cell in d.cells for task in cell.tasks]
    for id in (*ids, *(x.id for phase in d.phases for x in (*phase.entry, *phase.exit))):
        if len(id) > 60:
            yield id, "an id has at most 60 characters"


def _needed(d: Definition) -> Iterator[FOUND]:
    """What every definition must bring, since the application asks for it by name."""
    lists = {"phases": d.phases, "construction_steps": d.steps, "routes": d.routes, "entry_windows": d.windows}
    for name, items in {**lists, "departments": d.departments}.items():
        if not items:
            yield name, "must hold at least one"
    for name, wanted, kinds in (
        ("cell_statuses", STATUSES, d.cell_statuses),
        ("hint_kinds", HINT_KINDS, d.hint_kinds),
        ("evidence_kinds", EVIDENCE_KINDS, d.evidence_kinds),
        ("lifecycle.project_states", STATES, d.lifecycle.project_states),
        ("guard_rules.actions", ACTIONS, d.actions),
    ):
        for key in wanted:
            if key not in {kind.key for kind in kinds}:
                yield name, f"lacks {key!r}"
    lists_there = {picklist.key: picklist for picklist in d.picklists}
    for name, keys in PICKLISTS.items():
        if name not in lists_there:
            yield f"picklists.{name}", "is missing"
            continue
        if not lists_there[name].items:
            yield f"picklists.{name}", "must hold at least one"
        for key in keys:
            if key not in lists_there[name].keys:
                yield f"picklists.{name}", f"lacks {key!r}"
    for phase in d.phases:
        if phase.window and phase.window not in ACTIVITIES:
            yield f"phases[{phase.key}].window", f"must be one of {', '.join(ACTIVITIES)}, not {phase.window!r}"


def _grid(d: Definition) -> Iterator[FOUND]:
    present = {cell.key: cell for cell in d.cells}
    for phase in d.phases:
        row = d.grid.get(phase.key)
        if row is None:
            yield f"matrix.status_grid.{phase.key}", "the row is missing"
        elif len(row) != len(d.steps):
            yield f"matrix.status_grid.{phase.key}", f"has {len(row)} entries for {len(d.steps)} steps"
        for number, step in enumerate(d.steps):
            cell = present.get((phase.key, step.key))
            if cell is None:
                yield f"matrix.cells[{phase.key}/{step.key}]", "the cell is missing"
            elif row is not None and number < len(row) and row[number] != cell.status:
                reason = f"is {cell.status} but status_grid says {row[number]}"
                yield f"matrix.cells[{phase.key}/{step.key}].status", reason
    for key in d.grid:
        if key not in d.phase_index:
            yield f"matrix.status_grid.{key}", "unknown phase"
    places = [("phases", phase.key, phase.seq, n) for n, phase in enumerate(d.phases, 1)]
    places += [("construction_steps", step.key, step.seq, n) for n, step in enumerate(d.steps, 1)]
    for name, key, seq, number in places:
        if seq != number:
            yield f"{name}[{key}].seq", f"is {seq}, but stands at place {number}"


def _references(d: Definition) -> Iterator[FOUND]:
    departments = {x.key for x in d.departments}
    kinds, evidence = {x.key for x in d.hint_kinds}, {x.key for x in d.evidence_kinds}
    sources = {x.id for x in d.sources}
    for phase in d.phases:
        for department in (phase.owner, *phase.supports):
            if department not in departments:
                yield f"phases[{phase.key}].responsible", f"unknown department {department!r}"
        for criterion in (*phase.entry, *phase.exit):
            if criterion.evidence not in evidence:
                yield f"{criterion.id}.evidence", f"unknown evidence kind {criterion.evidence!r}"
            if criterion.mandatory_above and criterion.mandatory_above not in d.settings:
                yield f"{criterion.id}.mandatory_above", f"unknown setting {criterion.mandatory_above!r}"
    for cell in d.cells:
        for hint in cell.hints:
            if hint.kind not in kinds:
                yield f"{hint.id}.kind", f"unknown hint kind {hint.kind!r}"
            if hint.department not in departments:
                yield f"{hint.id}.department", f"unknown department {hint.department!r}"
            for source in hint.sources:
                if source not in sources:
                    yield f"{hint.id}.source", f"unknown source {source!r}"
        for task in cell.tasks:
            if task.department not in departments:
                yield f"{task.id}.department", f"unknown department {task.department!r}"
            if task.evidence not in evidence:
                yield f"{task.id}.evidence", f"unknown evidence kind {task.evidence!r}"
            if task.anchor != CELL_ENTRY and task.anchor not in d.anchors:
                yield f"{task.id}.from", f"unknown anchor {task.anchor!r}"


def _lead_sources(d: Definition) -> Iterator[FOUND]:
    """A source demands evidence of a kind there is, and names a number of days where somebody waits for an answer."""
    evidence = {x.key for x in d.evidence_kinds}
    for choice in (choice for x in d.picklists if x.key == "lead_sources" for choice in x.items):
        wanted = choice.extra.get("required_evidence")
        if wanted is not None and str(wanted) not in evidence:
            yield f"picklists.lead_sources[{choice.key}].required_evidence", f"unknown evidence kind {wanted!r}"
        for name in ("answer_days", "answer_working_days"):
            days = choice.extra.get(name, 0)
            if not isinstance(days, int) or isinstance(days, bool) or days < 0:
                yield f"picklists.lead_sources[{choice.key}].{name}", f"{days!r} is no number of days"


def _cells(d: Definition) -> Iterator[FOUND]:
    present = {cell.key: cell for cell in d.cells}
    routes = {route.key for route in d.routes}
    for cell in d.cells:
        place = f"matrix.cells[{'/'.join(cell.key)}]"
        if cell.phase not in d.phase_index:
            yield f"{place}.phase", f"unknown phase {cell.phase!r}"
        if cell.step not in d.step_index:
            yield f"{place}.step", f"unknown step {cell.step!r}"
        for route in cell.exception_routes:
            if route not in routes:
                yield f"{place}.exception_routes", f"unknown route {route!r}"
        if cell.status != "blocked":
            if cell.time_limit_days is None or cell.time_limit_days < 1:
                yield f"{place}.time_limit_days", "a cell one may enter needs a limit of at least a day"
            continue
        if cell.tasks:
            yield f"{place}.tasks", "a blocked cell owes nothing"
        if cell.instead is None:
            yield f"{place}.instead", "a blocked cell must say where to go instead"
            continue
        target = present.get(cell.instead)
        if target is None:
            yield f"{place}.instead", f"unknown cell {'/'.join(cell.instead)!r}"
        elif target.status == "blocked":
            yield f"{place}.instead", f"leads to {'/'.join(cell.instead)}, which is blocked too"


def _routes(d: Definition) -> Iterator[FOUND]:
    for route in d.routes:
        named = (*route.required, *route.optional)
        for phase in named:
            if phase not in d.phase_index:
                yield f"routes[{route.key}]", f"unknown phase {phase!r}"
        for phase in _repeated(named):
            yield f"routes[{route.key}]", f"names phase {phase!r} twice"
        for phase in d.phase_index:
            if phase not in named:
                yield f"routes[{route.key}]", f"says nothing about phase {phase!r}"


def _reachability(d: Definition) -> Iterator[FOUND]:
    """Every phase must be enterable from the one before it at some step, without stepping back in time."""
    active = {cell.key for cell in d.cells if cell.status != "blocked" or cell.exception_routes}
    earliest = 0
    for phase in d.phases:
        steps = [number for step, number in d.step_index.items() if (phase.key, step) in active]
        later = [number for number in steps if number >= earliest]
        if not later:
            reason = "all its cells are blocked" if not steps else "its cells close before one can get there"
            yield f"phases[{phase.key}]", f"unreachable: {reason}"
            continue
        earliest = min(later)


def _windows(d: Definition) -> Iterator[FOUND]:
    for window in d.windows:
        place = f"entry_windows[{window.category}]"
        steps = [(f"{place}.lost_after.step", window.lost_step)]
        for activity in ACTIVITIES:
            span = window.span(activity)
            steps += [(f"{place}.{activity}", step) for step in (span.first, span.best, span.last)]
        unknown = [(key, f"unknown step {step!r}") for key, step in steps if step not in d.step_index]
        yield from unknown
        if window.lost_at not in LOST_AT:
            yield f"{place}.lost_after.at", f"must be one of {', '.join(LOST_AT)}, not {window.lost_at!r}"
        if not unknown:
            yield from _window_order(d, window, place)


def _window_order(d: Definition, window: Window, place: str) -> Iterator[FOUND]:
    index = d.step_index
    previous = ""
    for activity in ACTIVITIES:
        span = window.span(activity)
        if not index[span.first] <= index[span.best] <= index[span.last]:
            yield f"{place}.{activity}", f"out of order: {span.first}, {span.best}, {span.last}"
        if previous:
            before = window.span(previous)
            if index[span.first] < index[before.first] or index[span.last] < index[before.last]:
                yield f"{place}.{activity}", f"opens or closes before {previous}"
        previous = activity


def _scorecard(d: Definition) -> Iterator[FOUND]:
    card = d.scorecard
    keys = {"validity", "feasibility"}
    for name, criteria in (("validity", card.validity), ("feasibility", card.feasibility)):
        total = sum(criterion.weight for criterion in criteria)
        if total != 100:
            yield f"scorecard.{name}", f"the weights add up to {total}, not 100"
        keys.update(criterion.key for criterion in criteria)
    for threshold in card.thresholds:
        for comparison in (part for alternative in threshold.alternatives for part in alternative):
            if comparison.field not in keys:
                yield f"scorecard.thresholds[{threshold.key}]", f"unknown field {comparison.field!r}"


def _lifecycle(d: Definition) -> Iterator[FOUND]:
    states = {state.key for state in d.lifecycle.project_states}
    for transition in d.lifecycle.transitions:
        for state in (transition.source, transition.target):
            if state not in states:
                yield f"lifecycle.transitions[{transition.source}]", f"unknown state {state!r}"


def _rules(d: Definition) -> Iterator[FOUND]:
    actions = {action.key for action in d.actions}
    for rule in d.rules:
        if rule.action not in actions:
            yield f"guard_rules[{rule.id}].action", f"unknown action {rule.action!r}"


def _counts(d: Definition) -> Iterator[FOUND]:
    hints = [hint for cell in d.cells for hint in cell.hints]
    tasks = [task for cell in d.cells for task in cell.tasks]
    counted: dict[str, Any] = {
        "phases": len(d.phases),
        "steps": len(d.steps),
        "cells": len(d.cells),
        "active_cells": sum(cell.status != "blocked" for cell in d.cells),
        "by_status": dict(Counter(cell.status for cell in d.cells)),
        "hints": len(hints),
        "hints_by_kind": dict(Counter(hint.kind for hint in hints)),
        "hints_by_department": dict(Counter(hint.department for hint in hints)),
        "hints_with_source": sum(bool(hint.sources) for hint in hints),
        "tasks": len(tasks),
        "tasks_by_evidence": dict(Counter(task.evidence for task in tasks)),
        "tasks_by_department": dict(Counter(task.department for task in tasks)),
        "categories": len(d.windows),
        "guard_rules": len(d.rules),
        "picklists": len(d.picklists),
        "sources": len(d.sources),
    }
    for key, said in d.counts.items():
        if key not in counted:
            yield f"meta.counts.{key}", "unknown key"
        elif counted[key] != said:
            yield f"meta.counts.{key}", f"says {said}, but there are {counted[key]}"
