"""What can be done to a project outside its matrix: open, edit, reassign, and who and what belongs to it.

Each change asks `access`, records one event with what it was before, and flushes; nothing commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, may, require
from tracker.errors import Invalid, Refused, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import current_definition, definition_of
from tracker.matrix.models import Move
from tracker.matrix.operations.judging import enforce, judge
from tracker.matrix.operations.refreshing import refresh
from tracker.parties.models import Contact, Party
from tracker.projects.models import (
    Building,
    CategoryLine,
    Project,
    ProjectContact,
    ProjectMember,
    ProjectParty,
)
from tracker.team.models import User
from workflows.definition import Definition
from workflows.facts import BuildingFacts, CategoryFacts, ProjectFacts
from workflows.wishes import OpenProject

EDITABLE = ("name", "kind", "route", "source", "address", "plot_number", "latitude", "longitude", "value", "currency",
            "note", "region_id")  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A project to open. Keys are those of the matrix definition; `parties` holds (party id, role)."""

    name: str
    kind: str
    route: str
    phase: str
    step: str
    categories: tuple[str, ...]
    since: date | None = None
    building: str = "1#"
    floors: int | None = None
    value: Decimal = Decimal(0)
    currency: str = "CNY"
    source: str | None = None
    address: str | None = None
    plot_number: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    note: str | None = None
    region_id: int | None = None
    parties: tuple[tuple[int, str], ...] = ()
    reason: str | None = None


def open_project(session: Session, draft: ProjectDraft, *, by: User, owner: User | None = None) -> Project:
    """Open a project in a cell of the matrix, where the engine allows it; raises Blocked or Invalid."""
    require(by, Action.PROJECT_OPEN)
    definition = current_definition()
    _check(definition, draft)
    since = draft.since or clock.today()
    wish = OpenProject(draft.phase, draft.step, draft.route, draft.reason or None)
    facts = _first_facts(definition, draft, since)
    supervisor = may(by, Action.APPROVAL_DECIDE) and bool(draft.reason)
    enforce(judge(definition, facts, wish, granted=supervisor), wish)
    owner = owner or by
    project = Project(
        name=draft.name.strip(),
        kind=draft.kind,
        definition_key=definition.key,
        definition_version=definition.version,
        route=draft.route,
        phase=draft.phase,
        phase_since=since,
        step=draft.step,
        step_since=since,
        owner_id=owner.id,
        team_id=owner.team_id,
        region_id=draft.region_id or (owner.team.region_id if owner.team else None),
        value=draft.value,
        currency=draft.currency,
        source=draft.source or None,
        address=draft.address or None,
        plot_number=draft.plot_number or None,
        latitude=draft.latitude,
        longitude=draft.longitude,
        note=draft.note or None,
        created_by_id=by.id,
    )
    session.add(project)
    session.flush()
    building = Building(
        project_id=project.id, name=draft.building, step=draft.step, step_since=since, floors=draft.floors
    )
    session.add(building)
    session.flush()
    session.add_all(_first_moves(project, building, since, by, draft.reason))
    for index, category in enumerate(draft.categories):
        session.add(CategoryLine(project_id=project.id, category=category, main=index == 0))
    for party_id, role in dict.fromkeys(draft.parties):
        session.add(ProjectParty(project_id=project.id, party_id=party_id, role=role))
    refresh(session, project)
    cell = f"{draft.phase}/{draft.step}"
    events.record(session, Kind.PROJECT_OPENED, project, by=by, project_id=project.id, name=project.name, cell=cell)
    return project


def _check(definition: Definition, draft: ProjectDraft) -> None:
    if not draft.name.strip():
        raise Invalid("name", _l("A project needs a name."))
    if draft.kind not in definition.picklist("project_types").keys:
        raise Invalid("kind", _l("Choose what is being built."))
    if draft.phase not in definition.phase_index:
        raise Invalid("phase", _l("Choose the phase we are in."))
    if draft.step not in definition.step_index:
        raise Invalid("step", _l("Choose the construction step that you saw."))
    known = {window.category for window in definition.windows}
    if not draft.categories or not set(draft.categories) <= known:
        raise Invalid("categories", _l("Choose at least one material category; the first is the main one."))
    _check_place(draft.latitude, draft.longitude)
    if draft.value < 0:
        raise Invalid("value", _l("A value cannot be negative."))
    if draft.since and draft.since > clock.today():
        raise Invalid("since", _l("This day lies in the future."))


def _check_place(latitude: float | None, longitude: float | None) -> None:
    if (latitude is None) != (longitude is None):
        raise Invalid("latitude", _l("A place needs both latitude and longitude."))
    if latitude is not None and longitude is not None and (abs(latitude) > 90 or abs(longitude) > 180):
        raise Invalid("latitude", _l("Latitude goes from -90 to 90, longitude from -180 to 180."))


def _first_facts(definition: Definition, draft: ProjectDraft, since: date) -> ProjectFacts:
    return ProjectFacts(
        route=draft.route,
        phase=draft.phase,
        phase_since=since,
        buildings=(BuildingFacts(0, draft.building, draft.step, since),),
        kind=draft.kind,
        public_funds=bool(definition.picklist("project_types").get(draft.kind).extra.get("public_funds")),
        categories=tuple(CategoryFacts(key, main=index == 0) for index, key in enumerate(draft.categories)),
        value=draft.value,
    )


def _first_moves(project: Project, building: Building, since: date, by: User, reason: str | None) -> Sequence[Move]:
    at = clock.now()
    return (
        Move(project_id=project.id, axis="phase", target=project.phase, on=since, at=at, by_id=by.id, reason=reason),
        Move(project_id=project.id, building_id=building.id, axis="step", target=building.step, on=since, at=at,
             by_id=by.id),
    )  # fmt: skip


def edit_project(session: Session, project: Project, *, by: User, version: int, **values: Any) -> None:
    """Change a project's facts; refuses when somebody changed it since the page was opened."""
    require(by, Action.PROJECT_EDIT, project)
    if version != project.version:
        raise Stale(_l("Somebody changed this project meanwhile."), details=project)
    if not str(values.get("name", project.name)).strip():
        raise Invalid("name", _l("A project needs a name."))
    _check_place(values.get("latitude", project.latitude), values.get("longitude", project.longitude))
    if values.get("value", project.value) < 0:
        raise Invalid("value", _l("A value cannot be negative."))
    before = _change(project, values, EDITABLE)
    if not before:
        return
    refresh(session, project)
    events.record(session, Kind.PROJECT_EDITED, project, by=by, project_id=project.id, before=before)


def _change(row: Any, values: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """Set the values that differ; returns what they were, as plain values."""
    before: dict[str, Any] = {}
    for name in fields:
        if name in values and getattr(row, name) != values[name]:
            old = getattr(row, name)
            before[name] = str(old) if isinstance(old, date | Decimal) else old
            setattr(row, name, values[name])
    return before


def reassign_project(session: Session, project: Project, owner: User, *, by: User, reason: str) -> None:
    """Give a project to another owner (of any team); its team follows him."""
    require(by, Action.PROJECT_REASSIGN, project)
    if not owner.active or owner.party_id is not None:
        raise Invalid("owner_id", _l("Choose an active colleague."))
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


def add_building(
    session: Session, project: Project, *, by: User, name: str, step: str, floors: int | None = None
) -> Building:
    """Add a building at a construction step. It may trail the others, but not lead unseen: progress needs proof."""
    require(by, Action.PROJECT_EDIT, project)
    definition = definition_of(session, project)
    name = name.strip()
    if not name:
        raise Invalid("name", _l("A building needs a name or number."))
    if step not in definition.step_index:
        raise Invalid("step", _l("Choose the construction step that you saw."))
    if definition.step_index[step] > definition.step_index[project.step]:
        raise Invalid("step", _l("A building further on than the others is reported on a visit, with its photo."))
    known = session.scalars(select(Building.name).where(Building.project_id == project.id))
    if name.casefold() in {other.casefold() for other in known}:
        raise Invalid("name", _l("There is a building of this name already."))
    building = Building(project_id=project.id, name=name, step=step, step_since=clock.today(), floors=floors)
    session.add(building)
    session.flush()
    session.add(
        Move(project_id=project.id, building_id=building.id, axis="step", target=step, on=clock.today(), by_id=by.id)
    )
    refresh(session, project)
    events.record(session, Kind.BUILDING_ADDED, building, by=by, project_id=project.id, name=name, step=step)
    return building


def edit_building(
    session: Session, project: Project, building: Building, *, by: User, name: str, floors: int | None
) -> None:
    """Rename a building or correct its floors; its progress moves by visits."""
    require(by, Action.PROJECT_EDIT, project)
    if not name.strip():
        raise Invalid("name", _l("A building needs a name or number."))
    before = _change(building, {"name": name.strip(), "floors": floors}, ("name", "floors"))
    if before:
        session.flush()
        events.record(session, Kind.BUILDING_EDITED, building, by=by, project_id=project.id, before=before)


def add_category(
    session: Session,
    project: Project,
    *,
    by: User,
    category: str,
    value: Decimal | None = None,
    quantity: Decimal | None = None,
    unit: str | None = None,
) -> CategoryLine:
    """Add a material category to what we want to sell here."""
    require(by, Action.PROJECT_EDIT, project)
    if category not in {window.category for window in definition_of(session, project).windows}:
        raise Invalid("category", _l("Choose a material category."))
    lines = session.scalars(select(CategoryLine).where(CategoryLine.project_id == project.id)).all()
    if category in {line.category for line in lines}:
        raise Invalid("category", _l("This category is in the project already."))
    line = CategoryLine(
        project_id=project.id, category=category, main=not lines, value=value, quantity=quantity, unit=unit or None
    )
    session.add(line)
    refresh(session, project)
    events.record(session, Kind.CATEGORY_ADDED, line, by=by, project_id=project.id, category=category)
    return line


def edit_category(session: Session, project: Project, line: CategoryLine, *, by: User, **values: Any) -> None:
    """Change a category line: value, quantity, unit, whether it is the main one."""
    require(by, Action.PROJECT_EDIT, project)
    if values.pop("main", False) and not line.main:
        lines = session.scalars(select(CategoryLine).where(CategoryLine.project_id == project.id))
        for other in lines:
            other.main = other.id == line.id
        values["made_main"] = True
    before = _change(line, values, ("value", "quantity", "unit"))
    refresh(session, project)
    if before or values.get("made_main"):
        events.record(
            session, Kind.CATEGORY_EDITED, line, by=by, project_id=project.id, category=line.category, before=before
        )


def add_party(session: Session, project: Project, party: Party, role: str, *, by: User) -> ProjectParty:
    """Put a party in a role of this project."""
    require(by, Action.PROJECT_EDIT, project)
    if role not in definition_of(session, project).picklist("participant_kinds").keys:
        raise Invalid("role", _l("Choose the role."))
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


def add_contact(
    session: Session, project: Project, contact: Contact, *, by: User, role: str | None, attitude: str = "unknown"
) -> ProjectContact:
    """Put a contact into the project's circle, with his role in the decision and his attitude to us."""
    require(by, Action.PROJECT_EDIT, project)
    role, attitude = _known_contact_words(session, project, role, attitude)
    row = session.scalar(
        select(ProjectContact).where(ProjectContact.project_id == project.id, ProjectContact.contact_id == contact.id)
    )
    if row is not None:
        raise Refused(_l("This contact is in the project already; change the role or attitude there."))
    row = ProjectContact(project_id=project.id, contact_id=contact.id, role=role, attitude=attitude)
    session.add(row)
    session.flush()
    events.record(
        session,
        Kind.CONTACT_JOINED,
        project,
        by=by,
        project_id=project.id,
        contact_id=contact.id,
        contact=contact.name,
        role=role,
        attitude=attitude,
    )
    return row


def _known_contact_words(session: Session, project: Project, role: str | None, attitude: str) -> tuple[str | None, str]:
    definition = definition_of(session, project)
    if role and role not in definition.picklist("relationship_roles").keys:
        raise Invalid("role", _l("Choose the role."))
    if attitude != "unknown" and attitude not in definition.picklist("attitude_scale").keys:
        raise Invalid("attitude", _l("Choose the attitude."))
    return role or None, attitude


def edit_contact(
    session: Session, project: Project, row: ProjectContact, *, by: User, role: str | None, attitude: str
) -> None:
    """Change a contact's role or attitude in this project."""
    require(by, Action.PROJECT_EDIT, project)
    role, attitude = _known_contact_words(session, project, role, attitude)
    before = _change(row, {"role": role, "attitude": attitude}, ("role", "attitude"))
    if before:
        session.flush()
        events.record(
            session,
            Kind.CONTACT_EDITED,
            project,
            by=by,
            project_id=project.id,
            contact_id=row.contact_id,
            before=before,
        )


def remove_contact(session: Session, project: Project, row: ProjectContact, *, by: User) -> None:
    """Take a contact out of the project's circle; the person and every record with him stay."""
    require(by, Action.PROJECT_EDIT, project)
    contact = session.get_one(Contact, row.contact_id)
    session.delete(row)
    session.flush()
    events.record(
        session,
        Kind.CONTACT_LEFT,
        project,
        by=by,
        project_id=project.id,
        contact_id=contact.id,
        contact=contact.name,
    )


def add_member(session: Session, project: Project, member: User, *, by: User) -> ProjectMember:
    """Take a colleague into the project's team; he answers for his department's tasks here."""
    require(by, Action.PROJECT_EDIT, project)
    if not member.active or member.party_id is not None:
        raise Invalid("user_id", _l("Choose an active colleague."))
    found = session.scalar(
        select(ProjectMember).where(ProjectMember.project_id == project.id, ProjectMember.user_id == member.id)
    )
    if found is not None:
        raise Invalid("user_id", _l("This colleague is in the team already."))
    row = ProjectMember(project_id=project.id, user_id=member.id, department=member.department)
    session.add(row)
    refresh(session, project)
    events.record(
        session, Kind.MEMBER_JOINED, project, by=by, project_id=project.id, user_id=member.id, name=member.name
    )
    return row


def remove_member(session: Session, project: Project, row: ProjectMember, *, by: User) -> None:
    """Take a colleague out of the project's team; his records stay."""
    require(by, Action.PROJECT_EDIT, project)
    member = session.get_one(User, row.user_id)
    session.delete(row)
    refresh(session, project)
    events.record(session, Kind.MEMBER_LEFT, project, by=by, project_id=project.id, user_id=member.id, name=member.name)
