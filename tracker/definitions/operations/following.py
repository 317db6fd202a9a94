"""Projects follow a published version, a chunk a transaction. What has no place there keeps its version.

No row is ever deleted. What a mapping changes is written into the project's event with its old value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.definitions.models import BROKEN, DONE, RUNNING, Publication
from tracker.definitions.queries import in_groups
from tracker.errors import AlreadyDone
from tracker.events import Kind
from tracker.gallery.models import Photo
from tracker.matrix.definitions import get_definition
from tracker.matrix.facts import load_facts_of_many
from tracker.matrix.models import Approval, Evidence, LifecycleChange, Move, OwnTask, Record, RecordHint
from tracker.matrix.operations.refreshing import CHUNK, refresh_many
from tracker.notifications.models import DueThing
from tracker.projects.models import Building, CategoryLine, Project
from tracker.team.models import User
from workflows.comparing import compare
from workflows.definition import Definition
from workflows.effect import obstacles
from workflows.errors import WorkflowError
from workflows.mapping import KeyMapping, completed, map_facts, read_mapping

IN_CELLS = (Record, Photo, OwnTask, DueThing)
"""The tables of a project whose rows lie in a cell (columns `phase` and `step`)."""
SILENCE = timedelta(minutes=1)  # after which a run without a sign of life counts as broken off
_GONE = ("phase", "step", "cell", "route", "category")


@dataclass(slots=True)
class _Plan:
    """How the projects of one old version follow."""

    old: Definition
    mapping: KeyMapping
    simple: bool  # every key stays and none is gone, so nobody needs to be asked
    behaves: bool  # limits, tasks or windows changed, so derived columns may


@dataclass(slots=True)
class _Moved:
    """What was changed in the rows of some projects: project -> table -> row -> old values."""

    before: dict[int, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def note(self, project_id: int, table: str, row: Any, values: Any) -> None:
        self.before.setdefault(project_id, {}).setdefault(table, {})[str(row)] = values


def carry_out(
    session: Session,
    publication: Publication,
    *,
    by: User | None,
    commit: Callable[[], None],
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Have the projects follow. `commit` is called after each chunk by the entry point's own hand.

    It goes on where it stopped. Of two that run at the same time one stops, so that each chunk is done once.
    """
    groups = [(str(key), int(version)) for key, version in publication.follow]
    new = get_definition(session, publication.key, publication.version)
    mapping, _faults = read_mapping(publication.mapping)
    plans = {group: _plan(get_definition(session, *group), new, mapping) for group in groups}
    while publication.state == RUNNING:
        ids = _claim_chunk(session, publication, groups)
        if ids is None:
            return
        moved = _follow(session, ids, plans, new, by)
        publication.moved += moved
        publication.kept += len(ids) - moved
        if not ids:
            publication.state = DONE
        session.flush()
        commit()
        if progress:
            progress(publication.moved + publication.kept, publication.total)


def has_broken_off(publication: Publication) -> bool:
    """Whether it waits for somebody to take it up again."""
    begun = publication.beat_at or publication.at
    return publication.state == BROKEN or (publication.state == RUNNING and begun < clock.now() - SILENCE)


def take_up(session: Session, publication: Publication, *, by: User) -> None:
    """Make a publication that broke off run again; raises AlreadyDone while it runs or when it is done."""
    require(by, Action.ADMINISTER)
    if not has_broken_off(publication):
        raise AlreadyDone(details=f"/admin/matrix/publications/{publication.id}")
    publication.state, publication.beat_at = RUNNING, clock.now()
    session.flush()


def _plan(old: Definition, new: Definition, mapping: KeyMapping) -> _Plan:
    comparison = compare(old, new)
    whole = completed(mapping, old, new)
    gone = any(comparison.keys(kind, "removed") for kind in _GONE)
    gone = gone or any(key.startswith("project_types.") for key in comparison.keys("choice", "removed"))
    return _Plan(old, whole, whole.empty and not gone, comparison.behaves or not whole.empty)


def _claim_chunk(session: Session, publication: Publication, groups: Sequence[tuple[str, int]]) -> list[int] | None:
    """The next projects, locked; None where somebody else has just taken them."""
    after = publication.after_id
    query = select(Project.id).where(in_groups(groups), Project.id > after).order_by(Project.id).limit(CHUNK)
    ids = list(session.scalars(query.with_for_update()))
    last = ids[-1] if ids else after
    taken = session.execute(
        update(Publication)
        .where(Publication.id == publication.id, Publication.after_id == after, Publication.state == RUNNING)
        .values(after_id=last, beat_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session.refresh(publication)
    return ids if taken.rowcount else None  # type: ignore[attr-defined]


def _follow(
    session: Session, ids: Sequence[int], plans: dict[tuple[str, int], _Plan], new: Definition, by: User | None
) -> int:
    """Take those of the projects over that can follow; how many they are."""
    if not ids:
        return 0
    query = select(Project).where(Project.id.in_(ids)).order_by(Project.id).execution_options(populate_existing=True)
    projects = {project.id: project for project in session.scalars(query)}
    plan_of = {key: plans[project.definition_key, project.definition_version] for key, project in projects.items()}
    able = _able(session, projects.values(), plan_of, new)
    moved = _Moved()
    for plan in plans.values():
        mine = [key for key in able if plan_of[key] is plan]
        if mine and not plan.mapping.empty:
            _map_rows(session, mine, plan.mapping, moved)
    for key in able:
        _take_over(session, projects[key], plan_of[key], new, moved, by)
    session.flush()
    refresh_many(session, [key for key in able if plan_of[key].behaves])
    return len(able)


def _able(session: Session, projects: Iterable[Project], plan_of: dict[int, _Plan], new: Definition) -> list[int]:
    """The projects whose place and work have a place in the new definition."""
    asked = [(plan_of[one.id].old, one) for one in projects if not plan_of[one.id].simple]
    able = [one for one, plan in plan_of.items() if plan.simple]
    for project, facts in load_facts_of_many(session, asked) if asked else ():
        if isinstance(facts, Exception):
            continue
        try:
            mapped = map_facts(facts, plan_of[project.id].mapping)
            if not obstacles(new, mapped):
                able.append(project.id)
        except WorkflowError:
            continue
    return sorted(able)


def _take_over(
    session: Session, project: Project, plan: _Plan, new: Definition, moved: _Moved, by: User | None
) -> None:
    mapping = plan.mapping
    before = moved.before.get(project.id, {})
    changes = {"route": mapping.route, "kind": mapping.kind, "phase": mapping.phase, "step": mapping.step}
    for name, change in changes.items():
        was = getattr(project, name)
        if change(was) != was:
            before.setdefault("project", {})[name] = was
            setattr(project, name, change(was))
    told = f"{project.definition_key} {project.definition_version}"
    project.definition_key, project.definition_version = new.key, new.version
    events.record(
        session, Kind.PROJECT_MAPPED, project, by=by, project_id=project.id, source=told,
        target=f"{new.key} {new.version}", before=before,
    )  # fmt: skip


def _map_rows(session: Session, ids: Sequence[int], mapping: KeyMapping, moved: _Moved) -> None:
    """Give the projects' rows their new keys; by row, since keys may change places."""
    for model in IN_CELLS:
        _change(session, model, ids, ("phase", "step"), lambda p, s: mapping.cell(p, s), moved)
    _change(session, Building, ids, ("step",), lambda step: (mapping.step(step),), moved)
    _change(session, Evidence, ids, ("target",), lambda target: (mapping.target(target),), moved)
    _change(session, CategoryLine, ids, ("category", "phase"), lambda c, p: (mapping.category(c), _phase(mapping, p)),
            moved)  # fmt: skip
    _change(session, LifecycleChange, ids, ("category",), lambda c: (mapping.category(c) if c else c,), moved)
    _change(session, Move, ids, ("axis", "source", "target"), lambda *row: _move(mapping, *row), moved)
    _map_hints(session, ids, mapping, moved)
    _map_approvals(session, ids, mapping, moved)


def _phase(mapping: KeyMapping, phase: str | None) -> str | None:
    return mapping.phase(phase) if phase else phase


def _move(mapping: KeyMapping, axis: str, source: str | None, target: str) -> tuple[Any, ...]:
    change = mapping.phase if axis == "phase" else mapping.step
    return axis, change(source) if source else source, change(target)


def _change(
    session: Session, model: Any, ids: Sequence[int], names: Sequence[str], change: Callable[..., Any], moved: _Moved
) -> None:
    table = model.__table__
    columns = [table.c[name] for name in names]
    rows = session.execute(select(table.c.id, table.c.project_id, *columns).where(table.c.project_id.in_(ids))).all()
    values = []
    for key, project_id, *old in rows:
        new = change(*old)
        if tuple(new) != tuple(old):
            values.append({"row": key, **{f"new_{name}": value for name, value in zip(names, new, strict=True)}})
            moved.note(project_id, table.name, key, "/".join(str(value) for value in old if value is not None))
    if values:
        if model is CategoryLine:  # a project has one line of a category, also while two change places
            free = update(table).where(table.c.id == bindparam("row")).values(category=bindparam("meanwhile"))
            session.execute(free, [{"row": one["row"], "meanwhile": f"~{one['row']}"} for one in values])
        statement = update(table).where(table.c.id == bindparam("row"))
        session.execute(statement.values({name: bindparam(f"new_{name}") for name in names}), values)


def _map_hints(session: Session, ids: Sequence[int], mapping: KeyMapping, moved: _Moved) -> None:
    """Hints that records followed. Where a record followed the new one too, the old one stays: no row is lost."""
    if not mapping.hints:
        return
    table: Any = RecordHint.__table__
    rows = session.execute(
        select(Record.project_id, RecordHint.record_id, RecordHint.hint_id)
        .join(Record, Record.id == RecordHint.record_id)
        .where(Record.project_id.in_(ids))
    ).all()
    there = {(record_id, hint_id) for _project, record_id, hint_id in rows}
    for project_id, record_id, hint_id in rows:
        new = mapping.hint(hint_id)
        if new != hint_id and (record_id, new) not in there:
            here = (table.c.record_id == record_id, table.c.hint_id == hint_id)
            session.execute(update(table).where(*here).values(hint_id=new))
            there.add((record_id, new))
            moved.note(project_id or 0, table.name, f"{record_id} {new}", hint_id)


def _map_approvals(session: Session, ids: Sequence[int], mapping: KeyMapping, moved: _Moved) -> None:
    """An open request names keys of the old version and lapses; one that was granted keeps its phase's new key."""
    asked = select(Approval).where(Approval.project_id.in_(ids), Approval.state.in_(("open", "granted", "used")))
    for approval in session.scalars(asked.order_by(Approval.id)):
        assert approval.project_id is not None
        phase = approval.wish.get("phase") or ""
        if approval.state == "open" and (mapping.phases or mapping.steps):
            moved.note(approval.project_id, Approval.__tablename__, approval.id, approval.state)
            approval.state = "lapsed"
        elif mapping.phase(phase) != phase:
            moved.note(approval.project_id, Approval.__tablename__, approval.id, phase)
            approval.wish = {**approval.wish, "phase": mapping.phase(phase)}
