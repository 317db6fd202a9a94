"""What somebody wants to do: plain frozen values the engine decides about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows.definition import Definition
from workflows.facts import ProjectFacts

ProofSource = Literal["exif", "browser", "notice", "stated"]


@dataclass(frozen=True, slots=True)
class OpenProject:
    """Open a project in this cell (also on conversion of a lead). Facts may be those of the new project."""

    phase: str
    step: str
    route: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MovePhase:
    """Move the project to another phase at its present step."""

    to: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MoveStep:
    """Report construction progress of a building.

    `has_photo`: a photo or public notice is attached. `proof_source` tells where its date comes from: the
    picture ('exif'), the phone at capture ('browser'), a dated public notice ('notice') or only the user
    ('stated'). `reason_key` is of the pick-list backward_step_reasons.
    """

    building_id: int | str
    to: str
    proof_on: date | None = None
    proof_source: ProofSource | None = None
    has_photo: bool = False
    reason_key: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LogRecord:
    """Enter a record in a cell; `small_lot` when it belongs to an approved small-lot order."""

    phase: str
    step: str
    on: date
    kind: str
    department: str
    is_plan: bool = False
    small_lot: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class GiveEvidence:
    """Close a task (T.…) or meet an exit criterion (X.…) with evidence of this kind and date."""

    target: str
    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a record, photo, contact or quote."""

    what: Literal["record", "photo", "contact", "quote"]
    id: int | str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Suspend:
    """Suspend the project; `reason_key` is of the pick-list suspended_reasons."""

    reason_key: str | None
    review_on: date | None


@dataclass(frozen=True, slots=True)
class Revive:
    """Revive a suspended project; `checked` holds what was looked at again: contacts, windows, credit."""

    photo_on: date | None = None
    checked: frozenset[str] = frozenset()
    rescored: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PassTime:
    """Nobody wishes anything: what do the rules about silence say today?"""


Wish = OpenProject | MovePhase | MoveStep | LogRecord | GiveEvidence | Delete | Suspend | Revive | PassTime


def reason_of(wish: Wish) -> str:
    """The reason given with a wish, '' when none."""
    return (getattr(wish, "reason", None) or "").strip()


def fingerprint(definition: Definition, facts: ProjectFacts, wish: Wish) -> str:
    """What an approval is bound to: this wish, from where the project stands now.

    The wording of a reason is no part of it; the place is, so an approval dies when the project moves.
    """
    here = "/".join(facts.cell(definition))
    match wish:
        case OpenProject():
            parts: tuple[object, ...] = (wish.phase, wish.step, wish.route)
        case MovePhase():
            parts = (here, wish.to)
        case MoveStep():
            source = next((b.step for b in facts.buildings if b.id == wish.building_id), "")
            parts = (here, wish.building_id, source, wish.to, wish.proof_on, wish.proof_source)
        case LogRecord():
            parts = (wish.phase, wish.step, wish.on, wish.kind, wish.department)
        case GiveEvidence():
            parts = (wish.target, wish.kind, wish.on)
        case Delete():
            parts = (wish.what, wish.id)
        case Suspend():
            parts = (here, wish.reason_key, wish.review_on)
        case Revive():
            parts = (here, wish.photo_on)
        case PassTime():
            parts = (here,)
    return ":".join([type(wish).__name__, *(str(part) for part in parts)])
