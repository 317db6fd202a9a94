"""What the rules say of something that somebody is to be given.

A reward is judged for the project it is entered for, and for every open project in which its recipient takes part: a
study trip that no project names is one all the same while he decides about a public hospital. While a tender runs,
nobody at a firm that is owner, agent or designer there gets anything (G31).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.access import visible
from tracker.errors import Refused
from tracker.i18n import _l, lang
from tracker.matrix.definitions import current_definition, definition_of
from tracker.matrix.facts import ANCHOR, load_facts
from tracker.matrix.models import Evidence
from tracker.matrix.operations.judging import Blocked
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectContact, ProjectParty
from tracker.team.models import User
from workflows.definition import Definition
from workflows.engine import Decision, decide
from workflows.facts import BuildingFacts, ProjectFacts
from workflows.rewards import WATCHED, part_of
from workflows.wishes import GiveBenefit

RUNNING = ("active", "suspended")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say: by the `facts` and `definition` of the project it is for, or of none; `wish` as judged."""

    wish: GiveBenefit
    definition: Definition
    facts: ProjectFacts
    decision: Decision


def judge_reward(
    session: Session, contact: Contact, project: Project | None, *, kind: str, value: Decimal, on: date, by: User
) -> Verdict:
    """The decision on giving this to a person on a day; raises Refused or Blocked where nobody's consent would help."""
    roles = _roles(session, contact)
    kind_of_firm = session.scalars(select(Party.kind).where(Party.id == contact.party_id)).one()
    definition = definition_of(session, project) if project else current_definition()
    facts = load_facts(session, definition, project) if project else facts_without_project(definition, on)
    role = roles.get(project.id, kind_of_firm) if project else kind_of_firm
    wish = GiveBenefit(kind, part_of(role), value, whom=contact.id)
    decision = decide(definition, facts, wish, on)
    if not decision.allowed and not decision.overridable:
        raise Blocked(decision, wish)
    for other, takes_part in _others(session, contact, project):
        here = replace(wish, to=part_of(roles.get(other.id, kind_of_firm)))
        _refuse_elsewhere(session, other, here, on, by, rules=("G30", "G31") if takes_part else ("G31",))
    return Verdict(wish, definition, facts, decision)


def facts_of_none(session: Session) -> tuple[Definition, ProjectFacts]:
    """What something is judged by today that no project is named for."""
    definition = current_definition()
    return definition, facts_without_project(definition, clock.today())


def facts_without_project(definition: Definition, on: date) -> ProjectFacts:
    """The facts where no project is named: of a project of which nothing is known yet."""
    phase, step = definition.phases[0].key, definition.steps[0].key
    route = definition.routes[0].key
    return ProjectFacts(route=route, phase=phase, phase_since=on, buildings=(BuildingFacts(0, "", step, on),))


def _refuse_elsewhere(
    session: Session, other: Project, wish: GiveBenefit, on: date, by: User, *, rules: Sequence[str]
) -> None:
    definition = definition_of(session, other)
    decision = decide(definition, load_facts(session, definition, other), wish, on)
    fired = [one for one in decision.blocking if one.rule_id in rules]
    if fired:
        seen = session.scalar(select(Project.id).where(Project.id == other.id, visible(Project, by)))
        site = other.name if seen else _l("a project that you do not see")
        why = _l("He takes part in %(site)s: %(why)s", site=site, why=fired[0].detail.get(lang()))
        raise Refused(why, rules=[one.rule_id for one in fired])


def _roles(session: Session, contact: Contact) -> dict[int, str]:
    """The role of his firm on each of its projects, the one that G31 watches before others."""
    rows = select(ProjectParty.project_id, ProjectParty.role).where(ProjectParty.party_id == contact.party_id)
    found: dict[int, str] = {}
    for project_id, role in session.execute(rows):
        if project_id not in found or role in WATCHED:
            found[project_id] = role
    return found


def _others(session: Session, contact: Contact, project: Project | None) -> Sequence[tuple[Project, bool]]:
    """The open projects in whose circle he is (True), and those of his firm's whose tender is out."""
    in_circle = exists().where(ProjectContact.project_id == Project.id, ProjectContact.contact_id == contact.id)
    of_firm = exists().where(
        ProjectParty.project_id == Project.id,
        ProjectParty.party_id == contact.party_id,
        ProjectParty.role.in_(WATCHED),
    )
    tendered = exists().where(Evidence.project_id == Project.id, Evidence.target == f"{ANCHOR}tender_issued")
    theirs = select(ProjectParty.project_id).where(ProjectParty.party_id == contact.party_id)
    his = select(ProjectContact.project_id).where(ProjectContact.contact_id == contact.id)
    query = select(Project, in_circle).where(
        Project.id.in_(theirs.union(his)), Project.state.in_(RUNNING), or_(in_circle, and_(of_firm, tendered))
    )
    if project is not None:
        query = query.where(Project.id != project.id)
    return [(other, bool(takes_part)) for other, takes_part in session.execute(query.order_by(Project.id))]
