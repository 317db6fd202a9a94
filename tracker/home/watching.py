"""What Today shows beside what one has to do oneself: windows that close, what others changed, and for who leads people
who is where, what moved, whom nobody has, where a department is silent, what is worth asking. Each bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Date, String, and_, bindparam, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.access import is_dealer, overseen, sees_others, sight, visible
from tracker.access.of_registrations import sees_all_registrations
from tracker.calendar.models import Plan
from tracker.calendar.queries.plans import Planned, is_still_open, plans_of
from tracker.database import UtcDateTime
from tracker.events import Event, Kind
from tracker.home.models import LastLook
from tracker.leads.models import Lead
from tracker.matrix.models import Record
from tracker.notifications.models import WindowClock
from tracker.projects.models import Project, ProjectDesk, ProjectMember
from tracker.registrations.models import WAITING, Registration
from tracker.remembering import remembered
from tracker.team.models import User
from workflows.lead_clocks import WORKED_ON

FEW = 8  # rows of each list
LATELY = timedelta(days=14)  # since when an open plan or broken promise counts
CLOSING = timedelta(days=14)  # until when a window counts
FARTHEST = 2000  # events of the trail that are looked through
MOST_CLOSING = 40  # windows of each way in which one comes by them
TOLD = 60  # of them that are shown together
TELLING = (
    Kind.RECORD_LOGGED, Kind.PHASE_MOVED, Kind.STEP_MOVED, Kind.STATE_CHANGED, Kind.CATEGORY_DECIDED,
    Kind.APPROVAL_ASKED, Kind.APPROVAL_GRANTED, Kind.APPROVAL_DECLINED, Kind.PROJECT_REASSIGNED, Kind.DATE_STATED,
    Kind.CIRCUMSTANCE_STATED, Kind.CIRCUMSTANCE_LIFTED, Kind.TASK_ADDED, Kind.PLAN_MADE, Kind.PLAN_CALLED_OFF,
)  # fmt: skip
"""Kinds of events that somebody wants to know of a site of his."""
MOVED = (Kind.PHASE_MOVED, Kind.STATE_CHANGED, Kind.CATEGORY_DECIDED)
"""Kinds by which a project moves."""


class Closing(NamedTuple):
    """A window that closes, and the site whose it is."""

    project_id: int
    name: str
    category: str
    activity: str
    on: date


@dataclass(frozen=True, slots=True)
class Change:
    """What others did on a site since one looked last: the newest of it, and how much."""

    project_id: int
    name: str
    kind: Kind
    who: str | None
    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Beside:
    """Windows that close and what changed; `newest` is the number of the newest event shown."""

    closing: Sequence[Closing]
    changes: Sequence[Change]
    newest: int


def load_beside(session: Session, by: User, today: date) -> Beside:
    """The windows that close on one's own sites and what others changed there, in one statement."""
    rows = session.execute(_beside(by), {"today": today, "until": today + CLOSING}).all()
    closing = [Closing(row.project_id, row.name, row.first, row.second, row.on) for row in rows if row.source == "w"]
    changed = sorted((row for row in rows if row.source == "c"), key=lambda row: -row.number)
    found: dict[int, Change] = {}
    for row in changed:
        before = found.get(row.project_id)
        found[row.project_id] = Change(
            row.project_id,
            row.name,
            before.kind if before else Kind(row.first),
            before.who if before else row.second,
            before.at if before else row.at,
            before.count + 1 if before else 1,
        )
    return Beside(closing, list(found.values())[:FEW], changed[0].number if changed else 0)


@remembered(sight)
def _beside(by: User) -> Any:
    joined = select(ProjectMember.project_id).where(ProjectMember.user_id == by.id)
    mine = or_(Project.owner_id == by.id, Project.id.in_(joined))
    no_day, no_time, text = cast(null(), Date), cast(null(), UtcDateTime), String
    soon = WindowClock.closes_on.between(bindparam("today", type_=Date), bindparam("until", type_=Date))
    order = (WindowClock.closes_on, WindowClock.id)
    ways = [
        select(WindowClock.id).where(way, soon).order_by(*order).limit(MOST_CLOSING).subquery()
        for way in (WindowClock.owner_id == by.id, WindowClock.project_id.in_(joined))
    ]
    window = (
        select(literal("w").label("source"), WindowClock.id.label("number"), Project.id.label("project_id"))
        .add_columns(Project.name.label("name"), cast(WindowClock.category, text).label("first"))
        .add_columns(cast(WindowClock.activity, text).label("second"), WindowClock.closes_on.label("on"))
        .add_columns(no_time.label("at"))
        .join(Project, Project.id == WindowClock.project_id)
        .where(WindowClock.id.in_(union_all(*(select(way.c.id) for way in ways))))
        .where(Project.state == "active", mine, visible(WindowClock, by))
        .order_by(*order)
        .limit(FEW)
    )
    seen = select(LastLook.event_id).where(LastLook.user_id == by.id).scalar_subquery()
    newest = select(func.max(Event.id)).scalar_subquery()
    site = Event.project_id + 0  # so that no index leads from the thousands of one's sites to the few events
    change = (
        select(literal("c").label("source"), Event.id.label("number"), Project.id.label("project_id"))
        .add_columns(Project.name.label("name"), cast(Event.kind, text).label("first"))
        .add_columns(cast(User.name, text).label("second"), no_day.label("on"), Event.at.label("at"))
        .join(Project, Project.id == site)
        .outerjoin(User, User.id == Event.by_id)
        .where(Event.id > newest - FARTHEST, Event.id > func.coalesce(seen, 0), Event.kind.in_(TELLING))
        .where(or_(Event.by_id.is_(None), Event.by_id != by.id), mine, visible(Project, by))
        .order_by(Event.id.desc())
        .limit(TOLD)
    )
    return union_all(select(window.subquery()), select(change.subquery()))


def list_open_plans(session: Session, by: User, today: date) -> Sequence[Planned]:
    """One's own plans of today, and those of past days of which nobody said what became of them."""
    return [Planned(*row) for row in session.execute(_open_plans(by), {"since": today - LATELY, "today": today})]


@remembered(sight)
def _open_plans(by: User) -> Any:
    day = Record.happened_on.between(bindparam("since", type_=Date), bindparam("today", type_=Date))
    return (
        select(Record, Plan, Lead)
        .select_from(Record)
        .outerjoin(Plan, Plan.record_id == Record.id)
        .outerjoin(Lead, Lead.id == Record.lead_id)
        .where(Record.is_plan, day, is_still_open(), plans_of(by.id), visible(Record, by))
        .order_by(Record.happened_on, Plan.at.is_(None), Plan.at, Record.id)
        .limit(FEW)
        .options(joinedload(Record.project))
    )


def list_to_check(session: Session, by: User) -> Sequence[Registration]:
    """Registrations that wait for an answer, the first due first; for who looks after them."""
    if is_dealer(by) or not sees_all_registrations(by):
        return ()
    query = select(Registration).where(Registration.state.in_(WAITING), visible(Registration, by))
    return session.scalars(query.order_by(Registration.answer_due, Registration.id).limit(FEW)).all()


class Question(NamedTuple):
    """Worth asking one's people: what somebody planned or promised, for when and where; nothing was logged."""

    source: str
    number: int
    person_id: int
    person: str
    project_id: int
    site: str
    text: str
    on: date


@dataclass(frozen=True, slots=True)
class Moved:
    """A project of one's people that moved."""

    project_id: int
    name: str
    kind: Kind
    who: str | None
    at: datetime


class Silent(NamedTuple):
    """A department that owes work on a site where nobody of it is in the team."""

    department: str
    project_id: int
    name: str
    since: date


@dataclass(frozen=True, slots=True)
class Led:
    """What who leads people sees of them."""

    moved: Sequence[Moved]
    questions: Sequence[Question]
    silent: Sequence[Silent]
    unassigned: Sequence[tuple[int, str, date]]


def load_led(session: Session, by: User, today: date) -> Led:
    """What moved since yesterday, what is worth asking, where a department is silent, which leads nobody has."""
    if not sees_others(by) or is_dealer(by):
        return Led((), (), (), ())
    asked = {"today": today, "since": today - LATELY}
    moved = [Moved(row[0], row[1], Kind(row[2]), row[3], row[4]) for row in session.execute(_moved(by))]
    return Led(
        moved,
        [Question(*row) for row in session.execute(_questions(by), asked)],
        [Silent(*row) for row in session.execute(_silent(by), asked)],
        [(row[0], row[1], row[2]) for row in session.execute(_unassigned(by))],
    )


@remembered(sight)
def _moved(by: User) -> Any:
    newest = select(func.max(Event.id)).scalar_subquery()
    return (
        select(Project.id, Project.name, cast(Event.kind, String), User.name, Event.at)
        .select_from(Event)
        .join(Project, Project.id == Event.project_id)
        .outerjoin(User, User.id == Event.by_id)
        .where(Event.id > newest - FARTHEST, Event.kind.in_(MOVED), overseen(Project, by), visible(Project, by))
        .where(or_(Event.by_id.is_(None), Event.by_id != by.id))
        .order_by(Event.id.desc())
        .limit(FEW)
    )


@remembered(sight)
def _questions(by: User) -> Any:
    """Plans of past days that are open, and promised next steps after whose day their author logged nothing there."""
    since, today = bindparam("since", type_=Date), bindparam("today", type_=Date)
    his = and_(overseen(User, by), User.id != by.id, User.active, visible(Record, by))
    columns = (
        Record.id.label("number"),
        User.id.label("person_id"),
        User.name.label("person"),
        Project.id,
        Project.name,
    )
    plan = (
        select(literal("plan").label("source"), *columns, cast(Record.text, String).label("text"),
               Record.happened_on.label("on"))
        .join(User, User.id == Record.author_id)
        .join(Project, Project.id == Record.project_id)
        .outerjoin(Plan, Plan.record_id == Record.id)
        .where(Record.is_plan, Record.happened_on >= since, Record.happened_on < today, is_still_open(), his)
        .order_by(Record.happened_on.desc(), Record.id)
        .limit(FEW)
    )  # fmt: skip
    after = aliased(Record)
    # a site has few records, an author thousands: plus nothing keeps the index on authors out of it
    same = and_(after.project_id == Record.project_id, (after.author_id + 0) == Record.author_id)
    done = select(after.id).where(same, after.is_plan.is_(False), after.id > Record.id).correlate(Record).exists()
    promise = (
        select(literal("promise"), *columns, cast(Record.next_step, String), Record.next_on)
        .join(User, User.id == Record.author_id)
        .join(Project, Project.id == Record.project_id)
        .where(Record.next_on >= since, Record.next_on < today, Project.state == "active", ~done, his)
        .order_by(Record.next_on.desc(), Record.id)
        .limit(FEW)
    )
    found = union_all(select(plan.subquery()), select(promise.subquery())).subquery()
    return select(found).order_by(found.c.on.desc(), found.c.source, found.c.number).limit(FEW)


@remembered(sight)
def _silent(by: User) -> Any:
    late = Project.next_due_on < bindparam("today", type_=Date)
    return (
        select(ProjectDesk.department, Project.id, Project.name, Project.next_due_on)
        .join(Project, Project.id == ProjectDesk.project_id)
        .where(Project.state == "active", late, overseen(Project, by), visible(Project, by))
        .order_by(Project.next_due_on.desc(), Project.id, ProjectDesk.department)
        .limit(FEW)
    )


@remembered(sight)
def _unassigned(by: User) -> Any:
    query = select(Lead.id, Lead.name, Lead.found_on).where(Lead.owner_id.is_(None), Lead.state.in_(WORKED_ON))
    return query.where(overseen(Lead, by), visible(Lead, by)).order_by(Lead.id.desc()).limit(FEW)
