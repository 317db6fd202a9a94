"""A project's own facts, and whose it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.errors import Invalid, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project
from tracker.projects.operations.changing import change, differing
from tracker.projects.operations.opening import check_place
from tracker.team.models import User

EDITABLE = ("name", "kind", "route", "source", "address", "plot_number", "latitude", "longitude", "value", "currency",
            "note", "region_id")  # fmt: skip


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


def reassign_project(session: Session, project: Project, owner: User, *, by: User, reason: str) -> None:
    """Give a project to another owner (of any team); its team follows him."""
    require(by, Action.PROJECT_REASSIGN, project)
    if not owner.active or owner.party_id is not None:
        raise Invalid("owner_id", _l("Choose an active colleague."))
    if owner.id == project.owner_id:
        raise Invalid("owner_id", _l("The project belongs to this colleague already."))
    if not reason.strip():
        raise Invalid("reason", _l("Say why: both owners read this sentence."))
    before = {"owner_id": project.owner_id, "team_id": project.team_id}
    project.owner_id, project.team_id = owner.id, owner.team_id
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
    )
