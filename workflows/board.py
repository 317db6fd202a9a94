"""board(): the whole matrix of one project as it stands today, and what is due in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from workflows.calendar import days_between, days_en
from workflows.definition import Cell, CellKey, Definition, Status, Task
from workflows.facts import CategoryFacts, EvidenceFacts, ProjectFacts, RecordFacts, Visit
from workflows.guards import Situation, ask
from workflows.guards.silence import last_sign
from workflows.status import Progress, WindowView, combined_status, progress_of, window_view
from workflows.text import Text
from workflows.wishes import PassTime
from workflows.work import (
    ExitView,
    Promise,
    TaskView,
    evidence_by_target,
    exit_views,
    first_entries,
    own_views,
    path_of,
    promises,
    task_view,
)


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of a project.

    `status` is the effective one. `reached`: the project stood here. `departments` that worked here (records that
    are no plans), in the order of the definition; people without one leave no mark. `since`: first day here.
    `silent_days`: days since the last sign of life, in the present cell only.
    """

    phase: str
    step: str
    status: Status
    reached: bool
    current: bool
    departments: tuple[str, ...]
    records: int
    plans: int
    photos: int
    tasks: tuple[TaskView, ...]
    open_tasks: int
    late_tasks: int
    since: date | None
    last_record_on: date | None
    silent_days: int | None


@dataclass(frozen=True, slots=True)
class Board:
    """The matrix of a project: all cells, the present one, the path, exits of the phase, windows per category."""

    cells: Mapping[CellKey, CellView]
    current: CellKey
    path: tuple[Visit, ...]
    exits: tuple[ExitView, ...]
    windows: tuple[WindowView, ...]

    @property
    def missing(self) -> tuple[ExitView, ...]:
        """The mandatory exits still open."""
        return tuple(view for view in self.exits if view.mandatory and not view.met)


@dataclass(frozen=True, slots=True)
class Due:
    """Something owed: a 'task', a 'promise' that came with an exception, or 'silence' in the present cell.

    `due` None: its anchor has no date yet. `days_late` 0 when in time. `current`: it belongs to the present cell,
    else it was left behind in one the project went through.
    """

    kind: str
    cell: CellKey
    department: str
    text: Text
    due: date | None
    late: bool
    days_late: int
    current: bool
    task: Task | None = None
    rule_id: str | None = None


def board(definition: Definition, facts: ProjectFacts, today: date) -> Board:
    """The matrix of one project on a day."""
    ground = _ground_of(definition, facts, today)
    trailing = progress_of(definition, facts.trailing_building(definition), today)
    return Board(
        cells={(cell.phase, cell.step): _cell_view(ground, cell) for cell in definition.cells},
        current=ground.current,
        path=ground.path,
        exits=exit_views(definition, facts, facts.phase, today, ground.given),
        windows=tuple(window_view(definition, c.key, ground.leading, trailing) for c in facts.categories),
    )


def cell_view(definition: Definition, facts: ProjectFacts, key: CellKey, today: date) -> CellView:
    """One cell of the matrix of one project on a day. Raises `UnknownKey` for a cell the definition does not have."""
    return _cell_view(_ground_of(definition, facts, today), definition.cell(*key))


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all cells of a project are worked out from."""

    definition: Definition
    facts: ProjectFacts
    today: date
    leading: Progress
    path: tuple[Visit, ...]
    current: CellKey
    entries: Mapping[CellKey, date]
    given: Mapping[str, list[EvidenceFacts]]
    by_cell: Mapping[CellKey, Sequence[RecordFacts]]
    own: Mapping[CellKey, Sequence[TaskView]]
    lively: Set[CellKey]
    open_lines: tuple[CategoryFacts, ...]


def _ground_of(definition: Definition, facts: ProjectFacts, today: date) -> _Ground:
    path = path_of(definition, facts)
    entries = first_entries(path)
    current = facts.cell(definition)
    given = evidence_by_target(facts, today)
    by_cell: dict[CellKey, list[RecordFacts]] = {}
    for record in facts.records:
        by_cell.setdefault((record.phase, record.step), []).append(record)
    own = own_views(facts, given, today) if facts.own_tasks else {}
    return _Ground(
        definition=definition,
        facts=facts,
        today=today,
        leading=progress_of(definition, facts.leading_building(definition), today),
        path=path,
        current=current,
        entries=entries,
        given=given,
        by_cell=by_cell,
        own=own,
        lively={current, *entries, *by_cell, *facts.photos, *own},
        open_lines=facts.open_categories,
    )


def _cell_view(ground: _Ground, cell: Cell) -> CellView:
    definition, facts, given, key = ground.definition, ground.facts, ground.given, (cell.phase, cell.step)
    status = combined_status(definition, cell, facts.route, ground.open_lines, ground.leading)
    if key not in ground.lively and given.keys().isdisjoint([task.id for task in cell.tasks]):
        return _quiet(definition, cell, status)
    since = ground.entries.get(key)
    records = ground.by_cell.get(key, ())
    done = [record for record in records if not record.is_plan]
    tasks = tuple([task_view(task, since, facts.anchors, given.get(task.id), ground.today) for task in cell.tasks])
    tasks += tuple(ground.own.get(key, ()))
    late = sum([task.state == "late" for task in tasks])
    current = key == ground.current
    return CellView(
        phase=cell.phase,
        step=cell.step,
        status=status,
        reached=since is not None,
        current=current,
        departments=tuple(sorted({r.department for r in done if r.department}, key=_order(definition))),
        records=len(done),
        plans=len(records) - len(done),
        photos=facts.photos.get(key, 0),
        tasks=tasks,
        open_tasks=late + sum([task.state == "owed" for task in tasks]),
        late_tasks=late,
        since=since,
        last_record_on=max([r.on for r in done]) if done else None,
        silent_days=days_between(last_sign(definition, facts, key), ground.today) if current else None,
    )


def _order(definition: Definition) -> Callable[[str], int]:
    """The place of a department's key in the definition; after all others for one it does not have."""
    known = definition.kept("places of departments")
    if not known:
        known.update({department.key: number for number, department in enumerate(definition.departments)})
    return lambda key: known.get(key, len(known))


def _quiet(definition: Definition, cell: Cell, status: Status) -> CellView:
    """A cell in which nothing happened and nothing is owed: the same for every project, so made once."""
    known = definition.kept("quiet cells")
    key = (cell.phase, cell.step, status)
    if key not in known:
        known[key] = CellView(
            phase=cell.phase,
            step=cell.step,
            status=status,
            reached=False,
            current=False,
            departments=(),
            records=0,
            plans=0,
            photos=0,
            tasks=tuple(TaskView(task, "not_started", None, None, None) for task in cell.tasks),
            open_tasks=0,
            late_tasks=0,
            since=None,
            last_record_on=None,
            silent_days=None,
        )
    view: CellView = known[key]
    return view


def due(definition: Definition, facts: ProjectFacts, today: date) -> tuple[Due, ...]:
    """What is owed in the cells the project went through: late first, then by day, undated last.

    Tasks of cells left behind stay owed but are not `current`; tasks that users added are owed in any cell. Silence
    (G43) is due in the present cell. What was promised with a granted exception is due on the day promised.
    Suspended, lost and closed projects owe nothing.
    """
    if facts.state not in ("active", "won"):
        return ()
    here = facts.cell(definition)
    given = evidence_by_target(facts, today)
    found = list(_silence(definition, facts, today))
    for cell, since in first_entries(path_of(definition, facts)).items():
        for task in definition.cell(*cell).tasks:
            view = task_view(task, since, facts.anchors, given.get(task.id), today)
            if view.open:
                found.append(_due_task(view, today, current=cell == here))
    for cell, views in own_views(facts, given, today).items():
        found += [_due_task(view, today, current=cell == here) for view in views if view.open]
    found += [_due_promise(definition, facts, promise, today) for promise in promises(definition, facts, today)]
    return tuple(sorted(found, key=lambda d: (d.due is None, d.due or today, not d.current)))


def _due_task(view: TaskView, today: date, *, current: bool) -> Due:
    task = view.task
    late = view.state == "late"
    days_late = days_between(view.due, today) if late and view.due else 0
    cell = (task.phase, task.step)
    return Due("task", cell, task.department, task.text, view.due, late, days_late, current, task)


def _due_promise(definition: Definition, facts: ProjectFacts, promise: Promise, today: date) -> Due:
    """What was promised with an exception (G03); it stays due until it is there."""
    late = promise.due is not None and today > promise.due
    days_late = days_between(promise.due, today) if late and promise.due else 0
    phase, here = promise.override.phase, facts.cell(definition)
    missing = promise.missing
    text = Text(
        f"特批时承诺补齐：{'；'.join(c.text.zh for c in missing)}",
        f"Promised with the exception: {'; '.join(c.text.en for c in missing)}",
    )
    owner = definition.phase(phase).owner
    return Due("promise", (phase, here[1]), owner, text, promise.due, late, days_late, phase == here[0], None, "G03")


def _silence(definition: Definition, facts: ProjectFacts, today: date) -> list[Due]:
    found = []
    for fired in ask(Situation(definition, facts, PassTime(), today)):
        if fired.rule_id != "G43":
            continue
        here = facts.cell(definition)
        silent = days_between(last_sign(definition, facts, here), today)
        days_late = silent - (definition.cell(*here).time_limit_days or 0)
        owner = definition.phase(facts.phase).owner
        text = Text(f"已{silent}天没有新记录，请更新。", f"No new record for {days_en(silent)}; please update.")
        due_on = date.fromordinal(today.toordinal() - days_late)
        found.append(Due("silence", here, owner, text, due_on, True, days_late, True, None, "G43"))
    return found
