"""What waits for the supervisors, and what they decided lately: asked and answered through the real operations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.demo.people import Company
from tracker.demo.words import ANSWERS, DECLINED, EXIT_REASONS, LATE_REASONS, STATED_REASONS
from tracker.matrix.models import Approval
from tracker.matrix.operations.approvals import ask_approval, decline_approval, grant_approval
from tracker.matrix.operations.judging import facts_of, judge
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.definition import Definition
from workflows.wishes import MovePhase, MoveStep, Wish

OUTCOMES = ("open", "granted", "declined", "open", "open")  # of the requests of one team, the oldest first
STATED = 3  # the number of the request that asks for a progress with a stated date
FURTHEST = "bid"  # up to this phase a move is a plausible wish


def ask_supervisors(session: Session, random: Random, company: Company) -> None:
    """Let the salespeople of each region ask for what a rule leaves to their supervisor."""
    for team, supervisor in (("north", "supervisor"), ("south", "supervisor2")):
        wishes = _wishes(session, random, company.teams[team].id)
        for number, outcome in enumerate(OUTCOMES):
            project, wish, reason = next(wishes)
            _ask(session, random, project, wish, reason, company.users[supervisor], outcome, days=9 - 2 * number)


def _wishes(session: Session, random: Random, team_id: int) -> Iterator[tuple[Project, Wish, str]]:
    """What only a supervisor can let pass in the team's projects; one of them a progress whose photo has no date."""
    query = (
        select(Project)
        .join(Project.owner)
        .where(Project.team_id == team_id, Project.state == "active", User.username.startswith("sales"))
        .order_by(Project.id)
        .options(selectinload(Project.members), selectinload(Project.buildings), joinedload(Project.team))
    )
    found = 0
    projects = session.scalars(query).all()
    crowd = Counter((project.phase, project.step) for project in projects)
    for project in random.sample(projects, len(projects)):
        if crowd[project.phase, project.step] == 1:  # a granted wish would empty its cell
            continue
        definition, facts = facts_of(session, project)
        wish, reasons = _wish(definition, project, stated=found % len(OUTCOMES) == STATED)
        decision = judge(definition, facts, wish) if wish else None
        if wish is None or decision is None or decision.allowed or not decision.overridable:
            continue
        found += 1
        reasons = LATE_REASONS if "G02" in decision.rules and isinstance(wish, MovePhase) else reasons
        yield project, wish, random.choice(reasons)


def _wish(definition: Definition, project: Project, *, stated: bool) -> tuple[Wish | None, Sequence[str]]:
    if stated:
        building = project.buildings[0]
        after = definition.step_index[building.step] + 1
        if after >= len(definition.steps):
            return None, ()
        seen = clock.today() - timedelta(days=1)
        return MoveStep(building.id, definition.steps[after].key, seen, "stated", True), STATED_REASONS
    row = definition.phase_index[project.phase]
    if row >= definition.phase_index[FURTHEST]:
        return None, ()
    return MovePhase(definition.phases[row + 1].key), EXIT_REASONS


def _ask(
    session: Session,
    random: Random,
    project: Project,
    wish: Wish,
    reason: str,
    supervisor: User,
    outcome: str,
    *,
    days: int,
) -> Approval:
    """Ask some days ago, or today where the wish names a day; the answer comes on the next day."""
    asked = clock.now() - timedelta(days=0 if isinstance(wish, MoveStep) else days, minutes=random.randint(3, 400))
    with clock.frozen(asked):
        owner = session.get_one(User, project.owner_id)
        promised = clock.today() + timedelta(days=14)
        request = ask_approval(session, project, wish, by=owner, reason=reason, complete_by=promised)
    session.refresh(request, ["project", "asked_by"])
    with clock.frozen(min(clock.now(), asked + timedelta(hours=random.randint(2, 20)))):
        if outcome == "granted":
            grant_approval(session, request, by=supervisor, answer=random.choice(ANSWERS))
        elif outcome == "declined":
            decline_approval(session, request, by=supervisor, answer=random.choice(DECLINED))
    refresh(session, project)
    return request
