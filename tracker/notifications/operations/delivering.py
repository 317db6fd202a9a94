"""Finding what fell due and telling those whom it concerns: each thing once, whatever happens in between.

Each group of projects is one transaction of the caller's: its due things, who was told, the mails to send and the next
day to look stand together or not at all. That a thing is delivered once is the database's word (its key is unique in
the project), so two workers may do this at once, and a worker that falls over leaves nothing half done. The facts are
read in that very transaction: whose reason is gone by then is not delivered. A day on which nobody looked needs no
making up for: what is due stays due until it was delivered. What somebody has done meanwhile is marked as read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import structlog
from sqlalchemy import Date, bindparam, insert, or_, select, text, update
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.events import Kind
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts_of_many
from tracker.notifications.models import DueThing, Notification, ProjectClock
from tracker.notifications.operations.addressing import Addresses, by_user, load_projects
from tracker.notifications.operations.mailing import Mailing, write_mails
from tracker.notifications.operations.once import Saying, write_once
from tracker.notifications.operations.winding import Wound, hold, wind
from tracker.projects.models import Project
from tracker.team.models import User
from workflows import clocks
from workflows.calendar import add_days

log = structlog.get_logger()
NAMED = "named"  # the audience of what was told to people by name, and not by a clock
CHUNK = 50  # projects of one transaction: others who write wait for a tenth of a second at most


def deliver(session: Session, today: date, mailing: Mailing | None = None) -> Iterator[int]:
    """Look at every project whose day has come; yields after each group how many things were newly delivered.

    The caller commits after each (and may stop: the rest is found again). A project that cannot be looked at is logged
    and left until tomorrow.
    """
    while ids := list(session.scalars(_WAITING, {"today": today, "most": CHUNK})):
        yield look(session, ids, today, mailing)


def _waiting() -> Any:
    """Whose day has come, and who was looked at on a day that has not come yet: the clock was set back."""
    today = bindparam("today", type_=Date)
    come = or_(ProjectClock.wake_on <= today, ProjectClock.looked_on > today)
    return select(ProjectClock.project_id).where(come).order_by(ProjectClock.project_id).limit(bindparam("most"))


_WAITING = _waiting()
_UNKNOWN = text(
    "INSERT INTO project_clock (project_id, wake_on) SELECT project.id, :today FROM project "
    "LEFT JOIN project_clock ON project_clock.project_id = project.id WHERE project_clock.project_id IS NULL "
    "ON CONFLICT (project_id) DO NOTHING"
).bindparams(bindparam("today", type_=Date))


def take_up(session: Session, today: date) -> int:
    """Give every project without a clock one that has run out (after an update or a restore); how many there were."""
    done: Any = session.execute(_UNKNOWN, {"today": today})
    return max(0, int(done.rowcount))


def look(session: Session, ids: Sequence[int], today: date, mailing: Mailing | None = None) -> int:
    """Deliver what is due in these projects and wind their clocks; how many things were newly delivered."""
    projects = load_projects(session, ids)
    hold(session, ids)
    wound, due = _due(session, projects, today)
    quiet: dict[int, date | None] = dict(session.execute(_QUIET, {"ids": list(ids)}).all())
    addresses = Addresses(session, projects)
    told: list[tuple[User, Project, int]] = []
    brought: list[tuple[Project, clocks.DueThing]] = []
    found = 0
    for project, things in due:
        since = quiet.get(project.id)
        for thing in things:
            number = None if since and thing.due_on < since else _deliver_once(session, project, thing)
            if number is None:
                continue
            found += 1
            told += [(user, project, number) for user in addresses.of(project, thing)]
            if thing.level != "remind":
                brought.append((project, thing))
    _tell(session, told)
    for project, thing in brought:
        _record(session, project, thing)
    _take_back(session, wound)
    if mailing and told:
        write_mails(session, by_user((user, number) for user, _project, number in told), mailing)
    wind(session, wound, today, looked=True)
    _put_off(session, set(ids) - {project.id for project, _definition, _facts in wound}, today)
    session.flush()
    return found


def _record(session: Session, project: Project, thing: clocks.DueThing) -> None:
    """What goes over the owner's head, or asks for a decision, stands in the project's trail."""
    told = {"rules": [thing.rule] if thing.rule else [], "due_on": thing.due_on.isoformat()}
    events.record(session, Kind.DUE_ESCALATED, project, by=None, project_id=project.id, **told)


_QUIET = select(ProjectClock.project_id, ProjectClock.quiet_before).where(
    ProjectClock.project_id.in_(bindparam("ids", expanding=True))
)


def _due(
    session: Session, projects: Sequence[Project], today: date
) -> tuple[list[Wound], list[tuple[Project, list[clocks.DueThing]]]]:
    """Facts of the projects, and what is due in each that was not delivered yet."""
    known: dict[int, set[str]] = {project.id: set() for project in projects}
    delivered = select(DueThing.project_id, DueThing.key).where(DueThing.project_id.in_(known))
    rows: Any = session.execute(delivered)
    for project_id, key in rows:
        known[project_id].add(key)
    wound: list[Wound] = []
    due = []
    pairs = [(definition_of(session, project), project) for project in projects]
    definitions = {project.id: definition for definition, project in pairs}
    for project, facts in load_facts_of_many(session, pairs):
        if isinstance(facts, Exception):
            log.error("the clocks of a project do not run", project=project.id, reason=str(facts))
            continue
        definition = definitions[project.id]
        wound.append((project, definition, facts))
        things = clocks.due_things(definition, facts, today)
        due.append((project, [thing for thing in things if thing.key not in known[project.id]]))
    return wound, due


def _deliver_once(session: Session, project: Project, thing: clocks.DueThing) -> int | None:
    """Write a due thing down; None where another worker was quicker."""
    phase, step = thing.cell
    saying = Saying(
        key=thing.key, kind=thing.kind, rule=thing.rule, level=thing.level, due_on=thing.due_on,
        audience=thing.audience, zh=thing.text.zh, en=thing.text.en, phase=phase, step=step,
    )  # fmt: skip
    return write_once(session, project, saying)


def _tell(session: Session, told: Sequence[tuple[User, Project, int]]) -> None:
    rows = [{"user_id": user.id, "project_id": project.id, "due_thing_id": number} for user, project, number in told]
    if rows:
        session.execute(insert(Notification), rows)


def _take_back(session: Session, wound: Sequence[Wound]) -> None:
    """Mark as read what people were told and what holds no more: somebody has done what was due.

    What somebody told people by name holds until they have read it: no clock said it.
    """
    unread = (
        select(DueThing.project_id, DueThing.key, DueThing.id)
        .join(Notification, Notification.due_thing_id == DueThing.id)
        .where(Notification.project_id.in_([project.id for project, _definition, _facts in wound]))
        .where(Notification.read_at.is_(None), DueThing.audience != NAMED)
    )
    told: dict[int, dict[str, int]] = {}
    rows: Any = session.execute(unread)
    for project_id, key, number in rows:
        told.setdefault(project_id, {})[key] = number
    gone: list[int] = []
    for project, definition, facts in wound:
        if project.id in told:
            holds = {thing.key for thing in clocks.all_things(definition, facts)}
            gone += [number for key, number in told[project.id].items() if key not in holds]
    if gone:
        settled = update(Notification).where(Notification.due_thing_id.in_(gone), Notification.read_at.is_(None))
        session.execute(settled.values(read_at=clock.now()).execution_options(synchronize_session=False))


def _put_off(session: Session, ids: set[int], today: date) -> None:
    """What could not be looked at waits until tomorrow, or one broken project would hold up all others."""
    if ids:
        session.execute(
            update(ProjectClock)
            .where(ProjectClock.project_id.in_(ids))
            .values(wake_on=add_days(today, 1), looked_on=today)
        )
