"""What is special about merging projects: each has a place and a past.

The gone one keeps its buildings, lines, moves, requests and changes of state: until the day of the merge the board saw
two projects, and any past day still shows them. Of buildings and category lines that the kept one lacks it gets the
like with their history; records in a building of the same name go into that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from tracker.gallery.models import Photo
from tracker.i18n import _l
from tracker.matrix.models import LifecycleChange, Move, Record
from tracker.merging.models import Merge
from tracker.merging.operations import moving
from tracker.projects.models import Building, CategoryLine, Project
from tracker.team.models import User

OPEN = ("active", "suspended")
HOUSED = "buildings"
MADE = "made"


def why_project_not(session: Session, kept: Project, gone: Project) -> Any | None:
    """Why a project cannot be merged into another."""
    if (kept.definition_key, kept.definition_version) != (gone.definition_key, gone.definition_version):
        return _l("The two follow different matrices. Let them follow the same version first.")
    if gone.state not in OPEN:
        return _l("Only an open project can go: one that is won, lost, closed or under arbitration stays what it is.")
    won = select(CategoryLine.id).where(CategoryLine.project_id == gone.id, CategoryLine.result == "won")
    if session.scalar(won) is not None:
        return _l("A line of the project that would go is won. Keep that project and merge the other one.")
    if kept.parent_id == gone.id or gone.parent_id == kept.id:
        return _l("One is a part of the other; they share their site on purpose.")
    return None


def absorb(session: Session, kept: Project, gone: Project) -> dict[str, Any]:
    """Let what was done and who takes part go along; what was moved and made, for `moving.repoint` and `release`."""
    made: dict[str, list[int]] = {"move": [], "building": [], "category_line": [], "lifecycle_change": []}
    into = {}
    mine = {building.name: building.id for building in _rows(session, Building, kept)}
    for building in _rows(session, Building, gone):
        new = mine.get(building.name) or _like(session, made, building, kept)
        into[str(building.id)] = _rehouse(session, building.id, new)
        if building.name not in mine:
            for move in session.scalars(select(Move).where(Move.building_id == building.id).order_by(Move.id)):
                _like(session, made, move, kept, building_id=new)
    known = {line.category for line in _rows(session, CategoryLine, kept)}
    for line in _rows(session, CategoryLine, gone):
        if line.category not in known:
            _like(session, made, line, kept, main=False)
            for change in _rows(session, LifecycleChange, gone):
                if change.category == line.category:
                    _like(session, made, change, kept, approval_id=None)
    moved: dict[str, Any] = dict(moving.move_all(session, "project", gone.id, kept.id))
    return {**moved, HOUSED: into, MADE: made}


def release(session: Session, row: Merge) -> None:
    """Give records and pictures back to the gone project's own buildings, and take back what was made for the kept one.

    A building in which something was logged since stays with what belongs to it, and so does a line that somebody
    changed since.
    """
    for old, rows in row.moved.get(HOUSED, {}).items():
        for model in (Record, Photo):
            keys = rows[model.__tablename__]
            if keys:
                session.execute(update(model).where(model.id.in_(keys)).values(building_id=int(old)))
    made = row.moved.get(MADE, {})
    used = set(session.scalars(select(Record.building_id).where(Record.building_id.in_(made.get("building", ())))))
    used |= set(session.scalars(select(Photo.building_id).where(Photo.building_id.in_(made.get("building", ())))))
    later = select(Move.building_id).where(Move.building_id.in_(made.get("building", ())))
    used |= set(session.scalars(later.where(Move.id.not_in(made.get("move", ())))))
    _drop(session, Move, made.get("move", ()), Move.building_id.not_in(used))
    _drop(session, Building, made.get("building", ()), Building.id.not_in(used))
    untouched = _untouched_lines(session, row, made)
    _drop(session, LifecycleChange, made.get("lifecycle_change", ()), LifecycleChange.category.in_(untouched))
    _drop(session, CategoryLine, made.get("category_line", ()), CategoryLine.category.in_(untouched))
    session.expire_all()


def _untouched_lines(session: Session, row: Merge, made: dict[str, list[int]]) -> set[str]:
    """The categories whose line for the kept project still is what the gone one's is, with nothing decided since."""
    theirs = {
        line.category: line
        for line in session.scalars(select(CategoryLine).where(CategoryLine.project_id == row.gone_id))
    }
    decided = select(LifecycleChange.category).where(
        LifecycleChange.project_id == row.kept_id, LifecycleChange.id.not_in(made.get("lifecycle_change", ()))
    )
    since = set(session.scalars(decided))
    own = {"id", "project_id", "main", "category"}
    facts = [column.key for column in inspect(CategoryLine).column_attrs if column.key not in own]
    found = set()
    for line in session.scalars(select(CategoryLine).where(CategoryLine.id.in_(made.get("category_line", ())))):
        like = theirs.get(line.category)
        same = like is not None and all(getattr(line, key) == getattr(like, key) for key in facts)
        if same and not line.main and line.category not in since:
            found.add(line.category)
    return found


def close_away(session: Session, gone: Project, by: User, reason: str) -> dict[str, Any]:
    """Close the gone project, since it is worked on in the kept one."""
    from tracker.projects.operations.lifecycle import note_state

    before = {"state": gone.state}
    session.expire(gone)
    note_state(session, gone, "closed", by=by, reason=reason)
    return before


def come_back(session: Session, gone: Project, before: dict[str, Any], by: User) -> None:
    """Give the gone project the state it had."""
    from tracker.projects.operations.lifecycle import note_state

    session.flush()
    session.expire(gone)
    note_state(session, gone, before["state"], by=by, reason=None)


def _rows(session: Session, model: Any, project: Project) -> Sequence[Any]:
    return session.scalars(select(model).where(model.project_id == project.id).order_by(model.id)).all()


def _like(session: Session, made: dict[str, list[int]], row: Any, kept: Project, **changed: Any) -> int:
    """Make the like of a row of the gone project for the kept one; its id."""
    columns = {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}
    columns |= {"project_id": kept.id, **changed}
    del columns["id"]
    new = type(row)(**columns)
    session.add(new)
    session.flush()
    made[row.__tablename__].append(new.id)
    return int(new.id)


def _drop(session: Session, model: Any, keys: Sequence[int], which: Any) -> None:
    for row in session.scalars(select(model).where(model.id.in_(keys), which)):
        session.delete(row)
    session.flush()


def _rehouse(session: Session, old: int, new: int) -> dict[str, list[int]]:
    """Put what was logged in one building into the other; the rows by table."""
    rows = {}
    for model in (Record, Photo):
        keys = list(session.scalars(select(model.id).where(model.building_id == old)))
        if keys:
            session.execute(update(model).where(model.id.in_(keys)).values(building_id=new))
        rows[model.__tablename__] = keys
    return rows
