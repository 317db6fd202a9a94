"""Moves on the two axes: the project's phase (a choice) and a building's construction step (a fact)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import AlreadyDone
from tracker.events import Kind
from tracker.matrix.models import Approval, Move
from tracker.matrix.operations.judging import Blocked, facts_of, lapse_overtaken, settle
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.circle import LINKED, kinship
from tracker.projects.models import Building, Project
from tracker.team.models import User
from workflows.engine import Decision
from workflows.wishes import MovePhase, MoveStep


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
    decision, approval = settle(
        session,
        project,
        wish,
        by=by,
        definition=definition,
        facts=facts,
        reason=reason,
        approval=approval,
        complete_by=complete_by,
    )
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
    lapse_overtaken(session, project)
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
    linked: bool = True,
) -> Decision:
    """Report a building's construction progress; refused only for want of proof or of a reason for a step back.

    `on`: the day the step was seen; one before the present step began counts as that day, so that the moves in the
    order of their days lead to where the building stands. `linked`: the same building of linked projects goes along.
    """
    require(by, Action.STEP_MOVE)
    on = max(on, building.step_since)
    definition, facts = facts_of(session, project)
    wish = MoveStep(building.id, to, proof.on, proof.source, proof.has_photo, reason_key or None, reason or None)
    decision, approval = settle(
        session, project, wish, by=by, definition=definition, facts=facts, reason=reason, approval=approval
    )
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
    lapse_overtaken(session, project)
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
    if linked:
        report = {"by": by, "on": on, "proof": proof, "reason_key": reason_key, "reason": reason, "floor": floor}
        _carry_along(session, project, building, to, approval, report)
    return decision


def _carry_along(
    session: Session, project: Project, building: Building, to: str, approval: Approval | None, report: dict[str, Any]
) -> None:
    """Report the same for the building of that name in the project's parent, siblings and sub-projects.

    A report that a rule stops there, such as a far step back, is theirs to make.
    """
    others = (
        select(Building)
        .join(Project, Project.id == Building.project_id)
        .where(LINKED, Building.name == building.name, Building.step != to)
        .options(joinedload(Building.project).options(joinedload(Project.team), selectinload(Project.members)))
        .order_by(Building.id)
    )
    for other in session.scalars(others, kinship(project)).all():
        try:
            with session.begin_nested():
                move_step(session, other.project, other, to, approval=approval, linked=False, **report)
        except Blocked:
            continue
