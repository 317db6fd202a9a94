"""Rules about silence: what the passing of time says when nobody does anything."""

from __future__ import annotations

from datetime import date

from workflows.calendar import days_between, days_en
from workflows.definition import CellKey, Definition
from workflows.facts import ProjectFacts
from workflows.guards.registry import Fired, Situation, guard
from workflows.wishes import PassTime
from workflows.work import path_of

FOLLOWED = ("active", "won")
"""In the other states silence is no fault."""


def last_sign(definition: Definition, facts: ProjectFacts, cell: CellKey) -> date:
    """The day of the last work recorded in the present cell, else of the latest arrival in it."""
    days = [visit.since for visit in path_of(definition, facts) if visit.cell == cell][-1:] or [facts.phase_since]
    days += [r.on for r in facts.records if not r.is_plan and (r.phase, r.step) == cell]
    return max(days)


def _silence(s: Situation) -> tuple[int, int] | None:
    """(days without a record, limit of the present cell); None where silence does not count."""
    limit = s.definition.cell(*s.here).time_limit_days
    if limit is None or s.facts.state not in FOLLOWED:
        return None
    return days_between(last_sign(s.definition, s.facts, s.here), s.today), limit


@guard("G43", PassTime)
def silent(s: Situation) -> Fired | None:
    """No new record in the current cell for its time_limit_days."""
    found = _silence(s)
    if found is None or found[0] <= found[1]:
        return None
    name = s.definition.cell_name(*s.here)
    return s.fire(
        "G43",
        f"{name.zh}已{found[0]}天没有新记录，时限{found[1]}天。",
        f"No new record in {name.en} for {days_en(found[0])}; the limit is {found[1]}.",
        override="self",
    )


@guard("G44", PassTime)
def silent_twice(s: Situation) -> Fired | None:
    """No new record for twice the time_limit_days of the current cell; at three times it may be taken away."""
    found = _silence(s)
    if found is None or found[0] <= 2 * found[1]:
        return None
    over = found[0] > 3 * found[1]
    zh, en = ("三倍", "three times") if over else ("两倍", "twice")
    return s.fire(
        "G44",
        f"沉默{found[0]}天，超过时限{found[1]}天的{zh}。",
        f"Silent for {days_en(found[0])}, more than {en} the limit of {found[1]}.",
        override="supervisor",
        marks=("reassign",) if over else ("escalate",),
    )


@guard("G45", PassTime)
def step_unchanged(s: Situation) -> Fired | None:
    """The construction step is unchanged beyond the upper bound of its typical duration."""
    building = s.facts.leading_building(s.definition)
    upper = s.definition.step(building.step).duration_days[1]
    days = days_between(building.since, s.today)
    if days <= upper or s.facts.state not in FOLLOWED:
        return None
    name = s.definition.step(building.step).name
    return s.fire(
        "G45",
        f"{building.name}停在{name.zh}{days}天，通常最多{upper}天。",
        f"{building.name} has stood at {name.en} for {days_en(days)}; usually at most {upper}.",
        override="self",
    )
