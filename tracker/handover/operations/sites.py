"""Projects and leads that go to others: few statements, however many they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import events
from tracker.access import Action, can
from tracker.errors import TrackerError
from tracker.events import Kind
from tracker.handover.models import Takeover
from tracker.handover.operations.plans import NOBODY, Choice, Going
from tracker.i18n import _l
from tracker.leads.models import OPEN, Lead, LeadMember
from tracker.leads.operations.assigning import give_lead
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts_of_many
from tracker.projects.models import Project
from tracker.projects.operations.giving import Handover, check_owner, give_project
from tracker.team.models import User
from workflows.definition import Definition
from workflows.facts import ProjectFacts

CHUNK = 500  # projects whose facts come by one statement
Refusals = list[tuple[str, Any]]
Known = Mapping[int, tuple[Definition, ProjectFacts]]

GONE = _l("It is gone, or not yours to give any more.")
CHANGED = _l("Somebody changed it meanwhile. Look again, then decide.")
HIMSELF = _l("It cannot go to the one who gives it away.")
UNREADABLE = _l("Its facts do not fit together; an administrator has to look at it first.")


def give_projects(session: Session, going: Going) -> Refusals:
    """Give the projects to their successors; what could not go is returned by name, and then nothing may stay."""
    refused: Refusals = []
    things = _held(session, Project, going, going.plan.projects)
    wanted = list(_wanted(things, going, going.plan.projects, Action.PROJECT_REASSIGN, refused))
    known = _facts(session, [project for project, _owner, _choice in wanted])
    for project, owner, choice in wanted:
        if project.id not in known:
            refused.append((project.name, UNREADABLE))
            continue
        handover = Handover(choice.note, choice.introduced, going.plan.leaves, going.handing)
        _try(refused, project.name, _giving(session, project, owner, known, going, handover))
        going.projects[project.id] = owner
    return refused


def _giving(
    session: Session, project: Project, owner: User, known: Known, going: Going, handover: Handover
) -> Callable[[], Any]:
    def give() -> None:
        check_owner(owner)
        reason = going.handing.reason
        give_project(session, project, owner, known[project.id], by=going.by, reason=reason, handover=handover)

    return give


def give_leads(session: Session, going: Going) -> Refusals:
    """The same with leads. Those that are closed keep their team's place in the lists but get an owner who is there;
    one that became a project goes where the project is."""
    refused: Refusals = []
    things = _held(session, Lead, going, going.plan.leads)
    becoming = _project_owners(session, things)
    readers = _readers(session, going) if going.plan.keeps_reading and not going.plan.leaves else None
    for lead, owner, choice in _wanted(things, going, going.plan.leads, Action.LEAD_ASSIGN, refused):
        if lead.state not in OPEN:
            owner = becoming.get(lead.project_id or 0, owner)
        if not _try(refused, lead.name, lambda owner=owner: check_owner(owner)):  # type: ignore[misc]
            continue
        _give_lead(session, lead, owner, choice, going)
        if readers is not None and lead.id not in readers:
            session.add(LeadMember(lead_id=lead.id, user_id=going.person.id))
    return refused


def _give_lead(session: Session, lead: Lead, owner: User, choice: Choice, going: Going) -> None:
    if lead.state in OPEN:
        give_lead(session, lead, owner)
        session.add(
            Takeover(
                handing=going.handing,
                lead_id=lead.id,
                from_id=going.person.id,
                to_id=owner.id,
                by_id=going.by.id,
                note=choice.note.strip() or None,
                leaver=going.plan.leaves,
            )
        )
    else:
        lead.owner_id, lead.team_id = owner.id, owner.team_id
    going.leads[lead.id] = owner
    told = {"before": going.person.id, "owner_id": owner.id, "owner": owner.name, **going.told}
    events.record(session, Kind.LEAD_ASSIGNED, lead, by=going.by, **told)


def _held(session: Session, model: Any, going: Going, chosen: Sequence[Choice]) -> dict[int, Any]:
    """What is his: all of it where he leaves, else what somebody was chosen for."""
    query = select(model).where(model.owner_id == going.person.id).order_by(model.id)
    if not going.plan.leaves:
        query = query.where(model.id.in_([choice.thing_id for choice in chosen if choice.owner_id]))
    rows = session.scalars(query.options(joinedload(model.team)).with_for_update(of=model))
    return {one.id: one for one in rows}


def _wanted(
    things: Mapping[int, Any], going: Going, chosen: Sequence[Choice], action: Action, refused: Refusals
) -> Iterator[tuple[Any, User, Choice]]:
    """Each thing that goes, with its successor. A choice counts for what its maker may give himself."""
    choices = {choice.thing_id: choice for choice in chosen if choice.owner_id or going.plan.leaves}
    refused += [(f"#{number}", GONE) for number in choices if number not in things]
    for number, thing in things.items():
        choice = choices.get(number, Choice(number, thing.version))
        owner = going.owners.get(choice.owner_id or going.plan.successor_id or 0)
        if number in choices and not can(going.by, action, thing):
            refused.append((f"#{number}", GONE))
        elif choice.version != thing.version:
            refused.append((thing.name, CHANGED))
        elif owner is None:
            refused.append((thing.name, NOBODY))
        elif owner.id == going.person.id:
            refused.append((thing.name, HIMSELF))
        else:
            yield thing, owner, choice


def _facts(session: Session, projects: Sequence[Project]) -> Known:
    known: dict[int, tuple[Definition, ProjectFacts]] = {}
    for start in range(0, len(projects), CHUNK):
        pairs = [(definition_of(session, project), project) for project in projects[start : start + CHUNK]]
        definitions = {project.id: definition for definition, project in pairs}
        for project, facts in load_facts_of_many(session, pairs):
            if not isinstance(facts, Exception):
                known[project.id] = (definitions[project.id], facts)
    return known


def _project_owners(session: Session, leads: Mapping[int, Lead]) -> dict[int, User]:
    """The active owners of the projects that leads became."""
    session.flush()
    numbers = {lead.project_id for lead in leads.values() if lead.project_id}
    if not numbers:
        return {}
    query = select(Project.id, User).join(User, User.id == Project.owner_id)
    rows: Any = session.execute(query.where(Project.id.in_(numbers), User.active, User.party_id.is_(None)))
    return dict(rows.all())


def _readers(session: Session, going: Going) -> set[int]:
    """The leads that are shared with him already."""
    return set(session.scalars(select(LeadMember.lead_id).where(LeadMember.user_id == going.person.id)))


def _try(refused: Refusals, name: str, deed: Callable[[], Any]) -> bool:
    try:
        deed()
    except TrackerError as error:
        refused.append((name, error.message))
        return False
    return True
