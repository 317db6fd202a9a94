"""What the records support: the share of decided projects that were won, of those that stood in a cell before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import distinct, func, literal, select, union_all
from sqlalchemy.orm import Session

from tracker.history.models import Standing, WonStop
from tracker.projects.models import Project
from workflows.corridor import ENOUGH


@dataclass(frozen=True, slots=True)
class Share:
    """Of `of` decided projects `won` were won. `ground`: those of the cell, of its phase, or all there are."""

    won: int
    of: int
    ground: str

    @property
    def part(self) -> Decimal | None:
        """The share, None where nothing was decided yet."""
        return Decimal(self.won) / self.of if self.of else None

    @property
    def percent(self) -> int | None:
        """The share in whole percent."""
        return None if self.part is None else round(self.part * 100)

    def supports(self, value: Decimal) -> Decimal | None:
        """What of an amount it supports."""
        return None if self.part is None else (value * self.part).quantize(Decimal(1))


Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of all cells; where a cell has fewer than five decided projects its phase speaks, else all of them."""

    won: Mapping[Key, int]
    lost: Mapping[Key, int]

    def of(self, definition_key: str, phase: str, step: str) -> Share:
        """The share that speaks for projects in this cell."""
        found = Share(0, 0, "all")
        for ground, key in (("cell", (definition_key, phase, step)), ("phase", (definition_key, phase, "")),
                            ("all", (definition_key, "", ""))):  # fmt: skip
            won, lost = self.won.get(key, 0), self.lost.get(key, 0)
            found = Share(won, won + lost, ground)
            if found.of >= ENOUGH:
                break
        return found


def load_shares(session: Session) -> Shares:
    """Count them: one statement."""
    won: dict[Key, int] = {}
    lost: dict[Key, int] = {}
    for outcome, key, phase, step, number in session.execute(_COUNTED):
        (won if outcome == "won" else lost)[key, phase, step] = number
    return Shares(won, lost)


def _counted() -> Any:
    passed: Any = WonStop
    each: list[Any] = []
    nothing = literal("")
    for phase, step in ((True, True), (True, False), (False, False)):
        won = [passed.phase if phase else nothing, passed.step if step else nothing]
        grouped = [passed.definition_key, *([passed.phase] if phase else []), *([passed.step] if step else [])]
        each.append(
            select(literal("won"), passed.definition_key, *won, func.count(distinct(passed.project_id))).group_by(
                *grouped
            )
        )
        gone = [Standing.phase if phase else nothing, Standing.step if step else nothing]
        grouped = [Project.definition_key, *([Standing.phase] if phase else []), *([Standing.step] if step else [])]
        each.append(
            select(literal("lost"), Project.definition_key, *gone, func.count(distinct(Standing.project_id)))
            .join(Project, Project.id == Standing.project_id)
            .where(Project.state == "lost", Project.merged_into_id.is_(None))
            .group_by(*grouped)
        )
    return union_all(*each)


_COUNTED = _counted()
