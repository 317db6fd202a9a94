"""The fingerprint of a firm: the matrices of its projects laid on top of each other.

Where brands are fixed (the proofs that the drawing, the list or the sealed sample carries us), where we enter, where we
win and lose, why and to whom; for one of its roles or for all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import CTE, String, and_, cast, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from tracker.access import seen_traces, sight, visible
from tracker.history.models import Standing
from tracker.matrix.models import Evidence, LifecycleChange, Record
from tracker.parties.models import Contact, Party
from tracker.parties.queries.figures import PARTIES, theirs
from tracker.projects.models import CategoryLine, Project, ProjectContact, ProjectParty
from tracker.remembering import remembered
from tracker.team.models import User
from workflows.definition import CellKey, Definition

FIXING = ("spec_clause", "on_list", "sample_sealed")
"""The exit criteria by whose proof a brand is fixed: in the drawing, on the list, with the sealed sample."""
DECIDER = "decision_maker"
BUYERS_ROUTES = ("contractor_buy",)
MOST = 500  # losses and drawings that are named
NAMED = 6  # of those who decide


@dataclass(slots=True)
class Stack:
    """One cell of all projects: how many stood in it, how many records were made there, how many brands were fixed
    (`fixed`: by what), in how many we entered, won and lost there."""

    stood: int = 0
    records: int = 0
    entered: int = 0
    won: int = 0
    lost: int = 0
    fixed: dict[str, int] = field(default_factory=dict)

    @property
    def fixings(self) -> int:
        """How many proofs of a fixed brand were met here."""
        return sum(self.fixed.values())


class Loss(NamedTuple):
    """A project that was lost, or one `category` of it, in which cell, why and to whom."""

    project_id: int
    name: str
    phase: str
    step: str
    on: date
    reason_key: str | None
    told: Mapping[str, Any]
    category: str | None

    @property
    def winner(self) -> str:
        """Who got it, as far as somebody said."""
        return str(self.told.get("winner") or "")


class Drawing(NamedTuple):
    """A proof that a drawing carries us; `designers`: the people of the firm who are known on the project."""

    project_id: int
    name: str
    target: str
    on: date
    note: str | None
    designers: str | None


class Decider(NamedTuple):
    """Somebody who decides, with his firm, and on how many of the projects."""

    contact_id: int
    name: str
    projects: int


@dataclass(slots=True)
class Fingerprint:
    """All of it. `roles`: in how many projects the firm has each role; `contractor_bought`: how many of the projects
    follow a route on which the contractor buys; `say`: on how many one of the firm's people decides; `deciding`: on how
    many whoever decides comes from a firm in which role; `deciders`: those who decide on most."""

    projects: int = 0
    roles: Mapping[str, int] = field(default_factory=dict)
    cells: dict[CellKey, Stack] = field(default_factory=dict)
    losses: Sequence[Loss] = ()
    drawings: Sequence[Drawing] = ()
    routes: dict[str, int] = field(default_factory=dict)
    say: int = 0
    deciding: Mapping[str, int] = field(default_factory=dict)
    deciders: Sequence[Decider] = ()

    @property
    def contractor_bought(self) -> int:
        """Projects on which the contractor buys."""
        return sum(self.routes.get(route, 0) for route in BUYERS_ROUTES)

    @property
    def reasons(self) -> list[tuple[str | None, int]]:
        """Why projects were lost, the most frequent first."""
        return Counter(loss.reason_key for loss in self.losses).most_common()

    @property
    def winners(self) -> list[tuple[str, int]]:
        """Who won what we lost, the most frequent first."""
        return Counter(loss.winner for loss in self.losses if loss.winner).most_common()

    def levels(self) -> dict[CellKey, int]:
        """The shade of each cell in which projects stood, from 1 to 6."""
        most = max((one.stood for one in self.cells.values()), default=0)
        return {key: 1 + int(5 * (one.stood / most) ** 0.5) for key, one in self.cells.items() if one.stood}

    def most(self, what: str) -> tuple[CellKey, int, int] | None:
        """The cell in which most were entered, won, lost or fixed: the cell, how many there, how many in all."""
        counts = {key: getattr(one, what) for key, one in self.cells.items()}
        total = sum(counts.values())
        if not total:
            return None
        key = max(counts, key=lambda one: counts[one])
        return key, counts[key], total

    def fixed_by(self, kind: str) -> int:
        """How many proofs of one kind."""
        return sum(one.fixed.get(kind, 0) for one in self.cells.values())


def fixing_targets(definition: Definition) -> dict[str, str]:
    """The targets of evidence that fix a brand, with the kind of each: `X.<phase>.<key>`."""
    return {one.id: one.key for phase in definition.phases for one in phase.exit if one.key in FIXING}


def load_fingerprint(
    session: Session, by: User, party_ids: Sequence[int], definition: Definition, role: str = ""
) -> Fingerprint:
    """The stacked matrices of the projects that the user sees, in two or three statements."""
    targets = tuple(fixing_targets(definition).items())
    values = {"parties": list(party_ids), **({"role": role} if role else {})}
    found = Fingerprint()
    roles: dict[str, int] = {}
    deciding: dict[str, int] = {}
    deciders: list[Decider] = []
    for mark, one, other, count in session.execute(_marks(targets, bool(role), by), values):
        match mark:
            case "role":
                roles[one] = count
            case "say":
                found.say = count
            case "deciding":
                deciding[one] = count
            case "decider":
                deciders.append(Decider(int(one), other, count))
            case "route":
                found.routes[one] = count
                found.projects += count
            case _:
                cell = found.cells.setdefault((one, other), Stack())
                if mark in FIXING:
                    cell.fixed[mark] = cell.fixed.get(mark, 0) + count
                else:
                    setattr(cell, mark, count)
    found.roles = dict(sorted(roles.items(), key=lambda pair: -pair[1]))
    found.deciding = dict(sorted(deciding.items(), key=lambda pair: (-pair[1], pair[0])))
    found.deciders = sorted(deciders, key=lambda one: (-one.projects, one.contact_id))
    found.losses = [Loss(*row) for row in session.execute(_lost(bool(role), by), values)]
    for loss in found.losses:
        found.cells.setdefault((loss.phase, loss.step), Stack()).lost += 1
    if found.fixed_by("spec_clause"):
        drawn = tuple(target for target, kind in targets if kind == "spec_clause")
        found.drawings = [Drawing(*row) for row in session.execute(_drawings(drawn, bool(role), by), values)]
    return found


@remembered(sight)
def _marks(targets: tuple[tuple[str, str], ...], in_role: bool, by: User) -> Any:
    projects = theirs(by, in_role=in_role)
    parts = [
        _roles(by),
        select(literal("route"), Project.route, literal(""), func.count())
        .join(projects, projects.c.id == Project.id)
        .group_by(Project.route),
        _say(by, projects),
        _deciding(by, projects),
        _deciders(by, projects),
        _stood(projects),
        _first(projects, "entered"),
        _first(projects, "won", in_state=True),
        _records(by, projects),
        *(_fixed(projects, target, kind) for target, kind in targets),
    ]
    return union_all(*parts)


def _roles(by: User) -> Any:
    seen = exists().where(Project.id == ProjectParty.project_id, Project.merged_into_id.is_(None), visible(Project, by))
    query = select(literal("role").label("mark"), ProjectParty.role.label("one"), literal("").label("other"),
                   func.count(func.distinct(ProjectParty.project_id)).label("count"))  # fmt: skip
    query = query.where(ProjectParty.party_id.in_(PARTIES), seen.correlate(ProjectParty))
    return query.group_by(ProjectParty.role)


def _stood(projects: CTE) -> Any:
    """How many projects stood in each cell; each project's cells first, then all are counted."""
    cells = select(projects.c.id, Standing.phase, Standing.step).distinct().select_from(projects)
    each = cells.join(Standing, Standing.project_id == projects.c.id).subquery()
    return select(literal("stood"), each.c.phase, each.c.step, func.count()).group_by(each.c.phase, each.c.step)


def _first(projects: CTE, mark: str, *, in_state: bool = False) -> Any:
    """In which cells the projects stood first, or first in a state that they are in still."""
    early = aliased(Standing)
    of_state = [early.state == mark] if in_state else []
    day = select(func.min(early.from_day)).where(early.project_id == projects.c.id, *of_state).scalar_subquery()
    query = select(literal(mark), Standing.phase, Standing.step, func.count()).select_from(projects)
    query = query.join(Standing, and_(Standing.project_id == projects.c.id, Standing.from_day == day))
    if in_state:
        query = query.join(Project, and_(Project.id == projects.c.id, Project.state == mark))
    return query.group_by(Standing.phase, Standing.step)


def _records(by: User, projects: CTE) -> Any:
    query = select(literal("records"), Record.phase, Record.step, func.count())
    query = query.join(projects, projects.c.id == Record.project_id)
    return query.where(Record.is_plan.is_(False), seen_traces(Record, by)).group_by(Record.phase, Record.step)


def _fixed(projects: CTE, target: str, kind: str) -> Any:
    """The cell in which the proof was met: that of its record, else where the project stood when it was handed in."""
    stood = aliased(Standing)
    phase, step = func.coalesce(Record.phase, stood.phase), func.coalesce(Record.step, stood.step)
    count = func.count(func.distinct(Evidence.project_id))
    query = select(literal(kind), phase, step, count).select_from(Evidence)
    query = query.join(projects, projects.c.id == Evidence.project_id)
    query = query.outerjoin(Record, Record.id == Evidence.record_id).outerjoin(
        stood,
        and_(
            Evidence.record_id.is_(None),
            stood.project_id == Evidence.project_id,
            stood.from_day <= Evidence.recorded_on,
            or_(stood.to_day.is_(None), stood.to_day > Evidence.recorded_on),
        ),
    )
    return query.where(Evidence.target == target, phase.is_not(None)).group_by(phase, step)


@remembered(sight)
def _lost(in_role: bool, by: User) -> Any:
    """Lost projects, and lost lines of others, with the cell in which they stood that day, the newest first."""
    projects = theirs(by, in_role=in_role)
    change, later, stood = LifecycleChange, aliased(LifecycleChange), aliased(Standing)
    last = ~exists().where(
        later.project_id == change.project_id,
        func.coalesce(later.category, "") == func.coalesce(change.category, ""),
        later.id > change.id,
    )
    line = exists().where(
        CategoryLine.project_id == Project.id,
        CategoryLine.category == change.category,
        CategoryLine.result == "lost",
        Project.state != "lost",
    )
    phase, step = func.coalesce(stood.phase, Project.phase), func.coalesce(stood.step, Project.step)
    query = select(Project.id, Project.name, phase, step, change.on, change.reason_key, change.told, change.category)
    query = query.select_from(change).join(projects, projects.c.id == change.project_id)
    query = query.join(Project, Project.id == change.project_id).outerjoin(
        stood,
        and_(
            stood.project_id == Project.id,
            stood.from_day <= change.on,
            or_(stood.to_day.is_(None), stood.to_day > change.on),
        ),
    )
    whole = and_(change.category.is_(None), Project.state == "lost")
    query = query.where(change.target == "lost", last, or_(whole, line))
    return query.order_by(change.on.desc(), change.id.desc()).limit(MOST)


def _their_people(by: User) -> Any:
    return and_(Contact.party_id.in_(PARTIES), visible(Contact, by))


def _say(by: User, projects: CTE) -> Any:
    """On how many projects one of the firm's people decides."""
    count = func.count(func.distinct(ProjectContact.project_id))
    query = select(literal("say"), literal(""), literal(""), count)
    query = query.join(projects, projects.c.id == ProjectContact.project_id)
    query = query.join(Contact, Contact.id == ProjectContact.contact_id)
    return query.where(ProjectContact.role == DECIDER, _their_people(by))


def _deciding(by: User, projects: CTE) -> Any:
    """On how many projects whoever decides is at a firm in which role there."""
    count = func.count(func.distinct(ProjectContact.project_id))
    query = select(literal("deciding"), ProjectParty.role, literal(""), count)
    query = query.join_from(projects, ProjectContact, ProjectContact.project_id == projects.c.id)
    query = query.join(Contact, Contact.id == ProjectContact.contact_id)
    theirs = and_(ProjectParty.project_id == ProjectContact.project_id, ProjectParty.party_id == Contact.party_id)
    query = query.join(ProjectParty, theirs).where(ProjectContact.role == DECIDER, visible(Contact, by))
    return query.group_by(ProjectParty.role)


def _deciders(by: User, projects: CTE) -> Any:
    """Who decides on most of the projects, wherever he works; the projects' people first, then all are counted."""
    each = select(projects.c.id, ProjectContact.contact_id).distinct().select_from(projects)
    each = each.join(ProjectContact, ProjectContact.project_id == projects.c.id)
    those = each.where(ProjectContact.role == DECIDER).subquery()
    times = func.count().label("times")
    counted = select(those.c.contact_id, times).group_by(those.c.contact_id)
    most = counted.order_by(times.desc(), those.c.contact_id).limit(NAMED).subquery()
    query = select(literal("decider"), cast(Contact.id, String), Contact.name + " · " + Party.name, most.c.times)
    query = query.select_from(most).join(Contact, Contact.id == most.c.contact_id)
    return query.join(Party, Party.id == Contact.party_id).where(visible(Contact, by))


@remembered(sight)
def _drawings(targets: tuple[str, ...], in_role: bool, by: User) -> Any:
    """The proofs that a drawing carries us, the newest first, with the firm's people on the project."""
    projects = theirs(by, in_role=in_role)
    designers = (
        select(func.aggregate_strings(Contact.name, " · "))
        .join(ProjectContact, ProjectContact.contact_id == Contact.id)
        .where(ProjectContact.project_id == Project.id, _their_people(by))
        .correlate(Project)
        .scalar_subquery()
    )
    query = select(Project.id, Project.name, Evidence.target, Evidence.dated_on, Evidence.note, designers)
    query = query.join(projects, projects.c.id == Project.id).join(Evidence, Evidence.project_id == Project.id)
    query = query.where(Evidence.target.in_(targets))
    return query.order_by(Evidence.dated_on.desc(), Evidence.id.desc()).limit(MOST)
