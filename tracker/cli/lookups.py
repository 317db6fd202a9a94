"""Finding what an option names. A name that is not there is a wrong argument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.matching.normalise import firm_key
from tracker.matrix.definitions import current_definition
from tracker.parties.models import Party
from tracker.team.models import Role, Team, User
from tracker.team.queries import find_by_username


def role_named(session: Session, key: str) -> Role:
    """The role of this key."""
    roles = session.scalars(select(Role).order_by(Role.id)).all()
    found = {role.key: role for role in roles}.get(key)
    if found is None:
        raise _unknown("--role", key, [one.key for one in roles])
    return found


def team_named(session: Session, name: str) -> Team:
    """The one team of this name."""
    teams = session.scalars(select(Team).order_by(Team.path)).all()
    return _the_one("--team", name, [team for team in teams if team.name == name.strip()], [one.name for one in teams])


def dealer_named(session: Session, name: str) -> Party:
    """The one dealer's company of this name, however it is spelt."""
    dealers = session.scalars(select(Party).where(Party.kind == "dealer").order_by(Party.name)).all()
    found = [party for party in dealers if party.name_key == firm_key(name)]
    return _the_one("--dealer", name, found, [one.name for one in dealers])


def department_named(key: str) -> str:
    """A department's key, checked."""
    keys = [department.key for department in current_definition().departments]
    if key not in keys:
        raise _unknown("--department", key, keys)
    return key


def user_named(session: Session, username: str) -> User:
    """An active user, with role and team."""
    found = find_by_username(session, username)
    if found is None or not found.active:
        raise click.BadParameter(f"nobody signs in as {username!r}.", param_hint="--by")
    return found


def first_administrator(session: Session) -> User:
    """The active administrator who was added first, with role and team."""
    found = session.scalar(
        select(User)
        .join(User.role)
        .where(User.active, Role.key == "administrator")
        .order_by(User.id)
        .limit(1)
        .options(joinedload(User.role), joinedload(User.team))
    )
    if found is None:
        raise click.ClickException("There is no administrator yet; `tracker init` adds the first.")
    return found


def _the_one(option: str, name: str, found: Sequence[Any], names: Sequence[str]) -> Any:
    if len(found) > 1:
        raise click.BadParameter(f"there are {len(found)} of the name {name!r}.", param_hint=option)
    if not found:
        raise _unknown(option, name, names)
    return found[0]


def _unknown(option: str, name: str, known: Sequence[str]) -> click.BadParameter:
    some = ", ".join(known[:20]) or "none yet"
    return click.BadParameter(f"there is no {name!r}; there are: {some}.", param_hint=option)
