"""A project's own facts."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.errors import AlreadyDone, Invalid, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.models import Approval
from tracker.matrix.operations.judging import facts_of, lapse_overtaken, settle
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project
from tracker.projects.operations.changing import change, differing
from tracker.projects.operations.opening import check_place
from tracker.team.models import User
from workflows.engine import ChangeRoute, Decision

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
