"""Saying that somebody is away, and that he is back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.absences.models import KINDS, OTHER, Absence
from tracker.access.leading import leads_team
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.models import Record
from tracker.team.models import User

LONGEST = timedelta(days=366)  # whoever is away for longer hands his work over


@dataclass(frozen=True, slots=True)
class Leave:
    """The days of an absence, both included, who stands in, where and why, and what kind it is."""

    starts_on: date
    ends_on: date
    stand_in_id: int | None = None
    place: str = ""
    reason: str = ""
    kind: str = OTHER


def may_tell(by: User, person: User) -> bool:
    """Whether he says when this person is away: himself, or who leads his team (`team` loaded)."""
    return by.id == person.id or leads_team(by, person.team)


def require_telling(by: User, person: User) -> None:
    """Raise Forbidden unless he says when this person is away."""
    if not may_tell(by, person):
        raise Forbidden(_l("Only he himself and a supervisor of his team say when somebody is away."))


def tell_absence(session: Session, person: User, leave: Leave, *, by: User) -> Absence:
    """Somebody of ours will be, or is, away; the days of one person do not overlap."""
    require_telling(by, person)
    if person.party_id is not None:
        raise Refused(_l("Only our own people are entered here."))
    _check_days(session, person, leave)
    _check_stand_in(session, person, leave.stand_in_id)
    if leave.kind not in KINDS:
        raise Invalid("kind", _l("Choose one of the values in the list."))
    absence = Absence(
        user_id=person.id,
        starts_on=leave.starts_on,
        ends_on=leave.ends_on,
        stand_in_id=leave.stand_in_id,
        place=leave.place.strip()[:120] or None,
        reason=leave.reason.strip()[:300] or None,
        kind=leave.kind,
        by_id=by.id,
    )
    session.add(absence)
    session.flush()
    events.record(session, Kind.ABSENCE_TOLD, person, by=by, **_days(absence), stand_in_id=leave.stand_in_id)
    return absence


def _check_days(session: Session, person: User, leave: Leave) -> None:
    if leave.ends_on < leave.starts_on:
        raise Invalid("ends_on", _l("The last day cannot lie before the first one."))
    if leave.ends_on < clock.company_day(clock.now()):
        raise Invalid("ends_on", _l("This day is over. Choose today or a later one."))
    if leave.ends_on - leave.starts_on > LONGEST:
        raise Invalid("ends_on", _l("Away for more than a year: hand the work over instead."))
    same = select(Absence).where(
        Absence.user_id == person.id,
        Absence.ended_at.is_(None),
        Absence.starts_on <= leave.ends_on,
        Absence.ends_on >= leave.starts_on,
    )
    session.execute(select(User.id).where(User.id == person.id).with_for_update())  # two forms at once: one waits
    if session.scalars(same.limit(1)).first() is not None:
        raise Invalid("starts_on", _l("Some of these days are entered already. End that absence first."))


def _check_stand_in(session: Session, person: User, stand_in_id: int | None) -> None:
    stand_in = session.get(User, stand_in_id) if stand_in_id else None
    if stand_in_id == person.id:
        raise Invalid("stand_in_id", _l("Nobody stands in for himself."))
    if stand_in_id and (stand_in is None or not stand_in.active or stand_in.party_id is not None):
        raise Invalid("stand_in_id", _l("Choose an active colleague."))


def end_absence(session: Session, absence: Absence, person: User, *, by: User) -> None:
    """He is back before the day that was said, or does not go at all; what was said is kept."""
    require_telling(by, person)
    if absence.ended_at is not None:
        return
    absence.ended_at = clock.now()
    session.flush()
    events.record(session, Kind.ABSENCE_ENDED, person, by=by, **_days(absence))


def prove_absence(session: Session, absence: Absence, person: User, record: Record, *, by: User) -> None:
    """Say which of his records proves that he was where he said: one of what he did in these days."""
    require_telling(by, person)
    if record.author_id != person.id or record.is_plan:
        raise Refused(_l("Only what he himself did proves it."))
    if not absence.starts_on <= record.happened_on <= absence.ends_on:
        raise Refused(_l("This was not done on one of these days."))
    if absence.record_id == record.id:
        return
    absence.record_id = record.id
    session.flush()
    events.record(session, Kind.ABSENCE_PROVEN, person, by=by, **_days(absence), record_id=record.id)


def _days(absence: Absence) -> dict[str, Any]:
    return {"starts": absence.starts_on.isoformat(), "ends": absence.ends_on.isoformat()}
