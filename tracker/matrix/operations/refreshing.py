"""The one function that writes the derived columns of a project; `tracker doctor` compares them with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, delete, literal, or_, select, union_all
from sqlalchemy.orm import Session

from tracker import clock
from tracker.access.signing import PARTS
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts_of_many
from tracker.matrix.models import Approval, Signature
from tracker.matrix.operations.judging import facts_of
from tracker.notifications.operations.winding import Wound, wind
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
    the departments whose signature an open request awaits, and those whose desks see it as yet."""

    departments: frozenset[str] = frozenset()
    parties: dict[str, int] = field(default_factory=dict)
    awaited: frozenset[str] = frozenset()
    desks: frozenset[str] = frozenset()


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
    """Bring the derived columns of one project up to date with its facts; they are written with the next flush."""
    session.flush()
    definition, facts = facts_of(session, project)
    belonging = belonging_of(session, [project.id])[project.id]
    derived = derive(definition, facts, belonging, clock.today())
    _store(session, project, derived, belonging.desks)
    wind(session, [(project, definition, facts)], clock.today())


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
        belonging = belonging_of(session, chunk)
        wound: list[Wound] = []
        for project, facts in load_facts_of_many(session, [(known[project.id], project) for project in projects]):
            if not isinstance(facts, Exception):
                derived = derive(known[project.id], facts, belonging[project.id], clock.today())
                _store(session, project, derived, belonging[project.id].desks)
                wound.append((project, known[project.id], facts))
        session.flush()
        wind(session, wound, clock.today())
    session.flush()


def _store(session: Session, project: Project, derived: Derived, desks: frozenset[str]) -> None:
    for name in COLUMNS:
        setattr(project, name, getattr(derived, name))
    gone = desks - derived.desks
    if gone:
        session.execute(
            delete(ProjectDesk).where(ProjectDesk.project_id == project.id, ProjectDesk.department.in_(gone))
        )
    session.add_all(ProjectDesk(project_id=project.id, department=name) for name in derived.desks - desks)


def belonging_of(session: Session, project_ids: Sequence[int]) -> dict[int, Belonging]:
    """Who belongs to each of these projects, by project; asked in one statement, since every entry asks it."""
    parties: dict[int, dict[str, int]] = {project_id: {} for project_id in project_ids}
    named: dict[tuple[str, int], set[str]] = defaultdict(set)
    rows = session.execute(_BELONGINGS, {"ids": list(project_ids)})
    for mark, project_id, text, _number, party_id in sorted(rows, key=_in_order):
        if mark == "party":
            parties[project_id].setdefault(text, party_id)
        elif text:
            named[mark, project_id].add(text)
    return {
        key: Belonging(
            frozenset(named["people", key]),
            parties[key],
            frozenset(named["awaited", key]),
            frozenset(named["desk", key]),
        )
        for key in project_ids
    }


def _in_order(row: Any) -> int:
    """The rows of one table in the order in which they were added."""
    return int(row[3])


def _belongings() -> Any:
    """Mark, project, department or role, number of the row, party; of the projects `ids`."""
    nobody, ids = literal(0), bindparam("ids", expanding=True, type_=Integer)
    members = (
        select(literal("people").label("mark"), ProjectMember.project_id, User.department, ProjectMember.id, nobody)
        .join(User, ProjectMember.user_id == User.id)
        .where(ProjectMember.project_id.in_(ids))
    )
    owners = (
        select(literal("people"), Project.id, User.department, Project.id, nobody)
        .join(User, Project.owner_id == User.id)
        .where(Project.id.in_(ids))
    )
    parties = select(
        literal("party"), ProjectParty.project_id, ProjectParty.role, ProjectParty.id, ProjectParty.party_id
    ).where(ProjectParty.project_id.in_(ids))
    signatures = (
        select(literal("awaited"), Approval.project_id, Signature.part, Signature.id, nobody)
        .join(Signature, Signature.approval_id == Approval.id)
        .where(Approval.project_id.in_(ids), Approval.state == "open", Signature.by_id.is_(None))
        .where(Signature.part.not_in(PARTS))
    )
    desks = select(
        literal("desk"), ProjectDesk.project_id, ProjectDesk.department, ProjectDesk.project_id, nobody
    ).where(ProjectDesk.project_id.in_(ids))
    return union_all(members, owners, parties, signatures, desks)


_BELONGINGS = _belongings()
