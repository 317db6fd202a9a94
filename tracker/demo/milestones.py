"""The dates that tasks count from, and what was asked of supervisors on a project's way. Pure, from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tracker.demo.plans import ProjectPlan
from tracker.demo.words import ANSWERS, EXIT_REASONS, LATE_REASONS, SKIP_REASONS
from workflows.definition import Definition

HURRIED = 0.05  # of the moves go on with one exit criterion open
NEVER_WAIVED = frozenset({"X.contract.signed", "X.bid.quote_approved"})


@dataclass(frozen=True, slots=True)
class PhaseMove:
    """A move of the phase: what fired, why it was made, and the supervisor's answer where one was asked."""

    source: str
    target: str
    step: str
    on: date
    reason: str | None
    rules: tuple[str, ...]
    answer: str | None


def anchors_of(random: Random, plan: ProjectPlan) -> dict[str, date]:
    """The days of tender, award, arrival and acceptance as far as the project has come."""
    found: dict[str, date] = {}
    first = {visit.phase: visit.since for visit in reversed(plan.way.visits)}
    if "bid" in first:
        found["tender_issued"] = first["bid"]
        found["bid_deadline"] = first["bid"] + timedelta(days=random.randint(18, 30))
    if "contract" in first:
        found["award_notice"] = first["contract"]
    delivering = [index for index, visit in enumerate(plan.way.visits) if visit.phase == "deliver"]
    if delivering:
        since, until = plan.way.span(delivering[-1])
        found["arrival"] = since + timedelta(days=min((until - since).days, random.randint(2, 20)))
    accepted = plan.way.since_step("completion")
    if accepted:
        day = accepted + timedelta(days=random.randint(8, 25))
        if day <= plan.way.today:
            found["acceptance_date"] = day
            found["retention_due"] = day + timedelta(days=730)
    return found


def phase_moves(random: Random, definition: Definition, plan: ProjectPlan) -> tuple[Sequence[PhaseMove], set[str]]:
    """The moves of the phase along the way, and the exit criteria that supervisors waived on it."""
    moves: list[PhaseMove] = []
    waived: set[str] = set()
    for before, here in zip(plan.way.visits, plan.way.visits[1:], strict=False):
        if before.phase == here.phase:
            continue
        rules, reasons = [], []
        if definition.cell(*here.cell).status == "late_risk":
            rules.append("G02")
            reasons.append(random.choice(LATE_REASONS))
        open_exits = [c.id for c in definition.phase(before.phase).exit if c.mandatory and c.id not in NEVER_WAIVED]
        if open_exits and random.random() < HURRIED:
            waived.add(random.choice(open_exits))
            rules.append("G03")
            reasons.append(random.choice(EXIT_REASONS))
        asked = bool(rules)
        if _skips(definition, before.phase, here.phase):
            rules.append("G05")
            reasons.append(random.choice(SKIP_REASONS))
        answer = random.choice(ANSWERS) if asked else None
        reason = "".join(reasons) or None
        moves.append(PhaseMove(before.phase, here.phase, here.step, here.since, reason, tuple(rules), answer))
    return moves, waived


def _skips(definition: Definition, source: str, target: str) -> bool:
    return definition.phase_index[target] - definition.phase_index[source] > 1
