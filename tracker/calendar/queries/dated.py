"""What stands on a day already: due tasks, promises, dates of sites, reviews, occasions, what ends. One statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Select, String, and_, bindparam, cast, literal, null, select, text, union_all
from sqlalchemy.orm import Session, aliased

from tracker.access import is_dealer, sight, visible
from tracker.accounts.models import Account, AccountAction, FrameAgreement
from tracker.leads.models import Lead
from tracker.matrix.facts import ANCHOR
from tracker.matrix.models import Evidence, Record
from tracker.parties.models import Party
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.remembering import remembered
from tracker.rewards.models import Occasion
from tracker.team.models import User
from tracker.todos.models import Todo
from workflows.lead_clocks import REVIEWED

MOST = 120  # of each source on one page
PROTECTED = ("pre_registered", "registered", "renewed")  # states of a registration that protects


@dataclass(frozen=True, slots=True)
class Asked:
    """What a calendar is narrowed by, each by its number; 0 does not count."""

    person: int = 0
    team: int = 0
    project: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Those that are set."""
        return tuple(name for name in ("person", "team", "project") if getattr(self, name))


class Dated(NamedTuple):
    """Something that stands on a day. `source` says what; `number` is its row's; `detail` says more of it (a number of
    tasks, an anchor, the name of the site), as its source means it."""

    source: str
    number: int
    on: date
    title: str
    detail: str
    project_id: int | None
    lead_id: int | None
    person_id: int | None
    person: str | None


def list_dated(session: Session, by: User, first: date, last: date, asked: Asked) -> Sequence[Dated]:
    """What stands on the days from one to another, of each source the first ones."""
    values = {"first": first, "last": last, "person": asked.person, "team": asked.team, "project": asked.project}
    return [Dated(*row) for row in session.execute(_dated(asked.names, by), values)]


@remembered(sight)
def _dated(names: tuple[str, ...], by: User) -> Any:
    """Each source in the order of an index of its own, its first ones."""
    sources = _OF_DEALERS if is_dealer(by) else _OF_OURS
    parts = [part for source in sources if (part := source(names, by)) is not None]
    first = union_all(*(select(part.subquery()) for part in parts)).subquery()
    named = select(first, User.name).outerjoin(User, User.id == first.c.person_id)
    return named.order_by(first.c.on, first.c.source, first.c.number)


def _part(source: str, number: Any, on: Any, title: Any, **more: Any) -> Select[Any]:
    nothing = cast(null(), Integer)
    columns = {"detail": literal(""), "project_id": nothing, "lead_id": nothing, "person_id": nothing, **more}
    named = [column.label(name) for name, column in columns.items()]
    days = on.between(bindparam("first", type_=Date), bindparam("last", type_=Date))
    head = (literal(source).label("source"), number.label("number"), on.label("on"), title.label("title"))
    return select(*head, *named).where(days).order_by(on, number).limit(MOST)


def _narrowed(query: Select[Any], names: tuple[str, ...], person: Any, project: Any) -> Select[Any] | None:
    """The part narrowed by what is asked; None where it has nothing to do with it."""
    if "project" in names:
        if project is None:
            return None
        query = query.where(project == bindparam("project"))
    if "person" in names:
        query = query.where(person == bindparam("person"))
    if "team" in names:
        query = query.where(person.in_(select(User.id).where(User.team_id == bindparam("team"))))
    return query


def _tasks(names: tuple[str, ...], by: User) -> Select[Any] | None:
    """Projects in which a task falls due; the first that does."""
    query = _part("task", Project.id, Project.next_due_on, Project.name, detail=cast(Project.open_tasks, String),
                  project_id=Project.id, person_id=Project.owner_id)  # fmt: skip
    query = query.where(Project.state == "active", visible(Project, by))
    return _narrowed(query, names, Project.owner_id, Project.id)


def _promises(names: tuple[str, ...], by: User) -> Select[Any] | None:
    """Next steps that somebody promised."""
    query = _part("promise", Record.id, Record.next_on, Record.next_step, detail=Project.name,
                  project_id=Record.project_id, person_id=Record.author_id)  # fmt: skip
    query = query.join(Project, Project.id == Record.project_id).where(visible(Record, by))
    return _narrowed(query, names, Record.author_id, Record.project_id)


def _dates(names: tuple[str, ...], by: User) -> Select[Any] | None:
    """Days of sites: tenders, awards, arrivals, acceptances; of two statements of one the later counts."""
    later = aliased(Evidence)
    same = and_(later.project_id == Evidence.project_id, later.target == Evidence.target, later.id > Evidence.id)
    query = _part("date", Evidence.id, Evidence.dated_on, Project.name, detail=Evidence.target,
                  project_id=Evidence.project_id, person_id=Project.owner_id)  # fmt: skip
    query = query.join(Project, Project.id == Evidence.project_id).where(text(f"evidence.target LIKE '{ANCHOR}%'"))
    query = query.where(~select(later.id).where(same).correlate(Evidence).exists(), visible(Project, by))
    return _narrowed(query, names, Project.owner_id, Evidence.project_id)


def _reviews(names: tuple[str, ...], by: User) -> Select[Any] | None:
    """Leads that are looked at again."""
    query = _part("review", Lead.id, Lead.review_on, Lead.name, lead_id=Lead.id, person_id=Lead.owner_id)
    return _narrowed(query.where(Lead.state.in_(REVIEWED), visible(Lead, by)), names, Lead.owner_id, None)


def _occasions(names: tuple[str, ...], by: User) -> Select[Any] | None:
    """Trainings, factory visits and the like."""
    query = _part("occasion", Occasion.id, Occasion.on, Occasion.title, detail=_text(Occasion.place),
                  person_id=Occasion.by_id)  # fmt: skip
    query = query.where(Occasion.called_off.is_(None), visible(Occasion, by))
    return _narrowed(query, names, Occasion.by_id, None)


def _actions(names: tuple[str, ...], by: User) -> Select[Any] | None:
    """What is to be done for key accounts."""
    query = _part("action", AccountAction.account_id, AccountAction.due_on, AccountAction.text, detail=Party.name,
                  person_id=AccountAction.user_id)  # fmt: skip
    query = query.join(Account, Account.id == AccountAction.account_id).join(Party, Party.id == Account.party_id)
    query = query.where(AccountAction.done_on.is_(None), visible(Account, by))
    return _narrowed(query, names, AccountAction.user_id, None)


def _agreements(names: tuple[str, ...], by: User) -> Select[Any] | None:
    """Frame agreements that run out."""
    query = _part("agreement", FrameAgreement.id, FrameAgreement.valid_until, Party.name, detail=FrameAgreement.number,
                  person_id=Account.owner_id)  # fmt: skip
    query = query.join(Account, Account.id == FrameAgreement.account_id).join(Party, Party.id == Account.party_id)
    query = query.where(FrameAgreement.ended_on.is_(None), visible(FrameAgreement, by))
    return _narrowed(query, names, Account.owner_id, None)


def _registrations(names: tuple[str, ...], by: User) -> Select[Any] | None:
    """Protections of dealers that end."""
    query = _part("registration", Registration.id, Registration.protected_to, Registration.name)
    query = query.where(Registration.state.in_(PROTECTED), visible(Registration, by))
    return None if "person" in names or "team" in names else _narrowed(query, names, None, Registration.project_id)


def _todos(names: tuple[str, ...], by: User) -> Select[Any] | None:
    """To-dos with a day."""
    query = _part("todo", Todo.id, Todo.due_on, Todo.text, person_id=Todo.owner_id)
    query = query.where(Todo.done_at.is_(None), Todo.dropped_at.is_(None), visible(Todo, by))
    return _narrowed(query, names, Todo.owner_id, Todo.project_id)


def _text(column: Any) -> Any:
    return cast(column, String)


Source = Callable[[tuple[str, ...], User], Select[Any] | None]
_OF_DEALERS: Sequence[Source] = (_tasks, _promises, _registrations, _todos)
_OF_OURS: Sequence[Source] = (*_OF_DEALERS, _dates, _reviews, _occasions, _actions, _agreements)
