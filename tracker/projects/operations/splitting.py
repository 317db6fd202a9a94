"""Splitting lines off into a linked sub-project that goes through a matrix of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import definition_of
from tracker.matrix.models import Move
from tracker.matrix.operations.judging import lapse_overtaken
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.circle import list_lines
from tracker.projects.models import Building, Project, ProjectContact, ProjectMember, ProjectParty
from tracker.team.models import User

SHARED = ("kind", "definition_key", "definition_version", "owner_id", "team_id", "region_id", "source", "address",
          "plot_number", "latitude", "longitude", "currency", "key_project")  # fmt: skip

CONTACTS = (ProjectContact, ("contact_id", "role", "attitude", "last_met_on"))


def split_off(
    session: Session, project: Project, categories: Sequence[str], *, by: User, name: str, route: str, reason: str
) -> Project:
    """Let some lines become a linked sub-project with the same site, people and buildings, in the lines' own phase.

    At least one line stays. A building's progress reported in one of the linked projects counts in all of them.
    """
    require(by, Action.PROJECT_EDIT, project)
    definition = definition_of(session, project)
    lines = list_lines(session, project)
    taken = [line for line in lines if line.category in categories]
    if not taken or len(taken) != len(set(categories)):
        raise Invalid("categories", _l("Choose the categories that go on by themselves."))
    if len(taken) == len(lines):
        raise Invalid("categories", _l("One category at least stays with this project."))
    if route not in {one.key for one in definition.routes}:
        raise Invalid("route", _l("Choose how they buy."))
    if not name.strip():
        raise Invalid("name", _l("A project needs a name."))
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why."))
    phase = taken[0].phase or project.phase
    value = sum((line.value or Decimal(0) for line in taken), start=Decimal(0))
    part = begin_part(session, project, by=by, name=name, route=route, reason=reason, phase=phase, value=value)
    _copy(session, project, part, ((ProjectParty, ("party_id", "role")), CONTACTS))
    session.flush()
    for number, line in enumerate(taken):
        line.project_id, line.main, line.phase = part.id, number == 0, None if line.phase == phase else line.phase
    left = [line for line in lines if line not in taken]
    if not any(line.main for line in left):
        left[0].main = True
    for one in (project, part):
        refresh(session, one)
    lapse_overtaken(session, project)
    note_part(session, project, part, categories, by=by, reason=reason)
    return part


def begin_part(
    session: Session,
    project: Project,
    *,
    by: User,
    name: str,
    route: str,
    reason: str,
    phase: str | None = None,
    value: Decimal = Decimal(0),
    buildings: Collection[int] | None = None,
) -> Project:
    """A project linked to another on the same site, with its team and its buildings (those of these ids; None: all of
    them) as they stand. It has no lines, firms or contacts yet; the caller has asked who may."""
    phase = phase or project.phase
    part = Project(
        **{column: getattr(project, column) for column in SHARED},
        name=name.strip()[:200],
        route=route,
        phase=phase,
        phase_since=project.phase_since if phase == project.phase else clock.today(),
        step=project.step,
        step_since=project.step_since,
        value=value,
        parent_id=project.parent_id or project.id,
        created_by_id=by.id,
    )
    session.add(part)
    session.flush()
    session.add(Move(project_id=part.id, axis="phase", target=part.phase, on=part.phase_since, by_id=by.id,
                     reason=reason.strip()[:300]))  # fmt: skip
    query = select(Building).where(Building.project_id == project.id).order_by(Building.id)
    for building in session.scalars(query if buildings is None else query.where(Building.id.in_(buildings))):
        columns = ("name", "step", "step_since", "unverified", "floor", "floors")
        twin = Building(project_id=part.id, **{column: getattr(building, column) for column in columns})
        session.add(twin)
        session.flush()
        session.add(Move(project_id=part.id, building_id=twin.id, axis="step", target=twin.step, on=twin.step_since,
                         by_id=by.id))  # fmt: skip
    _copy(session, project, part, ((ProjectMember, ("user_id", "department")),))
    session.flush()
    return part


def note_part(
    session: Session, project: Project, part: Project, categories: Sequence[str], *, by: User, reason: str
) -> None:
    """Leave the events of a split in both projects."""
    told = {"categories": list(categories), "part_id": part.id, "name": part.name, "reason": reason.strip()}
    events.record(session, Kind.PROJECT_SPLIT, project, by=by, project_id=project.id, **told)
    opened = {"name": part.name, "cell": f"{part.phase}/{part.step}", "parent_id": part.parent_id}
    events.record(session, Kind.PROJECT_OPENED, part, by=by, project_id=part.id, reason=reason.strip(), **opened)


def _copy(session: Session, project: Project, part: Project, belongings: Sequence[tuple[Any, tuple[str, ...]]]) -> None:
    """Everybody who belongs to the site belongs to its part, too."""
    for model, shared in belongings:
        for row in session.scalars(select(model).where(model.project_id == project.id)):
            session.add(model(project_id=part.id, **{column: getattr(row, column) for column in shared}))
