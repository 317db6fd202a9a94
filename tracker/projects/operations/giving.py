"""Whose a project is: giving it to another owner, one by itself or many at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.handover.models import Handing, Takeover
from tracker.i18n import _l
from tracker.matrix.models import OwnTask
from tracker.matrix.operations.judging import facts_of, settle
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.definition import Definition
from workflows.engine import Decision, HandOver
from workflows.facts import ProjectFacts
from workflows.guards.ownership import INTRODUCE_DAYS
from workflows.guards.records import FINISHED


@dataclass(frozen=True, slots=True)
class Handover:
    """How a project is handed over: a note for the successor, whether both owners met or called the decision maker
    together, and whether the owner leaves the company. `handing`: the step in which more than this one goes, whose
    note counts for all."""

    note: str = ""
    introduced: bool = False
    leaver: bool = False
    handing: Handing | None = field(default=None, compare=False)

    @property
    def noted(self) -> bool:
        """Whether there is a note."""
        return bool(self.note.strip() or (self.handing and self.handing.note))


def reassign_project(
    session: Session, project: Project, owner: User, *, by: User, reason: str, handover: Handover | None = None
) -> Decision:
    """Give a project to another owner (of any team); its team follows him. What is missing of a proper handover (G42)
    the supervisor answers for with his reason; a leaver's successor gets the task to meet the decision maker."""
    require(by, Action.PROJECT_REASSIGN, project)
    check_owner(owner)
    if owner.id == project.owner_id:
        raise Invalid("owner_id", _l("The project belongs to this colleague already."))
    if not reason.strip():
        raise Invalid("reason", _l("Say why: both owners read this sentence."))
    known = facts_of(session, project)
    decision = give_project(session, project, owner, known, by=by, reason=reason, handover=handover or Handover())
    refresh(session, project)
    return decision


def check_owner(owner: User) -> None:
    """Raise Invalid unless somebody can have projects and leads: an active colleague of ours."""
    if not owner.active or owner.party_id is not None:
        raise Invalid("owner_id", _l("Choose an active colleague."))


def give_project(
    session: Session,
    project: Project,
    owner: User,
    known: tuple[Definition, ProjectFacts],
    *,
    by: User,
    reason: str,
    handover: Handover,
) -> Decision:
    """The same for one of many, whose facts are `known`: the caller has asked whether he may, and refreshes."""
    definition, facts = known
    wish = HandOver(owner.id, handover.noted, handover.introduced, handover.leaver, reason.strip())
    decision, _approval = settle(session, project, wish, by=by, definition=definition, facts=facts, reason=reason)
    before = {"owner_id": project.owner_id, "team_id": project.team_id}
    project.owner_id, project.team_id = owner.id, owner.team_id
    takeover = _taken_over(session, project, owner, before["owner_id"], by, handover)
    if "introduce" in decision.marks and project.state not in FINISHED:
        takeover.task = _to_be_introduced(definition, project, owner, by)
    told: dict[str, Any] = {"before": before, "owner_id": owner.id, "owner": owner.name, "reason": reason.strip()}
    told |= {"handover": handover.note.strip() or None, "introduced": handover.introduced}
    told |= {"rules": list(decision.rules)} | ({"handing_id": handover.handing.id} if handover.handing else {})
    events.record(session, Kind.PROJECT_REASSIGNED, project, by=by, project_id=project.id, **told)
    return decision


def _taken_over(
    session: Session, project: Project, owner: User, giver_id: int | None, by: User, handover: Handover
) -> Takeover:
    row = Takeover(
        handing=handover.handing,
        project_id=project.id,
        from_id=giver_id,
        to_id=owner.id,
        by_id=by.id,
        note=handover.note.strip() or None,
        introduced=handover.introduced,
        leaver=handover.leaver,
    )
    session.add(row)
    return row


def _to_be_introduced(definition: Definition, project: Project, owner: User, by: User) -> OwnTask:
    """The task that a leaver's project keeps, in the words of the new owner."""
    zh = (owner.locale or "zh").startswith("zh")
    return OwnTask(
        project_id=project.id,
        phase=project.phase,
        step=project.step,
        department=owner.department or definition.phase(project.phase).owner,
        evidence="contact",
        text="与决策者共同拜访或通话，完成交接" if zh else "Meet or call the decision maker to complete the handover",
        due_on=clock.today() + timedelta(days=INTRODUCE_DAYS),
        added_on=clock.today(),
        by_id=by.id,
    )
