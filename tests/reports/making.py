"""What the tests of reports set up: a week's work of one salesperson, and the reports of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_contact, make_party, make_photo, make_project
from tests.leads.making import make_lead
from tests.matrix.making import as_seen, draft
from tracker import clock
from tracker.matrix.models import LifecycleChange, Move
from tracker.matrix.operations.records import log_record
from tracker.projects.models import Project
from tracker.reports.models import Report
from tracker.reports.operations.making import make_due
from tracker.team.models import User

MONDAY = date(2026, 3, 16)  # the noon at which tests live lies on it
LAST_WEEK = MONDAY - timedelta(days=7)


def on(day: date, hour: int = 12) -> datetime:
    """A moment of a day, in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.zone())


def busy_week(session: Session, cast: Cast, by: User | None = None, name: str = "Riverside Tower") -> Project:
    """Last week of sales1: a visit where two people were met, a call, pictures, a move, a win, a lead, a promise."""
    by = by or cast.sales1
    developer = make_party(session, f"Hengyue Land {name}")
    contacts = [make_contact(session, developer, one) for one in ("Wang Li", "Zhao Min")]
    with clock.frozen(on(LAST_WEEK - timedelta(days=20))):
        project = make_project(session, by, name=name, developer=developer, phase="map", step="structure")
    with clock.frozen(on(LAST_WEEK)):
        ids, due = tuple(one.id for one in contacts), LAST_WEEK + timedelta(days=2)
        met = draft(met=ids, next_step="Bring samples", next_on=due)
        log_record(session, as_seen(session, by, project), met, by=by)
        make_lead(session, by, name=f"Plot of {name}")
    with clock.frozen(on(LAST_WEEK + timedelta(days=3))):
        called = draft(kind="call", text="Asked for the tender date.", next_step="Call again", next_on=MONDAY)
        log_record(session, as_seen(session, by, project), called, by=by)
        make_photo(session, by, project=project)
    session.add(Move(project_id=project.id, axis="phase", source="qualify", target="map", on=LAST_WEEK, by_id=by.id))
    session.add(
        LifecycleChange(
            project_id=project.id,
            category="tiles",
            source="open",
            target="lost",
            on=LAST_WEEK + timedelta(days=4),
            by_id=by.id,
            reason_key="price_high",
            told={"winner": "Bolin"},
        )  # fmt: skip
    )
    session.commit()
    return project


def made(session: Session, now: datetime | None = None) -> int:
    """What the worker makes; how many reports."""
    done = 0
    for number in make_due(session, now or clock.now()):
        session.commit()
        done += number
    return done


def report_of(session: Session, subject: str, period: str = "week") -> Report:
    """The newest that was sent."""
    query = select(Report).where(Report.subject == subject, Report.period == period, Report.state == "sent")
    return session.scalars(query.order_by(Report.starts_on.desc()).limit(1)).one()


def section(report: Report, key: str) -> dict[str, Any]:
    """One section of its content."""
    return next(one for one in (report.content or {})["sections"] if one["key"] == key)
