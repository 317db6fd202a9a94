"""The windows that close next, with the visit to make about each. The user comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, union
from sqlalchemy.orm import Session

from tracker.access import Action, may, sees_others, sight, visible
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts_of_many
from tracker.notifications.models import WindowClock
from tracker.parties.models import Party
from tracker.projects.models import Project, ProjectDesk, ProjectMember, ProjectParty
from tracker.projects.queries import Named
from tracker.remembering import remembered
from tracker.team.models import User
from workflows.definition import Definition
from workflows.facts import ProjectFacts
from workflows.text import NO_TEXT, Text
from workflows.visiting import Visit, visit_for

MOST = 40  # windows on the page: so many visits can be planned, and their facts come by one statement


@dataclass(frozen=True, slots=True)
class Asked:
    """What the radar is narrowed by; empty values do not count."""

    owner: int | None = None
    category: str = ""
    activity: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Those that are set."""
        return tuple(name for name in ("owner", "category", "activity") if getattr(self, name))

    @property
    def values(self) -> dict[str, Any]:
        """Their values."""
        return {name: getattr(self, name) for name in self.names}


class Closes(NamedTuple):
    """A window that closes, of a project, with the owner's name."""

    project_id: int
    name: str
    phase: str
    step: str
    owner: Named | None
    category: str
    activity: str
    last_step: str
    closes_on: date
    observed: bool


@dataclass(frozen=True, slots=True)
class Blip:
    """A window on the radar with the visit to make; categories of a project whose windows close together are one.

    `whom`: the firm to see, where the project knows it; else who buys such a thing, in words.
    """

    window: Closes
    categories: Sequence[str]
    days: int
    definition: Definition
    visit: Visit
    whom: Named | None
    buyer: Text


@dataclass(frozen=True, slots=True)
class Radar:
    """The windows that close next; `more`: there are further ones."""

    blips: Sequence[Blip]
    more: bool


def load_radar(session: Session, by: User, asked: Asked, today: date) -> Radar:
    """The windows that close next, of all projects the user oversees, or of his own and those he helps with."""
    rows = session.execute(_nearest(asked.names, by), {**asked.values, "most": MOST + 1}).all()
    windows = [
        Closes(row[0], row[1], row[2], row[3], Named(row[4], row[5]) if row[4] else None, *row[6:]) for row in rows
    ]
    shown = windows[:MOST]
    situations = _situations(session, {window.project_id for window in shown})
    parties = _parties(session, list(situations))
    together: dict[Any, list[Closes]] = {}
    for window in shown:
        together.setdefault((window.project_id, window.activity, window.closes_on), []).append(window)
    blips = [
        _blip(group, situations[group[0].project_id], parties.get(group[0].project_id, {}), today)
        for group in together.values()
        if group[0].project_id in situations
    ]
    return Radar(blips, len(windows) > MOST)


_SHOWN = (
    select(Project.id, Project.name, Project.phase, Project.step, User.id, User.name)
    .add_columns(WindowClock.category, WindowClock.activity, WindowClock.last_step)
    .add_columns(WindowClock.closes_on, WindowClock.observed)
    .select_from(WindowClock)
    .join(Project, Project.id == WindowClock.project_id)
    .outerjoin(User, User.id == Project.owner_id)
)
_NARROWED = {
    "owner": WindowClock.owner_id == bindparam("owner"),
    "category": WindowClock.category == bindparam("category"),
    "activity": WindowClock.activity == bindparam("activity"),
}


@remembered(sight)
def _nearest(names: tuple[str, ...], by: User) -> Any:
    """Each way in which the user comes by windows gives its first ones in the order of an index; these are few."""
    narrowed = [_NARROWED[name] for name in names]
    order = (WindowClock.closes_on, WindowClock.project_id, WindowClock.category)
    most: Any = bindparam("most")
    ways = [select(WindowClock.id).where(way, *narrowed).order_by(*order).limit(most).subquery() for way in _ways(by)]
    first = union(*(select(way.c.id) for way in ways)) if len(ways) > 1 else select(ways[0].c.id)
    return _SHOWN.where(WindowClock.id.in_(first)).order_by(*order).limit(most)


def _ways(by: User) -> list[Any]:
    if sees_others(by):
        return [visible(WindowClock, by)]
    joined = select(ProjectMember.project_id).where(ProjectMember.user_id == by.id)
    ways = [WindowClock.owner_id == by.id, WindowClock.project_id.in_(joined)]
    if may(by, Action.DESK_SERVE) and by.department:
        desk = select(ProjectDesk.project_id).where(ProjectDesk.department == by.department)
        ways.append(WindowClock.project_id.in_(desk))
    return ways


def _situations(session: Session, ids: set[int]) -> Mapping[int, tuple[Definition, ProjectFacts]]:
    """Definition and facts of these projects, which the user sees."""
    projects = session.scalars(select(Project).where(Project.id.in_(ids))).all() if ids else []
    pairs = [(definition_of(session, project), project) for project in projects]
    definitions = {project.id: definition for definition, project in pairs}
    found = {}
    for project, facts in load_facts_of_many(session, pairs) if pairs else ():
        if not isinstance(facts, Exception):
            found[project.id] = (definitions[project.id], facts)
    return found


def _parties(session: Session, ids: Sequence[int]) -> Mapping[int, dict[str, Named]]:
    """The first firm of each role in these projects."""
    query = (
        select(ProjectParty.project_id, ProjectParty.role, Party.id, Party.name)
        .join(Party, Party.id == ProjectParty.party_id)
        .where(ProjectParty.project_id.in_(ids))
        .order_by(ProjectParty.id)
    )
    found: dict[int, dict[str, Named]] = {}
    for project_id, role, party, name in session.execute(query) if ids else ():
        found.setdefault(project_id, {}).setdefault(role, Named(party, name))
    return found


def _blip(
    group: Sequence[Closes], situation: tuple[Definition, ProjectFacts], parties: Mapping[str, Named], today: date
) -> Blip:
    window, (definition, facts) = group[0], situation
    visit = visit_for(definition, facts, window.category, today, parties)
    buyer = visit.buyers[0] if visit.buyers else ""
    days, categories = (window.closes_on - today).days, [one.category for one in group]
    return Blip(window, categories, days, definition, visit, parties.get(buyer), _kind(definition, buyer))


def _kind(definition: Definition, key: str) -> Text:
    """What a kind of participant is called; nothing where the definition has no such."""
    kinds = definition.picklist("participant_kinds").items
    return next((kind.name for kind in kinds if kind.key == key), NO_TEXT)
