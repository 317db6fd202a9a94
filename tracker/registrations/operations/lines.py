"""What a conflict does to projects: each side's own one is frozen, and the ruling says whose the lines are.

A line that leaves a project by a ruling says so in its history (`told`), so that a ruling on appeal can undo it. What a
dealer gets of a site of ours goes on in a linked project of its own: he learns nothing of the firms and people of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.dealers.models import Dealer
from tracker.matrix.models import LifecycleChange
from tracker.matrix.operations.judging import lapse_overtaken
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.circle import list_lines
from tracker.projects.models import Building, CategoryLine, Project
from tracker.projects.operations.lifecycle import note_result, note_state
from tracker.projects.operations.splitting import begin_part, note_part
from tracker.registrations.models import Conflict, Registration
from tracker.registrations.operations.answering import ROUTE
from tracker.registrations.operations.selling import join_project, leave_project
from tracker.registrations.operations.splitting import sides_of, whole_of
from tracker.registrations.queries.checking import building_key
from tracker.team.models import User
from workflows.guards.channel import FROZEN_STATE

LOST_BY = "conflict_lost"  # of the pick-list lost_reasons
FROZEN = "frozen"  # under which `Conflict.before` keeps the dealers' own projects that were frozen
GONE = ("dropped", "lost")


def own_project(session: Session, registration: Registration, besides: int | None = None) -> Project | None:
    """The project in which the registration's dealer sells because of it; not the contested one (`besides`)."""
    if registration.project_id in (None, besides):
        return None
    project = session.get_one(Project, registration.project_id, options=[joinedload(Project.team)])
    return project if project.dealer_id == _firm(session, registration) else None


def _firm(session: Session, registration: Registration) -> int:
    return session.get_one(Dealer, registration.dealer_id).party_id


def freeze_own(
    session: Session, registrations: Sequence[Registration], *, by: User, besides: int | None = None
) -> list[int]:
    """Freeze the dealers' own projects (G27); returns which were."""
    found = []
    for registration in registrations:
        project = own_project(session, registration, besides)
        if project is not None and project.state == "active":
            note_state(session, project, FROZEN_STATE, by=by, reason=None, rules=["G27"])
            found.append(project.id)
    return found


def thaw(session: Session, conflict: Conflict, *, by: User) -> None:
    """The freeze is over, in the contested project and in the dealers' own."""
    for number in (conflict.project_id, *conflict.before.get(FROZEN, ())):
        if number is None:
            continue
        project = session.get_one(Project, number, options=[joinedload(Project.team)])
        if project.state == FROZEN_STATE:
            note_state(session, project, "active", by=by, reason=conflict.reason)


def settle_own_lines(session: Session, conflict: Conflict, *, by: User) -> None:
    """In a dealer's own project what he keeps is open and what he lost is not; with all of it the project is lost."""
    for side, registration in sides_of(session, conflict).items():
        project = own_project(session, registration, conflict.project_id)
        if project is None:
            continue
        claimed, kept = set(whole_of(conflict, side, registration).categories), set(registration.categories)
        if conflict.winner not in ("split", side):
            _lose(session, conflict, project, claimed, by)
            continue
        _return(session, conflict, project, kept, by)
        _part_with(session, conflict, project, claimed - kept, "dropped", by)


def settle_with_ours(session: Session, conflict: Conflict, registration: Registration, *, by: User) -> None:
    """Whose the lines of our project are: the dealer joins it, gets a linked one for his part, or leaves it."""
    project = session.get_one(Project, conflict.project_id, options=[joinedload(Project.team)])
    firm, own = _firm(session, registration), own_project(session, registration, conflict.project_id)
    part = _part_of(session, conflict, registration, project) if conflict.winner == "split" else set()
    joins = conflict.winner == "registration" or (conflict.winner == "split" and part is None)
    if joins and own is None:
        _return(session, conflict, project, _lines(session, project), by)
        join_project(session, project, firm, by=by)
        registration.project_id = project.id
        return
    if project.dealer_id == firm:
        leave_project(session, project, firm, by=by)
    if joins and conflict.winner == "registration":
        _lose(session, conflict, project, set(registration.categories), by)
        return
    taken = set(part or ())
    _return(session, conflict, project, set(_lines(session, project)) - taken, by)
    if conflict.winner == "split" and own is None:
        registration.project_id = _begin_part(session, conflict, registration, project, by).id
    _part_with(session, conflict, project, taken, "dropped", by)


def _part_of(session: Session, conflict: Conflict, registration: Registration, project: Project) -> set[str] | None:
    """The lines that our project loses by a split; None where both go on together: nothing is cut, or nothing of ours
    would be left. What the dealer gets in some buildings only stays ours in the others."""
    if "registration" not in conflict.shares.get("kept", {}):
        return None
    his = {building_key(name) for name in registration.buildings}
    ours = {building_key(one.name) for one in _buildings(session, project)}
    if his and not ours <= his:
        return set()
    lines = list_lines(session, project)
    taken = {line.category for line in lines} & set(registration.categories)
    left = [line for line in lines if line.category not in taken and _may_stand(session, conflict, project, line)]
    return taken if left else None


def _may_stand(session: Session, conflict: Conflict, project: Project, line: CategoryLine) -> bool:
    """Whether a line is open or won, or would be again without this conflict."""
    return line.result not in GONE or line.category in _gone_by(session, conflict, project)


def _buildings(session: Session, project: Project) -> Sequence[Building]:
    return session.scalars(select(Building).where(Building.project_id == project.id).order_by(Building.id)).all()


def _lines(session: Session, project: Project) -> list[str]:
    return [line.category for line in list_lines(session, project)]


def _begin_part(
    session: Session, conflict: Conflict, registration: Registration, project: Project, by: User
) -> Project:
    """The linked project in which the dealer sells his part; ours go on looking after it."""
    reason = conflict.reason or ""
    his = {building_key(name) for name in registration.buildings}
    chosen = [one.id for one in _buildings(session, project) if building_key(one.name) in his]
    part = begin_part(session, project, by=by, name=registration.name, route=ROUTE, reason=reason,
                      buildings=chosen or None)  # fmt: skip
    for number, category in enumerate(registration.categories):
        session.add(CategoryLine(project_id=part.id, category=category, main=number == 0))
    session.flush()
    join_project(session, part, _firm(session, registration), by=by)
    note_part(session, project, part, registration.categories, by=by, reason=reason)
    return part


def _part_with(
    session: Session, conflict: Conflict, project: Project, categories: Collection[str], result: str, by: User
) -> None:
    """Let open lines go by the ruling: dropped where others have them now, lost where all of the claim is."""
    key = LOST_BY if result == "lost" else None
    for line in list_lines(session, project):
        if line.category in categories and line.result == "open":
            note_result(session, project, line, result, by=by, reason=conflict.reason, reason_key=key,
                        told=_told(conflict))  # fmt: skip
    refresh(session, project)
    lapse_overtaken(session, project)


def _lose(session: Session, conflict: Conflict, project: Project, categories: Collection[str], by: User) -> None:
    """The other side got it: these lines are lost, and with the last of them the project."""
    _part_with(session, conflict, project, categories, "lost", by)
    lines = list_lines(session, project)
    if project.state == "active" and lines and all(line.result in GONE for line in lines):
        note_state(session, project, "lost", by=by, reason=conflict.reason, reason_key=LOST_BY, told=_told(conflict))


def _return(session: Session, conflict: Conflict, project: Project, categories: Collection[str], by: User) -> None:
    """What an earlier ruling on this conflict took is open again."""
    gone = _gone_by(session, conflict, project)
    if project.state == "lost" and None in gone:
        note_state(session, project, "active", by=by, reason=conflict.reason, told=_told(conflict))
    for line in list_lines(session, project):
        if line.category in categories and line.category in gone and line.result in GONE:
            note_result(session, project, line, "open", by=by, reason=conflict.reason, told=_told(conflict))
    refresh(session, project)


def _gone_by(session: Session, conflict: Conflict, project: Project) -> set[str | None]:
    """The lines (None: the project itself) whose last change was a ruling on this conflict."""
    query = select(LifecycleChange).where(LifecycleChange.project_id == project.id).order_by(LifecycleChange.id)
    last = {change.category: change for change in session.scalars(query)}
    return {category for category, change in last.items() if change.told.get("arbitration") == str(conflict.id)}


def _told(conflict: Conflict) -> dict[str, str]:
    return {"arbitration": str(conflict.id)}
