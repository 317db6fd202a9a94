"""THE permissions. Nobody else asks for a role.

* `Action` is the vocabulary: a role is a set of these (see `team.models.Role.capabilities`).
* `can(user, action, thing)` answers whether the user may do it, to this thing he sees; `require` raises.
* `visible(Model, user)` is the WHERE clause with which every query starts: what it leaves out does not exist.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true, union_all

from tracker.access.actions import REASONS as REASONS
from tracker.access.actions import Action as Action
from tracker.access.actions import Scope as Scope
from tracker.errors import Forbidden
from tracker.i18n import _l
from tracker.remembering import remembered

if TYPE_CHECKING:
    from tracker.matrix.models import Approval
    from tracker.projects.models import Project
    from tracker.team.models import Team, User

BY_TEAM = (Scope.TEAM, Scope.BELOW)
KEY_ACCOUNTS = "key_accounts"  # the department that looks after key accounts


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
    if not may(user, action) or (action in OF_DEALERS and not looks_after_dealers(user)):
        return False
    rule = _THING_RULES.get(action)
    return True if thing is None or rule is None else rule(user, thing)


def require(user: User, action: Action, thing: Any = None) -> None:
    """Raise Forbidden with the reason unless `can`."""
    if not can(user, action, thing):
        raise Forbidden(REASONS.get(action, _l("Your role does not include this. Ask your supervisor.")))


def sees_others(user: User) -> bool:
    """Whether the user's scope covers the work of others of ours, so that he may choose whose he looks at."""
    return user.role.scope in (Scope.ALL, *BY_TEAM)


def covered(user: User) -> tuple[int, bool] | None:
    """The team whose projects the user's scope covers, and whether those of the teams below it too; team 0 is the
    whole company, None that it covers no team."""
    match user.role.scope:
        case Scope.ALL:
            return 0, True
        case Scope.BELOW | Scope.TEAM if user.team_id is not None:
            return user.team_id, user.role.scope == Scope.BELOW
    return None


def oversees(user: User, project: Project | Approval) -> bool:
    """Whether the project lies in the part of the company the user's scope covers (his own work aside)."""
    return user.role.scope == Scope.ALL or (user.role.scope in BY_TEAM and reaches(user, project.team))


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


def _works_on(user: User, project: Project) -> bool:
    return (
        project.owner_id == user.id
        or any(member.user_id == user.id for member in project.members)
        or oversees(user, project)
    )


def _own_or_overseen_lead(user: User, lead: Any) -> bool:
    return lead.owner_id in (user.id, None) or lead.created_by_id == user.id or oversees(user, lead)


def _merges(user: User, thing: Any) -> bool:
    """Leads and projects where they lie in his part of the company; firms and people belong to all of us."""
    return not hasattr(thing, "team") or oversees(user, thing)


def looks_after(user: User, account: Any) -> bool:
    """The account's owner, his department's people, and who oversees him; `team` must be loaded."""
    return account.owner_id == user.id or user.department == KEY_ACCOUNTS or oversees(user, account)


def knows_prices(user: User, account: Any) -> bool:
    """Who leads a part of the company knows the prices of the accounts there; others who may know any, all of them."""
    return looks_after(user, account) or user.role.scope not in BY_TEAM


def _reports_stock(user: User, dealer: Any) -> bool:
    return reports_for(user, dealer)


_THING_RULES = {
    Action.PROJECT_EDIT: _works_on,
    Action.PHASE_MOVE: _works_on,
    Action.PROJECT_STATE: _works_on,
    Action.PROJECT_REASSIGN: oversees,
    Action.APPROVAL_DECIDE: oversees,
    Action.LEAD_EDIT: _own_or_overseen_lead,
    Action.LEAD_CONVERT: _own_or_overseen_lead,
    Action.LEAD_ASSIGN: oversees,
    Action.MERGE: _merges,
    Action.ACCOUNT_EDIT: looks_after,
    Action.ACCOUNT_PRICES: knows_prices,
    Action.STOCK_REPORT: _reports_stock,
}


def sight(user: User) -> Hashable:
    """All that visibility depends on: whoever has the same sight sees the same.

    What takes long to put together for a user, a condition or a whole statement, is `remembered` by it.
    """
    role, team = user.role, user.team
    desk = user.department if may(user, Action.DESK_SERVE) else None
    return (user.id, role.scope, user.team_id, team.path if team else None, user.party_id, desk,
            may(user, Action.ADMINISTER), may(user, Action.ACCOUNT_EDIT), may(user, Action.ACCOUNT_PRICES),
            user.department, may(user, Action.SIGN_COMPLIANCE))  # fmt: skip


_once_for_each_sight = remembered(sight)


@_once_for_each_sight
def visible(model: Any, user: User) -> ColumnElement[bool]:
    """The condition under which rows of `model` exist for `user`. Unknown models are an error, not everything."""
    from tracker.absences.models import Absence
    from tracker.access.accounts import of_agreements, of_shares, visible_shares
    from tracker.access.of_annotations import TEAM_WORK, of_visible_annotation, visible_of_team_work
    from tracker.access.of_rewards import of_rewards, visible_rewards
    from tracker.access.of_todos import of_visible_todo, visible_todos
    from tracker.accounts.models import Account, FrameAgreement
    from tracker.disclosure import visible_requests
    from tracker.documents.models import Document
    from tracker.duplicates.models import SiteRequest
    from tracker.gallery.models import Photo
    from tracker.imports.models import ImportRun
    from tracker.leads.models import Lead
    from tracker.matrix.models import Approval, Record
    from tracker.notifications.models import Notification, WindowClock
    from tracker.parties.models import Contact, Party
    from tracker.partners.models import ProjectShare
    from tracker.projects.models import Project
    from tracker.registrations.models import Registration
    from tracker.rewards.models import Occasion, Reward
    from tracker.team.models import Role, Team
    from tracker.team.models import User as UserModel
    from tracker.todos.models import Todo

    match model:
        case _ if model is Project:
            return _visible_projects(user)
        case _ if model is Lead:
            return _visible_leads(user)
        case _ if model is Document:
            homes = (of_agreements(user), of_shares(user), of_visible_dealer(Document, user), of_rewards(user))
            return or_(_visible_traces(Document, user), *homes, of_visible_notes(Document, user))
        case _ if model in (Record, Photo):
            seen = _visible_traces(model, user)
            return or_(seen, of_visible_notes(Photo, user)) if model is Photo else seen
        case _ if model is Approval:
            return and_(_staff(user), or_(_of_visible_project(Approval, user), _openings(user)))
        case _ if model is Notification:
            of_account = and_(Notification.account_id.is_not(None), _staff(user))
            of_reward = and_(Notification.reward_id.is_not(None), _staff(user))
            of_firms = (of_visible_dealer(Notification, user), of_visible_registration(Notification, user))
            said = (of_visible_todo(Notification, user), of_visible_annotation(Notification, user))
            seen = or_(_of_visible_site(Notification, user), of_account, of_reward, *said, *of_firms)
            return and_(Notification.user_id == user.id, seen)
        case _ if model is WindowClock:
            return _of_visible_project(WindowClock, user) & _staff(user)
        case _ if model is SiteRequest:
            return visible_requests(user)
        case _ if model is Party:
            return visible_parties(user)
        case _ if model is Contact:
            return visible_contacts(user)
        case _ if model is UserModel:
            return _of_his_company(UserModel, user) if is_dealer(user) else true()
        case _ if model is ProjectShare:
            return visible_shares(user)
        case _ if model.__module__ == "tracker.dealers.models":
            return visible_of_dealers(model, user)
        case _ if model.__module__ == Registration.__module__:
            return visible_of_registrations(model, user)
        case _ if model in (Team, Role, Absence, Account, FrameAgreement):
            return _staff(user)
        case _ if model is Reward:
            return visible_rewards(user)
        case _ if model is Todo:
            return visible_todos(user)
        case _ if model is Occasion:
            return _staff(user)
        case _ if model.__module__ in TEAM_WORK:
            return visible_of_team_work(model, user)
        case _ if model is ImportRun:
            return true() if may(user, Action.ADMINISTER) else ImportRun.by_id == user.id
    raise LookupError(f"no visibility rule for {model}")


def _openings(user: User) -> ColumnElement[bool]:
    """Requests to open a project that is not there yet: one's own, and those of the teams one oversees."""
    from tracker.matrix.models import Approval

    return and_(Approval.project_id.is_(None), or_(Approval.asked_by_id == user.id, overseen(Approval, user)))


def _staff(user: User) -> ColumnElement[bool]:
    return false() if is_dealer(user) else true()


def _of_his_company(people: Any, user: User) -> ColumnElement[bool]:
    """The users of the dealer's company; nobody for a dealer without one."""
    return and_(people.party_id == user.party_id, people.party_id.is_not(None))


def team_ids_below(user: User) -> Any:
    """A subquery with the ids of the user's team and every team below it. (For a LIKE, SQLite plans anew each time.)"""
    from tracker.team.models import Team

    path = user.team.path if user.team else "-"
    return select(Team.id).where(func.substr(Team.path, 1, len(path)) == path)


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
    """The condition under which a user of ours sees a project though he oversees no team of it.

    Each way is followed by itself: held against every project in one OR they would be a walk through all of them.
    """
    from tracker.projects.models import Project

    if user.role.scope == Scope.ALL:
        return Project.team_id.is_(None)
    ways = (select(Project.id).where(way).correlate(None) for way in ways_beyond(user))
    return Project.id.in_(union_all(*ways))


@_once_for_each_sight
def ways_beyond(user: User) -> Sequence[ColumnElement[bool]]:
    """The ways, each as a condition, in which one of ours sees projects outside of what `covered` says."""
    from tracker.projects.models import Project

    if is_dealer(user):
        return ways_to_projects(user)
    if user.role.scope == Scope.ALL:
        return []
    outside = or_(Project.team_id.is_(None), not_(overseen(Project, user)))
    return [and_(way, outside) for way in _joined_projects(user)]


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
    """The ways in which one of ours belongs to a project: as owner or member, by his accounts or his desk."""
    from tracker.access.accounts import account_projects
    from tracker.projects.models import Project, ProjectDesk, ProjectMember

    ways = [
        Project.owner_id == user.id,
        Project.id.in_(select(ProjectMember.project_id).where(ProjectMember.user_id == user.id)),
    ]
    if may(user, Action.ACCOUNT_EDIT):
        ways.append(Project.id.in_(account_projects(user)))
    if may(user, Action.DESK_SERVE) and user.department:
        ways.append(Project.id.in_(select(ProjectDesk.project_id).where(ProjectDesk.department == user.department)))
    return ways


def _visible_projects(user: User) -> ColumnElement[bool]:
    return or_(*ways_to_projects(user))


def _visible_leads(user: User) -> ColumnElement[bool]:
    from tracker.leads.models import Lead, LeadMember

    if is_dealer(user):
        return and_(Lead.dealer_id == user.party_id, Lead.dealer_id.is_not(None))
    if user.role.scope == Scope.ALL:
        return true()
    return or_(
        overseen(Lead, user),
        Lead.owner_id == user.id,
        Lead.created_by_id == user.id,
        and_(Lead.owner_id.is_(None), Lead.team_id == user.team_id),
        Lead.id.in_(select(LeadMember.lead_id).where(LeadMember.user_id == user.id)),
    )


def _of_visible_project(model: Any, user: User) -> ColumnElement[bool]:
    """Asked of each row, not as a list of all projects one sees: that list may hold all there are."""
    from tracker.projects.models import Project

    return exists().where(Project.id == model.project_id, _visible_projects(user)).correlate(model)


@_once_for_each_sight
def seen_traces(model: Any, user: User) -> ColumnElement[bool]:
    """The condition under which records, photos and documents of a project or lead that the user sees exist for him.

    A dealer sees only those his own people made.
    """
    from tracker.matrix.models import Record
    from tracker.team.models import User as UserModel

    if not is_dealer(user):
        return true()
    maker = Record.author_id if model is Record else model.uploader_id
    return maker.in_(select(UserModel.id).where(_of_his_company(UserModel, user)))


def _visible_traces(model: Any, user: User) -> ColumnElement[bool]:
    """Records, photos and documents: of the projects and leads one sees; never a picture that was purged."""
    there = model.purged_at.is_(None) if hasattr(model, "purged_at") else true()
    return and_(_of_visible_site(model, user), seen_traces(model, user), there)


def _of_visible_site(model: Any, user: User) -> ColumnElement[bool]:
    from tracker.leads.models import Lead

    of_lead = exists().where(Lead.id == model.lead_id, _visible_leads(user)).correlate(model)
    return or_(_of_visible_project(model, user), of_lead)


from tracker.access.of_dealers import (  # noqa: E402  they ask what is defined above
    OF_DEALERS,
    looks_after_dealers,
    of_visible_dealer,
    reports_for,
    visible_of_dealers,
)
from tracker.access.of_firms import visible_contacts, visible_parties  # noqa: E402
from tracker.access.of_registrations import (  # noqa: E402
    of_visible_notes,
    of_visible_registration,
    visible_of_registrations,
)
