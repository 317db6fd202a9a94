"""Reads about people, teams and roles. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.access import Action, may, visible
from tracker.errors import NotFound
from tracker.team.models import Region, Role, Team, User, UserSession


def find_by_username(session: Session, username: str) -> User | None:
    """The user of this sign-in name, whatever its case; used only to sign in."""
    return session.scalar(
        select(User)
        .where(User.username == username.strip().lower())
        .options(joinedload(User.role), joinedload(User.team))
    )


def list_usernames(session: Session) -> Sequence[str]:
    """The names with which the demo company's people sign in; never shown outside the demo."""
    return session.scalars(select(User.username).where(User.active).order_by(User.id)).all()


def get_user(session: Session, by: User, user_id: int) -> User:
    """One user with role and team, or NotFound."""
    found: User | None = session.scalar(
        select(User)
        .where(User.id == user_id, visible(User, by))
        .options(joinedload(User.role), joinedload(User.team), joinedload(User.party))
    )
    if found is None:
        raise NotFound
    return found


def list_users(session: Session, by: User, q: str = "", active: bool | None = True) -> Sequence[User]:
    """Users by name, with role and team. A company has hundreds, not thousands: no pages."""
    query = select(User).where(visible(User, by)).order_by(User.name)
    if active is not None:
        query = query.where(User.active == active)
    if q:
        query = query.where(User.name.icontains(q, autoescape=True) | User.username.icontains(q, autoescape=True))
    return session.scalars(query.options(joinedload(User.role), joinedload(User.team))).all()


def list_colleagues(session: Session, by: User) -> Sequence[User]:
    """Our own active people (no dealers), for owner and team choices."""
    return session.scalars(
        select(User)
        .where(visible(User, by), User.active, User.party_id.is_(None))
        .order_by(User.name)
        .options(joinedload(User.team))
    ).all()


def list_leaders(session: Session, by: User) -> Sequence[User]:
    """Our own active people whose role decides requests: who may be named a team's supervisor."""
    people = session.scalars(
        select(User)
        .where(visible(User, by), User.active, User.party_id.is_(None))
        .order_by(User.name)
        .options(joinedload(User.role))
    )
    return [person for person in people if may(person, Action.APPROVAL_DECIDE)]


def list_teams(session: Session, by: User) -> Sequence[Team]:
    """All teams in tree order, with region and supervisor."""
    return session.scalars(
        select(Team)
        .where(visible(Team, by))
        .order_by(Team.path)
        .options(joinedload(Team.region), joinedload(Team.supervisor))
    ).all()


def get_team(session: Session, by: User, team_id: int) -> Team:
    """One team, or NotFound."""
    found = session.scalar(select(Team).where(Team.id == team_id, visible(Team, by)))
    if found is None:
        raise NotFound
    return found


def list_roles(session: Session, by: User) -> Sequence[Role]:
    """All roles, the built-in ones first."""
    return session.scalars(select(Role).where(visible(Role, by)).order_by(Role.built_in.desc(), Role.id)).all()


def get_role(session: Session, by: User, role_id: int) -> Role:
    """One role, or NotFound."""
    found = session.scalar(select(Role).where(Role.id == role_id, visible(Role, by)))
    if found is None:
        raise NotFound
    return found


def ordinary_dealer_role(session: Session) -> int:
    """The role of a dealer's people who administer nothing."""
    return session.scalars(select(Role.id).where(Role.key == "dealer", Role.built_in)).one()


def get_region(session: Session, region_id: int) -> Region:
    """One region, or NotFound."""
    found = session.get(Region, region_id)
    if found is None:
        raise NotFound
    return found


def list_regions(session: Session) -> Sequence[Region]:
    """All regions by name."""
    return session.scalars(select(Region).order_by(Region.name)).all()


def list_sessions(session: Session, user: User) -> Sequence[UserSession]:
    """The user's own live sessions, newest first."""
    return session.scalars(
        select(UserSession)
        .where(
            UserSession.user_id == user.id,
            UserSession.revoked_at.is_(None),
            UserSession.created_at > clock.now() - UserSession.LIFETIME,
        )
        .order_by(UserSession.created_at.desc())
    ).all()


def count_owned(session: Session, by: User, person: User) -> int:
    """How many projects the person owns of those that `by` sees."""
    from tracker.projects.models import Project

    return session.scalar(select(func.count()).where(Project.owner_id == person.id, visible(Project, by))) or 0
