"""What is owed and what proves it: the state of tasks and of exit criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from workflows.calendar import add_days, days_between
from workflows.definition import CELL_ENTRY, CellKey, Criterion, Definition, Task
from workflows.facts import NOTE, EvidenceFacts, GrantedOverride, ProjectFacts, Visit
from workflows.text import Text

OWN = "own"
"""The anchor of a task that a user added: the day it was added."""
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


def own_views(
    facts: ProjectFacts, given: Mapping[str, list[EvidenceFacts]], today: date
) -> dict[CellKey, list[TaskView]]:
    """The tasks that users added, by cell. They are owed from the day they were added, wherever the project stands."""
    found: dict[CellKey, list[TaskView]] = {}
    for own in facts.own_tasks:
        if own.added_on > today:
            continue
        words = Text(own.text, own.text)
        task = Task(own.id, own.phase, own.step, own.department, own.evidence, 0, OWN, words)
        days = 0 if own.due is None else days_between(own.added_on, own.due)
        anchors = {OWN: own.added_on} if own.due else {}
        view = task_view(replace(task, due_days=days), own.added_on, anchors, given.get(own.id), today)
        found.setdefault((own.phase, own.step), []).append(view)
    return found


def tasks_here(definition: Definition, facts: ProjectFacts, today: date) -> tuple[TaskView, ...]:
    """The tasks of the cell in which the project stands; the same as the board shows there."""
    here = facts.cell(definition)
    entered = first_entries(path_of(definition, facts)).get(here)
    given = evidence_by_target(facts, today)
    listed = [task_view(t, entered, facts.anchors, given.get(t.id), today) for t in definition.cell(*here).tasks]
    return (*listed, *own_views(facts, given, today).get(here, ()))


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


def _agreed(definition: Definition, facts: ProjectFacts, criterion: Criterion) -> bool:
    """True where the number of a frame agreement stands for the approval of the quote."""
    return bool(facts.frame_agreement) and criterion.id == definition.proving("quote_approved")


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
        met = proof is not None or _agreed(definition, facts, criterion)
        mandatory = is_mandatory(definition, facts, criterion)
        views.append(ExitView(criterion, mandatory, met, met_on, bool(items) and not met))
    return tuple(views)


def is_met(definition: Definition, facts: ProjectFacts, id: str, today: date) -> bool:
    """True when an exit criterion, of whatever phase, has been met; False where the definition has no such."""
    if not definition.has_exit(id):
        return False
    criterion = definition.exit(id)
    if _agreed(definition, facts, criterion):
        return True
    return any(e.target == id and e.recorded_on <= today and proves(criterion, e) for e in facts.evidence)


def missing_exits(definition: Definition, facts: ProjectFacts, phase: str, today: date) -> tuple[Criterion, ...]:
    """The mandatory exit criteria of a phase that are still open."""
    views = exit_views(definition, facts, phase, today)
    return tuple(view.criterion for view in views if view.mandatory and not view.met)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a supervisor let pass for a while (G03): the criteria still open, and the day by which they will be met."""

    override: GrantedOverride
    missing: tuple[Criterion, ...]

    @property
    def due(self) -> date | None:
        """The day by which all of it was promised."""
        return self.override.complete_by


def promises(definition: Definition, facts: ProjectFacts, today: date) -> tuple[Promise, ...]:
    """The promises that came with granted exceptions and are not kept yet, the oldest first."""
    found = []
    for override in facts.overrides:
        if override.rule == "G03" and override.used and override.phase in definition.phase_index:
            missing = missing_exits(definition, facts, override.phase, today)
            if missing:
                found.append(Promise(override, missing))
    return tuple(found)
