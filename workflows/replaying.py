"""Any past day of a project, from what happened to it: where it stood, and all that was known of it then.

A day's state is the one at its end: of several moves of one day the last counts. A step counts from the day it was
seen, not from the day somebody entered it; a record from the day of the work, a plan from the day it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from workflows.definition import CellKey, Definition
from workflows.facts import BuildingFacts, CategoryFacts, ProjectFacts, Visit
from workflows.guards.channel import FROZEN_STATE

STRANDING = "G46"  # the rule whose step move strands a project, until its next phase move or its end
DECIDED = ("lost", "suspended", "closed")  # the states by which it is decided what becomes of a stranded project
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Moved:
    """A move on one axis: `phase`, or `step` of a building. `source` None: it was put there when it was opened."""

    axis: str
    target: str
    on: date
    source: str | None = None
    building: int | str | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """The project's state changed, or (`category`) the result of one of its lines."""

    source: str
    target: str
    on: date
    category: str | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """Facts of the project (or, with `category`, of one of its lines) were edited; `before`: what they had been.

    A line that was `added` on that day had not been there.
    """

    on: date
    before: Mapping[str, Any]
    category: str | None = None
    added: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a project beyond what its facts of today still tell, each kind in the order it happened.

    `pictures`: cell and day of each picture; `anchors`: key, the day it names, the day it became known. `since`: the
    first day anybody knows of, for projects whose opening left no moves.
    """

    moves: tuple[Moved, ...] = ()
    changes: tuple[Changed, ...] = ()
    edits: tuple[Edited, ...] = ()
    pictures: tuple[tuple[CellKey, date], ...] = ()
    anchors: tuple[tuple[str, date, date], ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """From `from_day` until the day before `to_day` (None: still) a project stood in this cell, state and value."""

    from_day: date
    to_day: date | None
    phase: str
    step: str
    state: str
    value: Any

    @property
    def held(self) -> tuple[str, str, str, Any]:
        """What holds, whenever it does."""
        return (self.phase, self.step, self.state, self.value)


@dataclass(slots=True)
class _Course:
    """Where the moves lead: the phase, and the step of every building, after those taken so far."""

    definition: Definition
    phase: str | None = None
    steps: dict[int | str | None, str] = field(default_factory=dict)

    def take(self, move: Moved) -> None:
        if move.axis == "phase":
            self.phase = move.target
        else:
            self.steps[move.building] = move.target

    @property
    def cell(self) -> CellKey | None:
        if self.phase is None or not self.steps:
            return None
        return (self.phase, max(self.steps.values(), key=self.definition.step_index.__getitem__))


def standings(definition: Definition, history: History, present: Standing) -> tuple[Standing, ...]:
    """The validity intervals of a project, one after the other without a gap, the last of them as it stands now.

    `present` holds what holds now, from the day its present cell is known from; it alone counts where nothing is told.
    """
    course = _beginning(definition, history, present)
    days = sorted({thing.on for kind in (history.moves, history.changes) for thing in kind})
    values = [edit for edit in history.edits if edit.category is None and "value" in edit.before]
    days = sorted({*days, *(edit.on for edit in values)}) if values else days
    begin = None if course.cell is None else _first_day(history, present, days)
    moves, changes = _by_day(history.moves), _by_day([c for c in history.changes if c.category is None])
    state = next((change.source for change in history.changes if change.category is None), present.state)
    held: list[tuple[date, tuple[Any, ...]]] = []
    for day in days if begin is None or begin in days else sorted([*days, begin]):
        for move in moves.get(day, ()):
            course.take(move)
        for change in changes.get(day, ()):
            state = change.target
        cell = course.cell
        if cell is None:
            continue
        value = next((edit.before["value"] for edit in values if edit.on > day), present.value)
        now = (*cell, state, value)
        if not held or held[-1][1] != now:
            held.append((day, now))
    if not held:
        return (present,)
    held[-1] = (held[-1][0], present.held)
    if len(held) > 1 and held[-2][1] == present.held:
        held.pop()
    ends = [day for day, _now in held[1:]]
    return tuple(Standing(day, end, *now) for (day, now), end in zip(held, [*ends, None], strict=True))


def _beginning(definition: Definition, history: History, present: Standing) -> _Course:
    """Before the first move: nothing, or for what was put there without a move the place it was put."""
    course = _Course(definition)
    phases = [move for move in history.moves if move.axis == "phase"]
    course.phase = phases[0].source if phases else present.phase
    steps = [move for move in history.moves if move.axis == "step"]
    for move in reversed(steps):
        if move.source is None:
            course.steps.pop(move.building, None)
        else:
            course.steps[move.building] = move.source
    if not steps:
        course.steps[None] = present.step
    return course


def _first_day(history: History, present: Standing, days: Sequence[date]) -> date:
    known = [present.from_day, *([history.since] if history.since else []), *days[:1]]
    return min(known)


def _by_day(things: Iterable[Any]) -> dict[date, list[Any]]:
    found: dict[date, list[Any]] = {}
    for thing in things:
        found.setdefault(thing.on, []).append(thing)
    return found


def standing_on(intervals: Sequence[Standing], day: date) -> Standing | None:
    """The interval that holds on a day; None before the first."""
    return next((one for one in reversed(intervals) if one.from_day <= day), None)


def present_of(definition: Definition, facts: ProjectFacts) -> Standing:
    """What holds now, as `standings` wants it."""
    since = facts.visited[0].since if facts.visited else facts.phase_since
    return Standing(since, None, facts.phase, facts.step(definition), facts.state, facts.value)


def facts_at(definition: Definition, facts: ProjectFacts, history: History, day: date) -> ProjectFacts | None:
    """The facts of a past day, from those of today and the history; None before the project was there.

    What nobody writes down with a day stays as it is today: the route of buying and the kind unless edited, who is
    known to decide, the floor seen in a step that a building has not left since. Dealers' claims are left out.
    """
    intervals = standings(definition, history, present_of(definition, facts))
    then = standing_on(intervals, day)
    if then is None:
        return None
    moves = [move for move in history.moves if move.on <= day]
    phases = [move.on for move in moves if move.axis == "phase"]
    changes = [change for change in history.changes if change.on <= day and change.category is None]
    path = tuple(visit for visit in facts.visited if visit.since <= day)
    since = phases[-1] if phases else min(facts.phase_since, then.from_day)
    return replace(
        facts,
        **_edited(definition, history, day),
        phase=then.phase,
        phase_since=since,
        state=then.state,
        value=then.value,
        buildings=_buildings(facts, history, day) or _one_building(facts, then),
        categories=_categories(definition, facts, history, day),
        records=tuple(r for r in facts.records if (r.entered_on if r.is_plan else r.on) <= day),
        evidence=tuple(item for item in facts.evidence if item.recorded_on <= day),
        photos=_photos(history, day),
        visited=path or (Visit(then.phase, then.step, since),),
        anchors={key: on for key, on, known_on in history.anchors if known_on <= day},
        overrides=tuple(one for one in facts.overrides if one.granted_on <= day),
        stranded_since=_stranded(moves, changes),
        suspended_since=_began(changes) if changes and then.state == "suspended" else None,
        review_on=changes[-1].review_on if changes and then.state == "suspended" else None,
        lost_on=changes[-1].on if changes and then.state == "lost" else None,
        frozen_since=changes[-1].on if changes and then.state == FROZEN_STATE else None,
        circumstances=tuple(
            replace(one, until=one.until if one.until and one.until <= day else None)
            for one in facts.circumstances
            if one.since <= day
        ),
        registrations=(),
        own_tasks=tuple(task for task in facts.own_tasks if task.added_on <= day),
        observations=tuple(seen for seen in facts.observations if seen.on <= day),
    )


_EDITABLE = ("route", "kind", "key_project", "frame_agreement")


def _edited(definition: Definition, history: History, day: date) -> dict[str, Any]:
    """What the project's own facts were: of the edits after that day the first tells what had been.

    A route that this version of the definition does not have is left as it is today.
    """
    found: dict[str, Any] = {}
    for edit in history.edits:
        if edit.on > day and edit.category is None:
            for name in _EDITABLE:
                if name in edit.before:
                    found.setdefault(name, edit.before[name])
    if found.get("route") not in {route.key for route in definition.routes}:
        found.pop("route", None)
    return found


def _buildings(facts: ProjectFacts, history: History, day: date) -> tuple[BuildingFacts, ...]:
    """The buildings that were there then, each where it stood."""
    found = []
    for building in facts.buildings:
        own = [m for m in history.moves if m.axis == "step" and m.building == building.id]
        done = [move for move in own if move.on <= day]
        if not own or (done and (done[-1].target, done[-1].on) == (building.step, building.since)):
            found.append(building)
        elif done:
            found.append(BuildingFacts(building.id, building.name, done[-1].target, done[-1].on))
        elif own[0].source is not None:
            found.append(BuildingFacts(building.id, building.name, own[0].source, day))
    return tuple(found)


def _one_building(facts: ProjectFacts, then: Standing) -> tuple[BuildingFacts, ...]:
    first = facts.buildings[0]
    return (BuildingFacts(first.id, first.name, then.step, then.from_day),)


def _categories(definition: Definition, facts: ProjectFacts, history: History, day: date) -> tuple[CategoryFacts, ...]:
    """The lines that were there then, with the phase and result they had."""
    found = []
    for line in facts.categories:
        edits = [edit for edit in history.edits if edit.category == line.key and edit.on > day]
        if any(edit.added for edit in edits):
            continue
        changes = [change for change in history.changes if change.category == line.key]
        done = [change for change in changes if change.on <= day]
        result: Any = done[-1].target if done else changes[0].source if changes else line.result
        phase = _first([edit.before["phase"] for edit in edits if "phase" in edit.before], line.phase)
        phase = phase if phase is None or phase in definition.phase_index else line.phase
        decided = done[-1].on if done else line.decided_on if not changes else None
        found.append(replace(line, phase=phase, result=result, decided_on=decided))
    return tuple(found)


def _first(found: Sequence[T], otherwise: T) -> T:
    return found[0] if found else otherwise


def _photos(history: History, day: date) -> dict[CellKey, int]:
    counts: dict[CellKey, int] = {}
    for cell, on in history.pictures:
        if on <= day:
            counts[cell] = counts.get(cell, 0) + 1
    return counts


def _began(changes: Sequence[Changed]) -> date:
    """The day the last state began: a new review date does not begin a new rest."""
    on = changes[-1].on
    for change in reversed(changes):
        if change.target != changes[-1].target:
            break
        on = change.on
    return on


def _stranded(moves: Sequence[Moved], changes: Sequence[Changed]) -> date | None:
    since: date | None = None
    for move in moves:
        if move.axis == "phase":
            since = None
        elif STRANDING in move.rules:
            since = move.on
    decided = since and any(change.on >= since and change.target in DECIDED for change in changes)
    return None if decided else since


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened on a day.

    `kind`: opened, phase, step, state, result, records, evidence. `source` and `target` are of what moved or changed;
    `what`: the building that moved (its name) or the category; `things`: the records or the evidence of the day.
    """

    kind: str
    target: str = ""
    source: str | None = None
    what: str = ""
    things: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A day on which something happened, and where the project stood at its end."""

    on: date
    happened: tuple[Happening, ...]
    cell: CellKey
    state: str

    def of(self, *kinds: str) -> tuple[Happening, ...]:
        """What happened of these kinds."""
        return tuple(one for one in self.happened if one.kind in kinds)


def steps_of(definition: Definition, facts: ProjectFacts, history: History) -> tuple[Moment, ...]:
    """The story of a project: every day on which something happened, in order."""
    intervals = standings(definition, history, present_of(definition, facts))
    told: dict[date, list[Happening]] = {intervals[0].from_day: [Happening("opened")]}
    names = {building.id: building.name for building in facts.buildings}

    def tell(things: Iterable[Any], make: Callable[[Any], Happening]) -> None:
        for thing in things:
            told.setdefault(max(thing.on, intervals[0].from_day), []).append(make(thing))

    tell(
        [move for move in history.moves if move.source is not None],
        lambda m: Happening(m.axis, m.target, m.source, names.get(m.building, "") if m.axis == "step" else ""),
    )
    tell(
        history.changes,
        lambda c: Happening("result" if c.category else "state", c.target, c.source, c.category or ""),
    )
    for kind, by_day in (
        ("records", _by_day(record for record in facts.records if not record.is_plan)),
        ("evidence", _grouped(facts.evidence, lambda item: item.recorded_on)),
    ):
        for day, things in by_day.items():
            told.setdefault(max(day, intervals[0].from_day), []).append(Happening(kind, things=tuple(things)))
    moments = []
    for day in sorted(told):
        then = standing_on(intervals, day)
        assert then is not None
        moments.append(Moment(day, tuple(told[day]), (then.phase, then.step), then.state))
    return tuple(moments)


def _grouped(things: Iterable[T], day_of: Callable[[T], date]) -> dict[date, list[T]]:
    found: dict[date, list[T]] = {}
    for thing in things:
        found.setdefault(day_of(thing), []).append(thing)
    return found
