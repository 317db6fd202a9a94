"""What a new version would do to the open projects, judged cell by cell so that it answers at once at any size.

All projects of one version that stand in the same phase and step by the same route find the same cell. What lies in
cells that are gone is counted by the database. The category windows of single projects are looked at by
`judge_each`, which reads everybody's facts and is for the command line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.access import visible
from tracker.definitions.queries import Groups, in_groups
from tracker.gallery.models import Photo
from tracker.matrix.definitions import get_definition
from tracker.matrix.facts import load_facts_of_many
from tracker.matrix.models import Evidence, Move, OwnTask, Record, RecordHint
from tracker.paging import Page, page_of
from tracker.projects.models import Building, CategoryLine, Project
from tracker.team.models import User
from workflows.comparing import Comparison, compare
from workflows.definition import CellKey, Definition, Status
from workflows.effect import Effect, effect
from workflows.errors import WorkflowError
from workflows.mapping import KeyMapping, completed
from workflows.status import own_status

CHUNK = 500  # projects whose facts come by one statement
FEW = 500  # keys that go into one condition


@dataclass(frozen=True, slots=True)
class CellEffect:
    """Projects in one cell by one route: how many, its status now and then (None: they cannot follow), and why."""

    cell: CellKey
    route: str
    projects: int
    now: Status
    then: Status | None
    tasks_new: tuple[str, ...] = ()
    tasks_gone: tuple[str, ...] = ()
    hints_gone: tuple[str, ...] = ()
    limit: tuple[int | None, int | None] | None = None
    stays: tuple[tuple[str, str], ...] = ()

    @property
    def touched(self) -> bool:
        """True where something changes for these projects."""
        return bool(self.now != self.then or self.tasks_new or self.tasks_gone or self.hints_gone or self.limit)


@dataclass(slots=True)
class GroupEffect:
    """What would become of the open projects of one version. Counts are of projects, unless named otherwise."""

    key: str
    version: int
    projects: int
    comparison: Comparison
    cells: list[CellEffect] = field(default_factory=list)
    records: int = 0  # records in cells that are gone
    evidence: int = 0  # evidence for tasks and criteria that are gone
    followed: int = 0  # times that records followed a hint that is gone
    staying: dict[tuple[str, str], int] = field(default_factory=dict)  # kind and key that is gone -> projects

    @property
    def status_changed(self) -> int:
        """Projects whose cell changes its status."""
        return sum(c.projects for c in self.cells if c.then is not None and c.now != c.then)

    def counted(self, name: str) -> Counter[str]:
        """Projects by task or hint: `tasks_new`, `tasks_gone` or `hints_gone`."""
        found: Counter[str] = Counter()
        for cell in self.cells:
            for id in getattr(cell, name):
                found[id] += cell.projects
        return found

    @property
    def touched(self) -> list[CellEffect]:
        """The cells in which something changes."""
        return [cell for cell in self.cells if cell.touched]

    @property
    def quiet(self) -> bool:
        """True when no project would notice."""
        return not (self.touched or self.records or self.evidence or self.followed or self.staying)


def judge_by_cell(session: Session, new: Definition, groups: Groups, mapping: KeyMapping) -> list[GroupEffect]:
    """The dry run of all groups. The caller has checked who asks."""
    return [_judge_group(session, new, group, mapping) for group in groups]


def _judge_group(session: Session, new: Definition, group: tuple[str, int], mapping: KeyMapping) -> GroupEffect:
    old = get_definition(session, *group)
    whole = completed(mapping, old, new)
    columns = (Project.phase, Project.step, Project.route)
    counted = select(*columns, func.count()).where(in_groups([group])).group_by(*columns).order_by(*columns)
    rows = session.execute(counted).all()
    found = GroupEffect(*group, sum(row[-1] for row in rows), compare(old, new))
    for phase, step, route, count in rows:
        if (phase, step) in old.lookups["cell"]:
            found.cells.append(_cell_effect(old, new, whole, (phase, step), route, count))
    _count_orphans(session, old, new, whole, found)
    return found


def _cell_effect(
    old: Definition, new: Definition, mapping: KeyMapping, place: CellKey, route: str, count: int
) -> CellEffect:
    cell = old.cell(*place)
    now = own_status(old, cell, route)
    target, way = (mapping.phase(place[0]), mapping.step(place[1])), mapping.route(route)
    stays = [("phase", target[0])] if target[0] not in new.phase_index else []
    stays += [("step", target[1])] if target[1] not in new.step_index else []
    stays += [("route", way)] if way not in new.lookups["route"] else []
    if stays:
        return CellEffect(place, route, count, now, None, stays=tuple(stays))
    there = new.cell(*target)
    before, after = {mapping.target(task.id) for task in cell.tasks}, {task.id for task in there.tasks}
    limits = (cell.time_limit_days, there.time_limit_days)
    return CellEffect(
        cell=place,
        route=route,
        projects=count,
        now=now,
        then=own_status(new, there, way),
        tasks_new=tuple(sorted(after - before)),
        tasks_gone=tuple(sorted(task.id for task in cell.tasks if mapping.target(task.id) not in after)),
        hints_gone=tuple(h.id for h in cell.hints if mapping.hint(h.id) not in new.lookups["hint"]),
        limit=limits if limits[0] != limits[1] else None,
    )


def _count_orphans(session: Session, old: Definition, new: Definition, mapping: KeyMapping, found: GroupEffect) -> None:
    """Count what refers to keys that are gone. Where no key is gone nothing is asked."""
    here = in_groups([(found.key, found.version)])
    cells = [key for key in old.lookups["cell"] if mapping.cell(*key) not in new.lookups["cell"]]
    targets = [key for kind in ("task", "exit") for key in old.lookups[kind] if _gone(new, mapping, kind, key)]
    hints = [key for key in old.lookups["hint"] if mapping.hint(key) not in new.lookups["hint"]]
    found.records = _count(session, Record, here, Record.phase, Record.step, cells)
    found.evidence = _among(session, Evidence, here, Evidence.target, targets)
    followed = select(func.count()).select_from(RecordHint).join(Record, Record.id == RecordHint.record_id)
    followed = followed.join(Project, Project.id == Record.project_id).where(here)
    found.followed = _summed(session, followed, RecordHint.hint_id, hints)
    for kind, key, number in _staying(session, old, new, mapping, here, cells):
        found.staying[kind, key] = number


def _gone(new: Definition, mapping: KeyMapping, kind: str, key: str) -> bool:
    return mapping.target(key) not in new.lookups[kind]


def _count(session: Session, model: Any, here: Any, phase: Any, step: Any, cells: Sequence[CellKey]) -> int:
    if not cells:
        return 0
    query = select(func.count()).select_from(model).join(Project, Project.id == model.project_id)
    return session.scalar(query.where(here, _lies_in(phase, step, cells))) or 0


def _lies_in(phase: Any, step: Any, cells: Sequence[CellKey]) -> Any:
    by_phase: dict[str, list[str]] = {}
    for row, column in cells:
        by_phase.setdefault(row, []).append(column)
    return or_(*(and_(phase == row, step.in_(columns)) for row, columns in by_phase.items()))


def _among(session: Session, model: Any, here: Any, column: Any, keys: Sequence[str]) -> int:
    query = select(func.count()).select_from(model).join(Project, Project.id == model.project_id).where(here)
    return _summed(session, query, column, keys)


def _summed(session: Session, query: Select[Any], column: Any, keys: Sequence[str]) -> int:
    parts = [keys[start : start + FEW] for start in range(0, len(keys), FEW)]
    return sum(session.scalar(query.where(column.in_(part))) or 0 for part in parts)


def _staying(
    session: Session, old: Definition, new: Definition, mapping: KeyMapping, here: Any, cells: Sequence[CellKey]
) -> Iterator[tuple[str, str, int]]:
    """(kind, old key, projects) for every key that is gone and that projects hang on."""
    phases = [key for key in old.phase_index if mapping.phase(key) not in new.phase_index]
    steps = [key for key in old.step_index if mapping.step(key) not in new.step_index]
    lines = [key for key in old.lookups["window"] if mapping.category(key) not in new.lookups["window"]]
    routes = [key for key in old.lookups["route"] if mapping.route(key) not in new.lookups["route"]]
    there = new.picklist("project_types").keys
    kinds = [key for key in old.picklist("project_types").keys if mapping.kind(key) not in there]
    asked: list[tuple[str, Any, Any, Sequence[str], Any]] = [
        ("phase", Move, Move.target, phases, Move.axis == "phase"),
        ("step", Move, Move.target, steps, Move.axis == "step"),
        ("step", Building, Building.step, steps, None),
        ("category", CategoryLine, CategoryLine.category, lines, None),
        ("phase", CategoryLine, CategoryLine.phase, phases, None),
        ("phase", None, Project.phase, phases, None),
        ("route", None, Project.route, routes, None),
        ("kind", None, Project.kind, kinds, None),
    ]
    most: dict[tuple[str, str], int] = {}
    for kind, model, column, keys, more in asked:
        for key, number in _projects_with(session, here, model, column, keys, more):
            most[kind, key] = max(number, most.get((kind, key), 0))
    for model in (Record, Photo, OwnTask) if cells else ():
        for phase, step, number in _projects_in(session, here, model, cells):
            most["cell", f"{phase}/{step}"] = max(number, most.get(("cell", f"{phase}/{step}"), 0))
    yield from ((kind, key, number) for (kind, key), number in most.items())


def _projects_with(
    session: Session, here: Any, model: Any, column: Any, keys: Sequence[str], more: Any
) -> Iterable[tuple[str, int]]:
    if not keys:
        return []
    query = select(column, func.count(Project.id.distinct())).select_from(Project).where(here, column.in_(keys))
    if model is not None:
        query = query.join(model, model.project_id == Project.id)
    if more is not None:
        query = query.where(more)
    return [(key, number) for key, number in session.execute(query.group_by(column))]


def _projects_in(session: Session, here: Any, model: Any, cells: Sequence[CellKey]) -> Iterable[tuple[str, str, int]]:
    query = select(model.phase, model.step, func.count(Project.id.distinct())).select_from(model)
    query = query.join(Project, Project.id == model.project_id).where(here, _lies_in(model.phase, model.step, cells))
    return [tuple(row) for row in session.execute(query.group_by(model.phase, model.step))]


def list_touched(session: Session, by: User, found: GroupEffect, page: int) -> Page[Project]:
    """A page of the open projects that stand in a cell in which something changes, by name."""
    cells = [cell.cell for cell in found.touched]
    query = select(Project).where(visible(Project, by), in_groups([(found.key, found.version)]))
    query = query.where(_lies_in(Project.phase, Project.step, cells)) if cells else query.where(Project.id < 0)
    return page_of(session, query.order_by(Project.name, Project.id), page)


def judge_each(
    session: Session,
    new: Definition,
    groups: Groups,
    mapping: KeyMapping,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[tuple[Project, Effect | None]]:
    """The exact effect on every open project, chunk by chunk; None where its rows make no facts."""
    total = session.scalar(select(func.count()).select_from(Project).where(in_groups(groups))) or 0
    olds = {group: get_definition(session, *group) for group in groups}
    maps = {group: completed(mapping, old, new) for group, old in olds.items()}
    done = last = 0
    query = select(Project).where(in_groups(groups)).order_by(Project.id).limit(CHUNK)
    while chunk := session.scalars(query.where(Project.id > last)).all():
        asked = [(olds[one.definition_key, one.definition_version], one) for one in chunk]
        for project, facts in load_facts_of_many(session, asked):
            group = (project.definition_key, project.definition_version)
            try:
                known = (
                    None
                    if isinstance(facts, Exception)
                    else effect(olds[group], new, facts, clock.today(), maps[group])
                )
            except WorkflowError:
                known = None
            yield project, known
        last, done = chunk[-1].id, done + len(chunk)
        session.expunge_all()
        if progress:
            progress(done, total)
