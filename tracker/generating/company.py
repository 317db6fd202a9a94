"""The people of the load data: sales teams under supervisors, all under one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.team import operations
from tracker.team.models import Region, Role, Team, User
from tracker.team.passwords import hash_password

TEAM_SIZE = 10  # a supervisor and nine salespeople
DEPARTMENT = "sales"


@dataclass(frozen=True, slots=True)
class Person:
    """What load data needs to know of a user."""

    id: int
    team_id: int
    region_id: int | None
    sells: bool


def add_company(session: Session, count: int, password: str) -> Sequence[Person]:
    """Make sure there are so many users (at least three) and return them; the first supervises all others."""
    known = {
        user.username: user
        for user in session.scalars(
            select(User).where(User.username.like("load-%")).options(joinedload(User.role), joinedload(User.team))
        )
    }
    missing = [number for number in range(1, max(3, count) + 1) if f"load-{number}" not in known]
    if missing:
        hashed = hash_password(password)
        roles = operations.add_builtin_roles(session)
        teams = _teams(session, (max(missing) - 2) // TEAM_SIZE + 2)
        for number in missing:
            user = _user(number, roles, teams)
            user.password_hash = hashed
            session.add(user)
            known[user.username] = user
        session.flush()
    return [_person(known[f"load-{number}"]) for number in range(1, max(3, count) + 1)]


def _teams(session: Session, count: int) -> list[Team]:
    """The company and its sales teams; those that are there are taken."""
    names = ["负载公司", *(f"负载销售{number}部" for number in range(1, count))]
    known = {team.name: team for team in session.scalars(select(Team).where(Team.name.in_(names)).order_by(Team.id))}
    for number, name in enumerate(names):
        if name not in known:
            region = _region(session, f"负载{number % 4 + 1}区")
            parent = known[names[0]] if number else None
            known[name] = operations.add_team(session, name, by=None, parent=parent, region_id=region.id)
    return [known[name] for name in names]


def _region(session: Session, name: str) -> Region:
    found = session.scalar(select(Region).where(Region.name == name))
    return found or operations.add_region(session, name, by=None)


def _user(number: int, roles: dict[str, Role], teams: list[Team]) -> User:
    leads = number == 1 or (number - 2) % TEAM_SIZE == 0
    return User(
        username=f"load-{number}",
        name=f"负载{number}号",
        role=roles["supervisor" if leads else "salesperson"],
        team=teams[0] if number == 1 else teams[(number - 2) // TEAM_SIZE + 1],
        department=DEPARTMENT,
        locale="zh",
    )


def _person(user: User) -> Person:
    assert user.team is not None
    return Person(user.id, user.team.id, user.team.region_id, user.role.key == "salesperson")
