"""Making the reports of a period that is over: of everybody in bulk, each once, whoever else is at it.

A report is one row for its subject and period: it is inserted unless it is there, or turned from open to sent where
somebody had added remarks, by one conditional statement. Two workers, or one that fell over and its successor, leave
one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import JSON, Date, bindparam, func, select, text, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import UtcDateTime, reading
from tracker.projects.models import Project
from tracker.reports.composing import Gathered, Subject, compose
from tracker.reports.models import Report, ReportRun, ReportSubscription
from tracker.reports.periods import DAY, KINDS, Period, last_gone_out
from tracker.reports.queries.gathering import gather, list_people, list_subjects, with_people
from tracker.reports.queries.kept import sections_of
from tracker.team.models import User

CHUNK = 50  # reports of one transaction
CATCH_UP = {"day": 3, "week": 2, "month": 1}
"""Periods that went by while nobody ran, which are made all the same."""


def make_due(session: Session, now: datetime, reader: Session | None = None) -> Iterator[int]:
    """Make what is due; yields after each group how many were made, upon which the caller commits.

    `reader`: a session of its own for what is read, which in a large company takes seconds: nobody waits for it, for
    only the groups are written in a transaction that writes.
    """
    yield 0  # what was done before is committed first
    for kind in KINDS:
        for period in _read(reader or session, partial(_due_periods, kind=kind, now=now), apart=reader is not None):
            yield from make_period(session, period, now, reader)
            session.execute(_RAN, {"period": period.kind, "starts_on": period.starts_on, "now": now})
            yield 0


def _read(session: Session, load: Callable[[Session], list[Any]], *, apart: bool) -> list[Any]:
    """What is loaded; by a session `apart` in a transaction of its own that takes no lock."""
    if not apart:
        return load(session)
    with reading():
        try:
            return load(session)
        finally:
            session.close()


def _due_periods(session: Session, kind: str, now: datetime) -> list[Period]:
    """The last period that has gone out and those missed before it, the oldest first; at first only that one."""
    period, found = last_gone_out(kind, now), []
    done = session.scalar(select(func.max(ReportRun.starts_on)).where(ReportRun.period == kind))
    while done is None or period.starts_on > done:
        found.append(period)
        if done is None or len(found) >= CATCH_UP[kind]:
            break
        period = period.previous
    return found[::-1]


def make_period(session: Session, period: Period, now: datetime, reader: Session | None = None) -> Iterator[int]:
    """The reports of one period: of everybody for weeks and months, of days those of teams and what somebody wants."""
    rows = _read(reader or session, partial(_rows, period=period, now=now), apart=reader is not None)
    for start in range(0, len(rows), CHUNK):
        yield keep(session, rows[start : start + CHUNK])


def _rows(session: Session, period: Period, now: datetime) -> list[dict[str, Any]]:
    """The reports of a period as rows."""
    people, today = list_people(session), clock.company_day(now)
    subjects = [one for one in list_subjects(session, people) if period.kind != DAY or one.of in ("team", "region")]
    known = {one.key for one in subjects}
    wanted = _asked_for(session, period) - known
    subjects += [one for one in list_subjects(session, people) if one.key in wanted]
    found: list[dict[str, Any]] = []
    if subjects:
        gathered = gather(session, people, period, today)
        found += [_report(session, one, period, gathered, people, now) for one in subjects]
    projects = [int(key.partition(":")[2]) for key in wanted if key.startswith("project:")]
    for project in session.scalars(select(Project).where(Project.id.in_(projects)).order_by(Project.id)).all():
        subject = Subject("project", project.id, project.name)
        own = gather(session, (), period, today, project.id)
        found.append(_report(session, subject, period, own, (), now))
    return found


def _asked_for(session: Session, period: Period) -> set[str]:
    """Subjects that somebody subscribed to, or whose person added remarks."""
    subscribed = select(ReportSubscription.subject).where(
        ReportSubscription.period == period.kind, ReportSubscription.wanted
    )
    remarked = select(Report.subject).where(
        Report.period == period.kind, Report.starts_on == period.starts_on, Report.state == "open"
    )
    return set(session.scalars(subscribed.union(remarked)))


def _report(
    session: Session, subject: Subject, period: Period, gathered: Gathered, people: Sequence[User], now: datetime
) -> dict[str, Any]:
    sections = sections_of(session, f"{subject.of}/{period.kind}")
    whole = with_people(subject, gathered, people, period)
    return {
        "subject": subject.key, "period": period.kind, "starts_on": period.starts_on, "ends_on": period.ends_on,
        "user_id": subject.id if subject.of == "person" else None,
        "team_id": subject.team_id, "region_id": subject.id if subject.of == "region" else None,
        "project_id": subject.id if subject.of == "project" else None,
        "content": {"name": subject.name, **compose(subject, whole, sections)}, "sent_at": now,
    }  # fmt: skip


def keep(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Keep these reports as sent; how many were not yet."""
    made = 0
    for row in rows:
        inserted = session.execute(_INSERTION, row).scalar()
        if inserted is None:
            done: Any = session.execute(_closing(row))
            made += int(done.rowcount)
        else:
            made += 1
    session.flush()
    return made


def _closing(row: dict[str, Any]) -> Any:
    same = (Report.subject == row["subject"], Report.period == row["period"], Report.starts_on == row["starts_on"])
    statement = update(Report).where(*same, Report.state == "open")
    values = {"state": "sent", "content": row["content"], "sent_at": row["sent_at"], "version": Report.version + 1}
    return statement.values(**values).execution_options(synchronize_session=False)


_COLUMNS = ("subject", "period", "starts_on", "ends_on", "user_id", "team_id", "region_id", "project_id", "content",
            "sent_at")  # fmt: skip
_INSERTION = text(
    f"INSERT INTO report ({', '.join(_COLUMNS)}, state, version) "  # noqa: S608  our own names
    f"VALUES ({', '.join(':' + name for name in _COLUMNS)}, 'sent', 1) "
    "ON CONFLICT (subject, period, starts_on) DO NOTHING RETURNING id"
).bindparams(
    bindparam("starts_on", type_=Date), bindparam("ends_on", type_=Date), bindparam("content", type_=JSON),
    bindparam("sent_at", type_=UtcDateTime()),
)  # fmt: skip
_RAN = text(
    "INSERT INTO report_run (period, starts_on, done_at) VALUES (:period, :starts_on, :now) "
    "ON CONFLICT (period, starts_on) DO NOTHING"
).bindparams(bindparam("starts_on", type_=Date), bindparam("now", type_=UtcDateTime()))


def live(session: Session, subject: Subject, people: Sequence[User], period: Period, today: date) -> dict[str, Any]:
    """What a report would say now; nothing is kept."""
    project_id = subject.id if subject.of == "project" else None
    gathered = with_people(subject, gather(session, people, period, today, project_id), people, period)
    return {"name": subject.name, **compose(subject, gathered, sections_of(session, f"{subject.of}/{period.kind}"))}
