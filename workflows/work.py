"""What is owed and what proves it: the state of tasks and of exit criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.calendar import add_days, days_between
from workflows.definition import CELL_ENTRY, CellKey, Criterion, Definition, Task
from workflows.facts import NOTE, EvidenceFacts, ProjectFacts, Visit

_WORDS_DO = frozenset({"note", "contact"})
"""Criteria of these kinds may be met by a bare note ('not appointed', the plan for a missing role)."""


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task of a project.

    `state`: not_started (its cell not reached), owed, late, done, done_late, weak (closed with another kind of
    evidence). `due` is None while its anchor has no date. `since` is the day it began to be owed.
    """

    task: Task
    state: str
    due: date | None
    done_on: date | None
    since: date | None

    @property
    def open(self) -> bool:
        """Still to be done."""
        return self.state in ("owed", "late")


@dataclass(frozen=True, slots=True)
class ExitView:
    """An exit criterion: met on which day, or not; `weak` when something was given that does not prove it."""

    criterion: Criterion
    mandatory: bool
    met: bool
    met_on: date | None
    weak: bool


def path_of(definition: Definition, facts: ProjectFacts) -> tuple[Visit, ...]:
    """The path through the cells; where nothing was recorded, the present cell since the later of both arrivals."""
    if facts.visited:
        return facts.visited
    building = facts.leading_building(definition)
    return (Visit(facts.phase, building.step, max(facts.phase_since, building.since)),)


def first_entries(path: Iterable[Visit]) -> dict[CellKey, date]:
    """The first day in each visited cell: the clock of its tasks, which going away and back does not reset."""
    entries: dict[CellKey, date] = {}
    for visit in path:
        entries.setdefault(visit.cell, visit.since)
    return entries


def evidence_by_target(facts: ProjectFacts, today: date) -> dict[str, list[EvidenceFacts]]:
    """Evidence recorded up to today, by task or criterion, the earliest first."""
    found: dict[str, list[EvidenceFacts]] = {}
    for item in sorted(facts.evidence, key=lambda e: e.recorded_on):
        if item.recorded_on <= today:
            found.setdefault(item.target, []).append(item)
    return found


def task_view(
    task: Task,
    entered: date | None,
    anchors: Mapping[str, date],
    given: list[EvidenceFacts] | None,
    today: date,
) -> TaskView:
    """The state of one task, whose cell was entered on `entered` (None: not yet)."""
    anchor = entered if task.anchor == CELL_ENTRY else anchors.get(task.anchor)
    due = None if anchor is None or entered is None else add_days(anchor, task.due_days)
    if given:
        fitting = next((item for item in given if item.kind == task.evidence), None)
        done_on = (fitting or given[0]).on
        state = "weak" if fitting is None else "done_late" if due is not None and done_on > due else "done"
        return TaskView(task, state, due, done_on, entered)
    if entered is None:
        return TaskView(task, "not_started", None, None, None)
    return TaskView(task, "late" if due is not None and today > due else "owed", due, None, entered)


def tasks_here(definition: Definition, facts: ProjectFacts, today: date) -> tuple[TaskView, ...]:
    """The tasks of the cell in which the project stands; the same as the board shows there."""
    here = facts.cell(definition)
    entered = first_entries(path_of(definition, facts)).get(here)
    given = evidence_by_target(facts, today)
    return tuple(
        task_view(task, entered, facts.anchors, given.get(task.id), today) for task in definition.cell(*here).tasks
    )


def proves(criterion: Criterion, item: EvidenceFacts) -> bool:
    """True when an item of evidence meets a criterion.

    A bare note meets only what words can meet. Where a proof must be fresh, its age counts on the day it is
    recorded; once met, always met.
    """
    if item.kind == NOTE and criterion.evidence not in _WORDS_DO:
        return False
    if criterion.max_age_days is None:
        return True
    return 0 <= days_between(item.on, item.recorded_on) <= criterion.max_age_days


def is_mandatory(definition: Definition, facts: ProjectFacts, criterion: Criterion) -> bool:
    """Mandatory always, or because the project's value reaches the line the criterion names."""
    if criterion.mandatory or criterion.mandatory_above is None or facts.value is None:
        return criterion.mandatory
    return Decimal(facts.value) >= Decimal(str(definition.settings[criterion.mandatory_above]))


def exit_views(
    definition: Definition,
    facts: ProjectFacts,
    phase: str,
    today: date,
    given: Mapping[str, list[EvidenceFacts]] | None = None,
) -> tuple[ExitView, ...]:
    """The exit criteria of a phase, in the order of the definition."""
    given = evidence_by_target(facts, today) if given is None else given
    views = []
    for criterion in definition.phase(phase).exit:
        items = given.get(criterion.id, [])
        proof = next((item for item in items if proves(criterion, item)), None)
        met_on = proof.recorded_on if proof else None
        mandatory = is_mandatory(definition, facts, criterion)
        views.append(ExitView(criterion, mandatory, proof is not None, met_on, bool(items) and proof is None))
    return tuple(views)


def missing_exits(definition: Definition, facts: ProjectFacts, phase: str, today: date) -> tuple[Criterion, ...]:
    """The mandatory exit criteria of a phase that are still open."""
    views = exit_views(definition, facts, phase, today)
    return tuple(view.criterion for view in views if view.mandatory and not view.met)
