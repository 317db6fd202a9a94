"""The one function that writes the derived columns of a project; `tracker doctor` compares them with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.matrix.operations.judging import facts_of
from tracker.projects.models import Project, ProjectDesk, ProjectMember, ProjectParty
from tracker.team.models import User
from workflows.definition import Definition
from workflows.engine import Board, board
from workflows.facts import ProjectFacts


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from the facts: the columns named so on `Project`, and the desks that owe work."""

    step: str
    step_since: date
    last_record_on: date | None
    silent_after: date | None
    next_due_on: date | None
    open_tasks: int
    desks: frozenset[str]


def derive(definition: Definition, facts: ProjectFacts, view: Board, team: frozenset[str]) -> Derived:
    """Compute the derived values; `team` holds the departments that the owner and the members answer for."""
    leading = facts.leading_building(definition)
    here = definition.cell(facts.phase, leading.step)
    open_tasks = [task for task in view.cells[view.current].tasks if task.state in ("owed", "late", "weak")]
    done = [record.on for record in facts.records if not record.is_plan]
    entered = facts.visited[-1].since
    last_here = max(
        (r.on for r in facts.records if not r.is_plan and (r.phase, r.step) == view.current), default=entered
    )
    silent = None
    if here.time_limit_days is not None and facts.state == "active":
        silent = max(last_here, entered) + timedelta(days=here.time_limit_days)
    return Derived(
        step=leading.step,
        step_since=leading.since,
        last_record_on=max(done, default=None),
        silent_after=silent,
        next_due_on=min((task.due for task in open_tasks if task.due), default=None),
        open_tasks=len(open_tasks),
        desks=frozenset(task.task.department for task in open_tasks) - team,
    )


def refresh(session: Session, project: Project) -> None:
    """Bring the derived columns of one project up to date with its facts."""
    session.flush()
    definition, facts = facts_of(session, project)
    derived = derive(definition, facts, board(definition, facts, clock.today()), _team(session, project))
    project.step, project.step_since = derived.step, derived.step_since
    project.last_record_on, project.silent_after = derived.last_record_on, derived.silent_after
    project.next_due_on, project.open_tasks = derived.next_due_on, derived.open_tasks
    project.developer_id = _party_in_role(session, project, "owner")
    project.dealer_id = _party_in_role(session, project, "dealer")
    known = set(session.scalars(select(ProjectDesk.department).where(ProjectDesk.project_id == project.id)))
    if known - derived.desks:
        session.execute(
            delete(ProjectDesk).where(
                ProjectDesk.project_id == project.id, ProjectDesk.department.in_(known - derived.desks)
            )
        )
    session.add_all(ProjectDesk(project_id=project.id, department=name) for name in derived.desks - known)
    session.flush()


def _team(session: Session, project: Project) -> frozenset[str]:
    members = select(User.department).join(ProjectMember, ProjectMember.user_id == User.id)
    own = select(User.department).where(User.id == project.owner_id)
    found = session.scalars(members.where(ProjectMember.project_id == project.id).union_all(own))
    return frozenset(department for department in found if department)


def _party_in_role(session: Session, project: Project, role: str) -> int | None:
    return session.scalar(
        select(ProjectParty.party_id)
        .where(ProjectParty.project_id == project.id, ProjectParty.role == role)
        .order_by(ProjectParty.id)
        .limit(1)
    )
