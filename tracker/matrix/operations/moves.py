"""Moves on the two axes: the project's phase (a choice) and a building's construction step (a fact)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, can, require
from tracker.errors import AlreadyDone, Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.models import Approval, Move
from tracker.matrix.operations.judging import enforce, facts_of, judge, wish_to_json
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Building, Project
from tracker.team.models import User
from workflows.engine import Decision
from workflows.wishes import MovePhase, MoveStep, Wish, fingerprint

DECISION_DAYS = 7  # a stranded project wants a decision within so many days (G46)


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves a construction step: the day it shows and where that day comes from."""

    on: date | None = None
    source: Any = None  # exif, browser, notice, stated
    has_photo: bool = False


def move_phase(
    session: Session,
    project: Project,
    to: str,
    *,
    by: User,
    reason: str | None = None,
    complete_by: date | None = None,
    approval: Approval | None = None,
) -> Decision:
    """Move the project to another phase, where the engine allows it; raises Blocked otherwise.

    `approval`: the granted request behind it. A supervisor of the project who gives a reason (and, where proof is
    missing, the day by which it will be there) stands behind his own move; the approval that this needs is written
    down with it. AlreadyDone where the project is in that phase: the second press of the same form.
    """
    require(by, Action.PHASE_MOVE, project)
    if to == project.phase:
        raise AlreadyDone(details=f"/projects/{project.id}")
    definition, facts = facts_of(session, project)
    wish = MovePhase(to, reason or None)
    decision, approval = _decide(session, project, definition, facts, wish, by, reason, approval, complete_by)
    before = project.phase
    session.add(
        Move(
            project_id=project.id,
            axis="phase",
            source=before,
            target=to,
            on=clock.today(),
            by_id=by.id,
            reason=reason or None,
            rules=[fired.rule_id for fired in decision.fired],
            approval_id=approval.id if approval else None,
        )
    )
    project.phase, project.phase_since = to, clock.today()
    project.stranded_on = None
    refresh(session, project)
    events.record(
        session, Kind.PHASE_MOVED, project, by=by, project_id=project.id, source=before, target=to, reason=reason
    )
    return decision


def move_step(
    session: Session,
    project: Project,
    building: Building,
    to: str,
    *,
    by: User,
    on: date,
    proof: Proof,
    reason_key: str | None = None,
    reason: str | None = None,
    floor: int | None = None,
    approval: Approval | None = None,
) -> Decision:
    """Report a building's construction progress; refused only for want of proof or of a reason for a step back.

    `on`: the day the step was seen; one before the present step began counts as that day, so that the moves in the
    order of their days lead to where the building stands.
    """
    require(by, Action.STEP_MOVE)
    on = max(on, building.step_since)
    definition, facts = facts_of(session, project)
    wish = MoveStep(building.id, to, proof.on, proof.source, proof.has_photo, reason_key or None, reason or None)
    decision, approval = _decide(session, project, definition, facts, wish, by, reason, approval)
    before = building.step
    session.add(
        Move(
            project_id=project.id,
            building_id=building.id,
            axis="step",
            source=before,
            target=to,
            on=on,
            by_id=by.id,
            reason=reason or reason_key or None,
            proof=proof.source,
            rules=[fired.rule_id for fired in decision.fired],
            approval_id=approval.id if approval else None,
        )
    )
    building.step, building.step_since, building.floor = to, on, floor
    building.unverified = "unverified" in decision.marks
    project.stranded_on = clock.today() if "stranded" in decision.marks else project.stranded_on
    refresh(session, project)
    events.record(
        session,
        Kind.STEP_MOVED,
        building,
        by=by,
        project_id=project.id,
        source=before,
        target=to,
        rules=[fired.rule_id for fired in decision.fired],
    )
    return decision


def check_promise(decision: Decision, complete_by: date | None) -> None:
    """Where proof is missing (G03) a supervisor waives it only up to a day; raises Invalid without one to come."""
    if complete_by is None and any(fired.rule_id == "G03" for fired in decision.blocking):
        raise Invalid("complete_by", _l("Say by when what is missing will be there."))
    if complete_by is not None and complete_by < clock.today():
        raise Invalid("complete_by", _l("This day has passed."))


def _decide(
    session: Session,
    project: Project,
    definition: Any,
    facts: Any,
    wish: Wish,
    by: User,
    reason: str | None,
    approval: Approval | None,
    complete_by: date | None = None,
) -> tuple[Decision, Approval | None]:
    decision = judge(definition, facts, wish, granted=approval is not None)
    if not decision.allowed and decision.overridable and reason and can(by, Action.APPROVAL_DECIDE, project):
        check_promise(decision, complete_by)
        approval = Approval(
            project_id=project.id,
            rules=[fired.rule_id for fired in decision.blocking],
            wish={**wish_to_json(wish), "phase": project.phase},
            fingerprint=fingerprint(definition, facts, wish),
            reason=reason,
            complete_by=complete_by,
            asked_by_id=by.id,
            decided_by_id=by.id,
            decided_at=clock.now(),
            used_at=clock.now(),
            state="used",
        )
        session.add(approval)
        session.flush()
        decision = judge(definition, facts, wish, granted=True)
    enforce(decision, wish)
    return decision, approval
