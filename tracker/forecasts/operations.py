"""Saying what one expects of a project; every change is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, is_dealer, require
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.forecasts.models import Forecast
from tracker.forecasts.queries import OPEN
from tracker.i18n import _l
from tracker.projects.models import Project
from tracker.team.models import User

LARGEST = Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class Expectation:
    """How much by which day, how sure (percent), and why it changed."""

    value: Decimal
    expected_on: date
    sure: int = 50
    reason: str = ""


def set_forecast(session: Session, project: Project, expectation: Expectation, *, by: User) -> Forecast:
    """Say what a project (`members` and `team` loaded) is expected to bring; what was said before is kept.

    Who changes what was said says why. Raises Refused for a project that is decided.
    """
    require(by, Action.PROJECT_EDIT, project)
    if is_dealer(by):
        raise Forbidden()
    if project.state not in OPEN:
        raise Refused(_l("This project is decided; nothing is to be expected any more."))
    if not 0 <= expectation.value < LARGEST:
        raise Invalid("value", _l("Write an amount."))
    if not 0 <= expectation.sure <= 100:
        raise Invalid("sure", _l("Write a number from %(min)s to %(max)s.", min=0, max=100))
    if expectation.expected_on < clock.company_day(clock.now()):
        raise Invalid("expected_on", _l("This day is over. Choose today or a later one."))
    session.execute(select(Project.id).where(Project.id == project.id).with_for_update())  # one after the other
    last = session.scalar(
        select(Forecast).where(Forecast.project_id == project.id).order_by(Forecast.seq.desc()).limit(1)
    )
    reason = expectation.reason.strip()[:300]
    if last is not None and not reason:
        raise Invalid("reason", _l("Say in a sentence what changed."))
    latest = update(Forecast).where(Forecast.project_id == project.id, Forecast.latest)
    session.execute(latest.values(latest=False))
    row = Forecast(
        project_id=project.id, seq=last.seq + 1 if last else 1, by_id=by.id, at=clock.now(), value=expectation.value,
        currency=project.currency, expected_on=expectation.expected_on, sure=expectation.sure, reason=reason or None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    before = {} if last is None else {"value": str(last.value), "on": last.expected_on.isoformat()}
    told = {"value": str(row.value), "on": row.expected_on.isoformat(), "reason": reason}
    events.record(session, Kind.FORECAST_SET, project, by=by, project_id=project.id, before=before, **told)
    return row
