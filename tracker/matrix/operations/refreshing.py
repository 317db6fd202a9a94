"""The one function that writes the derived columns of a project; `tracker doctor` compares them with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.access import PARTS
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts_of_many
from tracker.matrix.models import Approval, Signature
from tracker.matrix.operations.judging import facts_of
from tracker.projects.models import Project, ProjectDesk, ProjectMember, ProjectParty
from tracker.team.models import User
from workflows.definition import Definition
from workflows.engine import tasks_here
from workflows.facts import ProjectFacts
from workflows.guards.silence import FOLLOWED

CHUNK = 500  # projects whose facts come by one statement


@dataclass(frozen=True, slots=True)
class Belonging:
    """Who belongs to a project: the departments its owner and members answer for, its first party of each role,
    the departments whose signature an open request awaits."""

    departments: frozenset[str] = frozenset()
    parties: dict[str, int] = field(default_factory=dict)
    awaited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from the facts: the columns named so on `Project`, and the desks that owe work."""

    step: str
    step_since: date
    developer_id: int | None
    dealer_id: int | None
    last_record_on: date | None
    silent_after: date | None
    next_due_on: date | None
    open_tasks: int
    desks: frozenset[str]


COLUMNS = tuple(one.name for one in fields(Derived) if one.name != "desks")


def derive(definition: Definition, facts: ProjectFacts, belonging: Belonging, today: date) -> Derived:
    """Compute the derived values. The day decides nothing but which evidence has been handed in by then."""
    leading = facts.leading_building(definition)
    here = definition.cell(facts.phase, leading.step)
    open_tasks = [task for task in tasks_here(definition, facts, today) if task.state in ("owed", "late", "weak")]
    done = [record.on for record in facts.records if not record.is_plan]
    entered = facts.visited[-1].since
    last_here = max(
        (r.on for r in facts.records if not r.is_plan and (r.phase, r.step) == (here.phase, here.step)), default=entered
    )
    silent = None
    if here.time_limit_days is not None and facts.state in FOLLOWED:
        silent = max(last_here, entered) + timedelta(days=here.time_limit_days)
    return Derived(
        step=leading.step,
        step_since=leading.since,
        developer_id=belonging.parties.get("owner"),
        dealer_id=belonging.parties.get("dealer"),
        last_record_on=max(done, default=None),
        silent_after=silent,
        next_due_on=min((task.due for task in open_tasks if task.due), default=None),
        open_tasks=len(open_tasks),
        desks=(frozenset(task.task.department for task in open_tasks) | belonging.awaited) - belonging.departments,
    )


def refresh(session: Session, project: Project) -> None:
    """Bring the derived columns of one project up to date with its facts."""
    session.flush()
    definition, facts = facts_of(session, project)
    belonging = belonging_of(session, [project.id])[project.id]
    derived = derive(definition, facts, belonging, clock.today())
    _store(session, project, derived, desks_of(session, [project.id])[project.id])
    session.flush()


def refresh_projects_of(session: Session, user: User) -> None:
    """The same for all projects that somebody owns or joins, after his department changed."""
    joined = select(ProjectMember.project_id).where(ProjectMember.user_id == user.id)
    theirs = select(Project.id).where(or_(Project.owner_id == user.id, Project.id.in_(joined))).order_by(Project.id)
    refresh_many(session, session.scalars(theirs).all())


def refresh_many(session: Session, ids: Sequence[int]) -> None:
    """The same for many projects by their ids, in few statements."""
    session.flush()
    for chunk in (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)):
        projects = session.scalars(select(Project).where(Project.id.in_(chunk))).all()
        known = {project.id: definition_of(session, project) for project in projects}
        belonging, desks = belonging_of(session, chunk), desks_of(session, chunk)
        for project, facts in load_facts_of_many(session, [(known[project.id], project) for project in projects]):
            if not isinstance(facts, Exception):
                derived = derive(known[project.id], facts, belonging[project.id], clock.today())
                _store(session, project, derived, desks[project.id])
    session.flush()


def _store(session: Session, project: Project, derived: Derived, desks: set[str]) -> None:
    for name in COLUMNS:
        setattr(project, name, getattr(derived, name))
    gone = desks - derived.desks
    if gone:
        session.execute(
            delete(ProjectDesk).where(ProjectDesk.project_id == project.id, ProjectDesk.department.in_(gone))
        )
    session.add_all(ProjectDesk(project_id=project.id, department=name) for name in derived.desks - desks)


def desks_of(session: Session, project_ids: Sequence[int]) -> dict[int, set[str]]:
    """The departments whose desks see each of these projects, by project."""
    found: dict[int, set[str]] = {project_id: set() for project_id in project_ids}
    desks = select(ProjectDesk.project_id, ProjectDesk.department).where(ProjectDesk.project_id.in_(project_ids))
    for project_id, department in session.execute(desks):
        found[project_id].add(department)
    return found


def belonging_of(session: Session, project_ids: Sequence[int]) -> dict[int, Belonging]:
    """Who belongs to each of these projects, by project."""
    members = select(ProjectMember.project_id, User.department).join(User, ProjectMember.user_id == User.id)
    owners = select(Project.id, User.department).join(User, Project.owner_id == User.id)
    people = members.where(ProjectMember.project_id.in_(project_ids)).union_all(
        owners.where(Project.id.in_(project_ids))
    )
    departments: dict[int, set[str]] = {project_id: set() for project_id in project_ids}
    for project_id, department in session.execute(people):
        if department:
            departments[project_id].add(department)
    parties: dict[int, dict[str, int]] = {project_id: {} for project_id in project_ids}
    for project_id, role, party_id in session.execute(
        select(ProjectParty.project_id, ProjectParty.role, ProjectParty.party_id)
        .where(ProjectParty.project_id.in_(project_ids))
        .order_by(ProjectParty.id)
    ):
        parties[project_id].setdefault(role, party_id)
    awaited: dict[int, set[str]] = {project_id: set() for project_id in project_ids}
    signatures = (
        select(Approval.project_id, Signature.part)
        .join(Signature, Signature.approval_id == Approval.id)
        .where(Approval.project_id.in_(project_ids), Approval.state == "open", Signature.by_id.is_(None))
        .where(Signature.part.not_in(PARTS))
    )
    for project_id, part in session.execute(signatures):
        awaited[project_id].add(part)
    return {key: Belonging(frozenset(departments[key]), parties[key], frozenset(awaited[key])) for key in project_ids}
