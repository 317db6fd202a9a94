"""Putting a visit, call, meeting or delivery onto a day; moving it, changing it, calling it off."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from tracker import clock, events
from tracker.access import Action, may, require, visible
from tracker.calendar.models import Plan, PlanPerson
from tracker.calendar.operations.keeping import plan_row
from tracker.calendar.queries.plans import Planned
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import Lead
from tracker.leads.operations.capturing import add_record, check_open
from tracker.matrix.definitions import current_definition
from tracker.matrix.models import Record
from tracker.matrix.operations import submissions
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.notifications.operations.once import Saying, tell_once
from tracker.projects.models import Project
from tracker.team.models import User

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
AHEAD = timedelta(days=366)
LONGEST = 24 * 60  # minutes


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What is planned: day, kind of work, what for, time of day ("" for none), how long, who comes along."""

    on: date
    kind: str
    text: str
    at: str = ""
    minutes: int | None = None
    people: tuple[int, ...] = ()
    token: str | None = None


def plan_on_project(session: Session, project: Project, draft: PlanDraft, *, by: User) -> Record:
    """Plan something on a project, in the cell where it stands. Raises Blocked where a rule stands in the way."""
    require(by, Action.RECORD_LOG, project)
    _check(draft)
    wanted = RecordDraft(project.phase, project.step, draft.kind, draft.on, draft.text, is_plan=True, token=draft.token)
    record = log_record(session, project, wanted, by=by).record
    _complete(session, record, draft, by)
    return record


def plan_on_lead(session: Session, lead: Lead, draft: PlanDraft, *, by: User) -> Record:
    """Plan something on a lead."""
    require(by, Action.RECORD_LOG)
    check_open(lead)
    _check(draft)
    submission = submissions.claim(session, draft.token, by)
    if draft.kind not in current_definition().picklist("activity_kinds").keys:
        raise Invalid("kind", _l("Choose what kind of work it was."))
    record = add_record(session, lead, by, draft.kind, draft.on, draft.text.strip(), is_plan=True)
    submissions.remember(session, submission, record.id)
    _complete(session, record, draft, by)
    return record


def _check(draft: PlanDraft) -> None:
    if not draft.text.strip():
        raise Invalid("text", _l("One sentence, please: what for?"))
    _check_day(draft.on)
    _check_time(draft.at, draft.minutes)


def _check_day(on: date) -> None:
    if on < clock.today():
        raise Invalid("on", _l("This day has passed."))
    if on > clock.today() + AHEAD:
        raise Invalid("on", _l("Plan at most a year ahead."))


def _check_time(at: str, minutes: int | None) -> None:
    if at and not CLOCK.fullmatch(at):
        raise Invalid("at", _l("Write the time as hours and minutes, such as 09:30."))
    if minutes is not None and not 0 < minutes <= LONGEST:
        raise Invalid("minutes", _l("From a minute to a day, please."))


def _complete(session: Session, record: Record, draft: PlanDraft, by: User) -> None:
    row = plan_row(session, record)
    row.at, row.minutes = draft.at or None, draft.minutes if draft.at else None
    people = _set_people(session, record, draft.people, by)
    session.flush()
    told = {"on": record.happened_on.isoformat(), "at": row.at or "", "people": [one.name for one in people]}
    events.record(session, Kind.PLAN_MADE, record, by=by, project_id=record.project_id, lead_id=record.lead_id, **told)
    _tell(session, record, row, people, by, "made")


def _set_people(session: Session, record: Record, ids: Collection[int], by: User) -> list[User]:
    """Say who comes along: our own active people, or his own company's, who see the site."""
    wanted = {one for one in ids if one != record.author_id}
    whole = (joinedload(User.role), joinedload(User.team))
    query = select(User).where(User.id.in_(wanted), User.active, visible(User, by)).options(*whole).order_by(User.id)
    people = list(session.scalars(query)) if wanted else []
    for one in people:
        seen = select(Record.id).where(Record.id == record.id, visible(Record, one))
        if session.scalar(seen) is None:
            raise Invalid("people", _l("%(name)s does not see this site. Take him into its team first.", name=one.name))
    session.execute(delete(PlanPerson).where(PlanPerson.record_id == record.id))
    session.add_all(PlanPerson(record_id=record.id, user_id=one.id) for one in people)
    return people


def may_change(by: User, planned: Planned) -> bool:
    """Whether he moves the plan and calls it off: who made it, who comes along, the site's owner, a supervisor."""
    owner = planned.site.owner_id if planned.site else None
    his = by.id in (planned.record.author_id, owner) or any(one.id == by.id for one in planned.people)
    return may(by, Action.RECORD_LOG) and (his or may(by, Action.RECORD_CORRECT_OTHERS))


def _require_change(by: User, planned: Planned) -> None:
    if not may_change(by, planned):
        raise Forbidden(_l("Only who made a plan, who comes along, the owner of the site and a supervisor change it."))
    if planned.kept:
        raise Refused(_l("This was done and logged already."))
    if planned.off:
        raise Refused(_l("This was called off already."))


def move_plan(session: Session, planned: Planned, on: date, *, by: User, version: int) -> None:
    """Put a plan onto another day."""
    row = planned.plan
    at, minutes = (row.at or "", row.minutes) if row else ("", None)
    change_plan(session, planned, PlanChange(on, at, minutes, None), by=by, version=version)


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What a plan is to be: its day, time, how long, who comes along (None: as it is)."""

    on: date
    at: str
    minutes: int | None
    people: tuple[int, ...] | None


def change_plan(session: Session, planned: Planned, change: PlanChange, *, by: User, version: int) -> None:
    """Put a plan onto another day or time, or say anew who comes along. Refuses when somebody changed it meanwhile."""
    _require_change(by, planned)
    record = planned.record
    if version != planned.version:
        raise Stale(_l("Somebody changed this plan meanwhile."), details=planned)
    if change.on != record.happened_on:
        _check_day(change.on)
    _check_time(change.at, change.minutes)
    row = plan_row(session, record)
    before: dict[str, Any] = {"on": record.happened_on.isoformat(), "at": row.at or ""}
    people: Sequence[User] = planned.people
    if change.people is not None and set(change.people) != {one.id for one in people}:
        before["people"] = [one.name for one in people]
        people = _set_people(session, record, change.people, by)
    moved = (change.on, change.at or None) != (record.happened_on, row.at)
    now = {"on": change.on.isoformat(), "at": change.at, "people": [one.name for one in people]}
    record.happened_on, row.at, row.minutes = change.on, change.at or None, change.minutes if change.at else None
    row.changed_at, row.turn = clock.now(), row.turn + 1
    session.flush()
    changed = {key: value for key, value in now.items() if key in before and before[key] != value}
    events.record(
        session, Kind.PLAN_MOVED, record, by=by, project_id=record.project_id, lead_id=record.lead_id,
        before={key: before[key] for key in changed}, **changed,
    )  # fmt: skip
    if moved:
        _tell(session, record, row, people, by, "moved")


def call_off(session: Session, planned: Planned, *, by: User, why: str) -> None:
    """Say that a plan does not take place, and why; it stays in the history."""
    if planned.off:
        raise AlreadyDone(details=f"/calendar/plans/{planned.record.id}")
    _require_change(by, planned)
    if not why.strip():
        raise Invalid("why", _l("Say in a sentence why it does not take place."))
    row = plan_row(session, planned.record)
    row.called_off_at, row.called_off_by_id, row.called_off_why = clock.now(), by.id, why.strip()[:300]
    row.changed_at, row.turn = clock.now(), row.turn + 1
    session.flush()
    record = planned.record
    events.record(session, Kind.PLAN_CALLED_OFF, record, by=by, project_id=record.project_id, lead_id=record.lead_id,
                  reason=row.called_off_why)  # fmt: skip
    _tell(session, record, row, planned.people, by, "off")


_SAID = {
    "made": ("{by}约您同行：{day}{at}，{text}", "{by} plans this with you: {day}{at}, {text}"),
    "moved": ("{by}把计划改到{day}{at}：{text}", "{by} moved this to {day}{at}: {text}"),
    "off": ("{by}取消了{day}的计划：{text}（{why}）", "{by} called this off ({day}): {text} ({why})"),
}


def _tell(session: Session, record: Record, row: Plan, people: Sequence[User], by: User, what: str) -> None:
    """Tell those who come along, and who made the plan, unless it was he himself who did this."""
    whole = (joinedload(User.role), joinedload(User.team))
    ids = {one.id for one in people} | ({record.author_id} if record.author_id and what != "made" else set())
    told = session.scalars(select(User).where(User.id.in_(ids - {by.id}), User.active).options(*whole)).all()
    site = session.get(Project, record.project_id) if record.project_id else session.get(Lead, record.lead_id)
    if not told or site is None:
        return
    words = {"by": by.name, "day": record.happened_on.isoformat(), "at": f" {row.at}" if row.at else "",
             "text": record.text[:120], "why": row.called_off_why or ""}  # fmt: skip
    zh, en = (sentence.format(**words) for sentence in _SAID[what])
    saying = Saying(
        key=f"plan:{record.id}:{record.version + row.turn}:{what}", kind="plan_news", level="remind",
        due_on=record.happened_on, audience="named", zh=zh, en=en, phase=record.phase, step=record.step,
    )  # fmt: skip
    tell_once(session, site, saying, told)
