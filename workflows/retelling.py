"""The replay for a newcomer: a project's story in turns, at each of which he may say what he would do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows.deciding import decide
from workflows.definition import CellKey, Definition
from workflows.facts import ProjectFacts, RecordFacts
from workflows.replaying import Happening, Moment
from workflows.wishes import MovePhase

STAY, SUSPEND = "stay", "suspend"
TURNING = ("opened", "phase", "step", "state", "result")
"""What begins a new turn; records and evidence belong to the turn in which they were made."""
Asks = Literal["nothing", "reason", "supervisor", "refused"]


@dataclass(frozen=True, slots=True)
class Turn:
    """From one change to the next: what changed on the day, where the project stood, what was done there then."""

    on: date
    changes: tuple[Happening, ...]
    cell: CellKey
    state: str
    records: tuple[RecordFacts, ...]
    proofs: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that could be done next: to stay, to suspend, or to move to a phase (its key), and what it asks for."""

    key: str
    asks: Asks


def turns_of(moments: Sequence[Moment]) -> tuple[Turn, ...]:
    """The story in turns; the first begins with the opening."""
    chapters: list[list[Moment]] = []
    for moment in moments:
        if not chapters or moment.of(*TURNING):
            chapters.append([])
        chapters[-1].append(moment)
    return tuple(_turn(chapter) for chapter in chapters)


def _turn(chapter: Sequence[Moment]) -> Turn:
    first = chapter[0]
    records = [thing for moment in chapter for one in moment.of("records") for thing in one.things]
    proofs = sum(len(one.things) for moment in chapter for one in moment.of("evidence"))
    return Turn(first.on, first.of(*TURNING), first.cell, first.state, tuple(records), proofs)


def choices_at(definition: Definition, facts: ProjectFacts, day: date) -> tuple[Choice, ...]:
    """What could be done next on that day: staying, the phases that the rules let one move to, suspending."""
    ways = []
    for phase in definition.phases:
        if phase.key == facts.phase:
            continue
        decision = decide(definition, facts, MovePhase(phase.key), day)
        if decision.needs != "refused" or decision.overridable:
            ways.append(Choice(phase.key, "supervisor" if decision.needs == "refused" else decision.needs))
    return (Choice(STAY, "nothing"), *ways, Choice(SUSPEND, "reason"))


def move_made(turn: Turn, following: Turn | None) -> str:
    """What the team did next: the key of the phase it moved to, suspended, or stayed and worked on."""
    if following is None:
        return STAY
    for change in following.changes:
        if change.kind == "phase":
            return change.target
        if change.kind == "state" and change.target == "suspended":
            return SUSPEND
    return STAY
