"""Teams, roles, users: the tree holds together, and every capability means something."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.access import Action, Scope
from tracker.doctor.findings import Finding
from tracker.team.models import Role, Team, User


def examine_people(session: Session) -> Iterator[Finding]:
    """Everything about people that others rely on."""
    yield from _teams(session)
    yield from _roles(session)
    yield from _users(session)


def _teams(session: Session) -> Iterator[Finding]:
    teams = {row.id: row for row in session.execute(select(Team.id, Team.parent_id, Team.path, Team.name))}
    for team in teams.values():
        path = _path_of(team.id, {key: row.parent_id for key, row in teams.items()})
        if path is None:
            yield Finding(f"team {team.id} ({team.name}) lies below itself")
        elif path != team.path:
            yield Finding(f"team {team.id} ({team.name}): path is {team.path}, the tree says {path}")


def _path_of(team_id: int, parents: dict[int, int | None]) -> str | None:
    """`/1/4/9/` from the parents; None where they go round."""
    way: list[int] = []
    here: int | None = team_id
    while here is not None:
        if here in way:
            return None
        way.append(here)
        here = parents.get(here)
    return "/" + "".join(f"{key}/" for key in reversed(way))


def _roles(session: Session) -> Iterator[Finding]:
    known, scopes = {action.value for action in Action}, {scope.value for scope in Scope}
    for role in session.execute(select(Role.key, Role.scope, Role.capabilities).order_by(Role.id)):
        for capability in sorted(set(role.capabilities) - known):
            yield Finding(f"role {role.key}: nothing is known of the capability {capability!r}")
        if role.scope not in scopes:
            yield Finding(f"role {role.key}: nothing is known of the scope {role.scope!r}")


def _users(session: Session) -> Iterator[Finding]:
    administrators = 0
    people = select(User.username, User.active, User.party_id, Role.key, Role.scope).join(User.role).order_by(User.id)
    rows = session.execute(people).all()
    for person in rows:
        administrators += person.active and person.key == "administrator"
        if person.scope == Scope.DEALER and person.party_id is None:
            yield Finding(f"user {person.username} is a dealer's, but of no dealer")
        if person.username != person.username.strip().lower():
            yield Finding(f"user {person.username!r} cannot sign in: a user name is in small letters")
    if rows and not administrators:
        yield Finding("nobody who may sign in is an administrator")
