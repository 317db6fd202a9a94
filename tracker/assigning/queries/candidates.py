"""Colleagues as the ranking wants them: what they cover, know, carry and have won. Few statements, for however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from tracker.absences.queries import Away
from tracker.access import Action, may, reaches, sees_others
from tracker.assigning.models import Skill, Territory
from tracker.assigning.queries.pool import limit_of, load_limits
from tracker.leads.models import OPEN, Lead
from tracker.matrix.definitions import current_definition
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.assigning import Area, Candidate, Wanted
from workflows.text import NO_TEXT, Text

WON = ("won", "closed")


@dataclass(frozen=True, slots=True)
class Bench:
    """The people who may get leads, by number, and those who are here as the ranking wants them."""

    people: dict[int, User]
    candidates: tuple[Candidate, ...]


def load_bench(
    session: Session, things: Sequence[Any], away: Away, *, by: User | None = None, team_id: int | None = None
) -> Bench:
    """Who may get these leads or projects: active people of ours who work in the field, where `by` may give (None:
    everywhere). With `team_id` only those of this team. Whoever is away is among the people, but no candidate.
    """
    query = select(User).where(User.active, User.party_id.is_(None)).order_by(User.id)
    if team_id is not None:
        query = query.where(User.team_id == team_id)
    found = session.scalars(query.options(joinedload(User.role), joinedload(User.team))).all()
    people = {one.id: one for one in found if _in_the_field(one) and (by is None or reaches(by, one.team))}
    here = {key: one for key, one in people.items() if key not in away}
    return Bench(people, _candidates(session, here, things))


def _in_the_field(user: User) -> bool:
    return may(user, Action.LEAD_CONVERT) and may(user, Action.RECORD_LOG) and not sees_others(user)


def _candidates(session: Session, people: dict[int, User], things: Sequence[Any]) -> tuple[Candidate, ...]:
    if not people:
        return ()
    ids = list(people)
    areas, skills = _areas(session, people), _skills(session, ids)
    limits, loads = load_limits(session), count_loads(session, ids)
    kinds, developers = _won(session, ids, things)
    return tuple(
        Candidate(
            one.id,
            areas=tuple(areas[one.id]),
            kinds=frozenset(skills[one.id, "kind"]),
            sources=frozenset(skills[one.id, "source"]),
            categories=frozenset(skills[one.id, "category"]),
            load=loads.get(one.id, 0),
            limit=limit_of(limits, one.role_id).load,
            won_kinds=kinds[one.id],
            won_developers=frozenset(developers[one.id]),
        )
        for one in people.values()
    )


def _areas(session: Session, people: dict[int, User]) -> dict[int, list[Area]]:
    found: dict[int, list[Area]] = defaultdict(list)
    for row in session.scalars(select(Territory).order_by(Territory.id)):
        area = Area(row.name, row.region_id, row.district, row.latitude, row.longitude, row.radius_km)
        for one in people.values():
            if row.user_id == one.id or (row.user_id is None and row.team_id == one.team_id):
                found[one.id].append(area)
    return found


def _skills(session: Session, ids: Sequence[int]) -> dict[tuple[int, str], set[str]]:
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for user_id, what, key in session.execute(
        select(Skill.user_id, Skill.what, Skill.key).where(Skill.user_id.in_(ids))
    ):
        found[user_id, what].add(key)
    return found


def count_loads(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """Open leads and active projects of each person, in one grouped statement."""
    leads = select(Lead.owner_id.label("owner_id")).where(Lead.owner_id.in_(ids), Lead.state.in_(OPEN))
    projects = select(Project.owner_id).where(Project.owner_id.in_(ids), Project.state == "active")
    both = union_all(leads, projects).subquery()
    counted = session.execute(select(both.c.owner_id, func.count()).group_by(both.c.owner_id))
    return dict(counted.all())


def _won(
    session: Session, ids: Sequence[int], things: Sequence[Any]
) -> tuple[dict[int, dict[str, int]], dict[int, set[int]]]:
    """Projects won by person and kind, and the developers won with; of those that these things are about."""
    kinds: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    developers: dict[int, set[int]] = defaultdict(set)
    about = or_(
        Project.kind.in_({one.kind for one in things if one.kind}),
        Project.developer_id.in_({one.developer_id for one in things if one.developer_id}),
    )
    grouped = (
        select(Project.owner_id, Project.kind, Project.developer_id, func.count())
        .where(Project.owner_id.in_(ids), Project.state.in_(WON), about)
        .group_by(Project.owner_id, Project.kind, Project.developer_id)
    )
    for owner_id, kind, developer_id, number in session.execute(grouped):
        assert owner_id is not None
        kinds[owner_id][kind] += number
        if developer_id:
            developers[owner_id].add(developer_id)
    return kinds, developers


def wanted_of(things: Iterable[Any]) -> list[Wanted]:
    """Leads or projects, their `categories` loaded, as the ranking wants them."""
    definition = current_definition()
    materials = {window.category: window.name for window in definition.windows}
    kinds = {item.key: item.name for item in definition.picklist("project_types").items}
    sources = {item.key: item.name for item in definition.picklist("lead_sources").items}
    return [
        Wanted(
            region_id=one.region_id,
            address=f"{one.name} {one.address or ''}",
            latitude=one.latitude,
            longitude=one.longitude,
            kind=one.kind,
            source=one.source or "",
            developer_id=one.developer_id,
            kind_name=kinds.get(one.kind or "", NO_TEXT),
            source_name=sources.get(one.source or "", Text(one.source or "", one.source or "")),
            categories={row.category: materials[row.category] for row in one.categories if row.category in materials},
        )
        for one in things
    ]
