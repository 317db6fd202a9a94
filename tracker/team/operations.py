"""What can be done to people, teams and roles. Values in, events out; nothing commits here."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from tracker import clock, events
from tracker.access import Action, Scope, require
from tracker.access.of_people import require_managing
from tracker.access.supervising import can_lead
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.operations.refreshing import refresh_projects_of
from tracker.parties.tallying import recount
from tracker.team.models import PasswordLink, Region, Role, Team, User, UserSession
from tracker.team.passwords import SHORTEST, hash_password, matches, token_hash
from tracker.team.roles import ROLES

LINK_LIFETIME = timedelta(days=3)
ADMINISTRATOR = "administrator"  # the built-in role that can never be without a holder


def authenticate(session: Session, user: User | None, password: str) -> User | None:
    """The user where name and password fit and the account is on, else None (always as slow)."""
    fits = matches(user.password_hash if user else None, password)
    return user if user and fits and user.active else None


def add_builtin_roles(session: Session) -> dict[str, Role]:
    """Make sure the roles every installation starts with exist; returns them by key."""
    known = {role.key: role for role in session.scalars(select(Role))}
    for default in ROLES:
        if default.key not in known:
            role = Role(
                key=default.key,
                name_zh=default.name_zh,
                name_en=default.name_en,
                scope=default.scope.value,
                capabilities=sorted(default.capabilities),
                built_in=True,
            )
            session.add(role)
            known[default.key] = role
    session.flush()
    return known


def add_region(session: Session, name: str, *, by: User | None) -> Region:
    """Add a region; the name is unique."""
    if by:
        require(by, Action.PEOPLE_MANAGE)
    region = Region(name=_region_name(session, name))
    session.add(region)
    session.flush()
    events.record(session, Kind.REGION_ADDED, region, by=by, name=region.name)
    return region


def rename_region(session: Session, region: Region, name: str, *, by: User) -> None:
    """Rename a region; what belongs to it stays."""
    require(by, Action.PEOPLE_MANAGE)
    before, region.name = region.name, _region_name(session, name, region)
    session.flush()
    events.record(session, Kind.REGION_EDITED, region, by=by, before={"name": before}, name=region.name)


def _region_name(session: Session, text: str, region: Region | None = None) -> str:
    name = _named(text)
    with session.no_autoflush:
        other = session.scalar(select(Region.id).where(Region.name == name))
    if other is not None and (region is None or other != region.id):
        raise Invalid("name", _l("There is a region of this name already."))
    return name


def _named(text: str, field: str = "name") -> str:
    """A name without the blanks around it; there must be something left."""
    name = text.strip()
    if not name:
        raise Invalid(field, _l("Type the name."))
    return name


def add_team(
    session: Session,
    name: str,
    *,
    by: User | None,
    parent: Team | None = None,
    region_id: int | None = None,
    supervisor_id: int | None = None,
) -> Team:
    """Add a team under `parent` (None: a root)."""
    if by:
        require(by, Action.PEOPLE_MANAGE)
    team = Team(name=_named(name), parent_id=parent.id if parent else None, region_id=region_id)
    session.add(team)
    session.flush()
    team.path = f"{parent.path if parent else '/'}{team.id}/"
    team.supervisor_id = _supervisor(session, team, supervisor_id)
    session.flush()
    events.record(session, Kind.TEAM_ADDED, team, by=by, name=team.name)
    return team


def edit_team(
    session: Session,
    team: Team,
    *,
    by: User,
    name: str,
    parent: Team | None,
    region_id: int | None,
    supervisor_id: int | None,
    active: bool = True,
) -> None:
    """Rename or move a team; the paths below it follow. It cannot go under itself; its supervisor can lead it."""
    require(by, Action.PEOPLE_MANAGE)
    if parent and parent.path.startswith(team.path):
        raise Invalid("parent_id", _l("A team cannot be moved below itself."))
    before = {"name": team.name, "parent_id": team.parent_id, "supervisor_id": team.supervisor_id}
    old, new = team.path, f"{parent.path if parent else '/'}{team.id}/"
    team.name, team.parent_id, team.region_id = _named(name), parent.id if parent else None, region_id
    team.active = active
    session.flush()
    if old != new:
        session.execute(
            update(Team)
            .where(Team.path.like(old + "%"))
            .values(path=new + func.substr(Team.path, len(old) + 1))
            .execution_options(synchronize_session="fetch")
        )
        recount(session)  # whose projects lie below whose team is another now
    team.supervisor_id = _supervisor(session, team, supervisor_id)
    session.flush()
    events.record(session, Kind.TEAM_EDITED, team, by=by, before=before, name=team.name)


def _supervisor(session: Session, team: Team, user_id: int | None) -> int | None:
    if user_id is None:
        return None
    user = session.get_one(User, user_id, options=(joinedload(User.role), joinedload(User.team)))
    if not user.active or not can_lead(user, team):
        raise Invalid("supervisor_id", _l("Choose an active supervisor of this team or of one above it."))
    return user_id


def _give_up_teams(session: Session, user: User, *, by: User) -> None:
    """Whoever no longer leads a team (another role, another place, no account) is not named as its supervisor."""
    teams = session.scalars(select(Team).where(Team.supervisor_id == user.id)).all()
    session.refresh(user, ["role", "team"])
    for team in teams:
        if not user.active or not can_lead(user, team):
            team.supervisor_id = None
            session.flush()
            events.record(session, Kind.TEAM_EDITED, team, by=by, before={"supervisor_id": user.id}, name=team.name)


def add_role(
    session: Session, *, by: User, name_zh: str, name_en: str, scope: str, capabilities: Iterable[str]
) -> Role:
    """Add a role of one's own: a set of capabilities and how far its holder sees."""
    require(by, Action.ROLES_MANAGE)
    role = Role(
        key=f"own-{secrets.token_hex(4)}",
        name_zh=_named(name_zh, "name_zh"),
        name_en=_named(name_en, "name_en"),
        scope=Scope(scope).value,
        capabilities=_known(capabilities),
    )
    session.add(role)
    session.flush()
    events.record(session, Kind.ROLE_ADDED, role, by=by, capabilities=role.capabilities)
    return role


def edit_role(
    session: Session, role: Role, *, by: User, name_zh: str, name_en: str, scope: str, capabilities: Iterable[str]
) -> None:
    """Change a role. The administrator's role cannot lose the right to manage people and roles."""
    require(by, Action.ROLES_MANAGE)
    wanted = _known(capabilities)
    if role.key == ADMINISTRATOR and not {Action.ROLES_MANAGE, Action.PEOPLE_MANAGE} <= set(wanted):
        raise Refused(_l("The administrator's role must keep managing people and roles, or nobody could."))
    if Scope.DEALER in (role.scope, scope) and role.scope != scope:
        _refuse_change_of_side(session, role)
    before = {"scope": role.scope, "capabilities": role.capabilities}
    role.name_zh, role.name_en = _named(name_zh, "name_zh"), _named(name_en, "name_en")
    role.scope = Scope(scope).value
    role.capabilities = wanted
    session.flush()
    events.record(session, Kind.ROLE_EDITED, role, by=by, before=before, capabilities=wanted)


def _refuse_change_of_side(session: Session, role: Role) -> None:
    """A dealer's people and ours are told apart by their role's scope: it does not change under them."""
    if role.built_in or session.scalar(select(User.id).where(User.role_id == role.id).limit(1)):
        raise Refused(_l("This role cannot change between our people and a dealer's. Add another role for that."))


def _known(capabilities: Iterable[str]) -> list[str]:
    return sorted(Action(value).value for value in set(capabilities))


def add_user(
    session: Session,
    *,
    by: User | None,
    username: str,
    name: str,
    role_id: int,
    password: str | None = None,
    department: str | None = None,
    team_id: int | None = None,
    party_id: int | None = None,
    email: str | None = None,
    phone: str | None = None,
    post: str | None = None,
    locale: str | None = None,
) -> User:
    """Add somebody who may sign in. Without a password he gets one by link (`make_password_link`)."""
    role = session.get_one(Role, role_id)
    if by:
        require_managing(by, party_id if role.scope == Scope.DEALER else None)
    username = username.strip().lower()
    if session.scalar(select(User.id).where(User.username == username)):
        raise Invalid("username", _l("There is a user of this name already."))
    if role.scope == Scope.DEALER and party_id is None:
        raise Invalid("party_id", _l("A dealer's user needs the dealer's company."))
    user = User(
        username=username,
        name=_named(name),
        role_id=role_id,
        department=department or None,
        team_id=team_id,
        party_id=party_id if role.scope == Scope.DEALER else None,
        email=email or None,
        phone=phone or None,
        post=post or None,
        locale=locale or None,
        password_hash=hash_password(password) if password else None,
    )
    session.add(user)
    session.flush()
    events.record(session, Kind.USER_ADDED, user, by=by, username=username, role=role.key)
    return user


def edit_user(
    session: Session,
    user: User,
    *,
    by: User,
    name: str,
    role_id: int,
    department: str | None,
    team_id: int | None,
    party_id: int | None = None,
    email: str | None = None,
    phone: str | None = None,
    post: str | None = None,
) -> None:
    """Change a user's place in the company. The last administrator stays one."""
    require(by, Action.PEOPLE_MANAGE)
    role = session.get_one(Role, role_id)
    if role.scope == Scope.DEALER and party_id is None:
        raise Invalid("party_id", _l("A dealer's user needs the dealer's company."))
    if role.key != ADMINISTRATOR:
        _refuse_last_administrator(session, user)
    before = {"name": user.name, "role_id": user.role_id, "team_id": user.team_id, "department": user.department}
    user.name, user.role_id, user.department, user.team_id = _named(name), role_id, department or None, team_id
    user.party_id = party_id if role.scope == Scope.DEALER else None
    user.email, user.phone, user.post = email or None, phone or None, post or None
    session.flush()
    events.record(session, Kind.USER_EDITED, user, by=by, before=before)
    _give_up_teams(session, user, by=by)
    if before["department"] != user.department:
        refresh_projects_of(session, user)  # a department's work goes to its desk where nobody of it is there


def edit_profile(
    session: Session,
    user: User,
    *,
    name: str,
    email: str | None,
    phone: str | None,
    locale: str | None,
    timezone: str | None,
    theme: str | None,
) -> None:
    """What everybody may change about himself."""
    user.name, user.email, user.phone = _named(name), email or None, phone or None
    user.locale, user.timezone, user.theme = locale or None, timezone or None, theme or None
    session.flush()
    events.record(session, Kind.USER_EDITED, user, by=user, profile=True)


def set_active(session: Session, user: User, active: bool, *, by: User) -> None:
    """Switch an account off (all its sessions end) or on again. Nobody switches himself off."""
    require(by, Action.PEOPLE_MANAGE)
    if not active and user.id == by.id:
        raise Refused(_l("You cannot switch off your own account. Another administrator can."))
    switch_account(session, user, active, by=by)


def switch_account(session: Session, user: User, active: bool, *, by: User) -> None:
    """The same where the caller has asked whether `by` may, as who lets a leaver go does."""
    if not active:
        _refuse_last_administrator(session, user)
        _end_sessions(session, user, by)
    user.active = active
    session.flush()
    events.record(session, Kind.USER_REACTIVATED if active else Kind.USER_DEACTIVATED, user, by=by)
    _give_up_teams(session, user, by=by)


def _refuse_last_administrator(session: Session, user: User) -> None:
    others = session.scalars(select(User).join(Role).where(User.active, User.id != user.id, Role.key == ADMINISTRATOR))
    mine = session.get_one(Role, user.role_id)
    if mine.key == ADMINISTRATOR and others.first() is None:
        raise Refused(_l("This is the last administrator. Make somebody else one first."))


def revoke_sessions(session: Session, user: User, *, by: User, only: int | None = None) -> int:
    """End the user's sessions (or one of them); returns how many."""
    if by.id != user.id:
        require(by, Action.PEOPLE_MANAGE)
    return _end_sessions(session, user, by, only)


def _end_sessions(session: Session, user: User, by: User, only: int | None = None) -> int:
    query = update(UserSession).where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
    if only is not None:
        query = query.where(UserSession.id == only)
    ended: int = session.execute(query.values(revoked_at=clock.now())).rowcount  # type: ignore[attr-defined]
    if ended:
        events.record(session, Kind.SESSION_REVOKED, user, by=by, count=ended)
    return ended


def make_password_link(session: Session, user: User, *, by: User | None) -> str:
    """A one-time token with which the user sets a password within three days; only its hash is kept."""
    if by:
        require_managing(by, user.party_id)
    token = secrets.token_urlsafe(32)
    session.add(
        PasswordLink(
            token_hash=token_hash(token),
            user_id=user.id,
            created_by_id=by.id if by else None,
            expires_at=clock.now() + LINK_LIFETIME,
        )
    )
    events.record(session, Kind.PASSWORD_LINK_MADE, user, by=by)
    return token


def find_password_link(session: Session, token: str) -> PasswordLink | None:
    """The link of this token while it may be used."""
    return session.scalar(
        select(PasswordLink).where(
            PasswordLink.token_hash == token_hash(token),
            PasswordLink.used_at.is_(None),
            PasswordLink.expires_at > clock.now(),
        )
    )


def set_password_by_link(session: Session, link: PasswordLink, password: str) -> User:
    """Use up a link; all sessions of the user end."""
    user = session.get_one(User, link.user_id)
    set_password(session, user, password, by=user)
    return user


def change_password(session: Session, user: User, *, old: str, new: str) -> None:
    """The user changes his own password, proving the old one."""
    if not matches(user.password_hash, old):
        raise Invalid("old", _l("This is not your present password."))
    set_password(session, user, new, by=user)


def set_password(session: Session, user: User, password: str, *, by: User | None) -> None:
    """Store a new password and end all sessions of the user; links that were still open are used up."""
    if len(password) < SHORTEST:
        raise Invalid("password", _l("Use at least ten characters; a short sentence is easiest to remember."))
    user.password_hash = hash_password(password)
    links = update(PasswordLink).where(PasswordLink.user_id == user.id, PasswordLink.used_at.is_(None))
    session.execute(links.values(used_at=clock.now()))
    revoke_sessions(session, user, by=by or user)
    events.record(session, Kind.PASSWORD_SET, user, by=by)
