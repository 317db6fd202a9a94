"""What the first week of somebody is made of: cells to read, people to meet, first records; each with whether it is
done. The user comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import Action, may, visible
from tracker.calendar.models import CalendarFeed
from tracker.gallery.models import Photo
from tracker.leads.models import Lead
from tracker.matrix.definitions import current_definition
from tracker.matrix.models import Record
from tracker.newcomers.models import NewcomerTick, PracticeProject
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact, ProjectMember
from tracker.team.models import Team, User
from workflows.definition import CellKey, Definition

READ, MEET, SITES = 4, 9, 4  # cells, colleagues, people of sites


@dataclass(frozen=True, slots=True)
class Step:
    """Something of the first week. `what`: cell, colleague, contact, or the kind of first record; `thing`: which."""

    key: str
    what: str
    thing: Any
    done: bool


@dataclass(frozen=True, slots=True)
class FirstWeek:
    """What to read, whom to meet, what to do first."""

    person: User
    read: Sequence[Step]
    meet: Sequence[Step]
    do: Sequence[Step]

    @property
    def steps(self) -> Sequence[Step]:
        """All of it."""
        return [*self.read, *self.meet, *self.do]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(one.done for one in self.steps)


def load_first_week(session: Session, by: User, person: User) -> FirstWeek:
    """Somebody's first week (his role and team are loaded) as `by` may see it."""
    ticked = set(session.scalars(select(NewcomerTick.key).where(NewcomerTick.user_id == person.id)))
    cells = [_step(f"cell:{'/'.join(cell)}", "cell", cell, ticked) for cell in cells_to_read(session, person)]
    people = [_step(f"user:{one.id}", "colleague", one, ticked) for one in _colleagues(session, by, person)]
    people += [_step(f"contact:{one.id}", "contact", one, ticked) for one in _on_sites(session, by, person)]
    did = _did(session, person)
    return FirstWeek(person, cells, people, [Step(key, key, None, done) for key, done in did.items()])


def _step(key: str, what: str, thing: Any, ticked: set[str]) -> Step:
    return Step(key, what, thing, key in ticked)


def cells_to_read(session: Session, person: User) -> Sequence[CellKey]:
    """The cells in which most of his own sites stand, else of those he sees; filled up with the first cells in which
    each phase is at its best."""
    definition = current_definition()
    member = select(ProjectMember.project_id).where(ProjectMember.user_id == person.id)
    own = or_(Project.owner_id == person.id, Project.id.in_(member))
    query = select(Project.phase, Project.step).where(Project.state == "active", own)
    query = query.group_by(Project.phase, Project.step).order_by(func.count().desc(), Project.phase, Project.step)
    rows = [(phase, step) for phase, step in session.execute(query.limit(READ)) if _is_known(definition, phase, step)]
    return list(dict.fromkeys([*rows, *_best(definition)]))[:READ]


def _is_known(definition: Definition, phase: str, step: str) -> bool:
    return definition.knows("cell", (phase, step))


def _best(definition: Definition) -> list[CellKey]:
    found = []
    for phase in definition.phases:
        cells = [cell for cell in definition.cells if cell.phase == phase.key and cell.hints]
        cells.sort(key=lambda cell: (cell.status != "normal", -len(cell.hints)))
        found += [cell.key for cell in cells[:1]]
    return found


def _colleagues(session: Session, by: User, person: User) -> Sequence[User]:
    """His supervisor, one of each department that serves sites, and some of his team."""
    leader = session.scalar(select(Team.supervisor_id).where(Team.id == person.team_id)) if person.team_id else None
    query = select(User).where(User.active, User.party_id.is_(None), User.id != person.id, visible(User, by))
    people = session.scalars(query.order_by(User.id).options(joinedload(User.role), joinedload(User.team))).all()
    first = [one for one in people if one.id == leader]
    desks: dict[str, User] = {}
    for one in people:
        if one.department and one.department != person.department and may(one, Action.DESK_SERVE):
            desks.setdefault(one.department, one)
    mates = [one for one in people if one.team_id is not None and one.team_id == person.team_id]
    return list({one.id: one for one in (*first, *desks.values(), *mates)}.values())[:MEET]


def _on_sites(session: Session, by: User, person: User) -> Sequence[Contact]:
    """People of his own sites, those first who decide there and were not met for longest."""
    query = (
        select(Contact)
        .join(ProjectContact, ProjectContact.contact_id == Contact.id)
        .join(Project, Project.id == ProjectContact.project_id)
        .where(Project.owner_id == person.id, Project.state == "active", visible(Contact, by))
        .order_by(
            (ProjectContact.role != "decision_maker"),
            ProjectContact.last_met_on.is_not(None),
            ProjectContact.last_met_on,
            Contact.id,
        )
        .limit(SITES * 3)
    )
    people = session.scalars(query.options(joinedload(Contact.party))).all()
    return list({one.id: one for one in people}.values())[:SITES]


def _did(session: Session, person: User) -> Mapping[str, bool]:
    """The first records: what was done already, in one statement."""
    own = Record.author_id == person.id
    ways = {
        "practice": exists().where(PracticeProject.user_id == person.id, PracticeProject.won_at.is_not(None)),
        "record": exists().where(own, Record.is_plan.is_(False)),
        "promise": exists().where(own, Record.next_on.is_not(None)),
        "plan": exists().where(own, Record.is_plan),
        "photo": exists().where(Photo.uploader_id == person.id),
        "lead": exists().where(Lead.created_by_id == person.id),
        "feed": exists().where(CalendarFeed.user_id == person.id),
    }
    if not may(person, Action.RECORD_LOG):
        ways = {key: ways[key] for key in ("practice", "feed")}
    elif not may(person, Action.LEAD_ADD):
        del ways["lead"]
    row = session.execute(select(*(way.label(key) for key, way in ways.items()))).one()
    return {key: bool(done) for key, done in zip(ways, row, strict=True)}


def find_practice(session: Session, by: User) -> PracticeProject | None:
    """The practice project that he plays in; None before the first."""
    query = select(PracticeProject).where(PracticeProject.user_id == by.id, PracticeProject.over_at.is_(None))
    return session.scalars(query.order_by(PracticeProject.id.desc()).limit(1)).first()
