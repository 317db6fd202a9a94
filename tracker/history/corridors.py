"""Keeping the corridor: the cells that won projects passed, and how many of them, by main category, route and all.

`keeping` calls this in the same flush and the same rebuild in which a project's intervals change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Integer, and_, cast, delete, func, insert, literal, select, text, union_all
from sqlalchemy.orm import Session

from tracker.history import outside
from tracker.history.loading import Interval, Past
from tracker.history.models import CorridorCell, OutsideCell, WonStop
from tracker.matrix.definitions import get_definition
from tracker.matrix.models import DefinitionVersion
from tracker.projects.models import Project
from workflows.corridor import ENOUGH, Corridor, Passed, cells_outside, stops_of
from workflows.definition import CellKey, Definition
from workflows.errors import WorkflowError
from workflows.facts import Visit

COLUMNS = ("project_id", "phase", "step", "hindmost", "final", "definition_key", "route", "category")
KEYS = ("definition_key", "grouping", "name", "phase", "step")
COUNTS = ("projects", "hindmost", "won")
Row = tuple[Any, ...]
Key = tuple[str, str, str]
"""Of a corridor: the definition's, its grouping and its name."""
_stop: Any = WonStop.__table__
_cell: Any = CorridorCell.__table__
_outer: Any = OutsideCell.__table__
_ADD = text(
    "INSERT INTO corridor_cell (definition_key, grouping, name, phase, step, projects, hindmost, won) "
    "VALUES (:definition_key, :grouping, :name, :phase, :step, :projects, :hindmost, :won) "
    "ON CONFLICT (definition_key, grouping, name, phase, step) DO UPDATE SET "
    "projects = corridor_cell.projects + excluded.projects, hindmost = corridor_cell.hindmost + excluded.hindmost, "
    "won = corridor_cell.won + excluded.won"
)
EVERYTHING = ""  # the name of the corridor of all
SPEAKS = ("", "")  # the row of a corridor that has enough in it, or is that of all
OVER = "closed"  # a state that says nothing of how it ended


def keep(
    connection: Connection, pasts: Sequence[Past], rows: Mapping[int, Sequence[Interval]], session: Session
) -> None:
    """Bring the stops of these projects, and what is counted of them, up to date."""
    pasts = [past for past in pasts if past.project_id in rows]
    ids = [past.project_id for past in pasts]
    columns = [_stop.c[name] for name in COLUMNS]
    before: dict[int, set[Row]] = {}
    for row in connection.execute(select(*columns).where(_stop.c.project_id.in_(ids))):
        before.setdefault(row[0], set()).add(tuple(row))
    gone: set[Row] = set()
    come: set[Row] = set()
    for past in pasts:
        known, now = before.get(past.project_id, set()), set(stops(session, past, rows.get(past.project_id, ())))
        gone |= known - now
        come |= now - known
    if not gone and not come:
        return
    for project_id in sorted({row[0] for row in gone}):
        cells = [row[1:3] for row in gone if row[0] == project_id]
        for phase, step in cells:
            connection.execute(
                delete(_stop).where(_stop.c.project_id == project_id, _stop.c.phase == phase, _stop.c.step == step)
            )
    _insert(connection, sorted(come, key=lambda row: row[:3]))
    keys = sorted({row[5] for row in (*gone, *come)})
    wait = select(DefinitionVersion.id).where(DefinitionVersion.key.in_(keys)).order_by(DefinitionVersion.id)
    connection.execute(wait.with_for_update())  # one after the other: each counts what the ones before have written
    touched = _count(connection, gone, come)
    definitions = {past.definition[0]: get_definition(session, *past.definition) for past in pasts}
    outside.keep_cells(connection, _draw(connection, definitions, touched))


def _count(connection: Connection, gone: set[Row], come: set[Row]) -> set[Key]:
    """Write what changes in the counts, in one order for all writers; returns the corridors that it changed."""
    changes: dict[Row, list[int]] = {}
    for sign, rows in ((-1, gone), (1, come)):
        for _project, phase, step, hindmost, final, definition_key, route, category in rows:
            for grouping, name in (("all", EVERYTHING), ("route", route), ("category", category)):
                if name is None:
                    continue
                counts = changes.setdefault((definition_key, grouping, name, phase, step), [0, 0, 0])
                for number, counted in enumerate((True, hindmost, final)):
                    counts[number] += sign * bool(counted)
    values = [
        dict(zip((*KEYS, *COUNTS), (*key, *counts), strict=True))
        for key, counts in sorted(changes.items())
        if any(counts)
    ]
    if values:
        connection.execute(_ADD, values)
    return {(key[0], key[1], key[2]) for key in changes}


def _draw(connection: Connection, definitions: Mapping[str, Definition], asked: Set[Key] | None = None) -> set[CellKey]:
    """Write the cells outside of these corridors (None: of all) as their counts have them; returns those that changed.

    Where a corridor begins or ceases to speak for projects, all cells outside of any have changed.
    """
    stored, true = _drawn(connection), _outside(connection, definitions, asked)
    changed: set[CellKey] = set()
    for key in sorted(true.keys() | (stored.keys() if asked is None else asked)):
        before, now = stored.get(key, set()), set(true.get(key, ()))
        changed |= before ^ now
        named = and_(*(_outer.c[name] == value for name, value in zip(KEYS[:3], key, strict=True)))
        for phase, step in sorted(before - now):
            connection.execute(delete(_outer).where(named, _outer.c.phase == phase, _outer.c.step == step))
        rows = [dict(zip(KEYS, (*key, *cell), strict=True)) for cell in sorted(now - before)]
        if rows:
            connection.execute(insert(_outer), rows)
    if SPEAKS in changed:
        changed.update(*stored.values(), *map(set, true.values()))
    return changed - {SPEAKS}


def _drawn(connection: Connection) -> dict[Key, set[CellKey]]:
    found: dict[Key, set[CellKey]] = {}
    for row in connection.execute(select(*(_outer.c[name] for name in KEYS))):
        found.setdefault((row[0], row[1], row[2]), set()).add((row[3], row[4]))
    return found


def _outside(
    connection: Connection, definitions: Mapping[str, Definition], asked: Set[Key] | None = None
) -> dict[Key, list[CellKey]]:
    """The cells outside of each corridor that speaks for projects, with the row that says that it does."""
    cells: dict[Key, dict[CellKey, Passed]] = {}
    for row in connection.execute(select(*(_cell.c[name] for name in (*KEYS, *COUNTS))).where(_cell.c.projects != 0)):
        cells.setdefault((row[0], row[1], row[2]), {})[row[3], row[4]] = Passed(*row[5:])
    found = {}
    for (definition_key, grouping, name), own in cells.items():
        if asked is not None and (definition_key, grouping, name) not in asked:
            continue
        corridor = Corridor(grouping, name, own)
        if definition_key in definitions and (grouping == "all" or corridor.won >= ENOUGH):
            found[definition_key, grouping, name] = [SPEAKS, *cells_outside(definitions[definition_key], corridor)]
    return found


def stops(session: Session, past: Past, rows: Sequence[Interval]) -> list[Row]:
    """The stops of a project by its intervals; none unless it was won."""
    decided = [row for row in rows if row.state != OVER]
    if not decided or decided[-1].state != "won":
        return []
    won_on = decided[-1].from_day
    for row in reversed(decided):
        if row.state != "won":
            break
        won_on = row.from_day
    definition = get_definition(session, *past.definition)
    path = [Visit(row.phase, row.step, row.from_day) for row in rows]
    until = won_on if rows[0].state != "won" else None
    common = (past.definition[0], past.route, past.category)
    return [
        (past.project_id, stop.phase, stop.step, stop.hindmost, stop.final, *common)
        for stop in stops_of(definition, path, until)
    ]


def clear(connection: Connection) -> None:
    """Forget all, before a rebuild."""
    connection.execute(delete(_outer))
    connection.execute(delete(_cell))
    connection.execute(delete(_stop))


def add(
    connection: Connection, pasts: Sequence[Past], rows: Mapping[int, Sequence[Interval]], session: Session
) -> None:
    """Write the stops of projects that have none yet; `add_up` counts them."""
    _insert(connection, [stop for past in pasts for stop in stops(session, past, rows.get(past.project_id, ()))])


def _insert(connection: Connection, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(_stop), [dict(zip(COLUMNS, row, strict=True)) for row in rows])


def add_up(connection: Connection, session: Session) -> None:
    """Count all stops, and draw the corridors' bounds."""
    connection.execute(insert(_cell).from_select([*KEYS, *COUNTS], _counted()))
    _draw(connection, _definitions(connection, session))
    outside.rebuild(connection)


def _definitions(connection: Connection, session: Session) -> dict[str, Definition]:
    """The newest version of each definition that projects keep."""
    newest = select(Project.definition_key, func.max(Project.definition_version)).group_by(Project.definition_key)
    found = {}
    for key, version in connection.execute(newest):
        try:
            found[key] = get_definition(session, key, version)
        except (LookupError, WorkflowError):
            continue  # `tracker doctor` names it
    return found


def _counted() -> Any:
    counts = (
        func.count().label("projects"),
        func.sum(cast(_stop.c.hindmost, Integer)).label("hindmost"),
        func.sum(cast(_stop.c.final, Integer)).label("won"),
    )
    each = []
    for grouping, name in (("all", literal(EVERYTHING)), ("route", _stop.c.route), ("category", _stop.c.category)):
        keys = [_stop.c.definition_key, literal(grouping).label("grouping"), name.label("name")]
        keys += [_stop.c.phase, _stop.c.step]
        grouped = select(*keys, *counts).group_by(
            _stop.c.definition_key, *([] if grouping == "all" else [name]), _stop.c.phase, _stop.c.step
        )
        each.append(grouped.where(_stop.c.category.is_not(None)) if grouping == "category" else grouped)
    return union_all(*each)


def faults(
    session: Session, connection: Connection, pasts: Sequence[Past], rows: Mapping[int, Sequence[Interval]]
) -> Iterator[str]:
    """A line for each of these projects whose stops are not what its intervals say."""
    columns = [_stop.c[name] for name in COLUMNS]
    stored = connection.execute(
        select(*columns).where(_stop.c.project_id.in_([past.project_id for past in pasts])).order_by(_stop.c.project_id)
    )
    kept = {key: {tuple(row) for row in own} for key, own in groupby(stored, key=lambda row: row[0])}
    for past in pasts:
        if kept.get(past.project_id, set()) != set(stops(session, past, rows.get(past.project_id, ()))):
            yield f"project {past.project_id}: its stops in the corridor are not what its past says"


def miscounts(connection: Connection, session: Session) -> Iterator[str]:
    """A line for each cell of a corridor whose counts are not what counting says, and for bounds drawn wrong."""
    kept = select(*(_cell.c[name] for name in (*KEYS, *COUNTS))).where(_cell.c.projects != 0)
    told = {tuple(row[:5]): tuple(row[5:]) for row in connection.execute(kept)}
    true = {tuple(row[:5]): tuple(row[5:]) for row in connection.execute(_counted())}
    for key in sorted(told.keys() | true.keys()):
        if told.get(key) != true.get(key):
            yield f"corridor {' '.join(part for part in key if part)} is not what counting says"
    drawn = _drawn(connection)
    right = {key: set(cells) for key, cells in _outside(connection, _definitions(connection, session)).items()}
    for key in sorted(drawn.keys() | right.keys()):
        if drawn.get(key) != right.get(key):
            yield f"corridor {' '.join(part for part in key if part)}: its bounds are not where its cells put them"
    yield from outside.faults(connection)
