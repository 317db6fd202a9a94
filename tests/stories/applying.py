"""Carrying out what the engine allowed, on plain facts: what the application's operations do to its tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from workflows.definition import Definition
from workflows.engine import Decision, lost_by_its_lines, transition
from workflows.facts import (
    BuildingFacts,
    CategoryFacts,
    EvidenceFacts,
    ProjectFacts,
    RecordFacts,
    Result,
    Visit,
)
from workflows.wishes import (
    ChangeRoute,
    Close,
    ConfirmConflict,
    GiveEvidence,
    LogRecord,
    MarkLost,
    MovePhase,
    MoveStep,
    Revive,
    Suspend,
    Wish,
)

SIGNED = "X.contract.signed"


class Impossible(ValueError):
    """The definition knows no such change of a project's state."""


def apply(definition: Definition, facts: ProjectFacts, wish: Wish, decision: Decision, today: date) -> ProjectFacts:
    """The facts after an allowed wish; its approvals are used up. Wishes that leave no trace change nothing else."""
    assert decision.allowed, decision.rules
    change = _CHANGES.get(type(wish))
    changed = change(definition, facts, wish, decision, today) if change else facts
    used = tuple(replace(o, used=o.used or o.fingerprint == decision.fingerprint) for o in changed.overrides)
    return replace(changed, overrides=used)


def to_state(definition: Definition, facts: ProjectFacts, state: str, **more: Any) -> ProjectFacts:
    """The facts in another state, where the definition knows the way; raises Impossible where it does not."""
    if state != facts.state and transition(definition, facts.state, state) is None:
        raise Impossible(f"{facts.state} -> {state}")
    return replace(facts, state=state, **more)


def _phase(d: Definition, facts: ProjectFacts, wish: MovePhase, _: Decision, today: date) -> ProjectFacts:
    if wish.category is not None:
        own = None if wish.to == facts.phase else wish.to
        lines = tuple(replace(c, phase=own) if c.key == wish.category else c for c in facts.categories)
        return replace(facts, categories=lines)
    if wish.to == facts.phase:
        return facts
    return _stand(d, replace(facts, phase=wish.to, phase_since=today, stranded_since=None), today)


def _step(d: Definition, facts: ProjectFacts, wish: MoveStep, decision: Decision, today: date) -> ProjectFacts:
    """The building stands in the step since the day the proof shows, at the earliest since its present step began."""

    def moved(building: BuildingFacts) -> BuildingFacts:
        if building.id != wish.building_id or building.step == wish.to:
            return building
        since = max(wish.proof_on or today, building.since)
        return replace(building, step=wish.to, since=since, floor=None, unverified="unverified" in decision.marks)

    buildings = tuple(moved(building) for building in facts.buildings)
    if buildings == facts.buildings:
        return facts
    stranded = today if "stranded" in decision.marks else facts.stranded_since
    there = replace(facts, buildings=buildings, stranded_since=stranded)
    return _stand(d, there, there.leading_building(d).since)


def _stand(d: Definition, facts: ProjectFacts, since: date) -> ProjectFacts:
    cell = facts.cell(d)
    if facts.visited and facts.visited[-1].cell == cell:
        return facts
    last = facts.visited[-1].since if facts.visited else since
    return replace(facts, visited=(*facts.visited, Visit(*cell, max(since, last))))


def _record(_d: Definition, facts: ProjectFacts, wish: LogRecord, _: Decision, today: date) -> ProjectFacts:
    number = len(facts.records) + 1
    row = RecordFacts(number, wish.phase, wish.step, wish.on, today, wish.kind, wish.department, wish.is_plan)
    return replace(facts, records=(*facts.records, row))


def _evidence(d: Definition, facts: ProjectFacts, wish: GiveEvidence, _: Decision, today: date) -> ProjectFacts:
    given = replace(facts, evidence=(*facts.evidence, EvidenceFacts(wish.target, wish.kind, wish.on, today)))
    if wish.target == SIGNED and wish.kind == d.exit(SIGNED).evidence and facts.state == "active":
        return to_state(d, given, "won")
    return given


def _suspend(d: Definition, facts: ProjectFacts, wish: Suspend, _: Decision, today: date) -> ProjectFacts:
    since = facts.suspended_since if facts.state == "suspended" else today
    return to_state(d, facts, "suspended", suspended_since=since, review_on=wish.review_on, stranded_since=None)


def _revive(d: Definition, facts: ProjectFacts, wish: Revive, _: Decision, today: date) -> ProjectFacts:
    if wish.category is not None:
        if facts.state == "lost" or result_of(facts, wish.category) == "open":
            raise Impossible(f"{wish.category} cannot be revived alone")
        return decide_line(facts, wish.category, "open", today)
    if facts.state == "active":
        raise Impossible("active already")
    back = to_state(d, facts, "active", suspended_since=None, review_on=None, lost_on=None)
    if facts.state == "lost":  # what was lost with it
        for line in facts.categories:
            if line.result == "lost" and line.decided_on == facts.lost_on:
                back = decide_line(back, line.key, "open", today)
    return back


def _lost(d: Definition, facts: ProjectFacts, wish: MarkLost, _: Decision, today: date) -> ProjectFacts:
    if (result_of(facts, wish.category) if wish.category else facts.state) == "lost":
        raise Impossible("lost already")
    keys = [wish.category] if wish.category else [line.key for line in facts.open_categories]
    for key in keys:
        facts = decide_line(facts, key, "lost", today)
    if wish.category is None or (lost_by_its_lines(facts.categories) and facts.state not in ("lost", "closed")):
        rests = {"suspended_since": None, "review_on": None, "stranded_since": None}
        return to_state(d, facts, "lost", lost_on=today, **rests)
    return facts


def _close(d: Definition, facts: ProjectFacts, _w: Close, _: Decision, _today: date) -> ProjectFacts:
    return to_state(d, facts, "closed", stranded_since=None)


def _route(_d: Definition, facts: ProjectFacts, wish: ChangeRoute, _: Decision, _today: date) -> ProjectFacts:
    return replace(facts, route=wish.to)


def _conflict(d: Definition, facts: ProjectFacts, wish: ConfirmConflict, _: Decision, _today: date) -> ProjectFacts:
    claims = tuple(
        replace(claim, state="in_conflict") if claim.id == wish.registration_id else claim
        for claim in facts.registrations
    )
    return to_state(d, replace(facts, registrations=claims), "on_hold_arbitration")


def result_of(facts: ProjectFacts, category: str) -> Result:
    """What became of a line."""
    return next(line.result for line in facts.categories if line.key == category)


def decide_line(facts: ProjectFacts, category: str, result: Result, on: date) -> ProjectFacts:
    """The facts after one category line has got a result."""

    def decided(line: CategoryFacts) -> CategoryFacts:
        return replace(line, result=result, decided_on=on) if line.key == category else line

    return replace(facts, categories=tuple(decided(line) for line in facts.categories))


_CHANGES: dict[type[object], Callable[[Definition, ProjectFacts, Any, Decision, date], ProjectFacts]] = {
    MovePhase: _phase,
    MoveStep: _step,
    LogRecord: _record,
    GiveEvidence: _evidence,
    Suspend: _suspend,
    Revive: _revive,
    MarkLost: _lost,
    Close: _close,
    ChangeRoute: _route,
    ConfirmConflict: _conflict,
}
