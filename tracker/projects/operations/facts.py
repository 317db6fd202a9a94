"""A project's own facts, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import AlreadyDone, Invalid, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import definition_of
from tracker.matrix.models import Approval, OwnTask
from tracker.matrix.operations.judging import facts_of, lapse_overtaken, settle
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project
from tracker.projects.operations.changing import change, differing
from tracker.projects.operations.opening import check_place
from tracker.team.models import User
from workflows.engine import ChangeRoute, Decision, HandOver
from workflows.guards.ownership import INTRODUCE_DAYS

EDITABLE = ("name", "kind", "source", "address", "plot_number", "latitude", "longitude", "value", "currency", "note",
            "region_id", "key_project", "frame_agreement")  # fmt: skip


def edit_project(session: Session, project: Project, *, by: User, version: int, **values: Any) -> None:
    """Change a project's facts; raises Stale where somebody edited them since `version`.

    What is as it should be already is no change: the second press of the same form finds nothing to do. Records and
    moves raise the version too, but do not make a form of facts stale.
    """
    require(by, Action.PROJECT_EDIT, project)
    if not str(values.get("name", project.name)).strip():
        raise Invalid("name", _l("A project needs a name."))
    check_place(values.get("latitude", project.latitude), values.get("longitude", project.longitude))
    if values.get("value", project.value) < 0:
        raise Invalid("value", _l("A value cannot be negative."))
    if not differing(project, values, EDITABLE):
        return
    if version != project.version and _edited_since(session, project, version):
        raise Stale(_l("Somebody changed this project meanwhile."), details=project)
    before = change(project, values, EDITABLE)
    refresh(session, project)
    events.record(
        session, Kind.PROJECT_EDITED, project, by=by, project_id=project.id, before=before, version=project.version
    )


def _edited_since(session: Session, project: Project, version: int) -> bool:
    if not 0 < version < project.version:
        return True
    edits = [event for event in events.timeline(session, project) if event.kind == Kind.PROJECT_EDITED]
    return any(event.data.get("version", 0) > version for event in edits)


def change_route(
    session: Session, project: Project, to: str, *, by: User, reason: str, approval: Approval | None = None
) -> Decision:
    """Let the project take another route; after its first phase a supervisor stands behind it (G48)."""
    require(by, Action.PROJECT_EDIT, project)
    definition, facts = facts_of(session, project)
    if to not in {route.key for route in definition.routes}:
        raise Invalid("route", _l("Choose how they buy."))
    if to == project.route:
        raise AlreadyDone(details=f"/projects/{project.id}")
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why."))
    wish = ChangeRoute(to, reason.strip())
    decision, approval = settle(
        session, project, wish, by=by, definition=definition, facts=facts, reason=reason, approval=approval
    )
    before, project.route = project.route, to
    refresh(session, project)
    lapse_overtaken(session, project)
    told = {"before": {"route": before}, "route": to, "reason": reason.strip(), "rules": list(decision.rules)}
    events.record(session, Kind.ROUTE_CHANGED, project, by=by, project_id=project.id, **told)
    return decision


@dataclass(frozen=True, slots=True)
class Handover:
    """How a project is handed over: a note for the successor, whether both owners met or called the decision maker
    together, and whether the owner leaves the company."""

    note: str = ""
    introduced: bool = False
    leaver: bool = False


def reassign_project(
    session: Session, project: Project, owner: User, *, by: User, reason: str, handover: Handover | None = None
) -> Decision:
    """Give a project to another owner (of any team); its team follows him. What is missing of a proper handover (G42)
    the supervisor answers for with his reason; a leaver's successor gets the task to meet the decision maker."""
    require(by, Action.PROJECT_REASSIGN, project)
    if not owner.active or owner.party_id is not None:
        raise Invalid("owner_id", _l("Choose an active colleague."))
    if owner.id == project.owner_id:
        raise Invalid("owner_id", _l("The project belongs to this colleague already."))
    if not reason.strip():
        raise Invalid("reason", _l("Say why: both owners read this sentence."))
    handover = handover or Handover()
    definition, facts = facts_of(session, project)
    wish = HandOver(owner.id, bool(handover.note.strip()), handover.introduced, handover.leaver, reason.strip())
    decision, _approval = settle(session, project, wish, by=by, definition=definition, facts=facts, reason=reason)
    before = {"owner_id": project.owner_id, "team_id": project.team_id}
    project.owner_id, project.team_id = owner.id, owner.team_id
    if "introduce" in decision.marks:
        _to_be_introduced(session, project, owner, by)
    refresh(session, project)
    events.record(
        session,
        Kind.PROJECT_REASSIGNED,
        project,
        by=by,
        project_id=project.id,
        before=before,
        owner_id=owner.id,
        owner=owner.name,
        reason=reason.strip(),
        handover=handover.note.strip() or None,
        introduced=handover.introduced,
        rules=list(decision.rules),
    )
    return decision


def _to_be_introduced(session: Session, project: Project, owner: User, by: User) -> None:
    """The task that a leaver's project keeps, in the words of the new owner."""
    zh = (owner.locale or "zh").startswith("zh")
    session.add(
        OwnTask(
            project_id=project.id,
            phase=project.phase,
            step=project.step,
            department=owner.department or definition_of(session, project).phase(project.phase).owner,
            evidence="contact",
            text="与决策者共同拜访或通话，完成交接"
            if zh
            else "Meet or call the decision maker to complete the handover",
            due_on=clock.today() + timedelta(days=INTRODUCE_DAYS),
            added_on=clock.today(),
            by_id=by.id,
        )
    )
