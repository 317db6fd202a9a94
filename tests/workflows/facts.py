"""Plain typed builders of facts; every test says only what matters to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from workflows.facts import (
    BuildingFacts,
    CategoryFacts,
    EvidenceFacts,
    GrantedOverride,
    ProjectFacts,
    RecordFacts,
    Visit,
)
from workflows.loading import load_standard
from workflows.wishes import Wish, fingerprint

STANDARD = load_standard()
TODAY = date(2026, 3, 16)


def day(text: str) -> date:
    return date.fromisoformat(text)


def before(days: int) -> date:
    return TODAY - timedelta(days=days)


def building(step: str, since: date = TODAY, id: int = 1, **more: Any) -> BuildingFacts:
    return BuildingFacts(id=id, name=f"Building {id}", step=step, since=since, **more)


def project(phase: str = "qualify", step: str = "structure", since: date = TODAY, **more: Any) -> ProjectFacts:
    """A design-led project in one cell since today, unless told otherwise."""
    more.setdefault("route", "design_led")
    more.setdefault("buildings", (building(step, since),))
    return ProjectFacts(phase=phase, phase_since=since, **more)


def lines(*keys: str) -> tuple[CategoryFacts, ...]:
    """Open category lines, the first of them the main one."""
    return tuple(CategoryFacts(key, main=number == 0) for number, key in enumerate(keys))


def exits(phase: str, on: date = TODAY, without: tuple[str, ...] = ()) -> tuple[EvidenceFacts, ...]:
    """Evidence that meets every exit criterion of a phase but those named."""
    return tuple(
        EvidenceFacts(criterion.id, criterion.evidence, on, on)
        for criterion in STANDARD.phase(phase).exit
        if criterion.key not in without
    )


def record(phase: str, step: str, on: date, **more: Any) -> RecordFacts:
    more.setdefault("kind", "site_visit")
    more.setdefault("department", "sales")
    return RecordFacts(id=0, phase=phase, step=step, on=on, entered_on=on, **more)


def path(*stops: tuple[str, str, date]) -> tuple[Visit, ...]:
    return tuple(Visit(*stop) for stop in stops)


def granted(facts: ProjectFacts, wish: Wish, *rules: str, on: date = TODAY, used: bool = False) -> Any:
    """The approvals of these rules, bound to this wish."""
    mark = fingerprint(STANDARD, facts, wish)
    return tuple(GrantedOverride(rule, mark, facts.phase, on, used=used) for rule in rules)
