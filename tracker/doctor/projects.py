"""Derived state against facts: what is stored with each project is what follows from what happened to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.contacts import keeping as contact_rows
from tracker.doctor.clocks import clock_faults, load_clocks
from tracker.doctor.findings import Finding, Told
from tracker.duplicates import indexing as match_keys
from tracker.history import keeping
from tracker.matrix.definitions import get_definition
from tracker.matrix.facts import load_facts_of_many
from tracker.matrix.models import DefinitionVersion, LifecycleChange, Move
from tracker.matrix.operations.refreshing import CHUNK, COLUMNS, Belonging, belonging_of, derive
from tracker.parties import tallying as firms
from tracker.projects import tallying
from tracker.projects.models import Project
from tracker.search import indexing
from workflows.definition import Definition
from workflows.errors import WorkflowError
from workflows.facts import ProjectFacts

STRANDED = "G46"  # the rule whose move strands a project, until its next phase move or its end
DECIDED = ("lost", "suspended", "closed")  # the states by which it is decided what becomes of a stranded project


def examine_definitions(session: Session) -> Iterator[Finding]:
    """Whether every published definition can still be read."""
    versions = select(DefinitionVersion.key, DefinitionVersion.version).order_by(DefinitionVersion.id)
    for key, version in session.execute(versions):
        try:
            get_definition(session, key, version)
        except WorkflowError as error:
            yield Finding(f"definition {key} {version}: {str(error).splitlines()[0]}")


def examine_projects(session: Session, tell: Told) -> Iterator[Finding]:
    """Compare every project's derived columns, its desks and its place with its facts."""
    total = session.scalar(select(func.count()).select_from(Project)) or 0
    done = last = 0
    while chunk := session.scalars(select(Project).where(Project.id > last).order_by(Project.id).limit(CHUNK)).all():
        yield from _examine_chunk(session, chunk)
        last, done = chunk[-1].id, done + len(chunk)
        session.expunge_all()
        tell("projects", done, total)


def examine_sums(session: Session) -> Iterator[Finding]:
    """Compare what is kept beside the rows with the rows: the board's tally, the indexes, the past days,
    the posts and numbers of contacts."""
    for team_id, *cell in tallying.faults(session):
        yield Finding(f"tally of team {team_id} at {'/'.join(cell)} is not what counting says")
    for number in firms.faults(session):
        yield Finding(f"party {number}: the tally of its projects is not what counting says")
    for name, number in indexing.faults(session):
        yield Finding(f"{name} {number}: its words in the search index are not its own")
    for name, number in match_keys.faults(session):
        yield Finding(f"{name} {number}: its keys in the index of match keys are not its own")
    yield from map(Finding, keeping.faults(session))
    yield from map(Finding, contact_rows.faults(session))


def _examine_chunk(session: Session, projects: Sequence[Project]) -> Iterator[Finding]:
    known = []
    for project in projects:
        try:
            known.append((get_definition(session, project.definition_key, project.definition_version), project))
        except (LookupError, WorkflowError):
            kept = f"{project.definition_key} {project.definition_version}"
            yield Finding(f"project {project.id}: its definition {kept} cannot be read")
    if not known:
        return
    ids = [project.id for _definition, project in known]
    belonging, moved = belonging_of(session, ids), _moves_of(session, ids)
    clocks, windows = load_clocks(session, ids)
    decided = _decided_at(session, ids)
    definitions = {project.id: definition for definition, project in known}
    for definition, project in known:
        yield from _foreign_keys(definition, project)
    for project, facts in load_facts_of_many(session, known):
        if isinstance(facts, Exception):
            yield Finding(f"project {project.id}: its rows make no sense: {facts}")
            continue
        try:
            definition = definitions[project.id]
            yield from _derived_faults(definition, project, facts, belonging[project.id])
            wound = clocks.get(project.id), windows[project.id]
            yield from clock_faults(definition, project, facts, *wound, clock.today())
        except (WorkflowError, KeyError) as error:
            yield Finding(f"project {project.id}: the definition does not know {error}")
            continue
        yield from _place_faults(project, facts, moved.get(project.id, []), decided.get(project.id))


def _foreign_keys(definition: Definition, project: Project) -> Iterator[Finding]:
    """Where a project stands in something that its version does not have."""
    version = f"{definition.key} {definition.version}"
    for name, known in (("phase", definition.phase_index), ("step", definition.step_index),
                        ("route", definition.lookups["route"])):  # fmt: skip
        if getattr(project, name) not in known:
            yield Finding(f"project {project.id}: its {name} {getattr(project, name)} is not in {version}")


def _derived_faults(
    definition: Definition, project: Project, facts: ProjectFacts, belonging: Belonging
) -> Iterator[Finding]:
    derived = derive(definition, facts, belonging, clock.today())
    for name in COLUMNS:
        stored, said = getattr(project, name), getattr(derived, name)
        if stored != said:
            yield Finding(f"project {project.id}: {name} is {stored}, the facts say {said}")
    if belonging.desks != derived.desks:
        kept, said = _list(belonging.desks), _list(derived.desks)
        yield Finding(f"project {project.id}: its desks are {kept}, the facts say {said}")


def _place_faults(
    project: Project, facts: ProjectFacts, moves: Sequence[Any], decided_at: datetime | None
) -> Iterator[Finding]:
    """Phase, steps and being stranded against the moves. What never moved stands where it was put."""
    phases = [move for move in moves if move.axis == "phase"]
    if phases and phases[-1].target != project.phase:
        yield Finding(f"project {project.id}: phase is {project.phase}, its last move went to {phases[-1].target}")
    steps = {move.building_id: move.target for move in moves if move.axis == "step"}
    for building in facts.buildings:
        target = steps.get(building.id, building.step)
        if target != building.step:
            yield Finding(f"building {building.id}: step is {building.step}, its last move went to {target}")
    since = phases[-1].id if phases else 0
    late = [move for move in moves if move.axis == "step" and move.id > since and STRANDED in move.rules]
    stranded = any(decided_at is None or move.at > decided_at for move in late)
    if moves and stranded != (project.stranded_on is not None):
        yield Finding(f"project {project.id}: stranded_on is {project.stranded_on}, its moves say {stranded}")


def _moves_of(session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    columns = (Move.project_id, Move.id, Move.axis, Move.building_id, Move.target, Move.rules, Move.at)
    for move in session.execute(select(*columns).where(Move.project_id.in_(ids)).order_by(Move.id)):
        found.setdefault(move.project_id, []).append(move)
    return found


def _decided_at(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """When each of these projects was last given up, laid to rest or closed."""
    query = (
        select(LifecycleChange.project_id, func.max(LifecycleChange.at))
        .where(LifecycleChange.project_id.in_(ids), LifecycleChange.category.is_(None))
        .where(LifecycleChange.target.in_(DECIDED))
        .group_by(LifecycleChange.project_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _list(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"
