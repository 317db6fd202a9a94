"""What a calendar program reads: plans, due tasks and absences as iCalendar (RFC 5545).

The same thing has the same UID for ever; its SEQUENCE grows with each change, so that a moved event changes in place.
What was called off stays for a while as CANCELLED. Times are written in UTC, days without a time as days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tracker.absences.models import Absence
from tracker.calendar.models import Plan
from tracker.calendar.queries import Planned
from tracker.calendar.queries.feeding import DueSite
from tracker.i18n import _, _n
from tracker.todos.models import Todo

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//Project Tracker//Calendar//EN"
HALF_HOURS = 60  # minutes of a plan of which nobody said how long
EVERY = timedelta(hours=1)  # after which programs look again


@dataclass(frozen=True, slots=True)
class Told:
    """All that goes into one person's feed; `kinds`: what kinds of work are called."""

    name: str
    base_url: str
    plans: Sequence[Planned] = field(default_factory=list)
    due: Sequence[DueSite] = field(default_factory=list)
    away: Sequence[Absence] = field(default_factory=list)
    todos: Sequence[Todo] = field(default_factory=list)
    kinds: Mapping[str, str] = field(default_factory=dict)

    def uid(self, what: str, number: int) -> str:
        """The name of an event that never changes."""
        return f"{what}-{number}@{urlsplit(self.base_url).hostname or 'tracker'}"


def written(told: Told) -> bytes:
    """The file."""
    from icalendar import Calendar  # a seventh of what starting takes, for a file that calendar programs ask for

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Project Tracker: %(name)s", name=told.name))
    calendar.add("refresh-interval", EVERY, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", EVERY)
    for one in told.plans:
        calendar.add_component(_plan(told, one))
    for site in told.due:
        calendar.add_component(_due(told, site))
    for todo in told.todos:
        calendar.add_component(_todo(told, todo))
    for absence in told.away:
        calendar.add_component(_away(told, absence))
    return bytes(calendar.to_ical())


def _event(uid: str, summary: str, changed: datetime, turn: int, off: bool) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("summary", _one_line(summary))
    event.add("dtstamp", changed.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", changed.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", turn)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    return event


def _days(event: Event, first: date, last: date, *, busy: bool) -> None:
    """Whole days, both included; `busy`: whether they take the time."""
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    event.add("transp", "OPAQUE" if busy else "TRANSPARENT")


def _plan(told: Told, one: Planned) -> Event:
    record, plan = one.record, one.plan
    kind = told.kinds.get(record.kind, record.kind)
    changed = plan.changed_at if plan else record.entered_at
    site = one.site
    event = _event(told.uid("plan", record.id), f"{kind} · {site.name}" if site else kind, changed,
                   one.version - 1, one.off)  # fmt: skip
    if plan and plan.at:
        begins = _moment(one.on, plan)
        event.add("dtstart", begins)
        event.add("dtend", begins + timedelta(minutes=plan.minutes or HALF_HOURS))
        event.add("transp", "TRANSPARENT" if one.off else "OPAQUE")
    else:
        _days(event, one.on, one.on, busy=False)
    said = [record.text]
    if one.people:
        said.append(_("Comes along: %(names)s", names=", ".join(person.name for person in one.people)))
    if one.off and plan:
        said.append(_("Called off: %(why)s", why=plan.called_off_why or ""))
    elif one.kept:
        said.append(_("Done and logged."))
    event.add("description", "\n".join(said))
    event.add("url", f"{told.base_url}/calendar/plans/{record.id}")
    if site and site.address:
        event.add("location", _one_line(site.address))
    if one.latitude is not None and one.longitude is not None:
        event.add("geo", (one.latitude, one.longitude))
    return event


def _moment(on: date, plan: Plan) -> datetime:
    return datetime.combine(on, time.fromisoformat(plan.at or "00:00"), ZoneInfo(plan.zone)).astimezone(UTC)


def _due(told: Told, site: DueSite) -> Event:
    """The first open task of a project; it moves on as tasks are closed."""
    words = _n("%(num)d task due: %(site)s", "%(num)d tasks due: %(site)s", site.open_tasks, site=site.name)
    event = _event(told.uid("due", site.id), str(words), site.since, site.version, off=False)
    _days(event, site.on, site.on, busy=False)
    event.add("url", f"{told.base_url}/projects/{site.id}")
    return event


def _todo(told: Told, todo: Todo) -> Event:
    """Something to do; once it is done or dropped it is cancelled, so that it leaves the calendar."""
    gone = bool(todo.done_at or todo.dropped_at)
    event = _event(told.uid("todo", todo.id), todo.text, todo.changed_at, todo.version - 1, off=gone)
    day: Any = todo.due_on
    _days(event, day, day, busy=False)
    event.add("url", f"{told.base_url}/todos/{todo.id}")
    return event


def _away(told: Told, absence: Absence) -> Event:
    """Days away; somebody who came back early was away until then, who never went is not away at all."""
    ended = absence.ended_at
    off = ended is not None and ended.astimezone(ZoneInfo("UTC")).date() <= absence.starts_on
    last = min(absence.ends_on, ended.date()) if ended and not off else absence.ends_on
    words = _("Away") + (f" · {absence.place}" if absence.place else "")
    event = _event(told.uid("away", absence.id), words, ended or absence.at, 1 if ended else 0, off)
    _days(event, absence.starts_on, last, busy=not off)
    if absence.reason:
        event.add("description", absence.reason)
    return event


def _one_line(text: str) -> str:
    return " ".join(text.split())
