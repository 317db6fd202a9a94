"""Keeping which projects have left their corridor, so that lists can be narrowed to them.

A project is looked at anew when its own standing may have changed, and all of a cell when the bounds of a corridor move
over it; `tracker doctor` compares.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, delete, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from tracker.history.models import OffCorridor, OutsideCell
from tracker.projects.models import CategoryLine, Project
from workflows.corridor import UNDECIDED
from workflows.definition import CellKey

_kept: Any = OffCorridor.__table__
_MAIN = (
    select(func.min(CategoryLine.category))
    .where(CategoryLine.project_id == Project.id, CategoryLine.main)
    .correlate(Project)
    .scalar_subquery()
)


def _outside(grouping: str, name: Any, cell: tuple[Any, Any]) -> ColumnElement[bool]:
    """Whether this cell is named as outside of the corridor with this name (see `history.models.OutsideCell`)."""
    named = exists().where(
        OutsideCell.definition_key == Project.definition_key,
        OutsideCell.grouping == grouping,
        OutsideCell.name == name,
        OutsideCell.phase == cell[0],
        OutsideCell.step == cell[1],
    )
    return named.correlate(Project)


def _is_outside() -> ColumnElement[bool]:
    """Projects whose building has outrun our phase, by the narrowest corridor that speaks for them."""
    here, speaks = (Project.phase, Project.step), ("", "")
    by_category, by_route = _outside("category", _MAIN, speaks), _outside("route", Project.route, speaks)
    found = case(
        (by_category, _outside("category", _MAIN, here)),
        (by_route, _outside("route", Project.route, here)),
        else_=_outside("all", "", here),
    )
    return and_(Project.state.in_(UNDECIDED), found)


def keep(connection: Connection, ids: Sequence[int]) -> None:
    """Look at these projects anew."""
    _look(connection, Project.id.in_(ids))


def keep_cells(connection: Connection, cells: Collection[CellKey]) -> None:
    """Look anew at all projects that stand in these cells."""
    if cells:
        places = sorted(cells)
        _look(connection, or_(*(and_(Project.phase == phase, Project.step == step) for phase, step in places)))


def rebuild(connection: Connection) -> None:
    """Look at all projects."""
    connection.execute(delete(_kept))
    _add(connection, select(Project.id).where(_IS_OUTSIDE))


def _look(connection: Connection, these: ColumnElement[bool]) -> None:
    connection.execute(delete(_kept).where(_kept.c.project_id.in_(select(Project.id).where(these))))
    _add(connection, select(Project.id).where(these, _IS_OUTSIDE))


def _add(connection: Connection, projects: Select[Any]) -> None:
    """Keep these as outside; somebody else may be doing so at the same time."""
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(_kept).from_select(["project_id"], projects).on_conflict_do_nothing())


def faults(connection: Connection) -> Iterator[str]:
    """A line for each project that is kept as outside and is not, or the other way round."""
    kept = set(connection.scalars(select(_kept.c.project_id)))
    right = set(connection.scalars(select(Project.id).where(_IS_OUTSIDE)))
    for project_id in sorted(kept ^ right):
        yield f"project {project_id}: whether it has left its corridor is not what its cell says"


_IS_OUTSIDE = _is_outside()
OFF_CORRIDOR = Project.id.in_(select(OffCorridor.project_id))
"""The condition that a project has left its corridor, for lists and the board."""
