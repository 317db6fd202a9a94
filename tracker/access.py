"""THE permissions. Nobody else asks for a role.

* `Action` is the vocabulary: a role is a set of these (see `team.models.Role.capabilities`).
* `can(user, action, thing)` answers whether the user may do it, to this thing he sees; `require` raises.
* `visible(Model, user)` is the WHERE clause with which every query starts: what it leaves out does not exist.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, select, true

from tracker.errors import Forbidden
from tracker.i18n import _l
from tracker.remembering import remembered

if TYPE_CHECKING:
    from tracker.projects.models import Project
    from tracker.team.models import Team, User


class Scope(StrEnum):
    """How far a role sees, beyond what its holder owns, joins or serves as a department's desk."""

    OWN = "own"
    TEAM = "team"
    BELOW = "below"
    ALL = "all"
    DEALER = "dealer"


_BY_TEAM = (Scope.TEAM, Scope.BELOW)


class Action(StrEnum):
    """What a user may do. The value is stored in roles; it never changes its meaning."""

    PROJECT_OPEN = "project.open"
    PROJECT_EDIT = "project.edit"
    PROJECT_REASSIGN = "project.reassign"
    PHASE_MOVE = "phase.move"
    STEP_MOVE = "step.move"
    RECORD_LOG = "record.log"
    RECORD_CORRECT_OTHERS = "record.correct_others"
    APPROVAL_DECIDE = "approval.decide"
    PROJECT_STATE = "project.state"
    CIRCUMSTANCE_STATE = "circumstance.state"
    TASK_ADD = "task.add"
    SIGN_DIRECTOR = "sign.director"
    SIGN_GENERAL = "sign.general"
    SIGN_COMPLIANCE = "sign.compliance"
    DESK_SERVE = "desk.serve"
    LEAD_ADD = "lead.add"
    LEAD_EDIT = "lead.edit"
    LEAD_ASSIGN = "lead.assign"
    LEAD_CONVERT = "lead.convert"
    LEAD_IMPORT = "lead.import"
    PARTY_EDIT = "party.edit"
    BOARD_VIEW = "board.view"
    PEOPLE_MANAGE = "people.manage"
    ROLES_MANAGE = "roles.manage"
    ADMINISTER = "administer"


def may(user: User, action: Action) -> bool:
    """Whether the user's role holds the capability, whatever the thing."""
    return action in user.role.capabilities


def is_dealer(user: User) -> bool:
    """Whether the user is of a dealer's company and sees only what is his."""
    return user.role.scope == Scope.DEALER


def can(user: User, action: Action, thing: Any = None) -> bool:
    """Whether the user may do this to a thing he sees.

    For a project `members` and `team` must be loaded.
    """
    if not may(user, action):
        return False
    rule = _THING_RULES.get(action)
    return True if thing is None or rule is None else rule(user, thing)


def require(user: User, action: Action, thing: Any = None) -> None:
    """Raise Forbidden with the reason unless `can`."""
    if not can(user, action, thing):
        raise Forbidden(_REASONS.get(action, _l("Your role does not include this. Ask your supervisor.")))


def oversees(user: User, project: Project) -> bool:
    """Whether the project lies in the part of the company the user's scope covers (his own work aside)."""
    return user.role.scope == Scope.ALL or (user.role.scope in _BY_TEAM and reaches(user, project.team))


def reaches(user: User, team: Team | None) -> bool:
    """Whether the user's scope covers the team (None: what belongs to no team)."""
    match user.role.scope:
        case Scope.ALL:
            return True
        case Scope.BELOW:
            return bool(user.team and team and team.path.startswith(user.team.path))
        case Scope.TEAM:
            return team is not None and team.id == user.team_id
        case _:
            return False


def can_lead(user: User, team: Team) -> bool:
    """Whether the user may be named as the team's supervisor: his role decides, and his place reaches it."""
    return may(user, Action.APPROVAL_DECIDE) and reaches(user, team)


def sits_above(team: Team) -> ColumnElement[bool]:
    """The condition under which a user sits in or above `team` with a scope that covers it."""
    from tracker.team.models import Role
    from tracker.team.models import User as UserModel

    above = [int(part) for part in team.path.strip("/").split("/") if part]
    below, same = (select(Role.id).where(Role.scope == scope) for scope in (Scope.BELOW, Scope.TEAM))
    return or_(
        and_(UserModel.team_id.in_(above), UserModel.role_id.in_(below)),
        and_(UserModel.team_id == team.id, UserModel.role_id.in_(same)),
    )


def _works_on(user: User, project: Project) -> bool:
    return (
        project.owner_id == user.id
        or any(member.user_id == user.id for member in project.members)
        or oversees(user, project)
    )


PARTS: dict[str, Action] = {
    "general_manager": Action.SIGN_GENERAL,
    "regional_director": Action.SIGN_DIRECTOR,
    "compliance": Action.SIGN_COMPLIANCE,
    "supervisor": Action.APPROVAL_DECIDE,
}
"""In whose name requests are signed, and what lets a user do so. A department's desk signs in the department's name."""
PART_NAMES: dict[str, Any] = {
    "general_manager": _l("general manager"),
    "regional_director": _l("regional director"),
    "compliance": _l("compliance"),
    "supervisor": _l("supervisor"),
}


def parts(user: User, project: Project) -> tuple[str, ...]:
    """In whose names the user may sign requests of a project he sees, the rarest first; `team` must be loaded."""
    if is_dealer(user):
        return ()
    held = [part for part, action in PARTS.items() if may(user, action) and oversees(user, project)]
    return (*held, *_departments_signed(user))


def _departments_signed(user: User) -> tuple[str, ...]:
    return (user.department,) if user.department and may(user, Action.DESK_SERVE) else ()


def parts_anywhere(user: User) -> tuple[str, ...]:
    """In whose names the user may sign at all: those of his role where he oversees the project, and his department."""
    return (*(part for part, action in PARTS.items() if may(user, action)), *_departments_signed(user))


def _own_or_overseen_lead(user: User, lead: Any) -> bool:
    return lead.owner_id in (user.id, None) or lead.created_by_id == user.id or oversees(user, lead)


def _decides(user: User, project: Project) -> bool:
    return oversees(user, project)


_THING_RULES = {
    Action.PROJECT_EDIT: _works_on,
    Action.PHASE_MOVE: _works_on,
    Action.PROJECT_STATE: _works_on,
    Action.PROJECT_REASSIGN: oversees,
    Action.APPROVAL_DECIDE: _decides,
    Action.LEAD_EDIT: _own_or_overseen_lead,
    Action.LEAD_CONVERT: _own_or_overseen_lead,
    Action.LEAD_ASSIGN: oversees,
}

_REASONS: dict[Action, Any] = {
    Action.PROJECT_EDIT: _l("Only the owner, the project's team and their supervisors edit a project."),
    Action.PHASE_MOVE: _l("Only the owner, the project's team and their supervisors move its phase."),
    Action.PROJECT_STATE: _l("Only the owner, the project's team and their supervisors decide what becomes of it."),
    Action.PROJECT_REASSIGN: _l("Only a supervisor of the owner's team reassigns a project."),
    Action.APPROVAL_DECIDE: _l("Only a supervisor of the project's team decides this."),
    Action.LEAD_ASSIGN: _l("Only a supervisor of the team assigns leads."),
    Action.PEOPLE_MANAGE: _l("Only an administrator manages people and teams."),
    Action.ROLES_MANAGE: _l("Only an administrator manages roles."),
}


def sight(user: User) -> Hashable:
    """All that visibility depends on: whoever has the same sight sees the same.

    What takes long to put together for a user, a condition or a whole statement, is `remembered` by it.
    """
    role, team = user.role, user.team
    desk = user.department if may(user, Action.DESK_SERVE) else None
    return (user.id, role.scope, user.team_id, team.path if team else None, user.party_id, desk,
            may(user, Action.ADMINISTER))  # fmt: skip


_once_for_each_sight = remembered(sight)


@_once_for_each_sight
def visible(model: Any, user: User) -> ColumnElement[bool]:
    """The condition under which rows of `model` exist for `user`. Unknown models are an error, not everything."""
    from tracker.gallery.models import Photo
    from tracker.leads.models import ImportRun, Lead
    from tracker.matrix.models import Approval, Record
    from tracker.parties.models import Contact, Party
    from tracker.projects.models import Project
    from tracker.team.models import Role, Team
    from tracker.team.models import User as UserModel

    match model:
        case _ if model is Project:
            return _visible_projects(user)
        case _ if model is Lead:
            return _visible_leads(user)
        case _ if model in (Record, Photo):
            return _visible_traces(model, user)
        case _ if model is Approval:
            return _of_visible_project(Approval, user) & _staff(user)
        case _ if model is Party:
            return _visible_parties(user)
        case _ if model is Contact:
            return _visible_contacts(user)
        case _ if model is UserModel:
            return _of_his_company(UserModel, user) if is_dealer(user) else true()
        case _ if model in (Team, Role):
            return _staff(user)
        case _ if model is ImportRun:
            return true() if may(user, Action.ADMINISTER) else ImportRun.by_id == user.id
    raise LookupError(f"no visibility rule for {model}")


def _staff(user: User) -> ColumnElement[bool]:
    return false() if is_dealer(user) else true()


def _of_his_company(people: Any, user: User) -> ColumnElement[bool]:
    """The users of the dealer's company; nobody for a dealer without one."""
    return and_(people.party_id == user.party_id, people.party_id.is_not(None))


def team_ids_below(user: User) -> Any:
    """A subquery with the ids of the user's team and every team below it."""
    from tracker.team.models import Team

    return select(Team.id).where(Team.path.like((user.team.path if user.team else "-") + "%"))


@_once_for_each_sight
def overseen(model: Any, user: User) -> ColumnElement[bool]:
    """The condition under which rows lie in the part of the company that the user's scope covers.

    The team is not compared as it stands, but plus nothing: an index on it would tempt a database to collect and sort
    everything one oversees, where walking a list in its own order finds the first rows at once.
    """
    match user.role.scope:
        case Scope.ALL:
            return true()
        case Scope.BELOW:
            return (model.team_id + 0).in_(team_ids_below(user))  # type: ignore[no-any-return]
        case Scope.TEAM:
            return (model.team_id + 0) == user.team_id  # type: ignore[no-any-return]
        case _:
            return false()


@_once_for_each_sight
def beyond(user: User) -> ColumnElement[bool]:
    """The condition under which a user of ours sees a project though he oversees no team of it."""
    from tracker.projects.models import Project

    if user.role.scope == Scope.ALL:
        return Project.team_id.is_(None)
    return and_(or_(*_joined_projects(user)), or_(Project.team_id.is_(None), not_(overseen(Project, user))))


@_once_for_each_sight
def ways_to_projects(user: User) -> Sequence[ColumnElement[bool]]:
    """The ways in which projects exist for a user, each as a condition; a project that fits any of them is visible.

    A list of which only the first rows are wanted may look along each way by itself.
    """
    from tracker.projects.models import Project

    if is_dealer(user):
        return [and_(Project.dealer_id == user.party_id, Project.dealer_id.is_not(None))]
    if user.role.scope == Scope.ALL:
        return [true()]
    covered = [overseen(Project, user)] if user.role.scope in (Scope.TEAM, Scope.BELOW) else []
    return [*covered, *_joined_projects(user)]


def _joined_projects(user: User) -> list[ColumnElement[bool]]:
    """The ways in which one of ours belongs to a project: as owner, as member, by the desk he serves."""
    from tracker.projects.models import Project, ProjectDesk, ProjectMember

    ways = [
        Project.owner_id == user.id,
        Project.id.in_(select(ProjectMember.project_id).where(ProjectMember.user_id == user.id)),
    ]
    if may(user, Action.DESK_SERVE) and user.department:
        ways.append(Project.id.in_(select(ProjectDesk.project_id).where(ProjectDesk.department == user.department)))
    return ways


def _visible_projects(user: User) -> ColumnElement[bool]:
    return or_(*ways_to_projects(user))


def _visible_leads(user: User) -> ColumnElement[bool]:
    from tracker.leads.models import Lead

    if is_dealer(user):
        return and_(Lead.dealer_id == user.party_id, Lead.dealer_id.is_not(None))
    if user.role.scope == Scope.ALL:
        return true()
    return or_(
        overseen(Lead, user),
        Lead.owner_id == user.id,
        Lead.created_by_id == user.id,
        and_(Lead.owner_id.is_(None), Lead.team_id == user.team_id),
    )


def _of_visible_project(model: Any, user: User) -> ColumnElement[bool]:
    """Asked of each row, not as a list of all projects one sees: that list may hold all there are."""
    from tracker.projects.models import Project

    return exists().where(Project.id == model.project_id, _visible_projects(user)).correlate(model)


@_once_for_each_sight
def seen_traces(model: Any, user: User) -> ColumnElement[bool]:
    """The condition under which records and photos of a project or lead that the user sees exist for him.

    A dealer sees only those his own people made.
    """
    from tracker.matrix.models import Record
    from tracker.team.models import User as UserModel

    if not is_dealer(user):
        return true()
    maker = Record.author_id if model is Record else model.uploader_id
    return maker.in_(select(UserModel.id).where(_of_his_company(UserModel, user)))


def _visible_traces(model: Any, user: User) -> ColumnElement[bool]:
    """Records and photos: of the projects and leads one sees."""
    from tracker.leads.models import Lead

    of_lead = exists().where(Lead.id == model.lead_id, _visible_leads(user)).correlate(model)
    return and_(or_(_of_visible_project(model, user), of_lead), seen_traces(model, user))


def _visible_parties(user: User) -> ColumnElement[bool]:
    from tracker.parties.models import Party
    from tracker.projects.models import Project

    if not is_dealer(user):
        return true()
    mine = select(Project.developer_id).where(_visible_projects(user), Project.developer_id.is_not(None))
    return or_(Party.id == user.party_id, Party.id.in_(mine))


def _visible_contacts(user: User) -> ColumnElement[bool]:
    from tracker.parties.models import Contact
    from tracker.team.models import User as UserModel

    if not is_dealer(user):
        return true()
    return Contact.created_by_id.in_(select(UserModel.id).where(_of_his_company(UserModel, user)))
