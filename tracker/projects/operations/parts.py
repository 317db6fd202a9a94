"""Buildings and parties of a project."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.dealers.fitness import refuse_unfit
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import definition_of
from tracker.matrix.models import Move
from tracker.matrix.operations.refreshing import refresh
from tracker.parties.models import Party
from tracker.projects.models import Building, Project, ProjectParty
from tracker.projects.operations.changing import change
from tracker.team.models import User


def add_building(
    session: Session, project: Project, *, by: User, name: str, step: str, floors: int | None = None
) -> Building:
    """Add a building at a construction step. It may trail the others, but not lead unseen: progress needs proof."""
    require(by, Action.PROJECT_EDIT, project)
    definition = definition_of(session, project)
    name = _building_name(session, project, name)
    if step not in definition.step_index:
        raise Invalid("step", _l("Choose the construction step that you saw."))
    if definition.step_index[step] > definition.step_index[project.step]:
        raise Invalid("step", _l("A building further on than the others is reported on a visit, with its photo."))
    building = Building(project_id=project.id, name=name, step=step, step_since=clock.today(), floors=floors)
    session.add(building)
    session.flush()
    session.add(
        Move(project_id=project.id, building_id=building.id, axis="step", target=step, on=clock.today(), by_id=by.id)
    )
    refresh(session, project)
    events.record(session, Kind.BUILDING_ADDED, building, by=by, project_id=project.id, name=name, step=step)
    return building


def _building_name(session: Session, project: Project, text: str, besides: int | None = None) -> str:
    """The name without blanks around it; raises Invalid where it is empty or another building's."""
    name = text.strip()
    if not name:
        raise Invalid("name", _l("A building needs a name or number."))
    others = select(Building.name).where(Building.project_id == project.id, Building.id != (besides or 0))
    if name.casefold() in {other.casefold() for other in session.scalars(others)}:
        raise Invalid("name", _l("There is a building of this name already."))
    return name


def edit_building(
    session: Session, project: Project, building: Building, *, by: User, name: str, floors: int | None
) -> None:
    """Rename a building or correct its floors; its progress moves by visits."""
    require(by, Action.PROJECT_EDIT, project)
    name = _building_name(session, project, name, besides=building.id)
    before = change(building, {"name": name, "floors": floors}, ("name", "floors"))
    if before:
        refresh(session, project)
        events.record(session, Kind.BUILDING_EDITED, building, by=by, project_id=project.id, before=before)


def add_party(session: Session, project: Project, party: Party, role: str, *, by: User) -> ProjectParty:
    """Put a party in a role of this project."""
    require(by, Action.PROJECT_EDIT, project)
    if role not in definition_of(session, project).picklist("participant_kinds").keys:
        raise Invalid("role", _l("Choose the role."))
    if role == "dealer":
        refuse_unfit(session, [party.id], "role")
    same = select(ProjectParty).where(
        ProjectParty.project_id == project.id, ProjectParty.party_id == party.id, ProjectParty.role == role
    )
    found = session.scalar(same)
    if found is not None:
        return found
    row = ProjectParty(project_id=project.id, party_id=party.id, role=role)
    session.add(row)
    refresh(session, project)
    events.record(
        session,
        Kind.PARTY_JOINED,
        project,
        by=by,
        project_id=project.id,
        party_id=party.id,
        party=party.name,
        role=role,
    )
    return row


def remove_party(session: Session, project: Project, row: ProjectParty, *, by: User) -> None:
    """Take a party out of its role; the event keeps who it was."""
    require(by, Action.PROJECT_EDIT, project)
    role, party = row.role, session.get_one(Party, row.party_id)
    session.delete(row)
    refresh(session, project)
    events.record(
        session, Kind.PARTY_LEFT, project, by=by, project_id=project.id, party_id=party.id, party=party.name, role=role
    )
