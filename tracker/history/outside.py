"""The condition that a project has left its corridor, for lists and the board of today."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select

from tracker.history.models import OutsideCell
from tracker.projects.models import CategoryLine, Project
from workflows.corridor import FOLLOWED

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


def off_corridor() -> ColumnElement[bool]:
    """Projects whose building has outrun our phase, by the narrowest corridor that speaks for them."""
    here, speaks = (Project.phase, Project.step), ("", "")
    by_category, by_route = _outside("category", _MAIN, speaks), _outside("route", Project.route, speaks)
    found = case(
        (by_category, _outside("category", _MAIN, here)),
        (by_route, _outside("route", Project.route, here)),
        else_=_outside("all", "", here),
    )
    return and_(Project.state.in_(FOLLOWED), found)
