"""Who is told of a due thing. Never somebody who does not see the project; dealers hear of their registrations only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access import Action, is_dealer, may, visible
from tracker.matrix.queries import list_deciders
from tracker.projects.models import Project, ProjectMember
from tracker.team.models import User
from workflows.clocks import DueThing

_WHOLE = (joinedload(User.role), joinedload(User.team))


def load_projects(session: Session, ids: Sequence[int]) -> Sequence[Project]:
    """The projects with their people; on PostgreSQL their rows are held, so that no fact changes meanwhile."""
    members = selectinload(Project.members).joinedload(ProjectMember.user).options(*_WHOLE)
    owner = joinedload(Project.owner).options(*_WHOLE)
    return session.scalars(
        select(Project)
        .where(Project.id.in_(ids))
        .order_by(Project.id)
        .options(joinedload(Project.team), owner, members)
        .with_for_update(of=Project)
        .execution_options(populate_existing=True)
    ).all()


class Addresses:
    """The recipients of due things of some projects; people are looked up once for all of them."""

    def __init__(self, session: Session, projects: Sequence[Project]) -> None:
        self.session = session
        self.ids = [project.id for project in projects]
        self._desks: dict[str, Sequence[User]] = {}
        self._deciders: dict[int | None, Sequence[User]] = {}
        self._seen: dict[int, set[int]] = {}

    def of(self, project: Project, thing: DueThing) -> list[User]:
        """Who is told of it. A reminder that nobody else can take goes to the owner, without one to who decides."""
        if thing.audience == "dealer":
            return self._fit(project, self._dealer(thing.dealer), dealers=True)
        if thing.audience == "supervisor":
            return self._supervisor(project)
        asked = self._department(project, thing.department) if thing.audience == "department" else []
        return (
            self._fit(project, asked)
            or self._fit(project, [project.owner] if project.owner else [])
            or self._supervisor(project)
        )

    def _fit(self, project: Project, people: Iterable[User], *, dealers: bool = False) -> list[User]:
        fitting = {one.id: one for one in people if one.active and is_dealer(one) is dealers}
        return [one for one in fitting.values() if project.id in self._sees(one)]

    def _sees(self, user: User) -> set[int]:
        if user.id not in self._seen:
            mine = select(Project.id).where(Project.id.in_(self.ids), visible(Project, user))
            self._seen[user.id] = set(self.session.scalars(mine))
        return self._seen[user.id]

    def _supervisor(self, project: Project) -> list[User]:
        """The nearest who decides for the project; nobody is his own supervisor unless nobody stands above him."""
        if project.team_id not in self._deciders:
            self._deciders[project.team_id] = list_deciders(self.session, project)
        people = self._fit(project, self._deciders[project.team_id])
        others = [one for one in people if one.id != project.owner_id]
        return (others or people)[:1]

    def _department(self, project: Project, department: str) -> list[User]:
        """The project's people of the department; without one, those who serve its desk."""
        people = [
            member.user for member in project.members if department in (member.department, member.user.department)
        ]
        if project.owner and project.owner.department == department:
            people.append(project.owner)
        return [one for one in people if one.active] or list(self._desk(department))

    def _desk(self, department: str) -> Sequence[User]:
        if department not in self._desks:
            query = select(User).where(User.active, User.department == department).options(*_WHOLE).order_by(User.id)
            self._desks[department] = [one for one in self.session.scalars(query) if may(one, Action.DESK_SERVE)]
        return self._desks[department]

    def _dealer(self, party: str) -> Sequence[User]:
        """The people of a dealer's company, which facts name by its number."""
        if not party.isascii() or not party.isdecimal():
            return ()
        query = select(User).where(User.active, User.party_id == int(party)).options(*_WHOLE).order_by(User.id)
        return self.session.scalars(query).all()


def by_user(told: Iterable[tuple[User, int]]) -> dict[User, list[int]]:
    """What each is told of, by person."""
    found: dict[User, list[int]] = defaultdict(list)
    for user, number in told:
        found[user].append(number)
    return found
