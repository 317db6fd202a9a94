"""Planned projects become rows: what belongs to them, and their moves with the approvals behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tracker import clock
from tracker.demo.chronicle import Chronicle, moment
from tracker.demo.firms import Added
from tracker.demo.milestones import PhaseMove
from tracker.demo.people import Company
from tracker.demo.portfolio import History
from tracker.events import Kind
from tracker.matrix.definitions import current_definition
from tracker.matrix.models import Approval, LifecycleChange, Move
from tracker.projects.models import (
    Building,
    CategoryLine,
    Project,
    ProjectContact,
    ProjectMember,
    ProjectParty,
)
from tracker.team.models import Team, User

PASSING = frozenset({"G02", "G03"})  # the rules a supervisor's approval lifts on these ways
LOSSES = ("price_high", "price_high", "not_shortlisted", "too_late", "competitor_relation", "spec_swapped")
WINNERS = ("瑞安", "雷光", "金固", "海蓝", "瑞安")


class ProjectRows:
    """Adds planned projects; what is alike is written for all of them at once."""

    def __init__(self, session: Session, random: Random, company: Company, firms: Added, chronicle: Chronicle) -> None:
        self.session, self.random, self.company = session, random, company
        self.firms, self.chronicle = firms, chronicle
        self.definition = current_definition()

    def add(self, histories: Sequence[History]) -> Sequence[Project]:
        """Add the projects with everything but their records; derived columns are left to `refresh`."""
        projects = [self._project(history) for history in histories]
        self.session.add_all(projects)
        self.session.flush()
        pairs = list(zip(histories, projects, strict=True))
        buildings = [self._buildings(history, project) for history, project in pairs]
        approvals = [self._approvals(history, project) for history, project in pairs]
        for history, project in pairs:
            self.session.add_all(self._belongings(history, project))
        self.session.flush()
        moves: list[dict[str, Any]] = []
        for (history, project), houses, granted in zip(pairs, buildings, approvals, strict=True):
            moves += self._phase_moves(history, project, granted)
            moves += self._step_moves(history, project, houses)
        self.session.execute(insert(Move), moves)
        decided = [self._decided(*pair) for pair in pairs if pair[0].plan.state != "active"]
        self.session.execute(insert(LifecycleChange), decided)
        return projects

    def _user(self, username: str) -> User:
        return self.company.users[username]

    def _project(self, history: History) -> Project:
        plan = history.plan
        owner = self._user(plan.owner)
        phase, step = plan.cell
        return Project(
            name=plan.name,
            kind=plan.kind,
            definition_key=self.definition.key,
            definition_version=self.definition.version,
            route=plan.route,
            phase=phase,
            phase_since=next(visit.since for visit in plan.way.visits if visit.phase == phase),
            step=step,
            step_since=plan.buildings[0].steps[-1][1],
            state=plan.state,
            owner_id=owner.id,
            team_id=owner.team_id,
            region_id=self.company.region_of(plan.north).id,
            source=plan.source,
            address=plan.address,
            plot_number=plan.plot_number,
            latitude=plan.place[0],
            longitude=plan.place[1],
            value=plan.value,
            created_at=moment(self.random, plan.way.opened),
            created_by_id=owner.id,
        )

    def _buildings(self, history: History, project: Project) -> list[Building]:
        rows = [
            Building(
                project_id=project.id,
                name=building.name,
                step=building.steps[-1][0],
                step_since=building.steps[-1][1],
                floor=building.floor,
                floors=building.floors,
            )
            for building in history.plan.buildings
        ]
        self.session.add_all(rows)
        return rows

    def _belongings(self, history: History, project: Project) -> list[Any]:
        plan = history.plan
        rows: list[Any] = []
        for line in plan.lines:
            own = {"category": line.category, "main": line.main, "result": line.result, "value": line.value}
            rows.append(CategoryLine(project_id=project.id, **own))
        parties = [(self.firms.party_ids[number], role) for number, role in plan.parties]
        parties += [(self.company.dealers[plan.dealer].id, "dealer")] if plan.dealer else []
        rows += [ProjectParty(project_id=project.id, party_id=party_id, role=role) for party_id, role in parties]
        for number, (firm, person, role, attitude) in enumerate(plan.circle):
            met = max((entry.day for entry in history.entries if number in entry.met), default=None)
            contact_id = self.firms.contact_ids[firm][person]
            own = {"contact_id": contact_id, "role": role, "attitude": attitude, "last_met_on": met}
            rows.append(ProjectContact(project_id=project.id, **own))
        for member in map(self._user, plan.members):
            rows.append(ProjectMember(project_id=project.id, user_id=member.id, department=member.department))
        opened = {"name": project.name, "cell": "/".join(plan.way.visits[0].cell)}
        by_id, at = project.created_by_id, project.created_at
        self.chronicle.note(Kind.PROJECT_OPENED, project, at, by_id, project.id, **opened)
        return rows

    def _approvals(self, history: History, project: Project) -> dict[date, Approval]:
        """The granted requests behind the project's moves, by the day of the move."""
        found = {move.on: self._approval(project, move) for move in history.moves if move.answer}
        self.session.add_all(found.values())
        return found

    def _approval(self, project: Project, move: PhaseMove) -> Approval:
        rules = [rule for rule in move.rules if rule in PASSING]
        decided = moment(self.random, move.on, 9, 12)
        return Approval(
            project_id=project.id,
            rules=rules,
            wish={"wish": "MovePhase", "to": move.target, "reason": move.reason, "phase": move.source},
            fingerprint=f"MovePhase:{move.source}/{move.step}:{move.target}",
            reason=move.reason or "",
            complete_by=move.on + timedelta(days=30) if "G03" in rules else None,
            asked_by_id=project.owner_id,
            asked_at=moment(self.random, move.on - timedelta(days=1)),
            state="used",
            decided_by_id=self._supervisor(project).id,
            decided_at=decided,
            used_at=decided,
            answer=move.answer,
        )

    def _supervisor(self, project: Project) -> User:
        """Who decides for the project's team; never its owner himself."""
        team = self.session.get_one(Team, project.team_id)
        above = next(user for user in self.company.users.values() if user.id == team.supervisor_id)
        return above if above.id != project.owner_id else self._user("director")

    def _phase_moves(self, history: History, project: Project, approvals: dict[date, Approval]) -> list[dict[str, Any]]:
        first = history.plan.way.visits[0]
        rows = [self._move(project, "phase", None, first.phase, first.since, at=project.created_at)]
        for move in history.moves:
            approval = approvals.get(move.on)
            at = approval.used_at if approval else moment(self.random, move.on)
            row = self._move(project, "phase", move.source, move.target, move.on, at=at)
            reason = {"reason": move.reason, "rules": list(move.rules), "approval_id": approval and approval.id}
            rows.append({**row, **reason})
            told = {"source": move.source, "target": move.target, "reason": move.reason}
            if approval:
                self._note_approval(project, approval)
            self.chronicle.note(Kind.PHASE_MOVED, project, row["at"], project.owner_id, project.id, **told)
        return rows

    def _note_approval(self, project: Project, approval: Approval) -> None:
        note, asked = self.chronicle.note, {"rules": approval.rules, "reason": approval.reason}
        note(Kind.APPROVAL_ASKED, approval, approval.asked_at, approval.asked_by_id, project.id, **asked)
        granted = {"answer": approval.answer, "state": "used"}
        assert approval.decided_at is not None
        note(Kind.APPROVAL_GRANTED, approval, approval.decided_at, approval.decided_by_id, project.id, **granted)

    def _step_moves(self, history: History, project: Project, houses: list[Building]) -> list[dict[str, Any]]:
        rows = []
        for number, (building, house) in enumerate(zip(history.plan.buildings, houses, strict=True)):
            step, since = building.steps[0]
            opening = self._move(project, "step", None, step, since, at=project.created_at)
            rows.append({**opening, "building_id": house.id})
            for (source, _), (target, day) in zip(building.steps, building.steps[1:], strict=False):
                row = self._move(project, "step", source, target, day, at=moment(self.random, day))
                late = number == 0 and self._is_late(history, target, day)
                rules = ["G47"] if late else []
                rows.append({**row, "building_id": house.id, "proof": "exif", "rules": rules})
                told = {"source": source, "target": target, "rules": rules}
                self.chronicle.note(Kind.STEP_MOVED, house, row["at"], project.owner_id, project.id, **told)
        return rows

    def _is_late(self, history: History, step: str, day: date) -> bool:
        phase = next(visit.phase for visit in reversed(history.plan.way.visits) if visit.since <= day)
        return self.definition.cell(phase, step).status == "late_risk"

    def _decided(self, history: History, project: Project) -> dict[str, Any]:
        """When the project came into its state: won before the goods went out, else in the middle of its last stay."""
        plan, visits = history.plan, history.plan.way.visits
        bought = next((n for n, visit in enumerate(visits) if visit.phase in ("deliver", "settle")), None)
        if plan.state == "won" and bought:
            on = max(visits[bought - 1].since, visits[bought].since - timedelta(days=1))
        else:
            on = visits[-1].since + (plan.way.today - visits[-1].since) // 2
        change = {"source": "active", "target": plan.state, "on": on, "at": clock.at_noon(on), **_told(project)}
        review_on = on + timedelta(days=90) if plan.state == "suspended" else None
        return {"project_id": project.id, "by_id": project.owner_id, "review_on": review_on, **change}

    def _move(
        self, project: Project, axis: str, source: str | None, target: str, on: date, *, at: Any
    ) -> dict[str, Any]:
        return {
            "project_id": project.id,
            "building_id": None,
            "axis": axis,
            "source": source,
            "target": target,
            "on": on,
            "at": at,
            "by_id": project.owner_id,
            "reason": None,
            "proof": None,
            "rules": [],
            "approval_id": None,
        }


def _told(project: Project) -> dict[str, Any]:
    """What a loss was told with; a random of its own, so that nothing else of the company depends on it."""
    if project.state != "lost":
        return {"reason_key": None, "told": {}}
    random = Random(f"loss {project.name}")  # noqa: S311
    return {"reason_key": random.choice(LOSSES), "told": {"winner": random.choice(WINNERS)}}
