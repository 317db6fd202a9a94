"""Requests for approval: which there are, and whose consent they wait for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, exists, func, literal, not_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from tracker.access import Action, can, is_dealer, overseen, visible
from tracker.access.signing import PARTS, parts, parts_anywhere
from tracker.access.supervising import sits_above
from tracker.errors import NotFound
from tracker.matrix.models import Approval, Signature
from tracker.paging import Page, page_of
from tracker.projects.models import Project
from tracker.team.models import Role, User

if TYPE_CHECKING:
    from tracker.accounts.models import Account
    from tracker.leads.models import Lead
    from tracker.rewards.models import Reward


def list_approvals(session: Session, by: User, which: str = "open", page: int = 1) -> Page[Approval]:
    """Requests: `sign` (those that wait for one's own signature), `open` (all one sees that wait), `mine` (all one
    asked), `decided`."""
    return page_of(session, approvals_asked(by, which), page)


def approvals_asked(by: User, which: str = "open") -> Select[Approval]:
    """The statement for a list of requests, whole and in its order, with what a line of it shows."""
    query = select(Approval).where(visible(Approval, by)).order_by(Approval.id.desc())
    match which:
        case "mine":
            query = query.where(Approval.asked_by_id == by.id)
        case "decided":
            query = query.where(Approval.state != "open")
        case "sign":
            query = query.where(*_to_sign(by))
        case _:
            query = query.where(Approval.state == "open")
    options = (
        joinedload(Approval.project),
        joinedload(Approval.asked_by),
        joinedload(Approval.decided_by),
        selectinload(Approval.signatures).joinedload(Signature.by),
    )
    return query.options(*options)


def get_approval(session: Session, by: User, approval_id: int) -> Approval:
    """One request with its team or its project (whose team and members are loaded) and who asked, with what he may
    do; or NotFound."""
    found = session.scalar(
        select(Approval)
        .where(Approval.id == approval_id, visible(Approval, by))
        .options(
            joinedload(Approval.asked_by).options(joinedload(User.role), joinedload(User.team)),
            joinedload(Approval.decided_by),
            joinedload(Approval.team),
            selectinload(Approval.signatures).joinedload(Signature.by),
            joinedload(Approval.project).options(
                joinedload(Project.team), joinedload(Project.owner), selectinload(Project.members)
            ),
        )
    )
    if found is None:
        raise NotFound
    return found


def count_to_decide(session: Session, by: User, most: int = 100) -> int:
    """How many open requests wait for this user's signature, counted up to `most`."""
    return session.scalar(select(number_to_decide(by, most))) or 0


def list_to_decide(session: Session, by: User, most: int) -> Sequence[Approval]:
    """The first of the requests that wait for this user's signature, the oldest first."""
    query = select(Approval).where(*_to_sign(by)).order_by(Approval.id).limit(most)
    return session.scalars(query.options(joinedload(Approval.project), joinedload(Approval.asked_by))).all()


def number_to_decide(by: User, most: int = 100) -> Any:
    """The same as a part of another statement."""
    if not parts_anywhere(by) or is_dealer(by):
        return literal(0)
    waiting = select(Approval.id).where(*_to_sign(by)).limit(most).subquery()
    return select(func.count()).select_from(waiting).scalar_subquery()


def _to_sign(by: User) -> list[Any]:
    """The conditions under which a request waits for a signature that this user may give."""
    held = parts_anywhere(by)
    roles = [part for part in held if part in PARTS]
    awaits = select(Signature.id).where(Signature.approval_id == Approval.id, Signature.by_id.is_(None))
    ruled = or_(
        exists().where(Project.id == Approval.project_id, overseen(Project, by)).correlate(Approval),
        and_(Approval.project_id.is_(None), overseen(Approval, by)),
    )
    as_role = and_(ruled, awaits.where(Signature.part.in_(roles)).exists())
    as_department = awaits.where(Signature.part.in_([part for part in held if part not in PARTS])).exists()
    signed = select(Signature.id).where(Signature.approval_id == Approval.id, Signature.by_id == by.id).exists()
    return [
        visible(Approval, by),
        Approval.state == "open",
        Approval.asked_by_id != by.id,
        not_(signed),
        or_(as_role, as_department),
    ]


@dataclass(frozen=True, slots=True)
class Awaited:
    """One of the parts whose consent a request needs: the signature, and who may give it while it is open."""

    signature: Signature
    people: Sequence[User]


def list_awaited(session: Session, approval: Approval) -> Sequence[Awaited]:
    """The parts of a request in order. Its project's team and the signatures with who gave them must be loaded."""
    deciders = list_deciders(session, approval.place)
    found = []
    for signature in approval.signatures:
        people: Sequence[User] = ()
        if signature.by_id is None and approval.state == "open":
            who = deciders if signature.part == "supervisor" else _people_of(session, signature.part, approval.place)
            people = [person for person in who if person.id != approval.asked_by_id]
        found.append(Awaited(signature, people))
    return found


def _people_of(session: Session, part: str, project: Project | Approval) -> Sequence[User]:
    """Up to five who may sign in the name of a part other than the supervisor."""
    query = select(User).where(User.active, User.party_id.is_(None)).order_by(User.name).join(Role)
    query = query.options(contains_eager(User.role), joinedload(User.team))
    if part not in PARTS:
        query = query.where(User.department == part)
    return [person for person in session.scalars(query) if part in parts(person, project)][:5]


def list_deciders(session: Session, project: Project | Approval | Lead | Account | Reward) -> Sequence[User]:
    """Who decides requests of this project, or about this lead, account or reward, the nearest first.

    Its `team` is loaded. Its team's supervisor comes first, then those of the teams above.
    """
    from tracker.team.models import Team

    if project.team is None:
        return []
    people = session.scalars(
        select(User)
        .join(Team, Team.id == User.team_id)
        .where(User.active, sits_above(project.team))
        .order_by((User.id == project.team.supervisor_id).desc(), func.length(Team.path).desc(), User.name)
        .options(joinedload(User.role), contains_eager(User.team))
    )
    return [person for person in people if can(person, Action.APPROVAL_DECIDE, project)][:5]
