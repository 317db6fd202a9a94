"""From rows to what the engine replays: moves, changes of state and edits, of many projects by one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, String, bindparam, cast, func, literal, null, select, true, union_all
from sqlalchemy.orm import Session

from tracker import clock
from tracker.access import is_dealer, visible
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.matrix.facts import ANCHOR
from tracker.matrix.models import Evidence, LifecycleChange, Move
from tracker.projects.models import CategoryLine, Project
from tracker.team.models import User
from workflows.replaying import Changed, Edited, History, Moved, Standing

_IDS: Any = bindparam("ids", expanding=True)
_OF_LINES = (Kind.CATEGORY_EDITED.value, Kind.CATEGORY_ADDED.value)
_EDITS = (Kind.PROJECT_EDITED.value, Kind.ROUTE_CHANGED.value, *_OF_LINES)


class Interval(NamedTuple):
    """A row of `Standing`."""

    project_id: int
    from_day: date
    to_day: date | None
    phase: str
    step: str
    state: str
    value: Decimal
    team_id: int | None


@dataclass(frozen=True, slots=True)
class Past:
    """A project with what happened to it: what its standing follows from. `category` is the main one's key."""

    project_id: int
    definition: tuple[str, int]
    team_id: int | None
    route: str
    category: str | None
    present: Standing
    history: History


def _row(mark: str, project_id: Any, number: Any, *texts: Any) -> Any:
    columns = [cast(text, String) if text is not None else null().cast(String) for text in texts]
    columns += [null().cast(String)] * (6 - len(columns))
    return select(literal(mark).label("mark"), project_id.label("project"), cast(number, Integer).label("n"), *columns)


def _told(here: Any) -> list[Any]:
    """What moved and changed, and the edits, of the projects for which `here` of a table's project is true."""
    kinds = Event.kind.in_(_EDITS)
    return [
        _row("m", Move.project_id, Move.id, Move.axis, Move.target, Move.on, Move.source, Move.building_id,
             Move.rules).where(here(Move.project_id)),
        _row("c", LifecycleChange.project_id, LifecycleChange.id, LifecycleChange.category, LifecycleChange.target,
             LifecycleChange.on, LifecycleChange.source, LifecycleChange.review_on)
        .where(here(LifecycleChange.project_id)),
        _row("e", Event.project_id, Event.id, Event.kind, Event.data, Event.at).where(here(Event.project_id), kinds),
    ]  # fmt: skip


_OF_MANY = union_all(*_told(lambda column: column.in_(_IDS)))
_MAIN = (
    select(func.min(CategoryLine.category))
    .where(CategoryLine.project_id == Project.id, CategoryLine.main)
    .correlate(Project)
    .scalar_subquery()
)
_PROJECTS = (
    select(
        Project.id,
        Project.definition_key,
        Project.definition_version,
        Project.team_id,
        Project.route,
        Project.phase,
        Project.step,
        Project.state,
        Project.value,
        Project.phase_since,
        Project.step_since,
        Project.created_at,
        _MAIN.label("category"),
    )
    .where(Project.id.in_(_IDS))
    .order_by(Project.id)
)


def load_pasts(connection: Connection, ids: Sequence[int]) -> Sequence[Past]:
    """What happened to these projects, in two statements; nothing is flushed for it."""
    told: dict[int, list[Any]] = {}
    for row in connection.execute(_OF_MANY, {"ids": ids}):
        told.setdefault(row[1], []).append(row)
    found = []
    for project in connection.execute(_PROJECTS, {"ids": ids}):
        since = max(project.phase_since, project.step_since)
        present = Standing(since, None, project.phase, project.step, project.state, project.value)
        first = min(project.phase_since, project.step_since, clock.company_day(project.created_at))
        history = _history(told.get(project.id, ()), first)
        key = (project.definition_key, project.definition_version)
        found.append(Past(project.id, key, project.team_id, project.route, project.category, present, history))
    return found


def _history(rows: Iterable[Any], since: date | None, **more: Any) -> History:
    """The history of one project from its rows, each kind in the order of days, then of numbers."""
    moves, changes, told = [], [], []
    for mark, _project, number, *texts in rows:
        if mark == "m":
            moves.append((texts[2], number, texts))
        elif mark == "c":
            changes.append((texts[2], number, texts))
        elif mark == "e":
            told.append((number, texts))
    found = [thing for _number, texts in sorted(told) for thing in _edited(texts)] if told else []
    earlier = [thing for thing in found if isinstance(thing, Changed)]
    changed = [*earlier, *(_changed(texts) for _on, _number, texts in sorted(changes))]
    return History(
        moves=tuple(_moved(texts) for _on, _number, texts in sorted(moves)) if moves else (),
        changes=tuple(sorted(changed, key=attrgetter("on")) if earlier else changed),
        edits=tuple(thing for thing in found if isinstance(thing, Edited)),
        since=since,
        **more,
    )


def _moved(texts: Sequence[Any]) -> Moved:
    axis, target, on, source, building, rules = texts
    named = tuple(json.loads(rules)) if rules and rules != "[]" else ()
    return Moved(axis, target, date.fromisoformat(on), source, int(building) if building else None, named)


def _changed(texts: Sequence[Any]) -> Changed:
    category, target, on, source, review_on, _none = texts
    review = date.fromisoformat(review_on) if review_on else None
    return Changed(source, target, date.fromisoformat(on), category, review)


def _edited(texts: Sequence[Any]) -> Iterable[Edited | Changed]:
    """What an event of an edit tells; changes of state and results were told so before they had rows of their own."""
    kind, text, at, *_none = texts
    data = json.loads(text)
    on = clock.company_day(at)
    category = data.get("category") if kind in _OF_LINES else None
    if kind == Kind.CATEGORY_ADDED:
        yield Edited(on, {}, category, added=True)
        return
    before = dict(data.get("before") or {})
    changing = "state" if category is None else "result"
    if changing in before:
        source = before.pop(changing)
        if data.get(changing):
            yield Changed(source, data[changing], on, category)
    if "value" in before:
        before["value"] = Decimal(before["value"] or 0)
    if before:
        yield Edited(on, before, category)


def load_history(session: Session, by: User, project: Project) -> History:
    """All that the past days of one project want, in one statement; of pictures only those the user sees."""
    statement = union_all(*_told(lambda column: column == project.id), *_shown(project.id, by))
    rows = session.execute(statement).all()
    pictures = tuple(
        ((row[3], row[4]), clock.stored_day(row[5])) for row in rows if row[0] == "p" and row[3] and row[5]
    )
    anchors = tuple(
        (row[3].removeprefix(ANCHOR), date.fromisoformat(row[4]), date.fromisoformat(row[5]))
        for row in sorted((row for row in rows if row[0] == "a"), key=itemgetter(2))  # what was stated last counts
    )
    first = min(project.phase_since, project.step_since, clock.company_day(project.created_at))
    return _history(rows, first, pictures=pictures, anchors=anchors)


def _shown(project_id: int, by: User) -> list[Any]:
    photos = visible(Photo, by) if is_dealer(by) else true()
    taken = func.coalesce(Photo.taken_at, Photo.uploaded_at)
    rows = [
        _row("p", Photo.project_id, Photo.id, Photo.phase, Photo.step, taken).where(
            Photo.project_id == project_id, photos
        )
    ]
    if not is_dealer(by):
        dated = (Evidence.target, Evidence.dated_on, Evidence.recorded_on)
        rows.append(
            _row("a", Evidence.project_id, Evidence.id, *dated).where(
                Evidence.project_id == project_id, Evidence.target.like(f"{ANCHOR}%")
            )
        )
    return rows
